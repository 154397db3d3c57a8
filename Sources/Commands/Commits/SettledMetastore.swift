public import HoneyCatalog
public import HoneyFiles

/// A metastore whose tables are whole: whoever looks one up has decided commits finished first, a dead writer's too.
public struct SettledMetastore: Metastore, CommitLog {
    private let base: any Metastore & CommitLog
    private let recovery: TableRecovery

    public init(_ base: any Metastore & CommitLog, fileSystems: FileSystems) {
        self.base = base
        recovery = TableRecovery(commits: base, fileSystems: fileSystems)
    }

    public func table(_ name: String, in database: String) throws -> Table? {
        guard let table = try base.table(name, in: database) else {
            // Files of a table of that name, dropped or renamed, may still be on their way out.
            try recovery.settle(for: nil)
            return nil
        }
        try recovery.settle(for: [table.commitKey])
        return table
    }

    public func partitions(of table: Table) throws -> [Partition] {
        try recovery.settle(for: [table.commitKey])
        return try base.partitions(of: table)
    }

    public func databases() throws -> [String] { try base.databases() }
    public func database(_ name: String) throws -> Database? { try base.database(name) }
    public func create(_ database: Database) throws { try base.create(database) }
    public func alter(_ database: Database) throws { try base.alter(database) }
    public func dropDatabase(_ name: String, cascade: Bool) throws { try base.dropDatabase(name, cascade: cascade) }
    public func tables(in database: String) throws -> [String] { try base.tables(in: database) }
    public func create(_ table: Table) throws -> Table { try base.create(table) }
    public func alter(_ name: String, in database: String, to table: Table) throws {
        try base.alter(name, in: database, to: table)
    }
    public func dropTable(_ name: String, in database: String) throws { try base.dropTable(name, in: database) }
    public func partition(_ values: [String], of table: Table) throws -> Partition? {
        try base.partition(values, of: table)
    }
    public func add(_ partitions: [Partition], to table: Table, ifNotExists: Bool) throws {
        try base.add(partitions, to: table, ifNotExists: ifNotExists)
    }
    public func alter(_ partition: Partition, of table: Table) throws { try base.alter(partition, of: table) }
    public func rename(_ partition: [String], to values: [String], of table: Table) throws {
        try base.rename(partition, to: values, of: table)
    }
    public func dropPartitions(_ values: [[String]], of table: Table) throws {
        try base.dropPartitions(values, of: table)
    }
    public func statistics(of table: Table) throws -> TableStatistics { try base.statistics(of: table) }
    public func setStatistics(_ statistics: TableStatistics, of table: Table) throws {
        try base.setStatistics(statistics, of: table)
    }

    public func version(of key: String) throws -> Int { try base.version(of: key) }
    public func begin(_ commit: Commit, changes: [MetastoreChange], atVersions versions: [Int]) throws -> Bool {
        try base.begin(commit, changes: changes, atVersions: versions)
    }
    public func finish(_ commit: Commit) throws { try base.finish(commit) }
    public func pending() throws -> [Commit] { try base.pending() }

    /// Numbers the decided changes of tables; equal before and after files were listed, the listing is of one moment.
    public func changeNumbers(of tables: [Table]) throws -> [Int] {
        try tables.map { table in
            try recovery.settle(for: [table.commitKey])
            return try base.version(of: table.commitKey)
        }
    }
}
