import GRDB
import HoneyCore

// Sizes are table parameters, as in Hive; of columns' extremes Hive's tables hold numbers, dates and timestamps only.
extension MetastoreTransaction {
    func statistics(of table: Table) throws -> TableStatistics {
        let id = try tableID(table.name.lowercased(), in: table.database.lowercased()).table
        let parameters = try parameters("SELECT PARAM_KEY, PARAM_VALUE FROM TABLE_PARAMS WHERE TBL_ID = ?", id)
        var statistics = TableStatistics(
            rowCount: parameters["numRows"].flatMap(Double.init).flatMap { $0 >= 0 ? $0 : nil },
            totalBytes: parameters["totalSize"].flatMap { Int($0) }.flatMap { $0 >= 0 ? $0 : nil })
        let types = Dictionary(table.columns.map { ($0.name, $0.type) }) { first, _ in first }
        let found = try rows(
            """
            SELECT COLUMN_NAME, NUM_DISTINCTS, NUM_NULLS, AVG_COL_LEN, LONG_LOW_VALUE, LONG_HIGH_VALUE, DOUBLE_LOW_VALUE,
                DOUBLE_HIGH_VALUE, BIG_DECIMAL_LOW_VALUE, BIG_DECIMAL_HIGH_VALUE
            FROM TAB_COL_STATS WHERE TBL_ID = ?
            """, [id])
        for row in found {
            let name: String = row[0]
            guard let type = types[name] else { continue }
            let distinct: Int64? = row[1]
            let nulls: Int64 = row[2]
            statistics.columns[name] = ColumnStatistics(
                distinctCount: distinct.map(Double.init), nullCount: nulls < 0 ? nil : Double(nulls),
                minimum: value(type, row[4], row[6], row[8]), maximum: value(type, row[5], row[7], row[9]),
                averageBytes: row[3])
        }
        return statistics
    }

    private func value(_ type: DataType, _ long: Int64?, _ double: Double?, _ decimal: String?) -> Value? {
        switch type {
        case .tinyint, .smallint, .int, .bigint: return long.map { .integer($0) }
        case .date: return long.flatMap { Int32(exactly: $0) }.map { .date($0) }
        case .timestamp: return long.map { .timestamp(Int128($0) * 1_000_000_000) }
        case .float, .double: return double.map { .real($0) }
        case .decimal(_, let scale):
            return decimal.flatMap { DecimalForm.unscaled($0, scale: scale) }.map { .decimal($0) }
        default: return nil
        }
    }

    func setStatistics(_ statistics: TableStatistics, of table: Table) throws {
        let name = table.name.lowercased()
        let database = table.database.lowercased()
        let id = try tableID(name, in: database).table
        try setParameter("numRows", statistics.rowCount.flatMap { Int64(exactly: $0.rounded()) }, table: id)
        try setParameter("totalSize", statistics.totalBytes.map { Int64($0) }, table: id)
        try run("DELETE FROM TAB_COL_STATS WHERE TBL_ID = ?", [id])
        let columns = table.columns.filter { statistics.columns[$0.name] != nil }
        guard !columns.isEmpty else { return }
        let firstID = try takeIDs(.tableColumnStatistics, count: columns.count)
        for (index, column) in columns.enumerated() {
            guard let known = statistics.columns[column.name] else { continue }
            let low = stored(known.minimum, column.type, roundsUp: false)
            let high = stored(known.maximum, column.type, roundsUp: true)
            try run(
                """
                INSERT INTO TAB_COL_STATS (DB_NAME, TABLE_NAME, COLUMN_NAME, COLUMN_TYPE, LONG_LOW_VALUE, LONG_HIGH_VALUE,
                    DOUBLE_LOW_VALUE, DOUBLE_HIGH_VALUE, BIG_DECIMAL_LOW_VALUE, BIG_DECIMAL_HIGH_VALUE, NUM_DISTINCTS,
                    NUM_NULLS, AVG_COL_LEN, CS_ID, TBL_ID) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                """,
                [
                    database, name, column.name, column.type.name, low.long, high.long, low.double, high.double,
                    low.decimal, high.decimal, known.distinctCount.flatMap { Int64(exactly: $0.rounded()) },
                    known.nullCount.flatMap { Int64(exactly: $0.rounded()) } ?? -1, known.averageBytes,
                    firstID + Int64(index), id,
                ])
        }
    }

    private func setParameter(_ key: String, _ value: Int64?, table: Int64) throws {
        guard let value else {
            return try run("DELETE FROM TABLE_PARAMS WHERE TBL_ID = ? AND PARAM_KEY = ?", [table, key])
        }
        try run("INSERT OR REPLACE INTO TABLE_PARAMS VALUES (?, ?, ?)", [table, key, String(value)])
    }

    private func stored(
        _ value: Value?, _ type: DataType, roundsUp: Bool
    ) -> (long: Int64?, double: Double?, decimal: String?) {
        switch value {
        case .integer(let number): return (number, nil, nil)
        case .date(let days): return (Int64(days), nil, nil)
        case .timestamp(let nanoseconds):
            let (whole, rest) = nanoseconds.quotientAndRemainder(dividingBy: 1_000_000_000)
            let seconds = whole + (roundsUp ? (rest > 0 ? 1 : 0) : (rest < 0 ? -1 : 0))
            return (Int64(exactly: seconds), nil, nil)
        case .real(let number): return (nil, number, nil)
        case .decimal(let unscaled):
            guard case .decimal(_, let scale) = type else { return (nil, nil, nil) }
            return (nil, nil, DecimalForm.text(unscaled, scale: scale))
        default: return (nil, nil, nil)
        }
    }
}

/// Decimals as the metastore spells them: `-12.50`.
enum DecimalForm {
    static func text(_ unscaled: Int128, scale: Int) -> String {
        var digits = String(unscaled.magnitude)
        guard scale > 0 else { return (unscaled < 0 ? "-" : "") + digits }
        if digits.count <= scale { digits = String(repeating: "0", count: scale + 1 - digits.count) + digits }
        return (unscaled < 0 ? "-" : "") + digits.dropLast(scale) + "." + digits.suffix(scale)
    }

    /// nil for what is not a decimal of at most `scale` digits after the point.
    static func unscaled(_ text: String, scale: Int) -> Int128? {
        let parts = text.split(separator: ".", maxSplits: 1, omittingEmptySubsequences: false)
        guard let whole = parts.first else { return nil }
        let fraction = parts.count == 2 ? parts[1] : ""
        guard fraction.count <= scale, fraction.utf8.allSatisfy({ (48...57).contains($0) }) else { return nil }
        return Int128(whole + fraction + String(repeating: "0", count: scale - fraction.count))
    }
}
