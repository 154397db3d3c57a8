package import Foundation
package import HoneyCatalog
package import HoneyCore
package import Testing

/// Tables in `Tests/Fixtures/hive` that Hive wrote, and the rows that Hive reads from them.
package enum HiveFixture {
    package static let directory = URL(fileURLWithPath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().appendingPathComponent("Fixtures/hive")

    /// The bytes of a table's file.
    package static func data(_ table: String, _ file: String) throws -> [UInt8] {
        try Array(Data(contentsOf: directory.appendingPathComponent("tables/\(table)/data/\(file)")))
    }

    /// The rows that Hive reads, one JSON object each.
    package static func expected(_ name: String) throws -> [JSON] {
        let data = try Data(contentsOf: directory.appendingPathComponent("expected/\(name).jsonl"))
        return try data.split(separator: 0x0A).map { try JSON($0) }
    }

    /// The columns that most tables have.
    package static let columns: [TableColumn] = [
        ("id", "int"), ("c_tinyint", "tinyint"), ("c_smallint", "smallint"), ("c_int", "int"), ("c_bigint", "bigint"),
        ("c_boolean", "boolean"), ("c_float", "float"), ("c_double", "double"), ("c_dec18", "decimal(18,4)"),
        ("c_dec38", "decimal(38,10)"), ("c_string", "string"), ("c_varchar", "varchar(20)"), ("c_char", "char(10)"),
        ("c_date", "date"), ("c_timestamp", "timestamp"), ("c_binary", "binary"), ("c_array", "array<int>"),
        ("c_map", "map<string,int>"), ("c_struct", "struct<a:int,b:string>"),
        ("c_nested", "array<struct<x:int,y:string>>"),
    ].map { TableColumn($0.0, DataType(name: $0.1)!) }

    /// Checks that rows are the expected ones, in order; columns are found by name in the JSON.
    package static func check(
        _ rows: [[Value]], of columns: [TableColumn], are expected: [JSON], _ comment: String,
        sourceLocation: SourceLocation = #_sourceLocation
    ) {
        #expect(rows.count == expected.count, "\(comment): rows", sourceLocation: sourceLocation)
        for (index, (row, wanted)) in zip(rows, expected).enumerated() {
            for (value, column) in zip(row, columns) {
                let form = json(value, column.type)
                let other = normalized(wanted[column.name] ?? .null, column.type)
                #expect(
                    form == other, "\(comment): row \(index), column \(column.name)", sourceLocation: sourceLocation)
            }
        }
    }

    /// The JSON form of a value, as the expected rows have it.
    package static func json(_ value: Value, _ type: DataType) -> JSON {
        switch (value, type) {
        case (.null, _): return .null
        case (.boolean(let flag), _): return .boolean(flag)
        case (.integer(let integer), _): return .number(String(integer))
        case (.real(let real), .float): return number(Double(Float(real)))
        case (.real(let real), _): return number(real)
        case (.decimal(let unscaled), .decimal(_, let scale)):
            return .string(text { DecimalText.append(unscaled, scale: scale, to: &$0) })
        case (.string(let string), _): return .string(string)
        case (.binary(let bytes), _):
            return .object([JSON.Member(name: "base64", value: .string(Data(bytes).base64EncodedString()))])
        case (.date(let days), _): return .string(text { DateText.append(days, to: &$0) })
        case (.timestamp(let nanoseconds), _): return .string(microseconds(nanoseconds))
        case (.array(let elements), .array(let element)): return .array(elements.map { json($0, element) })
        case (.map(let entries), .map(let key, let value)):
            let pairs = entries.map { JSON.array([json($0.key, key), json($0.value, value)]) }
            return .object([JSON.Member(name: "map", value: .array(pairs.sorted { "\($0)" < "\($1)" }))])
        case (.structure(let members), .structure(let fields)):
            return .object(zip(fields, members).map { JSON.Member(name: $0.name, value: json($1, $0.type)) })
        default: return .string("unexpected value \(value) of type \(type)")
        }
    }

    /// The expected form with numbers spelled and map entries ordered as `json` has them.
    package static func normalized(_ form: JSON, _ type: DataType) -> JSON {
        switch (form, type) {
        case (.number(let text), .float): return number(Double(Float(text)!))
        case (.number(let text), .double): return number(Double(text)!)
        case (.string(let text), .decimal(let precision, let scale)):
            // Some have more zeros than the type.
            let unscaled = Array(text.utf8).withUnsafeBufferPointer {
                DecimalText.parse($0, precision: precision, scale: scale)
            }
            return json(unscaled.map { .decimal($0) } ?? .null, type)
        case (.array(let elements), .array(let element)): return .array(elements.map { normalized($0, element) })
        case (.object(let members), .map):
            guard case .array(let pairs) = members[0].value else { return form }
            return .object([JSON.Member(name: "map", value: .array(pairs.sorted { "\($0)" < "\($1)" }))])
        default: return form
        }
    }

    private static func number(_ real: Double) -> JSON {
        if real.isNaN { return .string("NaN") }
        if real.isInfinite { return .string(real < 0 ? "-Infinity" : "Infinity") }
        return .number("\(real)")
    }

    private static func text(_ append: (inout ByteSink) -> Void) -> String {
        var sink = ByteSink()
        append(&sink)
        return sink.string
    }

    /// Six digits after the seconds' point, always.
    private static func microseconds(_ nanoseconds: Int128) -> String {
        let text = text { TimestampText.append(nanoseconds, to: &$0) }
        let parts = text.split(separator: ".")
        let fraction = parts.count > 1 ? String(parts[1].prefix(6)) : ""
        return parts[0] + "." + fraction + String(repeating: "0", count: 6 - fraction.count)
    }
}
