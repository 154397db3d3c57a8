import HoneyCatalog
import HoneyCore
import Testing

@testable import HoneyAvro

/// Schemas as JSON, and the columns that they make.
struct AvroSchemaTests {
    private func record(_ fields: String) -> String {
        "{\"type\":\"record\",\"name\":\"r\",\"namespace\":\"n.s\",\"fields\":[\(fields)]}"
    }

    private func type(_ json: String) throws -> DataType {
        try AvroSchema(json: record("{\"name\":\"a\",\"type\":\(json)}")).columns()[0].type
    }

    @Test(arguments: [
        ("\"boolean\"", "boolean"), ("\"int\"", "int"), ("\"long\"", "bigint"), ("\"float\"", "float"),
        ("\"double\"", "double"), ("\"bytes\"", "binary"), ("\"string\"", "string"), ("\"null\"", "void"),
        ("[\"null\",\"int\"]", "int"), ("[\"int\",\"null\"]", "int"), ("{\"type\":\"int\"}", "int"),
        ("{\"type\":[\"null\",\"long\"]}", "bigint"), ("{\"type\":{\"type\":\"long\"}}", "bigint"),
        ("{\"type\":\"int\",\"logicalType\":\"date\"}", "date"),
        ("{\"type\":\"int\",\"logicalType\":\"time-millis\"}", "int"),
        ("{\"type\":\"long\",\"logicalType\":\"timestamp-millis\"}", "timestamp"),
        ("{\"type\":\"long\",\"logicalType\":\"timestamp-micros\"}", "timestamp"),
        ("{\"type\":\"long\",\"logicalType\":\"timestamp-nanos\"}", "timestamp"),
        ("{\"type\":\"string\",\"logicalType\":\"uuid\"}", "string"),
        ("{\"type\":\"string\",\"logicalType\":\"char\",\"maxLength\":7}", "char(7)"),
        ("{\"type\":\"string\",\"logicalType\":\"varchar\",\"maxLength\":9}", "varchar(9)"),
        ("{\"type\":\"bytes\",\"logicalType\":\"decimal\",\"precision\":9,\"scale\":2}", "decimal(9,2)"),
        ("{\"type\":\"bytes\",\"logicalType\":\"decimal\",\"precision\":\"5\",\"scale\":\"2\"}", "decimal(5,2)"),
        ("{\"type\":\"bytes\",\"logicalType\":\"decimal\",\"precision\":5,\"scale\":7}", "binary"),
        ("{\"type\":\"fixed\",\"name\":\"f\",\"size\":5,\"logicalType\":\"decimal\",\"precision\":9}", "decimal(9,0)"),
        ("{\"type\":\"fixed\",\"name\":\"f\",\"size\":16}", "binary"),
        ("{\"type\":\"enum\",\"name\":\"e\",\"symbols\":[\"X\",\"Y\"]}", "string"),
        ("{\"type\":\"array\",\"items\":[\"null\",\"string\"]}", "array<string>"),
        ("{\"type\":\"map\",\"values\":\"double\"}", "map<string,double>"),
        ("[\"null\",\"int\",\"string\"]", "uniontype<int,string>"),
        (
            "{\"type\":\"record\",\"name\":\"q\",\"fields\":[{\"name\":\"X\",\"type\":\"int\"},"
                + "{\"name\":\"y\",\"type\":{\"type\":\"array\",\"items\":\"long\"}}]}",
            "struct<x:int,y:array<bigint>>"
        ),
    ])
    func typesMakeColumns(_ json: String, _ expected: String) throws {
        #expect(try type(json).name == expected)
    }

    @Test func namesAreFoundInTheirNamespaces() throws {
        let fixed = "{\"type\":\"fixed\",\"name\":\"f\",\"size\":2}"
        let other = "{\"type\":\"fixed\",\"name\":\"f\",\"namespace\":\"other\",\"size\":3}"
        let schema = try AvroSchema(
            json: record(
                "{\"name\":\"A\",\"type\":\(fixed)},{\"name\":\"b\",\"type\":\"f\",\"doc\":\"again\"},"
                    + "{\"name\":\"c\",\"type\":\"n.s.f\"},{\"name\":\"d\",\"type\":\(other)},"
                    + "{\"name\":\"e\",\"type\":\"other.f\"}"))
        let columns = try schema.columns()
        #expect(columns.map(\.name) == ["a", "b", "c", "d", "e"])
        #expect(columns.allSatisfy { $0.type == .binary })
        #expect(columns[1].comment == "again")
        #expect(schema.constantSizes[schema.root] == 2 + 2 + 2 + 3 + 3)
    }

    @Test(arguments: [
        "", "{", "[]x", "{\"type\":\"record\",\"name\":\"r\"}", "\"nothing\"", "{\"type\":\"array\"}", "7",
        "{\"type\":\"record\",\"name\":\"r\",\"fields\":[{\"name\":\"a\"}]}", "[\"null\",[\"int\"]]",
        "{\"type\":\"record\",\"name\":\"r\",\"fields\":[{\"name\":\"a\",\"type\":\"int\"},{\"name\":\"a\",\"type\":\"int\"}]}",
        String(repeating: "[", count: 100_000),
    ])
    func whatIsNoSchemaIsRefused(_ json: String) throws {
        let error = #expect(throws: HoneyError.self) { try AvroSchema(json: json) }
        #expect(error?.code == "INVALID_SCHEMA")
    }

    @Test func recordsThatHoldThemselvesAreRefusedForTheirColumn() throws {
        let list = "{\"type\":\"record\",\"name\":\"l\",\"fields\":[{\"name\":\"next\",\"type\":[\"null\",\"l\"]}]}"
        let error = #expect(throws: HoneyError.self) { try self.type(list) }
        #expect(error?.code == "UNSUPPORTED_SCHEMA")
        #expect(error?.message.contains("record that holds itself") == true)
    }

    @Test func smallSchemasOfAstronomicalWidthAreRefused() throws {
        var fields = [
            "{\"name\":\"f0\",\"type\":{\"type\":\"record\",\"name\":\"r0\",\"fields\":[{\"name\":\"a\",\"type\":\"string\"}]}}"
        ]
        for level in 1...60 {
            let inner = "{\"name\":\"a\",\"type\":\"r\(level - 1)\"},{\"name\":\"b\",\"type\":\"r\(level - 1)\"}"
            fields.append(
                "{\"name\":\"f\(level)\",\"type\":{\"type\":\"record\",\"name\":\"r\(level)\",\"fields\":[\(inner)]}}")
        }
        let schema = try AvroSchema(json: record(fields.joined(separator: ",")))
        #expect(throws: HoneyError.self) { try schema.columns() }
    }

    @Test func defaultsBecomeValues() throws {
        func value(_ type: String, _ json: String, _ target: String) throws -> Value {
            let schema = try AvroSchema(json: record("{\"name\":\"a\",\"type\":\(type),\"default\":\(json)}"))
            let field = try schema.rowFields()[0]
            return schema.value(of: field.defaultValue!, type: field.type, as: DataType(name: target)!)
        }
        #expect(try value("\"int\"", "7", "int") == .integer(7))
        #expect(try value("\"long\"", "9007199254740993", "bigint") == .integer(9_007_199_254_740_993))
        #expect(try value("\"double\"", "1", "double") == .real(1))
        #expect(try value("\"boolean\"", "true", "boolean") == .boolean(true))
        #expect(try value("[\"null\",\"string\"]", "null", "string") == .null)
        #expect(try value("[\"string\",\"null\"]", "\"x\"", "string") == .string("x"))
        #expect(try value("\"bytes\"", "\"\\u00ff\\u0001\"", "binary") == .binary([0xFF, 1]))
        let decimal = "{\"type\":\"bytes\",\"logicalType\":\"decimal\",\"precision\":4,\"scale\":1}"
        #expect(try value(decimal, "\"\\u0001\\u0000\"", "decimal(6,2)") == .decimal(2560))
        #expect(
            try value("{\"type\":\"array\",\"items\":\"int\"}", "[1,2]", "array<int>")
                == .array([.integer(1), .integer(2)]))
    }

    @Test func wholeNumbersOfAnyLengthAreRead() {
        for value in [0, 1, -1, 127, 128, -128, -129, Int128.max, Int128.min, 1 << 64] {
            var bytes = [UInt8](repeating: 0, count: 24)
            let count = bytes.withUnsafeMutableBufferPointer { TwosComplement.write(value, to: $0.baseAddress!) }
            let fill: UInt8 = value < 0 ? 0xFF : 0
            let longer = [UInt8](repeating: fill, count: 5) + bytes[..<count]
            for form in [Array(bytes[..<count]), longer] {
                #expect(
                    form.withUnsafeBufferPointer { TwosComplement.read($0.baseAddress, count: $0.count) } == value)
            }
        }
        let wide: [UInt8] = [1] + [UInt8](repeating: 0, count: 16)
        #expect(wide.withUnsafeBufferPointer { TwosComplement.read($0.baseAddress, count: $0.count) } == nil)
    }
}
