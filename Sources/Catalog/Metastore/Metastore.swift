/// Keeps databases, tables and partitions; each call is one transaction, and several processes may call at once.
///
/// Names are matched without regard to case and stored lower-case. Errors: `DATABASE_NOT_FOUND`, `DATABASE_EXISTS`,
/// `DATABASE_NOT_EMPTY`, `TABLE_NOT_FOUND`, `TABLE_EXISTS`, `PARTITION_NOT_FOUND`, `PARTITION_EXISTS`; not-found
/// errors suggest the nearest name.
public protocol Metastore: Sendable {
    func databases() throws -> [String]
    func database(_ name: String) throws -> Database?
    func create(_ database: Database) throws
    func alter(_ database: Database) throws
    /// Drops a database with its tables when `cascade`, or only an empty one.
    func dropDatabase(_ name: String, cascade: Bool) throws

    /// Names, in order.
    func tables(in database: String) throws -> [String]
    func table(_ name: String, in database: String) throws -> Table?
    /// Stores a table and returns it with its id.
    func create(_ table: Table) throws -> Table
    /// Replaces what is stored of the table called `name` (the new one may have another name or database).
    func alter(_ name: String, in database: String, to table: Table) throws
    func dropTable(_ name: String, in database: String) throws

    /// All partitions of a table, ordered by name.
    func partitions(of table: Table) throws -> [Partition]
    func partition(_ values: [String], of table: Table) throws -> Partition?
    /// Adds all or none.
    func add(_ partitions: [Partition], to table: Table, ifNotExists: Bool) throws
    func alter(_ partition: Partition, of table: Table) throws
    func rename(_ partition: [String], to values: [String], of table: Table) throws
    func dropPartitions(_ values: [[String]], of table: Table) throws

    func statistics(of table: Table) throws -> TableStatistics
    func setStatistics(_ statistics: TableStatistics, of table: Table) throws
}
