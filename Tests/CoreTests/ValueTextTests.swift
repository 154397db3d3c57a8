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

    @Test func unionsShowTheirTag() {
        let type = DataType.union([.int, .array(.string)])
        #expect(printed(.union(tag: 0, .integer(7)), type) == "{0:7}")
        #expect(printed(.union(tag: 1, .array([.string("a")])), type) == #"{1:["a"]}"#)
        #expect(printed(.union(tag: 1, .null), type) == "{1:null}")
        #expect(printed(.null, type) == "NULL")
    }

    @Test func unionsComeBackFromColumns() {
        let type = DataType.union([.int, .array(.string)])
        let values: [Value] = [
            .union(tag: 1, .array([.string("a"), .null])), .null, .union(tag: 0, .null), .union(tag: 0, .integer(1)),
        ]
        let column = Column.of(type, values)
        #expect((0..<4).map { column.value(at: $0) } == values)
        let reversed: [Int32] = [3, 2, -1, 1, 0]
        let gathered = reversed.withUnsafeBufferPointer {
            column.gathered($0.baseAddress!, count: 5, mayHaveNegative: true)
        }
        #expect((0..<5).map { gathered.value(at: $0) } == [values[3], values[2], .null, .null, values[0]])
        let doubled = Column.concatenated([column, column], type: type)
        #expect((0..<8).map { doubled.value(at: $0) } == values + values)
        #expect(DataType(name: type.name) == type)
        #expect(type.name == "uniontype<int,array<string>>")
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
