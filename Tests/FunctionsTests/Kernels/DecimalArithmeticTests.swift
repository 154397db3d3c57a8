import HoneyCore
import HoneyFunctions
import Testing

@Suite struct DecimalArithmeticTests {
    /// Rounds a quotient half up, away from zero.
    func rounded(_ numerator: Int128, _ denominator: Int128) -> Int128 {
        let quotient = numerator.magnitude / denominator.magnitude
        let rest = numerator.magnitude % denominator.magnitude
        let magnitude = Int128(rest * 2 >= denominator.magnitude ? quotient + 1 : quotient)
        return (numerator < 0) != (denominator < 0) ? -magnitude : magnitude
    }

    func power(_ exponent: Int) -> Int128 { (0..<exponent).reduce(1) { product, _ in product * 10 } }

    /// What an operation gives in units of 10^-scale; every intermediate value here fits 128 bits.
    func expected(_ name: String, _ a: Int128, _ s1: Int, _ b: Int128, _ s2: Int, _ scale: Int) -> Int128? {
        let common = max(s1, s2)
        let x = a * power(common - s1)
        let y = b * power(common - s2)
        switch name {
        case "+": return x + y
        case "-": return x - y
        case "*": return rounded(a * b, power(s1 + s2 - scale))
        case "/": return b == 0 ? nil : rounded(a * power(scale + s2), b * power(s1))
        default: return b == 0 ? nil : x % y
        }
    }

    @Test(arguments: ["+", "-", "*", "/", "%"]) func smallDecimalsComputeExactly(name: String) throws {
        var random = RandomColumns()
        for round in 0..<120 {
            let p1 = random.number(1...(name == "/" ? 8 : 15))
            let p2 = random.number(1...(name == "/" ? 8 : 15))
            let s1 = random.number(0...p1)
            let s2 = random.number(0...p2)
            let count = [64, 100][round % 2]
            let a = random.column(.decimal(precision: p1, scale: s1), count)
            let b = random.column(.decimal(precision: p2, scale: s2), count)
            let result = try FunctionCall.evaluate(name, [a, b], count: count)
            guard case .decimal(_, let scale) = result.type else {
                Issue.record("not a decimal: \(result.type)")
                return
            }
            for row in 0..<count {
                var value: Value = .null
                if case (.decimal(let x), .decimal(let y)) = (a.value(at: row), b.value(at: row)) {
                    value = expected(name, x, s1, y, s2, scale).map { .decimal($0) } ?? .null
                }
                #expect(
                    result.value(at: row) == value,
                    "\(a.value(at: row)) \(a.type) \(name) \(b.value(at: row)) \(b.type), seed \(random.seed)")
            }
        }
    }

    @Test func wideDecimalsGiveNullWhenTheyOverflow() throws {
        let nines = Literal.decimal(String(repeating: "9", count: 38), 38, 0)
        #expect(try FunctionCall.text("+", nines, .decimal("1", 38, 0)) == "NULL")
        #expect(try FunctionCall.text("-", nines, .decimal("1", 38, 0)) == String(repeating: "9", count: 37) + "8")
        let twenty = Literal.decimal(String(repeating: "9", count: 20), 38, 0)
        #expect(try FunctionCall.text("*", twenty, twenty) == "NULL")
        #expect(
            try FunctionCall.text("*", .decimal("1.23456789", 9, 8), .decimal("1.23456789", 9, 8))
                == "1.5241578750190521")
        #expect(try FunctionCall.text("*", .decimal("1.2", 38, 18), .decimal("1.3", 38, 18)) == "1.560000")
        #expect(try FunctionCall.text("/", .decimal("2", 38, 18), .decimal("3", 38, 18)) == "0.666667")
        #expect(try FunctionCall.text("/", .decimal("1", 10, 2), .decimal("0", 10, 2)) == "NULL")
        #expect(try FunctionCall.text("%", .decimal("5", 4, 1), .decimal("0", 4, 1)) == "NULL")
        #expect(try FunctionCall.text("negative", .decimal("-1.50", 38, 2)) == "1.50")
    }

    @Test func productsOfSmallFactorsInWideTypesAreExact() throws {
        // The type allows overflow, these values do not; a column with one that does takes the careful way.
        let wide = DataType.decimal(precision: 32, scale: 4)
        let rate = DataType.decimal(precision: 16, scale: 2)
        let large = power(31)
        let a = Column.of(wide, [.decimal(12_345_678_901_234), .decimal(-5), .null])
        let b = Column.of(rate, [.decimal(108), .decimal(100), .decimal(1)])
        let result = try FunctionCall.evaluate("*", [a, b], count: 3)
        #expect(result.allValues == [.decimal(12_345_678_901_234 * 108), .decimal(-500), .null])
        let mixed = Column.of(wide, [.decimal(large), .decimal(-5), .decimal(large)])
        let factors = Column.of(rate, [.decimal(10), .decimal(100), .decimal(999_999_999_999)])
        let careful = try FunctionCall.evaluate("*", [mixed, factors], count: 3)
        #expect(careful.allValues == [.decimal(large * 10), .decimal(-500), .null])
    }
}
