import FormatContracts
import HoneyCatalog
import HoneyCore
import HoneyStorage
import Testing

@testable import HoneyParquet

/// What is particular to Parquet tables.
struct ParquetFormatTests {
    private static let columns = [TableColumn("id", .int), TableColumn("Name", .string)]
    private static let rows: [[Value]] = [[.integer(1), .string("a")], [.integer(2), .null]]

    @Test func columnsAreFoundByNameWhateverTheCaseAndOrder() throws {
        let bytes = try FileTable(Self.columns, format: ParquetFormat()).written(Self.rows)
        let other = FileTable(
            [TableColumn("NAME", .string), TableColumn("extra", .int), TableColumn("Id", .bigint)],
            format: ParquetFormat())
        #expect(try other.rows(bytes) == [[.string("a"), .null, .integer(1)], [.null, .null, .integer(2)]])
    }

    @Test func columnsAreFoundByPositionWhereThatIsAskedFor() throws {
        let bytes = try FileTable(Self.columns, format: ParquetFormat()).written(Self.rows)
        let other = FileTable(
            [TableColumn("x", .bigint), TableColumn("y", .string), TableColumn("id", .int)], format: ParquetFormat(),
            properties: ["parquet.column.index.access": "true"])
        #expect(try other.rows(bytes) == [[.integer(1), .string("a"), .null], [.integer(2), .null, .null]])
    }

    @Test func encryptedFilesAreRefusedByName() throws {
        let file = HandMadeFile(rows: 0)
        var encrypted = file
        encrypted.magic = "PARE"
        let error = #expect(throws: HoneyError.self) {
            try FileTable(Self.columns, format: ParquetFormat()).rows(encrypted.bytes())
        }
        #expect(error?.code == "UNSUPPORTED_FILE")
        #expect(error?.message.contains("encrypted") == true)
    }

    @Test func otherFilesAreRefusedByName() throws {
        let error = #expect(throws: HoneyError.self) {
            try FileTable(Self.columns, format: ParquetFormat()).rows(Array("plain text, and more of it\n".utf8))
        }
        #expect(error?.code == "FILE_DAMAGED")
        #expect(error?.message.hasPrefix("not a Parquet file") == true)
    }

    @Test func dictionariesGiveWayToPlainValues() throws {
        var table = FileTable([TableColumn("k", .bigint), TableColumn("s", .string)], format: ParquetFormat())
        table.settings = ["parquet.dictionary.page.size": "20000", "parquet.page.row.count.limit": "500"]
        // Few values first, then ever new ones.
        let rows: [[Value]] = (0..<20_000).map { row in
            let key = row < 5000 ? row % 50 : row
            return [.integer(Int64(key)), .string("a string of some length, \(key)")]
        }
        let bytes = try table.written(rows)
        #expect(try table.rows(bytes) == rows)
        let description = try ParquetFormat().inspect(FileTable.file(bytes))
        guard case .record(let parts) = description,
            case .list(let groups)? = parts.first(where: { $0.name == "row_groups" })?.value,
            case .record(let group) = groups[0],
            case .list(let chunks)? = group.first(where: { $0.name == "columns" })?.value
        else {
            Issue.record("file is not described: \(description)")
            return
        }
        for chunk in chunks {
            guard case .record(let facts) = chunk else { continue }
            #expect(
                facts.first { $0.name == "encodings" }?.value
                    == .list([
                        .text("PLAIN"), .text("PLAIN_DICTIONARY"), .text("RLE"),
                    ]))
        }
    }

    @Test func settingsThatMeanNothingAreRefused() throws {
        for (setting, value) in [
            ("parquet.compression", "LZW"), ("parquet.writer.version", "v3"), ("parquet.block.size", "many"),
        ] {
            let table = FileTable(Self.columns, format: ParquetFormat(), tableParameters: [setting: value])
            let error = #expect(throws: HoneyError.self) { try table.written(Self.rows) }
            #expect(error?.kind == .semantic)
        }
    }

    @Test func decimalsAreStoredAsIntegersWhereThatIsAskedFor() throws {
        let columns = [
            TableColumn("a", .decimal(precision: 9, scale: 2)), TableColumn("b", .decimal(precision: 18, scale: 2)),
        ]
        let rows: [[Value]] = (0..<50).map { [.decimal(Int128($0) - 20), .decimal(Int128($0) << 40)] }
        let table = FileTable(
            columns, format: ParquetFormat(), settings: ["honeyguide.parquet.decimals.as.integers": "true"])
        let bytes = try table.written(rows)
        #expect(try table.rows(bytes) == rows)
        #expect(try ParquetSchema.columns(of: FileTable.file(bytes)).map(\.type) == columns.map(\.type))
    }

    @Test func otherSerDesAreRefused() throws {
        let table = FileTable(Self.columns, format: ParquetFormat(), serde: FileTable.lazySimpleSerDe)
        let error = #expect(throws: HoneyError.self) { try table.written(Self.rows) }
        #expect(error?.code == "UNSUPPORTED_SERDE")
    }

    @Test(arguments: ["millis", "micros", "nanos"], ["v1", "v2"])
    func timestampsAreStoredAsIntegersWhereThatIsAskedFor(_ unit: String, _ version: String) throws {
        let columns = [TableColumn("t", .timestamp), TableColumn("l", .array(.timestamp))]
        let nanoseconds: [Int128] = [
            0, 1, -1, 999_999, -1_000_001, 1_700_000_000_123_456_789, -9_000_000_000_000_000_001,
        ]
        let rows: [[Value]] =
            nanoseconds.map { [.timestamp($0), .array([.timestamp($0), .null])] } + [[.null, .null]]
        var table = FileTable(columns, format: ParquetFormat())
        table.settings = [
            "hive.parquet.write.int64.timestamp": "true", "hive.parquet.timestamp.time.unit": unit,
            "parquet.writer.version": version,
        ]
        if unit == "micros" { table.settings["hive.parquet.timestamp.time.unit"] = nil }
        let bytes = try table.written(rows)
        let step: Int128 = ["millis": 1_000_000, "micros": 1000, "nanos": 1][unit] ?? 0
        let cut = nanoseconds.map { $0 - (($0 % step) + step) % step }
        #expect(
            try table.rows(bytes)
                == cut.map { [.timestamp($0), .array([.timestamp($0), .null])] } + [[.null, .null]])
        let file = try FileTable.file(bytes)
        var counters = ReadCounters()
        let schema = try Footer.read(of: file, counters: &counters).metadata.schema
        #expect(schema[1].type == .int64)
        // Their order is known now.
        let wanted = ColumnPredicate.Bound(.timestamp(2_000_000_000_000_000_000), isInclusive: true)
        let reader = try table.reader(file, predicates: [.range(column: 0, lower: wanted, upper: nil)])
        #expect(try reader.next() == nil)
    }

    @Test func timestampsBeyondTheIntegersAreRefused() throws {
        var table = FileTable([TableColumn("t", .timestamp)], format: ParquetFormat())
        table.settings = [
            "hive.parquet.write.int64.timestamp": "true", "hive.parquet.timestamp.time.unit": "nanos",
        ]
        let error = #expect(throws: HoneyError.self) { try table.written([[.timestamp(Int128(Int64.max) + 1)]]) }
        #expect(error?.code == "OUT_OF_RANGE")
        table.settings["hive.parquet.timestamp.time.unit"] = "days"
        #expect(throws: HoneyError.self) { try table.written([[.null]]) }
    }

    @Test func readersOfOneScanParseTheFooterOnce() throws {
        let bytes = try FileTable(Self.columns, format: ParquetFormat()).written(
            (0..<100).map { [.integer($0), .null] })
        let file = try FileTable.file(bytes)
        let footers = ParsedFooters()
        var read: [Int] = []
        for _ in 0..<2 {
            let reader = try FileTable(Self.columns, format: ParquetFormat()).reader(
                file, projection: [], footers: footers)
            var rows = 0
            while let batch = try reader.next() { rows += batch.count }
            #expect(rows == 100)
            read.append(reader.counters.bytesRead)
        }
        #expect(read[0] > 0 && read[1] == 0, "\(read)")
    }
}
