import FormatContracts
import HoneyAvro
import HoneyCatalog
import HoneyCore
import HoneyFiles
import HoneyStorage
import Testing

/// Files of one schema read through another.
struct SchemaResolutionTests {
    static func record(_ fields: String) -> String {
        "{\"type\":\"record\",\"name\":\"r\",\"fields\":[\(fields)]}"
    }

    static func table(_ schema: String?, _ columns: [(String, String)]) -> FileTable {
        var table = FileTable(columns.map { TableColumn($0.0, DataType(name: $0.1)!) }, format: AvroFormat())
        table.tableParameters["avro.schema.literal"] = schema
        return table
    }

    /// Writes one value by a schema and reads it by another.
    private func resolved(
        _ value: Value, _ type: String, written: String, read: String?, as target: String
    ) throws -> Value {
        let writer = Self.table(Self.record("{\"name\":\"a\",\"type\":\(written)}"), [("a", type)])
        let reader = Self.table(read.map { Self.record("{\"name\":\"a\",\"type\":\($0)}") }, [("a", target)])
        return try reader.rows(writer.written([[value]]))[0][0]
    }

    @Test(arguments: [
        ("int", "\"int\"", "\"long\"", "bigint", Value.integer(7)), ("int", "\"int\"", "\"float\"", "float", .real(7)),
        ("int", "\"int\"", "\"double\"", "double", .real(7)), ("bigint", "\"long\"", "\"double\"", "double", .real(7)),
        ("int", "\"int\"", "[\"null\",\"long\"]", "bigint", .integer(7)),
        ("int", "[\"null\",\"int\"]", "\"long\"", "bigint", .integer(7)),
        ("int", "[\"null\",\"int\"]", "[\"long\",\"null\"]", "bigint", .integer(7)),
        ("int", "\"int\"", "\"int\"", "tinyint", .integer(7)), ("int", "\"int\"", "\"int\"", "string", .string("7")),
    ])
    func numbersArePromoted(_ type: String, _ written: String, _ read: String, _ target: String, _ value: Value) throws
    {
        #expect(try resolved(.integer(7), type, written: written, read: read, as: target) == value)
        #expect(try resolved(.integer(7), type, written: written, read: nil, as: target) == value)
    }

    @Test func textAndBytesAreEachOther() throws {
        #expect(
            try resolved(.string("x"), "string", written: "\"string\"", read: "\"bytes\"", as: "binary")
                == .binary([0x78]))
        #expect(
            try resolved(.binary([0x78]), "binary", written: "\"bytes\"", read: "\"string\"", as: "string")
                == .string("x"))
    }

    @Test(arguments: [
        ("\"string\"", "string", Value.string("x"), "\"int\""), ("\"long\"", "bigint", .integer(1), "\"int\""),
    ])
    func whatCannotBePromotedIsRefused(_ written: String, _ type: String, _ value: Value, _ read: String) throws {
        let error = #expect(throws: HoneyError.self) {
            try resolved(value, type, written: written, read: read, as: "int")
        }
        #expect(error?.code == "UNSUPPORTED_FILE")
        #expect(error?.message.contains("a is ") == true)
    }

    @Test func fieldsAreFoundByNameAndAlias() throws {
        let writer = Self.table(
            Self.record(
                "{\"name\":\"a\",\"type\":\"int\"},{\"name\":\"gone\",\"type\":\"string\"},{\"name\":\"c\",\"type\":\"double\"}"
            ),
            [("a", "int"), ("gone", "string"), ("c", "double")])
        let bytes = try writer.written([[.integer(1), .string("some longer text"), .real(2.5)]])
        let reader = Self.table(
            Self.record(
                "{\"name\":\"c\",\"type\":\"double\"},{\"name\":\"new\",\"type\":\"string\",\"default\":\"d\"},"
                    + "{\"name\":\"B\",\"aliases\":[\"a\"],\"type\":\"long\"},{\"name\":\"none\",\"type\":[\"null\",\"int\"],\"default\":null}"
            ),
            [("c", "double"), ("new", "string"), ("b", "bigint"), ("none", "int")])
        #expect(try reader.rows(bytes) == [[.real(2.5), .string("d"), .integer(1), .null]])
    }

    @Test func fieldsOfStructsGetDefaultsAndAnyOrder() throws {
        func array(_ fields: String) -> String {
            Self.record(
                "{\"name\":\"a\",\"type\":{\"type\":\"array\",\"items\":{\"type\":\"record\",\"name\":\"s\",\"fields\":[\(fields)]}}}"
            )
        }
        let writer = Self.table(
            array("{\"name\":\"x\",\"type\":\"int\"},{\"name\":\"y\",\"type\":\"string\"}"),
            [("a", "array<struct<x:int,y:string>>")])
        let bytes = try writer.written([
            [
                .array([
                    .structure([.integer(1), .string("p")]),
                    .structure([.integer(2), .string("a text of some length")]),
                ])
            ]
        ])
        let reader = Self.table(
            array(
                "{\"name\":\"y\",\"type\":\"string\"},{\"name\":\"z\",\"type\":\"string\",\"default\":\"longer than twelve bytes\"},"
                    + "{\"name\":\"x\",\"type\":\"long\"}"), [("a", "array<struct<y:string,z:string,x:bigint>>")])
        let z = Value.string("longer than twelve bytes")
        #expect(
            try reader.rows(bytes)[0][0]
                == .array([
                    .structure([.string("p"), z, .integer(1)]),
                    .structure([.string("a text of some length"), z, .integer(2)]),
                ]))
    }

    @Test func enumsAreText() throws {
        func schema(_ symbols: String, _ more: String = "") -> String {
            "{\"type\":\"enum\",\"name\":\"e\",\"symbols\":[\(symbols)]\(more)}"
        }
        let three = schema("\"X\",\"a symbol that is long\",\"Z\"")
        #expect(try resolved(.string("Z"), "string", written: three, read: nil, as: "string") == .string("Z"))
        #expect(
            try resolved(.string("a symbol that is long"), "string", written: three, read: three, as: "string")
                == .string("a symbol that is long"))
        #expect(
            try resolved(
                .string("Z"), "string", written: three, read: schema("\"W\",\"X\"", ",\"default\":\"W\""), as: "string")
                == .string("W"))
        #expect(throws: HoneyError.self) {
            try resolved(.string("Z"), "string", written: three, read: schema("\"W\",\"X\""), as: "string")
        }
    }

    @Test func logicalTypesAreWrittenAndReadByTheirUnits() throws {
        let moment = Value.timestamp(1_600_000_000_123_456_789)
        for (unit, expected) in [("millis", 123_000_000), ("micros", 123_456_000), ("nanos", 123_456_789)] {
            let type = "{\"type\":\"long\",\"logicalType\":\"timestamp-\(unit)\"}"
            #expect(
                try resolved(moment, "timestamp", written: type, read: nil, as: "timestamp")
                    == .timestamp(1_600_000_000_000_000_000 + Int128(expected)))
        }
        let fixed =
            "{\"type\":\"fixed\",\"name\":\"f\",\"size\":6,\"logicalType\":\"decimal\",\"precision\":12,\"scale\":3}"
        for unscaled in [0, 1, -1, 999_999_999_99, -999_999_999_99] as [Int128] {
            #expect(
                try resolved(.decimal(unscaled), "decimal(12,2)", written: fixed, read: nil, as: "decimal(12,2)")
                    == .decimal(unscaled))
        }
        #expect(
            try resolved(.decimal(12345), "decimal(9,3)", written: fixed, read: nil, as: "decimal(9,1)")
                == .decimal(123))
        #expect(
            try resolved(
                .binary([1, 2]), "binary", written: "{\"type\":\"fixed\",\"name\":\"f\",\"size\":2}", read: nil,
                as: "binary") == .binary([1, 2]))
    }

    @Test func oldDatesKeepTheirYearMonthAndDay() throws {
        let days: [Int32] = [-719_528, -141_428, -141_427, -141_438, 0]
        let rows: [[Value]] = days.map {
            [.date($0), .timestamp(CivilDate.timestamp(days: Int($0), nanosecondsOfDay: 5_000_000))]
        }
        let table = Self.table(nil, [("d", "date"), ("t", "timestamp")])
        // The ten days that Hive's calendar lacks are those after them.
        let lacking: [Value] = [.date(-141_428), .date(-141_438)]
        for (found, row) in zip(try table.rows(table.written(rows)), rows) where !lacking.contains(row[0]) {
            #expect(found == row)
        }
    }
}
