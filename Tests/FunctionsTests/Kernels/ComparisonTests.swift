import HoneyCore
import HoneyFunctions
import Testing

@Suite struct ComparisonTests {
    static let types: [DataType] = [
        .boolean, .tinyint, .smallint, .int, .bigint, .float, .double, .decimal(precision: 9, scale: 2),
        .decimal(precision: 30, scale: 5), .string, .date, .timestamp, .array(.int),
    ]

    /// Orders values as Java does, row at a time.
    static func order(_ a: Value, _ b: Value) -> Int {
        func compare<T: Comparable>(_ x: T, _ y: T) -> Int { x < y ? -1 : x == y ? 0 : 1 }
        switch (a, b) {
        case (.null, .null): return 0
        case (.null, _): return -1
        case (_, .null): return 1
        case (.boolean(let x), .boolean(let y)): return compare(x ? 1 : 0, y ? 1 : 0)
        case (.integer(let x), .integer(let y)): return compare(x, y)
        case (.real(let x), .real(let y)):
            if x.isNaN || y.isNaN { return compare(x.isNaN ? 1 : 0, y.isNaN ? 1 : 0) }
            return compare(x, y)
        case (.decimal(let x), .decimal(let y)), (.timestamp(let x), .timestamp(let y)): return compare(x, y)
        case (.date(let x), .date(let y)): return compare(x, y)
        case (.string(let x), .string(let y)):
            return x.utf8.lexicographicallyPrecedes(y.utf8) ? -1 : x.utf8.elementsEqual(y.utf8) ? 0 : 1
        case (.array(let x), .array(let y)):
            for (left, right) in zip(x, y) {
                let result = order(left, right)
                if result != 0 { return result }
            }
            return compare(x.count, y.count)
        default: return Int.min
        }
    }

    @Test(arguments: types) func operatorsAgreeWithTheOrderOfValues(type: DataType) throws {
        var random = RandomColumns()
        let accepted: [String: (Int) -> Bool] = [
            "=": { $0 == 0 }, "<>": { $0 != 0 }, "<": { $0 < 0 }, "<=": { $0 <= 0 }, ">": { $0 > 0 }, ">=": { $0 >= 0 },
        ]
        for round in 0..<40 {
            let count = [0, 1, 63, 64, 65, 200][round % 6]
            let a = random.column(type, count)
            let b = random.column(type, count)
            for (name, accepts) in accepted {
                let result = try FunctionCall.evaluate(name, [a, b], count: count)
                let expected = zip(a.allValues, b.allValues).map { x, y -> Value in
                    x.isNull || y.isNull ? .null : .boolean(accepts(Self.order(x, y)))
                }
                #expect(result.allValues == expected, "\(name) of \(type), seed \(random.seed)")
            }
            let identical = try FunctionCall.evaluate("<=>", [a, b], count: count)
            let expected = zip(a.allValues, b.allValues).map { Value.boolean(Self.order($0, $1) == 0) }
            #expect(identical.allValues == expected, "<=> of \(type), seed \(random.seed)")
        }
    }

    @Test(arguments: types.filter { !$0.isComplex }) func membershipAgreesWithEquality(type: DataType) throws {
        var random = RandomColumns()
        for round in 0..<40 {
            let count = 100
            let tested = random.column(type, count)
            var candidates = (0..<[1, 3, 5, 40][round % 4]).map { _ in random.value(type) }
            // Some values that are there to be found, and perhaps a null.
            if count > 0 { candidates += [tested.value(at: 0), tested.value(at: count - 1)].filter { !$0.isNull } }
            if round % 3 == 0 { candidates.append(.null) }
            let constants = Dictionary(uniqueKeysWithValues: candidates.enumerated().map { ($0 + 1, $1) })
            let columns = [tested] + candidates.map { Column.constant($0, type: type, count: count) }
            let expected = tested.allValues.map { value -> Value in
                if value.isNull { return .null }
                if candidates.contains(where: { !$0.isNull && Self.order($0, value) == 0 }) { return .boolean(true) }
                return candidates.contains(.null) ? .null : .boolean(false)
            }
            let known = try FunctionCall.evaluate("in", columns, constants: constants, count: count)
            #expect(known.allValues == expected, "in of \(type), seed \(random.seed)")
            let unknown = try FunctionCall.evaluate("in", columns, count: count)
            #expect(unknown.allValues == expected, "general in of \(type), seed \(random.seed)")
        }
    }

    @Test func typesMeetAsInHive() throws {
        #expect(try FunctionCall.value(">", .string("10"), .int(9)) == .boolean(true))
        #expect(try FunctionCall.value(">", .string("abc"), .int(1)) == .null)
        #expect(try FunctionCall.value("=", .date("2020-01-01"), .timestamp("2020-01-01 00:00:00")) == .boolean(true))
        #expect(try FunctionCall.value(">", .date("2020-01-02"), .string("2020-01-01 12:00:00")) == .boolean(true))
        #expect(try FunctionCall.value("=", .timestamp("1970-01-01 00:00:01"), .int(1)) == .boolean(true))
        #expect(try FunctionCall.value("=", .boolean(true), .int(1)) == .boolean(true))
        #expect(try FunctionCall.value("=", .string("ab"), .string("ab ")) == .boolean(false))
        let char = Literal(type: .char(5), value: .string("ab   "))
        #expect(try FunctionCall.value("=", char, .string("ab")) == .boolean(true))
        #expect(try FunctionCall.value("=", char, Literal(type: .char(3), value: .string("ab "))) == .boolean(true))
        #expect(try FunctionCall.value("=", char, Literal(type: .varchar(5), value: .string("ab "))) == .boolean(false))
        #expect(try FunctionCall.value("=", .double(.nan), .double(.nan)) == .boolean(true))
        #expect(try FunctionCall.value("in", .int(1), .int(2), .null()) == .null)
        #expect(try FunctionCall.value("in", .int(1), .int(1), .null()) == .boolean(true))
    }

    @Test func nonsenseIsRefused() {
        let array = Literal(type: .array(.int), value: .array([]))
        #expect(throws: HoneyError.self) { try FunctionCall.value("=", .int(1), array) }
        #expect(throws: HoneyError.self) { try FunctionCall.value("<", .date("2020-01-01"), .int(1)) }
        #expect(throws: HoneyError.self) { try FunctionCall.value("=", .int(1)) }
    }
}
