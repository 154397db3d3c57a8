import HoneyCore
import Testing

/// Hashes that Hive 2.3's `hash()` and Hive's Murmur3 gave.
struct BucketHashTests {
    static func hash(_ value: Value, _ type: DataType, _ version: BucketHash.Version = .java) -> Int32 {
        BucketHash.hash(Column.constant(value, type: type, count: 1), row: 0, version: version)
    }

    static func decimal(_ scale: Int) -> DataType { .decimal(precision: 38, scale: scale) }

    @Test(
        arguments: [
            (.string, .string("honey"), 99_461_947), (.varchar(20), .string("honey"), 128_091_098),
            (.char(10), .string("honey     "), 128_091_098), (.binary, .binary(Array("honey".utf8)), 128_091_098),
            (.varchar(5), .string(""), 1), (.string, .string(""), 0), (.string, .string("ü"), -1959),
            (.varchar(9), .string("ü"), -998), (.boolean, .boolean(true), 1), (.tinyint, .integer(-5), -5),
            (.smallint, .integer(-300), -300), (.int, .integer(-7), -7), (.bigint, .integer(-1), 0),
            (.bigint, .integer(5_000_000_000), 705_032_705), (.float, .real(1.5), 1_069_547_520),
            (.double, .real(-2.25), -1_073_610_752), (.double, .real(-0.0), .min),
            (.double, .real(.nan), 2_146_959_360),
            (.date, .date(18_321), 18_321), (decimal(1), .decimal(15), 466), (decimal(2), .decimal(150), 466),
            (decimal(3), .decimal(-12_345_678_901_234_567_890_123), -647_166_411), (decimal(2), .decimal(0), 0),
            (decimal(2), .decimal(10_000), 3100),
            (decimal(0), .decimal(99_999_999_999_999_999_999_999_999_999_999_999_999), -427_198_386),
            (.timestamp, .timestamp(1_577_882_096_789_000_000), 948_177_724),
            (.timestamp, .timestamp(-500_000_000), 573_741_823),
            (.array(.int), .array([.integer(1), .integer(2), .null]), 1023),
            (
                .map(key: .string, value: .int),
                .map([.init(.string("a"), .integer(1)), .init(.string("b"), .integer(2))]), 192
            ),
            (.structure([Field("a", .int), Field("b", .string)]), .structure([.integer(1), .string("x")]), 151),
            (.union([.int, .string]), .union(tag: 1, .string("x")), 120), (.int, .null, 0),
            (.intervalYearMonth, .months(14), 14), (.intervalDayTime, .nanoseconds(93_784_500_000_000), 503_493_281),
        ] as [(DataType, Value, Int32)])
    func valuesHashAsInHive(_ type: DataType, _ value: Value, _ expected: Int32) {
        #expect(Self.hash(value, type) == expected)
    }

    @Test(
        arguments: [
            (.string, .string(""), -965_378_730), (.string, .string("a"), 1_086_686_554),
            (.string, .string("ab"), 398_604_456), (.varchar(9), .string("abc"), -885_266_671),
            (.string, .string("honey"), 288_108_174), (.char(8), .string("honé    "), -1_522_190_191),
            (.string, .string("ü"), 1_135_673_641), (.string, .string("abcdefghé"), -1_883_887_901),
            (.int, .integer(-7), 236_849_824), (.bigint, .integer(5_000_000_000), -1_460_550_267),
            (.smallint, .integer(-300), 1_916_445_903), (.tinyint, .integer(-3), -3), (.boolean, .boolean(true), 1),
            (decimal(4), .decimal(-123_456_789_012_345_678_901_230), 894_658_616),
            (decimal(2), .decimal(10_000), 275_017_581),
            (.timestamp, .timestamp(1_577_882_096_789_000_000), -2_062_924_752),
            (.timestamp, .timestamp(-500_000_000), 171_279_716),
        ] as [(DataType, Value, Int32)])
    func valuesHashAsInHive3(_ type: DataType, _ value: Value, _ expected: Int32) {
        #expect(Self.hash(value, type, .murmur) == expected)
    }

    @Test func rowsCombineTheirColumns() {
        let columns = [
            Column.constant(.integer(1), type: .int, count: 3),
            Column.of(.string, [.string("y"), .string("x"), .null]),
            Column.constant(.real(2.5), type: .double, count: 3),
        ]
        var hashes = [Int32](repeating: 7, count: 3)
        BucketHash.fill(&hashes, columns, count: 3)
        #expect(hashes[1] == 1_074_008_649)
        let selection = Selection(capacity: 1) {
            $0[0] = 1
            return 1
        }
        BucketHash.fill(&hashes, columns, count: 3, selection: selection)
        #expect(hashes[0] == 1_074_008_649)
        #expect(BucketHash.bucket(-5, of: 4) == Int(Int32(-5) & .max) % 4)
    }
}
