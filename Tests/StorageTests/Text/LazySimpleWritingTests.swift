import FormatContracts
import Foundation
import HoneyCatalog
import HoneyCore
import HoneyStorage
import Testing

/// Rows, and the records that Hive's LazySimpleSerDe and DelimitedJSONSerDe make of them: `Tests/Fixtures/lazysimple`.
struct LazySimpleWritingTests {
    static let configurations: [[String: String]] = [
        [:], ["field.delim": ",", "colelction.delim": "|", "mapkey.delim": ":", "escape.delim": "\\"],
        [
            "field.delim": ",", "escape.delim": "\\", "serialization.escape.crlf": "true",
            "serialization.null.format": "",
        ],
        [
            "field.delim": ",", "colelction.delim": ";", "mapkey.delim": "-", "serialization.null.format": "NULL",
            "escape.delim": "92",
        ], ["hive.serialization.extend.nesting.levels": "true", "escape.delim": "^"],
    ]

    static let columns = [
        "string", "array<string>", "map<string,string>", "struct<a:string,b:array<string>>", "double", "binary",
        "char(4)",
    ].enumerated().map { TableColumn("c\($0.offset)", DataType(name: $0.element)!) }

    @Test(arguments: [
        ("written", "org.apache.hadoop.hive.serde2.lazy.LazySimpleSerDe"),
        ("json", "org.apache.hadoop.hive.serde2.DelimitedJSONSerDe"),
    ])
    func rowsAreWrittenAsHiveWritesThem(_ fixture: String, _ serde: String) throws {
        let file = HiveFixture.directory.deletingLastPathComponent().appendingPathComponent("lazysimple/\(fixture).tsv")
        let lines = try String(contentsOf: file, encoding: .utf8).split(separator: "\n")
        #expect(lines.count == 200)
        for line in lines {
            let fields = line.split(separator: "\t", omittingEmptySubsequences: false)
            let table = TextTable(Self.columns, Self.configurations[Int(fields[0])!], serde: serde)
            let record = try table.encoded([Self.row(fields.dropFirst())])[0]
            #expect(record == String(decoding: CSVTests.bytes(fields[7]), as: UTF8.self), "row \(line)")
        }
    }

    @Test func delimitedJSONIsOnlyWritten() {
        let table = TextTable(Self.columns, serde: "org.apache.hadoop.hive.serde2.DelimitedJSONSerDe")
        #expect(throws: HoneyError.self) { try table.rows("a") }
    }

    @Test(arguments: [
        (23, "hive.serialization.extend.nesting.levels"), (153, "hive.serialization.extend.additional.nesting.levels"),
    ])
    func typesNestAsDeepAsTheirSeparatorsGo(_ depth: Int, _ property: String) throws {
        var type = DataType.string
        var value = Value.string("x")
        for _ in 0..<depth {
            type = .array(type)
            value = .array([value, value].prefix(depth < 30 && type == .array(.string) ? 2 : 1).map { $0 })
        }
        let table = TextTable([TableColumn("a", type)], [property: "true"])
        #expect(try table.rows(TextTable.file(table.written([[value]]).bytes)) == [[value]])
        let deeper = TextTable([TableColumn("a", .array(type))], [property: "true"])
        #expect(throws: HoneyError.self) { try deeper.rows("x") }
    }

    private static func row(_ fields: ArraySlice<Substring>) -> [Value] {
        func list(_ text: Substring) -> [Value] { text.isEmpty ? [] : text.split(separator: ",").map(CSVTests.value) }
        let fields = Array(fields)
        let pairs = list(fields[2])
        let members = list(fields[3])
        let text = CSVTests.value(fields[0])
        return [
            text, .array(list(fields[1])),
            .map(stride(from: 0, to: pairs.count - 1, by: 2).map { .init(pairs[$0], pairs[$0 + 1]) }),
            .structure([members[0], .array(Array(members.dropFirst()))]), .real(Double(String(fields[4]))!),
            .binary(CSVTests.bytes(fields[5].dropFirst())), padded(text),
        ]
    }

    /// A value as a `char(4)`.
    private static func padded(_ value: Value) -> Value {
        guard case .string(let text) = value else { return value }
        let cut = String(String.UnicodeScalarView(text.unicodeScalars.prefix(4)))
        return .string(cut + String(repeating: " ", count: 4 - cut.unicodeScalars.count))
    }
}
