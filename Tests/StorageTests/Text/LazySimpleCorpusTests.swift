import FormatContracts
import Foundation
import HoneyCatalog
import HoneyCore
import HoneyStorage
import Testing

/// Records of delimited text, and what Hive's LazySimpleSerDe reads in them: `Tests/Fixtures/lazysimple`.
struct LazySimpleCorpusTests {
    static let configurations: [[String: String]] = [
        [:], ["field.delim": ",", "colelction.delim": "|", "mapkey.delim": ":", "escape.delim": "\\"],
        [
            "field.delim": "9", "colelction.delim": "59", "mapkey.delim": "=", "serialization.null.format": "",
        ],
        [
            "field.delim": ",", "colelction.delim": ";", "mapkey.delim": "-", "escape.delim": "92",
            "serialization.last.column.takes.rest": "true", "serialization.null.format": "NULL",
        ],
        [
            "serialization.format": "7", "hive.serialization.extend.nesting.levels": "true",
            "timestamp.formats":
                "yyyy/MM/dd HH:mm,millis,dd-MMM-yyyy hh:mm:ss.SSS a,yyyyMMddHHmmss,yyyy-MM-dd'T'HH:mm:ssZ",
        ],
    ]

    struct Case {
        var record: [UInt8]
        /// The value and the string after it, as they look within a JSON value; binary ones as their bytes.
        var expected: [[UInt8]]
    }

    /// The cases of a configuration by type.
    static func cases(_ configuration: Int) throws -> [String: [Case]] {
        let file = HiveFixture.directory.deletingLastPathComponent().appendingPathComponent("lazysimple/read.tsv")
        var cases: [String: [Case]] = [:]
        for line in try String(contentsOf: file, encoding: .utf8).split(separator: "\n") {
            let fields = line.split(separator: "\t", omittingEmptySubsequences: false)
            guard fields[0] == "\(configuration)" else { continue }
            let expected = fields[3...].map { CSVTests.bytes($0.hasPrefix("B") ? $0.dropFirst() : $0) }
            cases[String(fields[1]), default: []].append(Case(record: CSVTests.bytes(fields[2]), expected: expected))
        }
        return cases
    }

    @Test(arguments: 0..<5) func recordsAreReadAsHiveReadsThem(_ configuration: Int) throws {
        for (type, cases) in try Self.cases(configuration) {
            let columns = [TableColumn("a", DataType(name: type)!), TableColumn("b", .string)]
            let table = TextTable(columns, Self.configurations[configuration])
            let rows = try table.records(cases.map(\.record))
            #expect(rows.count == cases.count)
            for (row, wanted) in zip(rows, cases) {
                let text = String(decoding: wanted.record, as: UTF8.self).debugDescription
                for index in 0..<2 {
                    let found = Self.form(row[index], columns[index].type)
                    let expected = Self.normalized(wanted.expected[index], columns[index].type)
                    #expect(found == expected, "\(type) in \(text)")
                }
            }
        }
    }

    static func form(_ value: Value, _ type: DataType) -> String {
        if case .binary(let bytes) = value { return String(decoding: bytes, as: UTF8.self) }
        var sink = ByteSink()
        ValueText.appendNested(Column.of(type, [value]), row: 0, to: &sink)
        return sink.string
    }

    /// Numbers as they are printed here: Hive leaves zeros out, and old Java prints some with a digit too many.
    static func normalized(_ expected: [UInt8], _ type: DataType) -> String {
        let value: Value? = expected.withUnsafeBufferPointer { text in
            switch type {
            case .float: RealText.parseFloat(text).map { .real(Double($0)) }
            case .double: RealText.parseDouble(text).map { .real($0) }
            case .decimal(let precision, let scale):
                DecimalText.parse(text, precision: precision, scale: scale).map { .decimal($0) }
            default: nil
            }
        }
        return value.map { form($0, type) } ?? String(decoding: expected, as: UTF8.self)
    }
}
