import FormatContracts
import Foundation
import HoneyCatalog
import HoneyCore
import HoneyStorage
import Testing

private let suitesFolder = ProcessInfo.processInfo.environment["HONEYGUIDE_SUITES"]

/// Text files of other projects' test suites, in the folder that `HONEYGUIDE_SUITES` names; skipped without it.
@Suite(.enabled(if: suitesFolder != nil))
struct SuiteTextTests {
    static func rows(_ file: String, _ table: TextTable) throws -> [String] {
        let bytes = try Array(Data(contentsOf: URL(fileURLWithPath: suitesFolder!).appendingPathComponent(file)))
        return try table.batches(TextTable.file(bytes)).flatMap { batch in
            (0..<batch.count).map { row in
                batch.columns.map { column in
                    var sink = ByteSink()
                    ValueText.append(column, row: row, to: &sink)
                    return sink.string
                }.joined(separator: "|")
            }
        }
    }

    static let numbers: KeyValuePairs = [
        "a": "int", "b": "tinyint", "c": "timestamp", "d": "smallint", "e": "smallint",
    ]

    @Test(arguments: [("t1_multi_delimit.csv", "^,"), ("t3_multi_delimit.csv", "^^^^^")])
    func fieldsOfSeveralDelimiters(_ file: String, _ delimiter: String) throws {
        var table = JSONTests.table(Self.numbers, ["field.delim": delimiter])
        table.serde = MultiDelimitTests.serde
        #expect(
            try Self.rows("hive/" + file, table) == [
                "1|1|NULL|0|0", "2|1|NULL|0|1", "3|1|NULL|0|0", "4|1|NULL|0|1", "5|5|NULL|NULL|NULL",
                "NULL|NULL|NULL|NULL|NULL", "7777|NULL|NULL|NULL|NULL", "8|8|NULL|8|8", "9|9|NULL|9|9",
                "10101010|NULL|NULL|NULL|NULL",
            ])
    }

    @Test func commasWithoutQuotes() throws {
        #expect(
            try Self.rows("hive/t11_csv_serde.csv", CSVTests.table(5)) == [
                "1|1||0|0", "2|1||0|1", "3|1||0|0", "4|1||0|1", "5|5|NULL|NULL|NULL", "NULL|NULL|NULL|NULL|NULL",
                "7777|NULL|NULL|NULL|NULL", "8|8||8|8", "9|9||9|9", "10101010|NULL|NULL|NULL|NULL",
            ])
        #expect(
            try Self.rows("hive/opencsv-data.txt", CSVTests.table(8)) == [
                "why hello there|42|3|100|1412341|true|42.43|85.23423424",
                "another record|98|4|101|9999999|false|99.89|0.00000009",
                "third record|45|5|102|999999999|true|89.99|0.00000000000009",
            ])
    }

    @Test func timestampsByPattern() throws {
        let table = JSONTests.table(
            ["c1": "int", "c2": "string", "c3": "timestamp"], ["timestamp.formats": "yyyy-MM-dd'T'HH:mm:ss"])
        #expect(
            try Self.rows("hive/tsformat.json", table) == [
                "123|abc|2001-02-03 12:34:56", "456|xyz|1906-04-18 05:12:00",
            ])
    }

    @Test func nestedObjects() throws {
        let person = "struct<id:int,name:string"
        let table = JSONTests.table([
            "id": "int", "name": "string", "spouse": person + ">",
            "child": "array<" + person + ",child:array<" + person + ">>>>",
        ])
        let rows = try Self.rows("impala/data/json_test/complex.json", table)
        #expect(rows.count == 5)
        #expect(rows.first == "1|Alice|NULL|[]")
        #expect(
            rows.last
                == "15|Nora|{\"id\":16,\"name\":\"Oliver\"}|[{\"id\":17,\"name\":\"Peter\",\"child\":null},"
                + "{\"id\":18,\"name\":\"Quinn\",\"child\":null},{\"id\":19,\"name\":\"Rose\",\"child\":null}]")
        let store = JSONTests.table(["zip code": "int", "store": "struct<bicycle:struct<price:double,color:string>>"])
        #expect(try Self.rows("hive/json.txt", store) == ["94025|{\"bicycle\":{\"price\":19.95,\"color\":\"red\"}}"])
    }

    @Test func typesNestedDeep() throws {
        func nested(_ type: String, _ depth: Int) -> String {
            String(repeating: "array<", count: depth) + type + String(repeating: ">", count: depth)
        }
        func printed(_ text: String, _ depth: Int) -> String {
            String(repeating: "[", count: depth) + text + String(repeating: "]", count: depth)
        }
        let table = TextTable(
            [
                ("a", "int"), ("b", nested("int", 25)), ("c", nested("map<string,string>", 25)),
                ("d", nested("struct<s:string,i:int>", 25)), ("e", "string"),
            ].map { TableColumn($0.0, DataType(name: $0.1)!) },
            ["hive.serialization.extend.additional.nesting.levels": "true"])
        let row = [
            "1", printed("1,2,3", 25), printed("{\"k2\":\"v2\",\"k1\":\"v1\"}", 25),
            printed("{\"s\":\"a\",\"i\":10}", 25), "100",
        ].joined(separator: "|")
        #expect(try Self.rows("hive/nestedcomplex_additional.txt", table) == [row, row])
    }
}
