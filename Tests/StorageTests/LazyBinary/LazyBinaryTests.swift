import HoneyCatalog
import HoneyCore
import Testing

@testable import HoneyStorage

/// The bytes of LazyBinary's values, as Hive's own SerDe writes them.
struct LazyBinaryTests {
    /// A row of one column, without the byte of bits before it.
    static func bytes(_ type: DataType, _ value: Value) throws -> [UInt8] {
        let encoder = try LazyBinarySerDe().makeEncoder(
            for: WriteRequest(columns: [TableColumn("a", type)], serde: SerDeInfo(library: "")))
        var record: [UInt8] = []
        try encoder.encode(Batch(columns: [Column.of(type, [value])], count: 1)) { record = Array($0) }
        return Array(record.dropFirst())
    }

    static func read(_ type: DataType, _ bytes: [UInt8]) throws -> Value {
        let decoder = try LazyBinarySerDe().makeDecoder(
            for: ReadRequest(columns: [TableColumn("a", type)], projection: [0], serde: SerDeInfo(library: "")))
        let record = [1] + bytes
        let buffer = Buffer(zeroed: record.count + 64)
        record.withUnsafeBytes { buffer.base.copyMemory(from: $0.baseAddress!, byteCount: $0.count) }
        let block = RecordBlock(bytes: buffer, offsets: [0], lengths: [Int32(record.count)])
        return try decoder.decode(block).columns[0].value(at: 0)
    }

    static func hex(_ text: String) -> [UInt8] {
        let digits = Array(text.filter { $0 != " " })
        return stride(from: 0, to: digits.count, by: 2).map { UInt8(String(digits[$0...$0 + 1]), radix: 16)! }
    }

    static let decimal = DataType.decimal(precision: 10, scale: 4)

    @Test(
        arguments: [
            (.array(.int), .array([]), "00000001 00"),
            (.array(.int), .array([.integer(1), .null, .integer(300)]), "00000006 03 05 01 8e012c"),
            (
                .map(key: .string, value: .int),
                .map([Value.MapEntry(.string("k2"), .null), Value.MapEntry(.string("k1"), .integer(1))]),
                "00000009 02 0d 02 6b32 02 6b31 01"
            ),
            (
                .union([.int, .string]), .union(tag: 1, .string("ab")),
                "00000004 01 02 6162"
            ),
            (.union([.int, .string]), .union(tag: 0, .integer(300)), "00000004 00 8e012c"),
            (.union([.int, .string]), .union(tag: 1, .null), "00000001 01"),
            (decimal, .decimal(-10_000), "00 01 ff"), (decimal, .decimal(0), "00 01 00"),
            (decimal, .decimal(12_345), "04 02 3039"), (decimal, .decimal(1_280_000), "00 02 0080"),
            (.string, .string("ab"), "02 6162"), (.double, .real(1), "3ff0000000000000"),
            (.smallint, .integer(-2), "fffe"), (.date, .date(18_690), "8e 4902"),
        ] as [(DataType, Value, String)])
    func valuesHaveTheBytesHiveGivesThem(_ type: DataType, _ value: Value, _ text: String) throws {
        #expect(try LazyBinaryTests.bytes(type, value) == LazyBinaryTests.hex(text))
        #expect(try LazyBinaryTests.read(type, LazyBinaryTests.hex(text)) == value)
    }

    @Test(
        arguments: [
            // 2021-03-04 05:06:07.123456, 1969-12-31 23:59:59.5 and the epoch.
            (1_614_834_367, 123_456_000, "e0406abf 8d09fbf1"), (-1, 500_000_000, "ffffffff fa ff"), (0, 0, "00000000"),
            (1, 1, "80000001 8c05f5e100"),
        ] as [(Int, Int, String)])
    func timestampsHaveTheBytesHiveGivesThem(_ seconds: Int, _ nanoseconds: Int, _ text: String) throws {
        let value = Value.timestamp(Int128(seconds) * 1_000_000_000 + Int128(nanoseconds))
        #expect(try LazyBinaryTests.bytes(.timestamp, value) == LazyBinaryTests.hex(text))
        #expect(try LazyBinaryTests.read(.timestamp, LazyBinaryTests.hex(text)) == value)
    }

    @Test func aRowOfNullsIsItsBits() throws {
        let columns = (0..<18).map { TableColumn("c\($0)", .int) }
        let encoder = try LazyBinarySerDe().makeEncoder(
            for: WriteRequest(columns: columns, serde: SerDeInfo(library: "")))
        var record: [UInt8] = []
        let nulls = Column.of(.int, [.null])
        try encoder.encode(Batch(columns: columns.map { _ in nulls }, count: 1)) { record = Array($0) }
        #expect(record == [0, 0, 0])
    }

    @Test func decimalsOfAnotherScaleAreRoundedOrNull() throws {
        let narrow = DataType.decimal(precision: 4, scale: 1)
        // 1.25, 99.95, 999.95 and 12345.
        #expect(try LazyBinaryTests.read(narrow, LazyBinaryTests.hex("02 01 7d")) == .decimal(13))
        #expect(try LazyBinaryTests.read(narrow, LazyBinaryTests.hex("02 02 270b")) == .decimal(1000))
        #expect(try LazyBinaryTests.read(narrow, LazyBinaryTests.hex("02 03 01869b")) == .null)
        #expect(try LazyBinaryTests.read(narrow, LazyBinaryTests.hex("00 02 3039")) == .null)
    }

    @Test func ofEqualKeysTheFirstStaysAndNullKeysGo() throws {
        let type = DataType.map(key: .string, value: .int)
        // Three entries, bits from the lowest: a and 1, a and 2, no key and 3.
        let bytes = LazyBinaryTests.hex("00000009 03 2f 0161 01 0161 02 03")
        #expect(try LazyBinaryTests.read(type, bytes) == .map([Value.MapEntry(.string("a"), .integer(1))]))
    }

    @Test func stringsAreCutAndPaddedToTheirType() throws {
        let bytes = LazyBinaryTests.hex("05 c3a9 616263")
        #expect(try LazyBinaryTests.read(.varchar(3), bytes) == .string("éab"))
        #expect(try LazyBinaryTests.read(.char(6), bytes) == .string("éabc  "))
        #expect(try LazyBinaryTests.read(.char(2), bytes) == .string("éa"))
    }

    @Test func datesBeforeTheGregorianCalendarKeepTheirNames() throws {
        // 1582-10-04 was the last Julian day, the one before 1582-10-15.
        let last = Int32(CivilDate.days(year: 1582, month: 10, day: 4))
        let first = Int32(CivilDate.days(year: 1582, month: 10, day: 15))
        #expect(HybridCalendar.toHybrid(days: Int(last)) == Int(first) - 1)
        for days in stride(from: -2_000_000, through: Int(last), by: 997) {
            #expect(HybridCalendar.fromHybrid(days: HybridCalendar.toHybrid(days: days)) == days)
        }
        let instant = Value.timestamp(Int128(last) * 86_400_000_000_000 - 1)
        #expect(try LazyBinaryTests.read(.timestamp, LazyBinaryTests.bytes(.timestamp, instant)) == instant)
    }
}
