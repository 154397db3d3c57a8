import GRDB
import HoneyCore

extension MetastoreTransaction {
    func partitionName(_ values: [String], of table: Table) -> String {
        PartitionName.name(keys: table.partitionKeys.map(\.name), values: values)
    }

    /// Reads a table's partitions, or the one of that name, with a handful of queries however many there are.
    func partitions(of table: Table, named name: String? = nil) throws -> [Partition] {
        let id = try tableID(table.name.lowercased(), in: table.database.lowercased()).table
        var arguments: StatementArguments = [id]
        if let name { arguments += [name] }
        let chosen = name == nil ? "P.TBL_ID = ?" : "P.TBL_ID = ? AND P.PART_NAME = ?"
        var partitions: [Partition] = []
        var byPartition: [Int64: Int] = [:]
        var byDescriptor: [Int64: Int] = [:]
        var bySerDe: [Int64: Int] = [:]
        var columns: [Int64: [TableColumn]] = [:]
        let found = try rows(
            """
            SELECT \(MetastoreTransaction.descriptorColumns), P.PART_ID, P.CREATE_TIME, P.LAST_ACCESS_TIME
            FROM PARTITIONS P JOIN SDS ON SDS.SD_ID = P.SD_ID JOIN SERDES ON SERDES.SERDE_ID = SDS.SERDE_ID
            WHERE \(chosen) ORDER BY P.PART_NAME
            """, arguments)
        for row in found {
            byPartition[row[10]] = partitions.count
            byDescriptor[row[0]] = partitions.count
            bySerDe[row[2]] = partitions.count
            var storage = bareDescriptor(row)
            let columnDescriptor: Int64 = row[1]
            if columns[columnDescriptor] == nil { columns[columnDescriptor] = try self.columns(columnDescriptor) }
            storage.columns = columns[columnDescriptor] ?? []
            partitions.append(
                Partition(
                    id: row[10], values: [], createdSeconds: row[11], lastAccessedSeconds: row[12], storage: storage))
        }
        guard !partitions.isEmpty else { return [] }
        func each(_ sql: String, _ index: [Int64: Int], _ body: (inout Partition, Row) -> Void) throws {
            for row in try rows("\(sql) WHERE \(chosen)", arguments) {
                if let position = index[row[0]] { body(&partitions[position], row) }
            }
        }
        var values: [Int64: [(Int, String)]] = [:]
        for row in try rows(
            """
            SELECT V.PART_ID, INTEGER_IDX, PART_KEY_VAL FROM PARTITIONS P
            JOIN PARTITION_KEY_VALS V ON V.PART_ID = P.PART_ID WHERE \(chosen)
            """, arguments)
        { values[row[0], default: []].append((row[1], row[2] ?? "")) }
        for (partition, list) in values {
            guard let position = byPartition[partition] else { continue }
            partitions[position].values = list.sorted { $0.0 < $1.0 }.map(\.1)
        }
        try each(
            "SELECT X.PART_ID, PARAM_KEY, PARAM_VALUE FROM PARTITIONS P JOIN PARTITION_PARAMS X ON X.PART_ID = P.PART_ID",
            byPartition
        ) { $0.parameters[$1[1]] = $1[2] ?? "" }
        try each(
            """
            SELECT X.SERDE_ID, PARAM_KEY, PARAM_VALUE FROM PARTITIONS P JOIN SDS ON SDS.SD_ID = P.SD_ID
            JOIN SERDE_PARAMS X ON X.SERDE_ID = SDS.SERDE_ID
            """, bySerDe
        ) { $0.storage.serde.properties[$1[1]] = $1[2] ?? "" }
        try each(
            "SELECT X.SD_ID, PARAM_KEY, PARAM_VALUE FROM PARTITIONS P JOIN SD_PARAMS X ON X.SD_ID = P.SD_ID",
            byDescriptor
        ) { $0.storage.parameters[$1[1]] = $1[2] ?? "" }
        try each(
            "SELECT X.SD_ID, BUCKET_COL_NAME FROM PARTITIONS P JOIN BUCKETING_COLS X ON X.SD_ID = P.SD_ID", byDescriptor
        ) { $0.storage.bucketColumns.append($1[1]) }
        try each(
            "SELECT X.SD_ID, COLUMN_NAME, \"ORDER\" FROM PARTITIONS P JOIN SORT_COLS X ON X.SD_ID = P.SD_ID",
            byDescriptor
        ) { $0.storage.sortColumns.append(SortColumn($1[1], isAscending: $1[2] == 1)) }
        return partitions
    }

    func add(_ partitions: [Partition], to table: Table, ifNotExists: Bool) throws {
        let (id, tableDescriptor) = try tableID(table.name.lowercased(), in: table.database.lowercased())
        guard let tableColumns: Int64 = try row("SELECT CD_ID FROM SDS WHERE SD_ID = ?", [tableDescriptor])?[0] else {
            throw HoneyError.unexpected("storage descriptor is missing from the metastore: \(tableDescriptor)")
        }
        var descriptors: [[TableColumn]: Int64] = [try columns(tableColumns): tableColumns]
        var new: [(name: String, partition: Partition)] = []
        var names: Set<String> = []
        for partition in partitions {
            try requireValues(partition.values, of: table)
            let name = partitionName(partition.values, of: table)
            let exists = try row("SELECT 1 FROM PARTITIONS WHERE PART_NAME = ? AND TBL_ID = ?", [name, id]) != nil
            if exists || !names.insert(name).inserted {
                if ifNotExists { continue }
                throw HoneyError(
                    .semantic, "PARTITION_EXISTS", "partition already exists: \(table.qualifiedName) \(name)")
            }
            new.append((name, partition))
        }
        guard !new.isEmpty else { return }
        let firstPartition = try takeIDs(.partition, count: new.count)
        let firstDescriptor = try takeIDs(.storageDescriptor, count: new.count)
        let firstSerDe = try takeIDs(.serde, count: new.count)
        for (index, (name, partition)) in new.enumerated() {
            let descriptor = firstDescriptor + Int64(index)
            let serde = firstSerDe + Int64(index)
            let columns = try descriptors[partition.storage.columns] ?? insertColumns(partition.storage.columns)
            descriptors[partition.storage.columns] = columns
            try insertSerDe(partition.storage.serde, id: serde)
            try insertRow(partition.storage, id: descriptor, columns: columns, serde: serde)
            try insertLists(of: partition.storage, id: descriptor)
            try insertRow(partition, name: name, id: firstPartition + Int64(index), descriptor, table: id)
        }
    }

    private func insertRow(_ partition: Partition, name: String, id: Int64, _ descriptor: Int64, table: Int64) throws {
        try run(
            """
            INSERT INTO PARTITIONS (PART_ID, CREATE_TIME, LAST_ACCESS_TIME, PART_NAME, SD_ID, TBL_ID)
            VALUES (?, ?, ?, ?, ?, ?)
            """, [id, partition.createdSeconds, partition.lastAccessedSeconds, name, descriptor, table])
        try insertValues(partition.values, id: id)
        try insertParameters("INSERT INTO PARTITION_PARAMS VALUES (?, ?, ?)", id, partition.parameters)
    }

    private func insertValues(_ values: [String], id: Int64) throws {
        for (index, value) in values.enumerated() {
            try run(
                "INSERT INTO PARTITION_KEY_VALS (PART_ID, PART_KEY_VAL, INTEGER_IDX) VALUES (?, ?, ?)",
                [id, value, index])
        }
    }

    private func requireValues(_ values: [String], of table: Table) throws {
        guard values.count == table.partitionKeys.count else {
            throw HoneyError(
                .semantic, "PARTITION_VALUES",
                "partition needs \(table.partitionKeys.count) values, but has \(values.count): \(table.qualifiedName)")
        }
    }

    /// Finds a partition's id and that of its descriptor; fails with `PARTITION_NOT_FOUND`.
    private func partitionID(_ values: [String], of table: Table) throws -> (partition: Int64, descriptor: Int64) {
        let id = try tableID(table.name.lowercased(), in: table.database.lowercased()).table
        let name = partitionName(values, of: table)
        if let row = try row("SELECT PART_ID, SD_ID FROM PARTITIONS WHERE PART_NAME = ? AND TBL_ID = ?", [name, id]) {
            return (row[0], row[1])
        }
        let names: [String] = try rows("SELECT PART_NAME FROM PARTITIONS WHERE TBL_ID = ? LIMIT 1000", [id]).map {
            $0[0]
        }
        throw HoneyError(
            .semantic, "PARTITION_NOT_FOUND",
            "no such partition: \(table.qualifiedName) \(name)\(SpellingSuggestion.hint(for: name, in: names))")
    }

    func alter(_ partition: Partition, of table: Table) throws {
        let (id, descriptor) = try partitionID(partition.values, of: table)
        try run(
            "UPDATE PARTITIONS SET CREATE_TIME = ?, LAST_ACCESS_TIME = ? WHERE PART_ID = ?",
            [partition.createdSeconds, partition.lastAccessedSeconds, id])
        try update(partition.storage, id: descriptor)
        try run("DELETE FROM PARTITION_PARAMS WHERE PART_ID = ?", [id])
        try insertParameters("INSERT INTO PARTITION_PARAMS VALUES (?, ?, ?)", id, partition.parameters)
    }

    func rename(_ partition: [String], to values: [String], of table: Table) throws {
        try requireValues(values, of: table)
        let id = try partitionID(partition, of: table).partition
        let name = partitionName(values, of: table)
        let tableID = try tableID(table.name.lowercased(), in: table.database.lowercased()).table
        guard try row("SELECT 1 FROM PARTITIONS WHERE PART_NAME = ? AND TBL_ID = ?", [name, tableID]) == nil else {
            throw HoneyError(.semantic, "PARTITION_EXISTS", "partition already exists: \(table.qualifiedName) \(name)")
        }
        try run("UPDATE PARTITIONS SET PART_NAME = ? WHERE PART_ID = ?", [name, id])
        try run("UPDATE PART_COL_STATS SET PARTITION_NAME = ? WHERE PART_ID = ?", [name, id])
        try run("DELETE FROM PARTITION_KEY_VALS WHERE PART_ID = ?", [id])
        try insertValues(values, id: id)
    }

    func dropPartitions(_ values: [[String]], of table: Table) throws {
        let ids = try values.map { try partitionID($0, of: table).partition }
        guard !ids.isEmpty else { return }
        try db.execute(sql: "CREATE TEMP TABLE DROPPED (PART_ID BIGINT PRIMARY KEY)")
        for id in ids { try db.execute(sql: "INSERT OR IGNORE INTO temp.DROPPED VALUES (?)", arguments: [id]) }
        try dropPartitions(where: "PART_ID IN (SELECT PART_ID FROM temp.DROPPED)", [])
        try db.execute(sql: "DROP TABLE temp.DROPPED")
    }

    func dropPartitions(where condition: String, _ arguments: StatementArguments) throws {
        try doomDescriptors("SELECT SD_ID FROM PARTITIONS WHERE \(condition)", arguments)
        let chosen = "SELECT PART_ID FROM PARTITIONS WHERE \(condition)"
        let tables = [
            "PARTITION_PARAMS", "PARTITION_KEY_VALS", "PART_COL_STATS", "PART_PRIVS", "PART_COL_PRIVS", "PARTITIONS",
        ]
        for table in tables {
            try db.execute(sql: "DELETE FROM \(table) WHERE PART_ID IN (\(chosen))", arguments: arguments)
        }
        try deleteDoomedDescriptors()
    }
}
