import FormatContracts
import HoneyCatalog
import HoneyCore
import HoneyFiles
import HoneyStorage
import Testing

@testable import HoneyORC

/// What readers skip, how they find columns, and what they refuse.
struct ORCReaderTests {
    static let columns = [TableColumn("id", .bigint), TableColumn("k", .string), TableColumn("long", .string)]

    static func table(_ columns: [TableColumn] = columns, _ parameters: [String: String] = [:]) -> FileTable {
        FileTable(
            columns, format: ORCFormat(), tableParameters: ["orc.compress": "NONE"].merging(parameters) { $1 })
    }

    /// 5000 rows in five row groups of one stripe.
    static let rows: [[Value]] = (0..<5000).map {
        [.integer($0), .string("key \($0 * 7 % 5000)"), .string(String(repeating: "x", count: 50) + "\($0)")]
    }
    static let indexed = ["orc.row.index.stride": "1000", "orc.bloom.filter.columns": "k"]

    static func read(
        _ table: FileTable, _ file: any ReadableFile, _ projection: [Int], predicates: [ColumnPredicate] = [],
        filters: [any RowFilter] = []
    ) throws -> (rows: Int, counters: ReadCounters) {
        let reader = try table.reader(file, projection: projection, predicates: predicates, filters: filters)
        var rows = 0
        while let batch = try reader.next() { rows += batch.count }
        return (rows, reader.counters)
    }

    @Test(arguments: ["NONE", "ZLIB"]) func rowGroupsAreSkippedByTheirBounds(_ compression: String) throws {
        let table = ORCReaderTests.table(
            parameters: ORCReaderTests.indexed.merging(["orc.compress": compression, "orc.compress.size": "1000"]) {
                $1
            })
        let file = try FileTable.file(table.written(ORCReaderTests.rows))
        let range = ColumnPredicate.range(
            column: 0, lower: .init(.integer(2500), isInclusive: true), upper: .init(.integer(3100), isInclusive: false)
        )
        let reader = try table.reader(file, predicates: [range])
        var found: [[Value]] = []
        while let batch = try reader.next() {
            for row in 0..<batch.count { found.append(batch.columns.map { $0.value(at: row) }) }
        }
        #expect(found == Array(ORCReaderTests.rows[2000..<4000]))
        #expect(reader.counters.rowsRead == 2000)
        let whole = try ORCReaderTests.read(table, file, [0, 1, 2]).counters
        #expect(reader.counters.bytesRead < whole.bytesRead)
    }

    @Test func rowGroupsAreSkippedByBloomFilters() throws {
        let table = ORCReaderTests.table(parameters: ORCReaderTests.indexed)
        let file = try FileTable.file(table.written(ORCReaderTests.rows))
        for wanted in ["key 35", "key 4001"] {
            let (rows, _) = try ORCReaderTests.read(
                table, file, [0, 1], predicates: [.oneOf(column: 1, values: [.string(wanted)])])
            #expect(rows <= 2000, "\(wanted)")
        }
        let (rows, _) = try ORCReaderTests.read(
            table, file, [0, 1], predicates: [.oneOf(column: 1, values: [.string("key 35x")])])
        #expect(rows <= 1000)
    }

    @Test func stripesAreSkippedByTheirStatistics() throws {
        let table = ORCReaderTests.table(parameters: ["orc.row.index.stride": "1000", "orc.stripe.size": "1"])
        let file = try FileTable.file(table.written(ORCReaderTests.rows))
        let (rows, counters) = try ORCReaderTests.read(
            table, file, [0],
            predicates: [.range(column: 0, lower: .init(.integer(4999), isInclusive: true), upper: nil)])
        #expect(rows == 1000 && counters.rowsRead == 1000)
        let (none, _) = try ORCReaderTests.read(table, file, [0], predicates: [.isNull(column: 0)])
        #expect(none == 0)
    }

    @Test func lateColumnsAreReadFromTheFirstRowThatPasses() throws {
        let table = ORCReaderTests.table(parameters: ORCReaderTests.indexed)
        let file = try FileTable.file(table.written(ORCReaderTests.rows))
        let ids = try ORCReaderTests.read(table, file, [0]).counters.bytesRead
        let none = try ORCReaderTests.read(table, file, [0, 2], filters: [TestFilter(0) { _ in false }])
        #expect(none.rows == 0 && none.counters.bytesRead == ids)
        let last = try ORCReaderTests.read(table, file, [0, 2], filters: [TestFilter(0) { $0 == .integer(4700) }])
        #expect(last.rows == 1)
        // A fifth of the long strings.
        #expect(last.counters.bytesRead - ids < 5000 * 54 / 3)
    }

    @Test(arguments: ["NONE", "SNAPPY"], [3, 10, 70]) func decimalsOfFewRowsAreRead(
        _ compression: String, _ step: Int64
    ) throws {
        let types = [(3, 1), (15, 2), (18, 0), (30, 4)]
        let columns =
            [TableColumn("id", .bigint), TableColumn("none", .decimal(precision: 15, scale: 2))]
            + types.map { TableColumn("d\($0.0)", .decimal(precision: $0.0, scale: $0.1)) }
        let table = ORCReaderTests.table(
            columns, ["orc.compress": compression, "orc.compress.size": "3000", "orc.row.index.stride": "1000"])
        var random = RandomRows(seed: UInt64(step))
        let rows: [[Value]] = (Int64(0)..<4000).map { id in
            let given: Value = id % 5 == 0 ? .null : .decimal(Int128(id))
            // Of 18 digits, some take nine bytes and are not read with others.
            return [.integer(id), given]
                + types.map { precision, _ in
                    let most = DecimalMath.powerOfTen64(min(precision, 18)) - 1
                    let digits = Int64.random(in: 0...most, using: &random) >> (id % 3 == 0 ? 0 : 20)
                    return .decimal(Int128(id % 2 == 0 ? digits : -digits))
                }
        }
        let file = try FileTable.file(table.written(rows))
        let chosen = TestFilter(0) { if case .integer(let id) = $0 { id * 7 % step == 1 } else { false } }
        let expected = rows.filter { if case .integer(let id) = $0[0] { id * 7 % step == 1 } else { false } }
        #expect(try table.rows(file, filters: [chosen]) == expected)
        let halves = [ByteRange(start: 0, end: file.size / 2), ByteRange(start: file.size / 2, end: file.size)]
        #expect(try halves.flatMap { try table.rows(file, split: $0, filters: [chosen]) } == expected)
    }

    @Test func columnsAreFoundByNameOrPlace() throws {
        let table = ORCReaderTests.table([TableColumn("a", .int), TableColumn("B", .string)])
        let file = try FileTable.file(table.written([[.integer(1), .string("x")]]))
        var other = ORCReaderTests.table([TableColumn("b", .string), TableColumn("c", .int), TableColumn("A", .int)])
        #expect(try other.rows(file) == [[.string("x"), .null, .integer(1)]])
        other.settings["orc.force.positional.evolution"] = "true"
        other.columns = [TableColumn("x", .int), TableColumn("y", .string)]
        #expect(try other.rows(file) == [[.integer(1), .string("x")]])
        let unnamed = ORCReaderTests.table([TableColumn("_col0", .int), TableColumn("_col1", .string)])
        let old = try FileTable.file(unnamed.written([[.integer(1), .string("x")]]))
        other.settings = [:]
        #expect(try other.rows(old) == [[.integer(1), .string("x")]])
    }

    @Test func typesMayChange() throws {
        let columns = [
            ("a", "tinyint", "bigint"), ("b", "int", "string"), ("c", "float", "double"), ("d", "string", "int"),
            ("e", "varchar(5)", "string"), ("f", "char(4)", "string"), ("g", "string", "varchar(2)"),
            ("h", "string", "char(3)"), ("i", "decimal(5,2)", "decimal(7,3)"),
            ("j", "struct<x:int,y:string>", "struct<z:int,Y:string,x:bigint>"), ("k", "array<int>", "array<bigint>"),
        ]
        let written = ORCReaderTests.table(columns.map { TableColumn($0.0, DataType(name: $0.1)!) })
        let read = ORCReaderTests.table(columns.map { TableColumn($0.0, DataType(name: $0.2)!) })
        let row: [Value] = [
            .integer(-3), .integer(12), .real(0.5), .string("77"), .string("v"), .string("c   "), .string("héllo"),
            .string("é"), .decimal(12345), .structure([.integer(1), .string("s")]), .array([.integer(5), .null]),
        ]
        let nulls = [Value](repeating: .null, count: row.count)
        let expected: [Value] = [
            .integer(-3), .string("12"), .real(0.5), .integer(77), .string("v"), .string("c"), .string("hé"),
            .string("é  "), .decimal(123450), .structure([.null, .string("s"), .integer(1)]),
            .array([.integer(5), .null]),
        ]
        #expect(try read.rows(written.written([row, nulls, row])) == [expected, nulls, expected])
    }

    @Test func transactionalFilesAreRefused() throws {
        let columns = [
            ("operation", "int"), ("originalTransaction", "bigint"), ("bucket", "int"), ("rowId", "bigint"),
            ("currentTransaction", "bigint"), ("row", "struct<a:int>"),
        ].map { TableColumn($0.0, DataType(name: $0.1)!) }
        let table = ORCReaderTests.table(columns)
        let bytes = try table.written([columns.map { _ in .null }])
        let error = #expect(throws: HoneyError.self) { try table.rows(bytes) }
        #expect(error?.code == "UNSUPPORTED_FILE")
        #expect(error?.message.contains("ACID") == true)
    }

    @Test func stringsGoToADictionaryWhenFewDiffer() throws {
        let table = ORCReaderTests.table([TableColumn("few", .string), TableColumn("many", .string)])
        let rows: [[Value]] = (0..<1000).map { [.string("value \($0 % 7)"), .string("value \($0)")] }
        let file = try FileTable.file(table.written(rows))
        let tail = try FileTail(of: file)
        let stripe = try Stripe(tail.footer.stripes[0], groupRows: 10_000, context: tail.context)
        #expect(stripe.footer.columns.map(\.kind) == [.direct, .dictionaryV2, .directV2])
        #expect(stripe.footer.columns[1].dictionarySize == 7)
        #expect(try table.rows(file) == rows)
    }

    @Test func clocksOfWritersAreShownAsTheyWere() throws {
        let zone = try #require(try WriterZone.named("America/Los_Angeles"))
        #expect(zone.offset(at: WriterZone.baseSeconds) == -8 * 3600)
        #expect(zone.offset(at: 1_437_000_000) == -7 * 3600)
        #expect(zone.offset(at: 1_437_000_000 - 15 * 365 * 86_400) == -7 * 3600)
        #expect(zone.base == WriterZone.baseSeconds + 8 * 3600)
        #expect(try WriterZone.named("UTC") == nil)
        #expect(throws: HoneyError.self) { try WriterZone.named("Nowhere/Land") }
    }

    @Test func hashesAreThoseOfOtherWriters() {
        func hash(_ text: String) -> UInt64 { Array(text.utf8).withUnsafeBufferPointer { BloomHash.hash($0) } }
        var bits = BloomBits(expecting: 1000, falsePositives: 0.05)
        for value in 0..<1000 { bits.insert(hash("text \(value)")) }
        #expect((0..<1000).allSatisfy { bits.mayContain(hash("text \($0)")) })
        #expect((1000..<3000).filter { bits.mayContain(hash("text \($0)")) }.count < 200)
        for value in [Int64.min, -1, 0, 1, 42, .max] {
            var single = BloomBits(expecting: 1, falsePositives: 0.01)
            single.insert(BloomHash.hash(value))
            #expect(single.mayContain(BloomHash.hash(value)))
        }
    }

    @Test func invalidPropertiesAreTold() throws {
        let wrong = [("orc.compress", "LZMA"), ("orc.stripe.size", "-1"), ("orc.bloom.filter.fpp", "2")]
        for (name, value) in wrong {
            let table = ORCReaderTests.table(parameters: [name: value])
            let error = #expect(throws: HoneyError.self) { try table.written([[Value]]()) }
            #expect(error?.code == "INVALID_PROPERTY", "\(name)")
        }
    }
}

extension ORCReaderTests {
    static func table(parameters: [String: String]) -> FileTable { table(columns, parameters) }
}
