import FormatContracts
import HoneyCatalog
import HoneyCore
import HoneyStorage
import Testing

@testable import HoneyParquet

/// Stored values are read as the table's types.
struct ConversionTests {
    private func read(
        _ stored: StoredType, length: Int = 0, _ annotation: Annotation, _ body: [UInt8], count: Int, as type: DataType
    ) throws -> [Value] {
        var file = HandMadeFile(rows: count)
        file.add("a", .required, type: stored, length: length, annotation: annotation)
        file.chunks = [
            HandMadeFile.Chunk(
                type: stored, valueCount: count, pages: try HandMadeFile.page(.plain, values: count, body))
        ]
        return try FileTable([TableColumn("a", type)], format: ParquetFormat()).rows(file.bytes()).map { $0[0] }
    }

    @Test func integersAreWidenedAndNarrowed() throws {
        let body = HandMadeFile.plain(Int32(5), -1, 300, Int32.max)
        #expect(try read(.int32, .none, body, count: 4, as: .bigint) == [5, -1, 300, 2_147_483_647].map { .integer($0) })
        #expect(try read(.int32, .none, body, count: 4, as: .tinyint) == [.integer(5), .integer(-1), .null, .null])
        #expect(try read(.int32, .none, body, count: 4, as: .double) == [5, -1, 300, 2_147_483_647].map { .real($0) })
        #expect(try read(.int32, .none, body, count: 4, as: .string) == ["5", "-1", "300", "2147483647"].map { .string($0) })
        let wide = HandMadeFile.plain(Int64(1) << 40, 7)
        #expect(try read(.int64, .none, wide, count: 2, as: .int) == [.null, .integer(7)])
    }

    @Test func unsignedNumbersBeyondTheSignedAreNull() throws {
        let body = HandMadeFile.plain(UInt32(7), UInt32.max)
        let annotation = Annotation.integer(bits: 32, isSigned: false)
        for type in [DataType.int, .bigint] {
            #expect(try read(.int32, annotation, body, count: 2, as: type) == [.integer(7), .null])
        }
    }

    @Test func momentsOfEveryUnitAreRead() throws {
        let body = HandMadeFile.plain(Int64(1500), -1)
        for (unit, nanoseconds) in [
            (Annotation.Unit.milliseconds, Int128(1_000_000)), (.microseconds, 1000), (.nanoseconds, 1),
        ] {
            #expect(
                try read(.int64, .timestamp(unit), body, count: 2, as: .timestamp) == [
                    .timestamp(1500 * nanoseconds), .timestamp(-nanoseconds),
                ])
        }
        let old = HandMadeFile.plain(Int64(1_000_000_000)) + HandMadeFile.plain(Int32(2_440_589))
        #expect(try read(.int96, .none, old, count: 1, as: .timestamp) == [.timestamp(86_401_000_000_000)])
        #expect(try read(.int64, .timestamp(.milliseconds), body, count: 2, as: .date) == [.date(0), .date(-1)])
    }

    @Test func decimalsOfEveryStorageAreRead() throws {
        let annotation = Annotation.decimal(precision: 6, scale: 2)
        let expected: [Value] = [.decimal(12345), .decimal(-7)]
        let type = DataType.decimal(precision: 6, scale: 2)
        #expect(try read(.int32, annotation, HandMadeFile.plain(Int32(12345), -7), count: 2, as: type) == expected)
        #expect(try read(.int64, annotation, HandMadeFile.plain(Int64(12345), -7), count: 2, as: type) == expected)
        let fixed: [UInt8] = [0, 0x30, 0x39, 0xFF, 0xFF, 0xF9]
        #expect(try read(.fixedLengthByteArray, length: 3, annotation, fixed, count: 2, as: type) == expected)
        let padded = [UInt8](repeating: 0, count: 17) + fixed[..<3] + [UInt8](repeating: 0xFF, count: 17) + fixed[3...]
        #expect(try read(.fixedLengthByteArray, length: 20, annotation, padded, count: 2, as: type) == expected)
        let bytes = HandMadeFile.plain(UInt32(2)) + [0x30, 0x39] + HandMadeFile.plain(UInt32(1)) + [0xF9]
        #expect(try read(.byteArray, annotation, bytes, count: 2, as: type) == expected)
        let other = DataType.decimal(precision: 4, scale: 1)
        #expect(
            try read(.int32, annotation, HandMadeFile.plain(Int32(12345), 123_456), count: 2, as: other) == [
                .decimal(1235), .null,
            ])
        #expect(try read(.int32, annotation, HandMadeFile.plain(Int32(12345)), count: 1, as: .string) == [.string("123.45")])
    }

    @Test func otherLogicalTypesAreRead() throws {
        let half = HandMadeFile.plain(UInt16(0x3C00), 0xC000, 0x0001, 0x7C00)
        #expect(
            try read(.fixedLengthByteArray, length: 2, .float16, half, count: 4, as: .float) == [
                .real(1), .real(-2), .real(0x1p-24), .real(.infinity),
            ])
        let uuid = (0..<16).map { UInt8($0 * 17) }
        #expect(
            try read(.fixedLengthByteArray, length: 16, .uuid, uuid, count: 1, as: .string) == [
                .string("00112233-4455-6677-8899-aabbccddeeff")
            ])
        #expect(try read(.fixedLengthByteArray, length: 16, .uuid, uuid, count: 1, as: .binary) == [.binary(uuid)])
        let texts = HandMadeFile.plain(strings: ["é漢", "abcdef"])
        #expect(try read(.byteArray, .enumeration, texts, count: 2, as: .varchar(3)) == [.string("é漢"), .string("abc")])
        #expect(try read(.byteArray, .json, texts, count: 2, as: .char(4)) == [.string("é漢  "), .string("abcd")])
    }

    @Test func daysOfHivesOlderCalendarKeepTheirNames() throws {
        // 1582-10-04 of the Julian calendar is the day before 1582-10-15.
        for (root, pairs, expected) in [
            ("hive_schema", [], Int32(-141_438)), ("spark_schema", [], -141_428),
            ("hive_schema", [("writer.date.proleptic", "true")], -141_428),
            ("hive_schema", [("writer.date.proleptic", "false")], -141_438),
        ] as [(String, [(String, String)], Int32)] {
            var file = HandMadeFile(rows: 1, root: root)
            file.keyValues = pairs
            file.add("a", .required, type: .int32, annotation: .date)
            file.chunks = [
                HandMadeFile.Chunk(
                    type: .int32, valueCount: 1,
                    pages: try HandMadeFile.page(.plain, values: 1, HandMadeFile.plain(Int32(-141_428))))
            ]
            let rows = try FileTable([TableColumn("a", .date)], format: ParquetFormat()).rows(file.bytes())
            #expect(rows == [[.date(expected)]], "\(root) \(pairs)")
        }
    }
}
