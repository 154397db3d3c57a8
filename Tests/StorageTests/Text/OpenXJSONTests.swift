import FormatContracts
import HoneyCatalog
import HoneyCore
import HoneyStorage
import Testing

/// OpenX's JSON SerDe: its properties, its grammar, its conversions.
struct OpenXJSONTests {
    static func table(_ columns: KeyValuePairs<String, String>, _ properties: [String: String] = [:]) -> TextTable {
        var table = JSONTests.table(columns, properties)
        table.serde = JSONTests.openX
        return table
    }

    @Test func malformedLinesMayBeNulls() throws {
        let lines = "{\"a\":1}\n{\"a\":\nnothing\n{\"a\":\"x\"}\n\n[2]"
        let table = Self.table(["a": "int"], ["ignore.malformed.json": "true"])
        #expect(try table.rows(lines) == [[.integer(1)], [.null], [.null], [.null], [.null], [.integer(2)]])
        let error = #expect(throws: HoneyError.self) { try Self.table(["a": "int"]).rows(lines) }
        #expect(error?.file?.offset == 13)
    }

    @Test func namesAreMapped() throws {
        let table = Self.table(["ts": "int", "b": "int"], ["mapping.ts": "Time.Stamp"])
        #expect(try table.rows("{\"time.stamp\":1,\"ts\":2}") == [[.integer(1), .null]])
        #expect(try table.encoded([[.integer(1), .null]]) == ["{\"Time.Stamp\":1}"])
        let dots = Self.table(["a_b": "int"], ["dots.in.keys": "true"])
        #expect(try dots.rows("{\"A.b\":1}\n{\"a_b\":2}") == [[.integer(1)], [.integer(2)]])
        let exact = Self.table(["a": "int"], ["case.insensitive": "false"])
        #expect(try exact.rows("{\"A\":1}\n{\"a\":2}") == [[.null], [.integer(2)]])
    }

    @Test func grammarIsLenient() throws {
        let table = Self.table(["a": "string", "b": "array<int>"])
        #expect(
            try table.rows(
                "{a:'it\"s',b=[1;2,]}\n{\"a\"=>bare words ,\"b\":NULL,}\n['x',[0x1F,010]]\n{\"a\":\"t\tab\"}\n{null :1,b:Null}"
            ) == [
                [.string("it\"s"), .array([.integer(1), .integer(2)])], [.string("bare words"), .null],
                [.string("x"), .array([.integer(31), .integer(8)])], [.string("t\tab"), .null], [.null, .null],
            ])
    }

    @Test func valuesAreConverted() throws {
        let table = Self.table([
            "a": "array<string>", "m": "map<string,int>", "s": "struct<x:int,y:int>", "t": "timestamp",
        ])
        #expect(
            try table.rows(
                "{\"a\":\"one\",\"m\":\"\",\"s\":[1,2,3],\"t\":1500000000}\n"
                    + "{\"a\":\"\",\"m\":{},\"s\":\" \",\"t\":\"1970-01-01T00:00:01Z\"}\n"
                    + "{\"a\":{\"b\":1},\"t\":1500000000123}")
                == [
                    [
                        .array([.string("one")]), .null, .structure([.integer(1), .integer(2)]),
                        .timestamp(1_500_000_000_000_000_000),
                    ], [.null, .map([]), .structure([.null, .null]), .timestamp(1_000_000_000)],
                    [.array([.string("{\"b\":1}")]), .null, .null, .timestamp(1_500_000_000_123_000_000)],
                ])
    }

    @Test func nullsAreWrittenOnlyWhenAskedFor() throws {
        let row: [Value] = [.null, .structure([.integer(1), .null]), .timestamp(1_500_000_000)]
        let columns: KeyValuePairs = ["a": "int", "s": "struct<x:int,y:int>", "t": "timestamp"]
        #expect(
            try Self.table(columns).encoded([row]) == ["{\"s\":{\"x\":1},\"t\":\"1970-01-01T00:00:01.5Z\"}"])
        #expect(
            try Self.table(columns, ["explicit.null": "true"]).encoded([row]) == [
                "{\"a\":null,\"s\":{\"x\":1,\"y\":null},\"t\":\"1970-01-01T00:00:01.5Z\"}"
            ])
    }
}
