import GRDB
import HoneyCore

extension MetastoreTransaction {
    func tableNames(in database: String) throws -> [String] {
        let id = try databaseID(database)
        return try rows("SELECT TBL_NAME FROM TBLS WHERE DB_ID = ? ORDER BY TBL_NAME", [id]).map { $0[0] }
    }

    func table(_ name: String, in database: String) throws -> Table? {
        guard
            let row = try row(
                """
                SELECT \(MetastoreTransaction.descriptorColumns), TBL_ID, DBS.NAME, TBL_NAME, TBL_TYPE, OWNER, CREATE_TIME,
                    LAST_ACCESS_TIME, VIEW_ORIGINAL_TEXT, VIEW_EXPANDED_TEXT
                FROM TBLS JOIN DBS ON DBS.DB_ID = TBLS.DB_ID JOIN SDS ON SDS.SD_ID = TBLS.SD_ID
                    JOIN SERDES ON SERDES.SERDE_ID = SDS.SERDE_ID
                WHERE TBL_NAME = ? AND DBS.NAME = ?
                """, [name, database])
        else { return nil }
        let id: Int64 = row[10]
        return Table(
            id: id, database: row[11], name: row[12], kind: Table.Kind(rawValue: row[13] ?? "") ?? .managed,
            owner: row[14] ?? "", createdSeconds: row[15], lastAccessedSeconds: row[16], storage: try descriptor(row),
            partitionKeys: try partitionKeys(id),
            parameters: try parameters("SELECT PARAM_KEY, PARAM_VALUE FROM TABLE_PARAMS WHERE TBL_ID = ?", id),
            viewOriginalText: row[17], viewExpandedText: row[18])
    }

    /// Reads a whole descriptor.
    private func descriptor(_ row: Row) throws -> StorageDescriptor {
        let id: Int64 = row[0]
        var storage = bareDescriptor(row)
        storage.columns = try columns(row[1])
        storage.serde.properties = try parameters(
            "SELECT PARAM_KEY, PARAM_VALUE FROM SERDE_PARAMS WHERE SERDE_ID = ?", row[2])
        storage.parameters = try parameters("SELECT PARAM_KEY, PARAM_VALUE FROM SD_PARAMS WHERE SD_ID = ?", id)
        storage.bucketColumns = try rows(
            "SELECT BUCKET_COL_NAME FROM BUCKETING_COLS WHERE SD_ID = ? ORDER BY INTEGER_IDX", [id]
        ).map { $0[0] }
        storage.sortColumns = try rows(
            "SELECT COLUMN_NAME, \"ORDER\" FROM SORT_COLS WHERE SD_ID = ? ORDER BY INTEGER_IDX", [id]
        ).map { SortColumn($0[0], isAscending: $0[1] == 1) }
        return storage
    }

    private func partitionKeys(_ table: Int64) throws -> [TableColumn] {
        try rows(
            "SELECT PKEY_NAME, PKEY_TYPE, PKEY_COMMENT FROM PARTITION_KEYS WHERE TBL_ID = ? ORDER BY INTEGER_IDX",
            [table]
        ).map(column)
    }

    /// Finds a table's id and that of its descriptor; fails with `TABLE_NOT_FOUND`.
    func tableID(_ name: String, in database: String) throws -> (table: Int64, descriptor: Int64) {
        let databaseID = try databaseID(database)
        if let row = try row("SELECT TBL_ID, SD_ID FROM TBLS WHERE TBL_NAME = ? AND DB_ID = ?", [name, databaseID]) {
            return (row[0], row[1])
        }
        throw HoneyError(
            .semantic, "TABLE_NOT_FOUND",
            "no such table: \(database).\(name)\(SpellingSuggestion.hint(for: name, in: try tableNames(in: database)))",
            sqlState: "42S02")
    }

    private func requireFree(_ name: String, _ database: Int64) throws {
        guard try row("SELECT 1 FROM TBLS WHERE TBL_NAME = ? AND DB_ID = ?", [name, database]) == nil else {
            throw HoneyError(.semantic, "TABLE_EXISTS", "table already exists: \(name)", sqlState: "42S01")
        }
    }

    @discardableResult
    func create(_ table: Table) throws -> Table {
        var stored = table
        stored.database = table.database.lowercased()
        stored.name = table.name.lowercased()
        let database = try databaseID(stored.database)
        try requireFree(stored.name, database)
        let storage = try insert(stored.storage)
        stored.id = try takeIDs(.table)
        try run(
            """
            INSERT INTO TBLS (TBL_ID, CREATE_TIME, DB_ID, LAST_ACCESS_TIME, OWNER, RETENTION, IS_REWRITE_ENABLED, SD_ID,
                TBL_NAME, TBL_TYPE, VIEW_EXPANDED_TEXT, VIEW_ORIGINAL_TEXT) VALUES (?, ?, ?, ?, ?, 0, 'N', ?, ?, ?, ?, ?)
            """,
            [
                stored.id, stored.createdSeconds, database, stored.lastAccessedSeconds, stored.owner, storage,
                stored.name, stored.kind.rawValue, stored.viewExpandedText, stored.viewOriginalText,
            ])
        try insertParameters("INSERT INTO TABLE_PARAMS VALUES (?, ?, ?)", stored.id, stored.parameters)
        try insertPartitionKeys(stored.partitionKeys, table: stored.id)
        return stored
    }

    private func insertPartitionKeys(_ keys: [TableColumn], table: Int64) throws {
        for (index, key) in keys.enumerated() {
            try run(
                """
                INSERT INTO PARTITION_KEYS (TBL_ID, PKEY_COMMENT, PKEY_NAME, PKEY_TYPE, INTEGER_IDX) VALUES (?, ?, ?, ?, ?)
                """, [table, key.comment, key.name.lowercased(), key.type.name, index])
        }
    }

    func alter(_ name: String, in database: String, to table: Table) throws {
        let (id, descriptor) = try tableID(name, in: database)
        let newName = table.name.lowercased()
        let newDatabase = table.database.lowercased()
        let databaseID = try databaseID(newDatabase)
        if newName != name || newDatabase != database {
            try requireFree(newName, databaseID)
            try movePartitions(of: id, descriptor, to: table.storage.location)
            for statistics in ["TAB_COL_STATS", "PART_COL_STATS"] {
                try run(
                    "UPDATE \(statistics) SET DB_NAME = ?, TABLE_NAME = ? WHERE DB_NAME = ? AND TABLE_NAME = ?",
                    [newDatabase, newName, database, name])
            }
        }
        try run(
            """
            UPDATE TBLS SET DB_ID = ?, TBL_NAME = ?, TBL_TYPE = ?, OWNER = ?, CREATE_TIME = ?, LAST_ACCESS_TIME = ?,
                VIEW_EXPANDED_TEXT = ?, VIEW_ORIGINAL_TEXT = ? WHERE TBL_ID = ?
            """,
            [
                databaseID, newName, table.kind.rawValue, table.owner, table.createdSeconds, table.lastAccessedSeconds,
                table.viewExpandedText, table.viewOriginalText, id,
            ])
        try update(table.storage, id: descriptor)
        try run("DELETE FROM TABLE_PARAMS WHERE TBL_ID = ?", [id])
        try insertParameters("INSERT INTO TABLE_PARAMS VALUES (?, ?, ?)", id, table.parameters)
        if try partitionKeys(id) != table.partitionKeys {
            try run("DELETE FROM PARTITION_KEYS WHERE TBL_ID = ?", [id])
            try insertPartitionKeys(table.partitionKeys, table: id)
        }
    }

    /// Lets partitions below a renamed table's directory follow it.
    private func movePartitions(of table: Int64, _ descriptor: Int64, to location: String) throws {
        guard let old: String = try row("SELECT LOCATION FROM SDS WHERE SD_ID = ?", [descriptor])?[0], old != location
        else { return }
        try run(
            """
            UPDATE SDS SET LOCATION = ? || substr(LOCATION, length(?) + 1)
            WHERE SD_ID IN (SELECT SD_ID FROM PARTITIONS WHERE TBL_ID = ?) AND substr(LOCATION, 1, length(?) + 1) = ? || '/'
            """, [location, old, table, old, old])
    }

    func dropTable(_ name: String, in database: String) throws {
        let (id, _) = try tableID(name, in: database)
        try dropPartitions(where: "TBL_ID = ?", [id])
        try doomDescriptors("SELECT SD_ID FROM TBLS WHERE TBL_ID = ?", [id])
        for table in ["TABLE_PARAMS", "PARTITION_KEYS", "TAB_COL_STATS", "TBL_PRIVS", "TBL_COL_PRIVS", "TBLS"] {
            try run("DELETE FROM \(table) WHERE TBL_ID = ?", [id])
        }
        try run("DELETE FROM KEY_CONSTRAINTS WHERE PARENT_TBL_ID = ? OR CHILD_TBL_ID = ?", [id, id])
        try deleteDoomedDescriptors()
    }
}
