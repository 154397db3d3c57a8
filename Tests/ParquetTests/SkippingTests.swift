import FormatContracts
import HoneyCatalog
import HoneyCore
import HoneyStorage
import Testing

@testable import HoneyParquet

/// What cannot pass is not read.
struct SkippingTests {
    private func rows(
        _ table: FileTable, _ bytes: [UInt8], _ predicate: ColumnPredicate
    ) throws -> (ids: [Value], read: Int, bytes: Int) {
        let reader = try table.reader(FileTable.file(bytes), predicates: [predicate])
        var ids: [Value] = []
        while let batch = try reader.next() {
            for row in 0..<batch.count { ids.append(batch.columns[0].value(at: row)) }
        }
        return (ids, reader.counters.rowsRead, reader.counters.bytesRead)
    }

    private func bound(_ value: Value) -> ColumnPredicate.Bound { ColumnPredicate.Bound(value, isInclusive: true) }

    @Test(arguments: ["v1", "v2"]) func pagesAreSkippedByTheirIndex(_ version: String) throws {
        let columns = [TableColumn("id", .int), TableColumn("text", .string), TableColumn("list", .array(.int))]
        var table = FileTable(columns, format: ParquetFormat())
        table.settings = [
            "parquet.writer.version": version, "parquet.page.row.count.limit": "20",
            "parquet.enable.dictionary": "false",
        ]
        let data: [[Value]] = (0..<4000).map {
            [.integer($0), .string("some text that takes room \($0)"), .array([.integer($0), .integer(-$0)])]
        }
        let bytes = try table.written(data)
        let all = try rows(table, bytes, .isNotNull(column: 0))
        #expect(all.read == 4000)
        let some = try rows(table, bytes, .range(column: 0, lower: bound(.integer(2010)), upper: bound(.integer(2050))))
        #expect(some.ids == (2000..<2060).map { .integer($0) })
        #expect(some.read == 60)
        #expect(some.bytes < all.bytes / 2, "\(some.bytes) of \(all.bytes)")
        let reader = try table.reader(
            FileTable.file(bytes), predicates: [.oneOf(column: 0, values: [.integer(5), .integer(3999)])])
        var found: [[Value]] = []
        while let batch = try reader.next() {
            for row in 0..<batch.count { found.append(batch.columns.map { $0.value(at: row) }) }
        }
        #expect(found == Array(data[..<20] + data[3980...]))
    }

    @Test func rowGroupsAreSkippedByStatistics() throws {
        let types = ["bigint", "double", "decimal(12,2)", "date", "string", "decimal(30,5)", "boolean"]
        let columns = types.map { TableColumn("c_" + $0.prefix(9), DataType(name: $0)!) }
        var table = FileTable(columns, format: ParquetFormat())
        table.settings["parquet.block.row.count.limit"] = "10"
        var data: [[Value]] = []
        for row in 0..<40 {
            let number = Value.integer(Int64(row)), real = Value.real(Double(row)), decimal = Value.decimal(Int128(row))
            let text = Value.string("text \(10 + row)")
            data.append([number, real, decimal, .date(Int32(row)), text, decimal, .boolean(row >= 20)])
        }
        let bytes = try table.written(data)
        for column in 0..<6 {
            let equal = try rows(table, bytes, .oneOf(column: column, values: [data[25][column]]))
            #expect(equal.read == 10, "column \(column)")
            let below = try rows(
                table, bytes,
                .range(column: column, lower: nil, upper: ColumnPredicate.Bound(data[10][column], isInclusive: false)))
            #expect(below.read == 10, "column \(column)")
            let above = try rows(table, bytes, .range(column: column, lower: bound(data[30][column]), upper: nil))
            #expect(above.read == 10, "column \(column)")
            #expect(try rows(table, bytes, .isNull(column: column)).read == 0)
        }
        #expect(try rows(table, bytes, .oneOf(column: 6, values: [.boolean(true)])).read == 20)
    }

    /// A file of one column with bounds, in one group of two rows.
    private func bounded(
        _ type: StoredType, _ annotation: Annotation, _ body: [UInt8], _ bounds: [Int: [UInt8]],
        orders: Bool = true, filter: [UInt8] = []
    ) throws -> [UInt8] {
        var file = HandMadeFile(rows: 2)
        file.hasColumnOrders = orders
        file.add("a", .required, type: type, annotation: annotation)
        file.chunks = [
            HandMadeFile.Chunk(
                type: type, valueCount: 2, pages: try HandMadeFile.page(.plain, values: 2, body), bounds: bounds,
                nullCount: 0, bloomFilter: filter)
        ]
        return file.bytes()
    }

    @Test func oldBoundsAreTrustedOnlyWhereTheyAreRight() throws {
        let ints = FileTable([TableColumn("a", .int)], format: ParquetFormat())
        let numbers = try bounded(
            .int32, .none, HandMadeFile.plain(Int32(1), 2),
            [1: HandMadeFile.plain(Int32(2)), 2: HandMadeFile.plain(Int32(1))],
            orders: false)
        #expect(try rows(ints, numbers, .oneOf(column: 0, values: [.integer(3)])).read == 0)
        let strings = FileTable([TableColumn("a", .string)], format: ParquetFormat())
        let texts = HandMadeFile.plain(strings: ["a", "é"])
        let old = try bounded(.byteArray, .string, texts, [1: Array("a".utf8), 2: Array("é".utf8)])
        #expect(try rows(strings, old, .oneOf(column: 0, values: [.string("zz")])).read == 2)
        let withoutOrder = try bounded(
            .byteArray, .string, texts, [5: Array("b".utf8), 6: Array("a".utf8)], orders: false)
        #expect(try rows(strings, withoutOrder, .oneOf(column: 0, values: [.string("é")])).read == 2)
        let withOrder = try bounded(.byteArray, .string, texts, [5: Array("é".utf8), 6: Array("a".utf8)])
        #expect(try rows(strings, withOrder, .oneOf(column: 0, values: [.string("漢")])).read == 0)
    }

    @Test func boundsThatAreNoNumbersSkipNothing() throws {
        let table = FileTable([TableColumn("a", .double)], format: ParquetFormat())
        let bytes = try bounded(
            .double, .none, HandMadeFile.plain(1.0, 2.0),
            [5: HandMadeFile.plain(Double.nan), 6: HandMadeFile.plain(1.0)])
        #expect(try rows(table, bytes, .oneOf(column: 0, values: [.real(7)])).read == 2)
    }

    @Test func bloomFiltersTellWhatIsNotThere() throws {
        let table = FileTable([TableColumn("a", .string)], format: ParquetFormat())
        // Four blocks of eight words; the hash's upper half tells which one.
        var words = [UInt32](repeating: 0, count: 32)
        let salts: [UInt32] = [
            0x47b6_137b, 0x4497_4d91, 0x8824_ad5b, 0xa2b7_289d, 0x7054_95c7, 0x2df1_424b, 0x9efc_4947, 0x5c6b_fb31,
        ]
        for text in ["a", "z"] {
            let hash = Array(text.utf8).withUnsafeBytes { XXHash64.hash($0) }
            let block = Int(hash >> 62)
            for word in 0..<8 {
                words[block * 8 + word] |= 1 << ((UInt32(truncatingIfNeeded: hash) &* salts[word]) >> 27)
            }
        }
        var header = CompactWriter()
        header.element { filter in
            filter.field(1, int32: 128)
            for id in 2...4 { filter.field(id) { union in union.field(1) { _ in } } }
        }
        let bytes = try bounded(
            .byteArray, .string, HandMadeFile.plain(strings: ["a", "z"]), [:],
            filter: header.bytes + words.flatMap { HandMadeFile.plain($0) })
        #expect(try rows(table, bytes, .oneOf(column: 0, values: [.string("m")])).read == 0)
        for text in ["a", "z"] {
            #expect(try rows(table, bytes, .oneOf(column: 0, values: [.string("m"), .string(text)])).read == 2)
        }
    }

    @Test func hashesAreThoseOfXXHash() {
        for (text, hash) in [
            ("", 0xEF46_DB37_51D8_E999), ("a", 0xD24E_C4F1_A98C_6E5B), ("abc", 0x44BC_2CF5_AD77_0999),
            ("xxhash, the fast one: more than 32 bytes", nil),
        ] as [(String, UInt64?)] {
            let found = Array(text.utf8).withUnsafeBytes { XXHash64.hash($0) }
            if let hash { #expect(found == hash, "\(text)") }
        }
    }

    /// What settings make Bloom filters of for a file of 20,000 rows in two groups: by column, the bytes of each filter.
    private func filterBytes(_ settings: [String: String]) throws -> (FileTable, [UInt8], [[Int]]) {
        let columns = [
            TableColumn("k", .bigint), TableColumn("s", .string), TableColumn("few", .int), TableColumn("b", .boolean),
            TableColumn("d", .decimal(precision: 30, scale: 2)),
        ]
        var table = FileTable(columns, format: ParquetFormat())
        table.tableParameters = settings
        table.settings["parquet.block.row.count.limit"] = "10000"
        var data: [[Value]] = []
        for row in 0..<20_000 {
            let even = Int64(row * 2)
            let few = Value.integer(Int64(row % 10 * 2))
            data.append([
                .integer(even), .string("text \(even)"), few, .boolean(row % 2 == 0), .decimal(Int128(even)),
            ])
        }
        let bytes = try table.written(data)
        let file = try FileTable.file(bytes)
        var counters = ReadCounters()
        let footer = try Footer.read(of: file, counters: &counters)
        let sizes = footer.metadata.rowGroups.map { $0.columns.map { $0.bloomFilterBytes ?? 0 } }
        return (table, bytes, sizes)
    }

    @Test func bloomFiltersAreWrittenAsPropertiesAsk() throws {
        let (_, _, none) = try filterBytes([:])
        #expect(none == [[0, 0, 0, 0, 0], [0, 0, 0, 0, 0]])
        let (table, bytes, all) = try filterBytes([
            "parquet.bloom.filter.enabled": "true", "parquet.bloom.filter.enabled#s": "false",
            "parquet.bloom.filter.expected.ndv#d": "1000",
        ])
        for sizes in all {
            // 10,000 values at one in a hundred take 12 KB; ten take a block or two; 1000 foretold ones 2 KB.
            #expect((8192...32_800).contains(sizes[0]), "\(sizes)")
            #expect(sizes[1] == 0 && sizes[3] == 0, "\(sizes)")
            #expect((33...144).contains(sizes[2]), "\(sizes)")
            #expect((2048...2080).contains(sizes[4]), "\(sizes)")
        }
        // What lies between the values that are there is looked up in vain, but for a few.
        var found = 0
        for value in stride(from: 1, to: 20_000, by: 4000) {
            found += try rows(table, bytes, .oneOf(column: 0, values: [.integer(Int64(value))])).read
            let there = try rows(table, bytes, .oneOf(column: 0, values: [.integer(Int64(value + 1))]))
            #expect(there.ids.contains(.integer(Int64(value + 1))))
        }
        #expect(found <= 20_000)
        #expect(throws: HoneyError.self) {
            try filterBytes(["parquet.bloom.filter.enabled": "true", "parquet.bloom.filter.fpp": "2"])
        }
        let (_, _, small) = try filterBytes([
            "parquet.bloom.filter.enabled#k": "true", "parquet.bloom.filter.max.bytes": "1000",
        ])
        #expect(small.allSatisfy { (512...540).contains($0[0]) && $0[1] == 0 }, "\(small)")
    }

    @Test(arguments: ["v1", "v2"]) func dictionariesTellWhatIsNotThere(_ version: String) throws {
        let columns = [
            TableColumn("s", .string), TableColumn("n", .int), TableColumn("m", .timestamp), TableColumn("x", .double),
        ]
        var table = FileTable(columns, format: ParquetFormat())
        table.settings = ["parquet.block.row.count.limit": "1000", "parquet.writer.version": version]
        var data: [[Value]] = []
        for row in 0..<2000 {
            let key = row % 7 * 10 + row / 1000
            let values: [Value] = [
                .string("v\(key)"), .integer(Int64(key)), .timestamp(Int128(key)), .real(Double(key)),
            ]
            data.append(row % 50 == 0 ? [.null, .null, .null, .null] : values)
        }
        let bytes = try table.written(data)
        for (column, absent, present) in [
            (0, Value.string("v15"), Value.string("v31")), (1, .integer(15), .integer(31)), (3, .real(15), .real(31)),
        ] {
            #expect(try rows(table, bytes, .oneOf(column: column, values: [absent])).read == 0)
            #expect(
                try rows(table, bytes, .range(column: column, lower: bound(absent), upper: bound(absent))).read == 0)
            // The second group only.
            let some = try rows(table, bytes, .oneOf(column: column, values: [absent, present]))
            #expect(some.read == 1000 && some.ids == data[1000...].map { $0[0] }, "column \(column)")
        }
        #expect(try rows(table, bytes, .isNull(column: 1)).read == 2000)
        let between = ColumnPredicate.range(
            column: 1, lower: ColumnPredicate.Bound(.integer(1), isInclusive: false), upper: bound(.integer(9)))
        #expect(try rows(table, bytes, between).read == 0)
        table.settings["parquet.filter.dictionary.enabled"] = "false"
        #expect(try rows(table, bytes, .oneOf(column: 1, values: [.integer(15)])).read == 2000)
    }

    @Test func dictionariesOfSomePagesOnlySkipNothing() throws {
        var table = FileTable([TableColumn("k", .bigint)], format: ParquetFormat())
        table.settings = ["parquet.dictionary.page.size": "2000", "parquet.page.row.count.limit": "500"]
        let data: [[Value]] = (0..<5000).map { row in [.integer(Int64(row < 1000 ? row % 5 * 5000 : row))] }
        let bytes = try table.written(data)
        let found = try rows(table, bytes, .oneOf(column: 0, values: [.integer(4321)]))
        #expect(found.ids.contains(.integer(4321)))
    }
}
