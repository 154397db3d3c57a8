import HoneyCore
import HoneyFunctions
import Testing

@Suite struct LogicTests {
    func truth(_ value: Value) -> Bool? { if case .boolean(let flag) = value { flag } else { nil } }

    @Test func junctionsFollowThreeValuedLogic() throws {
        var random = RandomColumns()
        for round in 0..<150 {
            let count = [1, 64, 130][round % 3]
            let operands = (0..<random.number(1...4)).map { _ in random.column(.boolean, count) }
            let and = try FunctionCall.evaluate("and", operands, count: count)
            let or = try FunctionCall.evaluate("or", operands, count: count)
            for row in 0..<count {
                let values = operands.map { truth($0.value(at: row)) }
                let all: Bool? = values.contains(false) ? false : values.contains(nil) ? nil : true
                let any: Bool? = values.contains(true) ? true : values.contains(nil) ? nil : false
                #expect(truth(and.value(at: row)) == all, "and, seed \(random.seed)")
                #expect(truth(or.value(at: row)) == any, "or, seed \(random.seed)")
            }
        }
    }

    @Test func testsOfTruthAndNullAreNeverNull() throws {
        var random = RandomColumns()
        for _ in 0..<60 {
            let column = random.column(.boolean, 100)
            let answers: [String: (Bool?) -> Bool?] = [
                "not": { $0.map { !$0 } }, "isnull": { $0 == nil }, "isnotnull": { $0 != nil },
                "istrue": { $0 == true }, "isfalse": { $0 == false }, "isnottrue": { $0 != true },
                "isnotfalse": { $0 != false },
            ]
            for (name, answer) in answers {
                let result = try FunctionCall.evaluate(name, [column], count: 100)
                #expect(
                    result.allValues.map(truth) == column.allValues.map { answer(truth($0)) },
                    "\(name), seed \(random.seed)")
            }
        }
    }

    @Test(arguments: [DataType.int, .string, .decimal(precision: 30, scale: 2), .array(.string), .boolean])
    func choicesTakeTheFirstThatHolds(type: DataType) throws {
        var random = RandomColumns()
        for _ in 0..<40 {
            let count = 100
            let first = random.column(.boolean, count)
            let second = random.column(.boolean, count)
            let results = (0..<3).map { _ in random.column(type, count) }
            let chosen = try FunctionCall.evaluate(
                "case", [first, results[0], second, results[1], results[2]], count: count)
            let coalesced = try FunctionCall.evaluate("coalesce", results, count: count)
            let withoutElse = try FunctionCall.evaluate("case", [first, results[0]], count: count)
            for row in 0..<count {
                let index = truth(first.value(at: row)) == true ? 0 : truth(second.value(at: row)) == true ? 1 : 2
                #expect(chosen.value(at: row) == results[index].value(at: row), "case, seed \(random.seed)")
                let known = results.map { $0.value(at: row) }.first { !$0.isNull } ?? .null
                #expect(coalesced.value(at: row) == known, "coalesce, seed \(random.seed)")
                #expect(withoutElse.value(at: row) == (index == 0 ? results[0].value(at: row) : .null))
            }
        }
    }

    @Test func choicesMeetInACommonType() throws {
        #expect(
            try FunctionCall.type("if", .boolean(true), .int(1), .decimal("2.5", 2, 1))
                == .decimal(precision: 11, scale: 1))
        #expect(try FunctionCall.type("coalesce", .int(1), .string("a")) == .string)
        #expect(try FunctionCall.text("nvl", .null(), .int(3)) == "3")
        #expect(try FunctionCall.text("nullif", .int(1), .int(1)) == "NULL")
        #expect(try FunctionCall.text("nullif", .int(1), .int(2)) == "1")
        #expect(throws: HoneyError.self) { try FunctionCall.text("if", .int(1), .int(2), .int(3)) }
        #expect(throws: HoneyError.self) { try FunctionCall.text("and", .int(1), .boolean(true)) }
    }

    @Test func nullIfClearsEqualRows() throws {
        var random = RandomColumns()
        for _ in 0..<40 {
            let a = random.column(.tinyint, 100)
            let b = random.column(.tinyint, 100)
            let result = try FunctionCall.evaluate("nullif", [a, b], count: 100)
            let expected = zip(a.allValues, b.allValues).map { $0 == $1 ? Value.null : $0 }
            #expect(result.allValues == expected, "seed \(random.seed)")
        }
    }
}
