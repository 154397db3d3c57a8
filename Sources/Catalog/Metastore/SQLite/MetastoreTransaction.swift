import GRDB
import HoneyCore

/// What can be done with the metastore's tables within one transaction. Names are lower-case already.
struct MetastoreTransaction {
    let db: GRDB.Database

    init(_ db: GRDB.Database) { self.db = db }

    func rows(_ sql: String, _ arguments: StatementArguments = []) throws -> [Row] {
        try Row.fetchAll(db.cachedStatement(sql: sql), arguments: arguments)
    }

    func row(_ sql: String, _ arguments: StatementArguments = []) throws -> Row? {
        try Row.fetchOne(db.cachedStatement(sql: sql), arguments: arguments)
    }

    func run(_ sql: String, _ arguments: StatementArguments = []) throws {
        try db.cachedStatement(sql: sql).execute(arguments: arguments)
    }

    /// The sequences that ids come from, by the classes DataNucleus counts them under.
    enum Sequence: String {
        case database = "MDatabase"
        case table = "MTable"
        case storageDescriptor = "MStorageDescriptor"
        case columnDescriptor = "MColumnDescriptor"
        case serde = "MSerDeInfo"
        case partition = "MPartition"
        case tableColumnStatistics = "MTableColumnStatistics"

        var name: String { "org.apache.hadoop.hive.metastore.model." + rawValue }
    }

    /// Takes `count` ids in a row and returns the first.
    func takeIDs(_ sequence: Sequence, count: Int = 1) throws -> Int64 {
        let first: Int64 =
            try row("SELECT NEXT_VAL FROM SEQUENCE_TABLE WHERE SEQUENCE_NAME = ?", [sequence.name])?[0] ?? 1
        try run(
            "INSERT OR REPLACE INTO SEQUENCE_TABLE (SEQUENCE_NAME, NEXT_VAL) VALUES (?, ?)",
            [sequence.name, first + Int64(count)])
        return first
    }

    /// Reads a table of parameters.
    func parameters(_ sql: String, _ id: Int64) throws -> [String: String] {
        var parameters: [String: String] = [:]
        for row in try rows(sql, [id]) { parameters[row[0]] = row[1] ?? "" }
        return parameters
    }

    func insertParameters(_ sql: String, _ id: Int64, _ parameters: [String: String]) throws {
        for (key, value) in parameters { try run(sql, [id, key, value]) }
    }
}
