import HoneyCore
import HoneyPlan
import HoneyFunctions
import Testing

@Suite struct PartAccessTests {
    @Test func elementsAreFoundByNumberAndKey() throws {
        let array = Literal(type: .array(.int), value: .array([.integer(1), .integer(2)]))
        #expect(try FunctionCall.value("index", array, .int(1)) == .integer(2))
        #expect(try FunctionCall.value("index", array, .int(5)) == .null)
        #expect(try FunctionCall.value("index", array, .int(-1)) == .null)
        #expect(try FunctionCall.value("index", array, .null()) == .null)
        let map = Literal(
            type: .map(key: .string, value: .int), value: .map([Value.MapEntry(.string("a"), .integer(1))]))
        #expect(try FunctionCall.value("index", map, .string("a")) == .integer(1))
        #expect(try FunctionCall.value("index", map, .string("b")) == .null)
        #expect(throws: HoneyError.self) { try FunctionCall.value("index", .int(1), .int(1)) }
    }

    @Test func fieldsOfNullStructsAreNull() throws {
        let type = DataType.structure([Field("a", .int), Field("B", .string)])
        let column = Column.of(type, [.structure([.integer(1), .string("x")]), .null, .structure([.null, .null])])
        let name = Column.constant(.string("b"), type: .string, count: 3)
        let result = try FunctionCall.evaluate(
            Expression.Operator.field, [column, name], constants: [1: .string("b")], count: 3)
        #expect(result.allValues == [.string("x"), .null, .null])
        let other = Column.constant(.string("a"), type: .string, count: 3)
        let arrays = Column.of(.array(type), [.array([.structure([.integer(7), .null])]), .null, .array([])])
        let a = try FunctionCall.evaluate(
            Expression.Operator.field, [arrays, other], constants: [1: .string("a")], count: 3)
        #expect(a.allValues == [.array([.integer(7)]), .null, .array([])])
        #expect(throws: HoneyError.self) {
            let missing = Column.constant(.string("z"), type: .string, count: 3)
            return try FunctionCall.evaluate(
                Expression.Operator.field, [column, missing], constants: [1: .string("z")], count: 3)
        }
    }

    @Test func indicesAgreeRowByRow() throws {
        var random = RandomColumns()
        for _ in 0..<40 {
            let arrays = random.column(.array(.string), 100)
            let numbers = Column.of(.int, (0..<100).map { _ in .integer(Int64(random.number(-1...3))) })
            let result = try FunctionCall.evaluate("index", [arrays, numbers], count: 100)
            for row in 0..<100 {
                var expected = Value.null
                if case (.array(let elements), .integer(let number)) = (arrays.value(at: row), numbers.value(at: row)),
                    elements.indices.contains(Int(number))
                {
                    expected = elements[Int(number)]
                }
                #expect(result.value(at: row) == expected, "seed \(random.seed)")
            }
        }
    }
}
