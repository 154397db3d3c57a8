import HoneyCore
import Testing

@Suite struct DecimalTests {
    func parse(_ text: String, _ precision: Int, _ scale: Int) -> Int128? {
        withBytes(of: text) { DecimalText.parse($0, precision: precision, scale: scale) }
    }

    func printed(_ unscaled: Int128, _ scale: Int) -> String {
        var sink = ByteSink()
        DecimalText.append(unscaled, scale: scale, to: &sink)
        return sink.string
    }

    @Test func decimalsRoundHalfUpToTheirScale() {
        #expect(parse("1.005", 10, 2) == 101)
        #expect(parse("-1.005", 10, 2) == -101)
        #expect(parse("1.0049999999999999999999", 10, 2) == 100)
        #expect(parse("17", 15, 2) == 1700)
        #expect(parse("17.5", 15, 2) == 1750)
        #expect(parse(".5", 15, 2) == 50)
        #expect(parse("5.", 15, 2) == 500)
        #expect(parse("-0.00", 15, 2) == 0)
        #expect(parse("1e2", 5, 0) == 100)
        #expect(parse("1.5E-1", 5, 2) == 15)
        #expect(parse("0.005", 2, 2) == 1)
        #expect(parse("0.0049", 2, 2) == 0)
        #expect(parse("000000000000000000000000000000000000000000001", 1, 0) == 1)
        #expect(parse("99999999999999999999999999999999999999", 38, 0) == DecimalMath.powerOfTen(38) - 1)
        #expect(parse("1234567890123456789012345678901234567890", 38, 0) == nil)
        #expect(parse("123456789012345678901234567890123456789", 38, 2) == nil)
        #expect(parse("99999999999999999999999999999999999999", 38, 1) == nil)
        #expect(parse("1e-999999999999", 5, 2) == 0)
        #expect(parse("0e999999999999", 5, 2) == 0)
    }

    @Test(arguments: [
        "", "-", ".", "x", "1.2.3", " 1", "1 ", "1e", "1e1.5", "1000", "999.5", "1e3", "1e999999999999999999999",
    ])
    func otherTextIsNoDecimal(text: String) { #expect(parse(text, 3, 0) == nil) }

    @Test func decimalsPrintAllDigitsOfTheirScale() {
        #expect(printed(0, 0) == "0")
        #expect(printed(0, 2) == "0.00")
        #expect(printed(-5, 2) == "-0.05")
        #expect(printed(123_456, 4) == "12.3456")
        #expect(printed(1, 38) == "0.00000000000000000000000000000000000001")
        #expect(printed(-(DecimalMath.powerOfTen(38) - 1), 20) == "-999999999999999999.99999999999999999999")
    }

    @Test func decimalsRoundTrip() {
        var generator = SeededGenerator()
        for _ in 0..<3000 {
            let precision = Int.random(in: 1...38, using: &generator)
            let scale = Int.random(in: 0...precision, using: &generator)
            let bound = DecimalMath.powerOfTen(Int.random(in: 0...precision, using: &generator))
            let value = Int128.random(in: (-bound + 1)...(bound - 1), using: &generator)
            #expect(parse(printed(value, scale), precision, scale) == value, "seed \(generator.seed)")
        }
    }

    @Test func arithmeticRoundsOnce() {
        #expect(DecimalMath.rescale(125, from: 2, to: 1) == 13)
        #expect(DecimalMath.rescale(-125, from: 2, to: 1) == -13)
        #expect(DecimalMath.rescale(124, from: 2, to: 1) == 12)
        #expect(DecimalMath.rescale(.max, from: 0, to: 1) == nil)
        #expect(DecimalMath.add(15, scale: 1, 25, scale: 2, to: 2) == 175)
        #expect(DecimalMath.divide(1, scale: 0, by: 3, scale: 0, to: 6) == 333_333)
        #expect(DecimalMath.divide(2, scale: 0, by: 3, scale: 0, to: 6) == 666_667)
        #expect(DecimalMath.divide(-2, scale: 0, by: 3, scale: 0, to: 6) == -666_667)
        #expect(DecimalMath.divide(1, scale: 0, by: 0, scale: 0, to: 6) == nil)
        #expect(DecimalMath.remainder(-75, scale: 1, by: 2, scale: 0) == -15)
        let nines = DecimalMath.powerOfTen(38) - 1
        #expect(DecimalMath.multiply(nines, nines, dropping: 38) == nines - 1)
        #expect(DecimalMath.multiply(nines, nines, dropping: 37) == nil)
    }

    @Test func quotientsAgreeWithProducts() {
        var generator = SeededGenerator()
        for _ in 0..<3000 {
            let a = Int128.random(in: -1_000_000_000_000...1_000_000_000_000, using: &generator)
            let b = Int128.random(in: 1...10_000_000, using: &generator)
            let scale = Int.random(in: 0...12, using: &generator)
            guard let quotient = DecimalMath.divide(a, scale: 0, by: b, scale: 0, to: scale) else {
                Issue.record("no quotient, seed \(generator.seed)")
                continue
            }
            let error = (a * DecimalMath.powerOfTen(scale) - quotient * b).magnitude
            #expect(error * 2 <= b.magnitude, "seed \(generator.seed)")
        }
    }

    @Test func doublesAndDecimalsConvert() {
        #expect(DecimalMath.decimal(of: 0.1, precision: 10, scale: 2) == 10)
        #expect(DecimalMath.decimal(of: 1e20, precision: 10, scale: 2) == nil)
        #expect(DecimalMath.decimal(of: .nan, precision: 10, scale: 2) == nil)
        #expect(DecimalMath.double(of: 12_345, scale: 2) == 123.45)
        #expect(DecimalMath.double(of: DecimalMath.powerOfTen(30), scale: 5) == 1e25)
    }
}
