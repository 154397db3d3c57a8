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
        while let batch = try reader.next() { for row in 0..<batch.count { ids.append(batch.columns[0].value(at: row)) } }
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
            .int32, .none, HandMadeFile.plain(Int32(1), 2), [1: HandMadeFile.plain(Int32(2)), 2: HandMadeFile.plain(Int32(1))],
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
            .double, .none, HandMadeFile.plain(1.0, 2.0), [5: HandMadeFile.plain(Double.nan), 6: HandMadeFile.plain(1.0)])
        #expect(try rows(table, bytes, .oneOf(column: 0, values: [.real(7)])).read == 2)
    }

    @Test func bloomFiltersTellWhatIsNotThere() throws {
        let table = FileTable([TableColumn("a", .string)], format: ParquetFormat())
        var block = [UInt32](repeating: 0, count: 8)
        let salts: [UInt32] = [
            0x47b6_137b, 0x4497_4d91, 0x8824_ad5b, 0xa2b7_289d, 0x7054_95c7, 0x2df1_424b, 0x9efc_4947, 0x5c6b_fb31,
        ]
        for text in ["a", "z"] {
            let hash = Array(text.utf8).withUnsafeBytes { XXHash64.hash($0) }
            for word in 0..<8 { block[word] |= 1 << ((UInt32(truncatingIfNeeded: hash) &* salts[word]) >> 27) }
        }
        var header = CompactWriter()
        header.element { filter in
            filter.field(1, int32: 32)
            for id in 2...4 { filter.field(id) { union in union.field(1) { _ in } } }
        }
        let bytes = try bounded(
            .byteArray, .string, HandMadeFile.plain(strings: ["a", "z"]), [:],
            filter: header.bytes + block.flatMap { HandMadeFile.plain($0) })
        #expect(try rows(table, bytes, .oneOf(column: 0, values: [.string("m")])).read == 0)
        #expect(try rows(table, bytes, .oneOf(column: 0, values: [.string("m"), .string("z")])).read == 2)
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
}
