import GRDB
import HoneyCore

// Storage descriptors: SDS with its SERDES, CDS and lists.
extension MetastoreTransaction {
    /// Stores a descriptor and returns its id. Its columns are `columnDescriptor`, or new.
    func insert(_ storage: StorageDescriptor, columnDescriptor: Int64? = nil) throws -> Int64 {
        let columns = try columnDescriptor ?? insertColumns(storage.columns)
        let serde = try takeIDs(.serde)
        try insertSerDe(storage.serde, id: serde)
        let id = try takeIDs(.storageDescriptor)
        try insertRow(storage, id: id, columns: columns, serde: serde)
        try insertLists(of: storage, id: id)
        return id
    }

    func insertRow(_ storage: StorageDescriptor, id: Int64, columns: Int64, serde: Int64) throws {
        try run(
            """
            INSERT INTO SDS (SD_ID, CD_ID, INPUT_FORMAT, IS_COMPRESSED, IS_STOREDASSUBDIRECTORIES, LOCATION, NUM_BUCKETS,
                OUTPUT_FORMAT, SERDE_ID) VALUES (?, ?, ?, ?, 'N', ?, ?, ?, ?)
            """,
            [
                id, columns, storage.inputFormat.nilIfEmpty, storage.isCompressed ? "Y" : "N",
                storage.location.nilIfEmpty, storage.bucketCount, storage.outputFormat.nilIfEmpty, serde,
            ])
    }

    func insertSerDe(_ serde: SerDeInfo, id: Int64) throws {
        try run(
            "INSERT INTO SERDES (SERDE_ID, NAME, SLIB) VALUES (?, ?, ?)", [id, serde.name, serde.library.nilIfEmpty])
        try insertParameters("INSERT INTO SERDE_PARAMS VALUES (?, ?, ?)", id, serde.properties)
    }

    func insertColumns(_ columns: [TableColumn]) throws -> Int64 {
        let id = try takeIDs(.columnDescriptor)
        try run("INSERT INTO CDS (CD_ID) VALUES (?)", [id])
        for (index, column) in columns.enumerated() {
            try run(
                """
                INSERT INTO COLUMNS_V2 (CD_ID, COMMENT, COLUMN_NAME, TYPE_NAME, INTEGER_IDX) VALUES (?, ?, ?, ?, ?)
                """,
                [id, column.comment, column.name.lowercased(), column.type.name, index])
        }
        return id
    }

    func insertLists(of storage: StorageDescriptor, id: Int64) throws {
        try insertParameters("INSERT INTO SD_PARAMS VALUES (?, ?, ?)", id, storage.parameters)
        for (index, column) in storage.bucketColumns.enumerated() {
            try run(
                "INSERT INTO BUCKETING_COLS (SD_ID, BUCKET_COL_NAME, INTEGER_IDX) VALUES (?, ?, ?)",
                [id, column, index])
        }
        for (index, column) in storage.sortColumns.enumerated() {
            try run(
                "INSERT INTO SORT_COLS (SD_ID, COLUMN_NAME, \"ORDER\", INTEGER_IDX) VALUES (?, ?, ?, ?)",
                [id, column.name, column.isAscending ? 1 : 0, index])
        }
    }

    /// Replaces a descriptor in place. Columns that changed get a new CDS row, so that others who share the old keep it.
    func update(_ storage: StorageDescriptor, id: Int64) throws {
        guard let row = try row("SELECT CD_ID, SERDE_ID FROM SDS WHERE SD_ID = ?", [id]) else {
            throw HoneyError.unexpected("storage descriptor is missing from the metastore: \(id)")
        }
        let oldColumns: Int64 = row[0]
        let serde: Int64 = row[1]
        let columns = try self.columns(oldColumns) == storage.columns ? oldColumns : insertColumns(storage.columns)
        try run(
            """
            UPDATE SDS SET CD_ID = ?, INPUT_FORMAT = ?, IS_COMPRESSED = ?, LOCATION = ?, NUM_BUCKETS = ?, OUTPUT_FORMAT = ?
            WHERE SD_ID = ?
            """,
            [
                columns, storage.inputFormat.nilIfEmpty, storage.isCompressed ? "Y" : "N", storage.location.nilIfEmpty,
                storage.bucketCount, storage.outputFormat.nilIfEmpty, id,
            ])
        try run(
            "UPDATE SERDES SET NAME = ?, SLIB = ? WHERE SERDE_ID = ?",
            [storage.serde.name, storage.serde.library.nilIfEmpty, serde])
        try run("DELETE FROM SERDE_PARAMS WHERE SERDE_ID = ?", [serde])
        try insertParameters("INSERT INTO SERDE_PARAMS VALUES (?, ?, ?)", serde, storage.serde.properties)
        try deleteLists(ofDescriptors: "SELECT ?", id)
        try insertLists(of: storage, id: id)
        if columns != oldColumns { try deleteUnusedColumns() }
    }

    private func deleteLists(ofDescriptors selection: String, _ argument: Int64) throws {
        for table in ["SD_PARAMS", "BUCKETING_COLS", "SORT_COLS", "SKEWED_COL_NAMES", "SKEWED_COL_VALUE_LOC_MAP"] {
            try run("DELETE FROM \(table) WHERE SD_ID IN (\(selection))", [argument])
        }
        try run("DELETE FROM SKEWED_VALUES WHERE SD_ID_OID IN (\(selection))", [argument])
    }

    /// Deletes the descriptors that were collected in the temporary table `DOOMED (SD_ID, SERDE_ID)`.
    func deleteDoomedDescriptors() throws {
        for table in [
            "SD_PARAMS", "BUCKETING_COLS", "SORT_COLS", "SKEWED_COL_NAMES", "SKEWED_COL_VALUE_LOC_MAP", "SDS",
        ] {
            if table == "SDS" {
                try db.execute(sql: "DELETE FROM SKEWED_VALUES WHERE SD_ID_OID IN (SELECT SD_ID FROM temp.DOOMED)")
            }
            try db.execute(sql: "DELETE FROM \(table) WHERE SD_ID IN (SELECT SD_ID FROM temp.DOOMED)")
        }
        for table in ["SERDE_PARAMS", "SERDES"] {
            try db.execute(sql: "DELETE FROM \(table) WHERE SERDE_ID IN (SELECT SERDE_ID FROM temp.DOOMED)")
        }
        try db.execute(sql: "DROP TABLE temp.DOOMED")
        try deleteUnusedColumns()
    }

    /// Collects descriptors for `deleteDoomedDescriptors`; `selection` gives SD_IDs.
    func doomDescriptors(_ selection: String, _ arguments: StatementArguments) throws {
        try db.execute(sql: "DROP TABLE IF EXISTS temp.DOOMED")
        try db.execute(
            sql: "CREATE TEMP TABLE DOOMED AS SELECT SD_ID, SERDE_ID FROM SDS WHERE SD_ID IN (\(selection))",
            arguments: arguments)
    }

    private func deleteUnusedColumns() throws {
        let unused = "SELECT CD_ID FROM CDS WHERE NOT EXISTS (SELECT 1 FROM SDS WHERE SDS.CD_ID = CDS.CD_ID)"
        try run("DELETE FROM COLUMNS_V2 WHERE CD_ID IN (\(unused))")
        try run("DELETE FROM CDS WHERE NOT EXISTS (SELECT 1 FROM SDS WHERE SDS.CD_ID = CDS.CD_ID)")
    }

    func columns(_ descriptor: Int64) throws -> [TableColumn] {
        try rows(
            "SELECT COLUMN_NAME, TYPE_NAME, COMMENT FROM COLUMNS_V2 WHERE CD_ID = ? ORDER BY INTEGER_IDX", [descriptor]
        ).map(column)
    }

    /// Reads `name, type, comment`.
    func column(_ row: Row) throws -> TableColumn {
        let name: String = row[0]
        let typeName: String = row[1] ?? ""
        guard let type = DataType(name: typeName) else {
            throw HoneyError(
                .data, "METASTORE_DAMAGED", "column \(name) has an unknown type in the metastore: \(typeName)")
        }
        return TableColumn(name, type, comment: row[2])
    }

    /// The columns of `SDS` and `SERDES` that `descriptor` reads, from position `0` on.
    static let descriptorColumns = """
        SDS.SD_ID, SDS.CD_ID, SDS.SERDE_ID, SDS.INPUT_FORMAT, SDS.OUTPUT_FORMAT, SDS.IS_COMPRESSED, SDS.LOCATION,
        SDS.NUM_BUCKETS, SERDES.NAME, SERDES.SLIB
        """

    /// Reads a descriptor without its columns, parameters and lists.
    func bareDescriptor(_ row: Row) -> StorageDescriptor {
        StorageDescriptor(
            columns: [], location: row[6] ?? "", inputFormat: row[3] ?? "", outputFormat: row[4] ?? "",
            serde: SerDeInfo(name: row[8], library: row[9] ?? ""), isCompressed: row[5] == "Y", bucketCount: row[7])
    }
}

extension String {
    var nilIfEmpty: String? { isEmpty ? nil : self }
}
