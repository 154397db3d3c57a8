import HoneyCore
import Testing

@Suite struct ValueTextTests {
    func printed(_ value: Value, _ type: DataType) -> String {
        var sink = ByteSink()
        ValueText.append(Column.constant(value, type: type, count: 3), row: 2, to: &sink)
        return sink.string
    }

    @Test func scalarsStandAsTheyAre() {
        #expect(printed(.null, .int) == "NULL")
        #expect(printed(.boolean(true), .boolean) == "true")
        #expect(printed(.integer(-5), .tinyint) == "-5")
        #expect(printed(.string("a\"b"), .string) == "a\"b")
        #expect(printed(.decimal(-10_000), .decimal(precision: 10, scale: 4)) == "-1.0000")
        #expect(printed(.real(0.5), .float) == "0.5")
    }

    @Test func nestedValuesLookLikeJSON() {
        let type = DataType.structure([
            Field("a", .array(.string)), Field("m", .map(key: .int, value: .date)), Field("n", .void),
        ])
        let value = Value.structure([
            .array([.string("x\"\\\n\u{1}"), .null, .string("")]),
            .map([Value.MapEntry(.integer(1), .date(0)), Value.MapEntry(.integer(2), .null)]), .null,
        ])
        #expect(printed(value, type) == #"{"a":["x\"\\\n\u0001",null,""],"m":{1:"1970-01-01",2:null},"n":null}"#)
    }
}
