// Each call of the protocol is one transaction.
extension SQLiteMetastore {
    public func databases() throws -> [String] { try read { try $0.databaseNames() } }
    public func database(_ name: String) throws -> Database? { try read { try $0.database(name.lowercased()) } }
    public func create(_ database: Database) throws { try write { try $0.create(database) } }
    public func alter(_ database: Database) throws { try write { try $0.alter(database) } }
    public func dropDatabase(_ name: String, cascade: Bool) throws {
        try write { try $0.dropDatabase(name.lowercased(), cascade: cascade) }
    }

    public func tables(in database: String) throws -> [String] {
        try read { try $0.tableNames(in: database.lowercased()) }
    }
    public func table(_ name: String, in database: String) throws -> Table? {
        try read { try $0.table(name.lowercased(), in: database.lowercased()) }
    }
    public func create(_ table: Table) throws -> Table { try write { try $0.create(table) } }
    public func alter(_ name: String, in database: String, to table: Table) throws {
        try write { try $0.alter(name.lowercased(), in: database.lowercased(), to: table) }
    }
    public func dropTable(_ name: String, in database: String) throws {
        try write { try $0.dropTable(name.lowercased(), in: database.lowercased()) }
    }

    public func partitions(of table: Table) throws -> [Partition] { try read { try $0.partitions(of: table) } }
    public func partition(_ values: [String], of table: Table) throws -> Partition? {
        try read { try $0.partitions(of: table, named: $0.partitionName(values, of: table)).first }
    }
    public func add(_ partitions: [Partition], to table: Table, ifNotExists: Bool) throws {
        try write { try $0.add(partitions, to: table, ifNotExists: ifNotExists) }
    }
    public func alter(_ partition: Partition, of table: Table) throws {
        try write { try $0.alter(partition, of: table) }
    }
    public func rename(_ partition: [String], to values: [String], of table: Table) throws {
        try write { try $0.rename(partition, to: values, of: table) }
    }
    public func dropPartitions(_ values: [[String]], of table: Table) throws {
        try write { try $0.dropPartitions(values, of: table) }
    }

    public func statistics(of table: Table) throws -> TableStatistics { try read { try $0.statistics(of: table) } }
    public func setStatistics(_ statistics: TableStatistics, of table: Table) throws {
        try write { try $0.setStatistics(statistics, of: table) }
    }

    public func version(of key: String) throws -> Int { try read { try $0.version(of: key) } }
    public func begin(_ commit: Commit, changes: [MetastoreChange], atVersions versions: [Int]) throws -> Bool {
        try write { try $0.begin(commit, changes: changes, atVersions: versions) }
    }
    public func finish(_ commit: Commit) throws { try write { try $0.finish(commit) } }
    public func pending() throws -> [Commit] { try read { try $0.pending() } }
}
