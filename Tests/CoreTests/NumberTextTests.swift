import HoneyCore
import Testing

@Suite struct NumberTextTests {
    func integer(_ text: String) -> Int64? { withBytes(of: text) { IntegerText.parse($0) } }
    func double(_ text: String) -> Double? { withBytes(of: text) { RealText.parseDouble($0) } }

    func printed(_ value: Double) -> String {
        var sink = ByteSink()
        RealText.append(value, to: &sink)
        return sink.string
    }

    func printed(_ value: Float) -> String {
        var sink = ByteSink()
        RealText.append(value, to: &sink)
        return sink.string
    }

    @Test func integersTakeSignsAndDropFractions() {
        #expect(integer("0") == 0)
        #expect(integer("-7") == -7)
        #expect(integer("+12") == 12)
        #expect(integer("1.5") == 1)
        #expect(integer("1.") == 1)
        #expect(integer(".5") == 0)
        #expect(integer("-.9") == 0)
        #expect(integer("9223372036854775807") == .max)
        #expect(integer("-9223372036854775808") == .min)
        #expect(integer("000000000000000000000000042") == 42)
    }

    @Test(arguments: [
        "", "-", "+", ".", "-.", " 1", "1 ", "1e3", "0x10", "1.x", "1.2.3", "--1", "9223372036854775808",
        "-9223372036854775809", "99999999999999999999999", "1٣",
    ])
    func otherTextIsNoInteger(text: String) { #expect(integer(text) == nil) }

    @Test func integersRoundTrip() {
        var generator = SeededGenerator()
        for _ in 0..<2000 {
            let value =
                Int64.random(in: .min ... .max, using: &generator) >> Int64.random(in: 0..<64, using: &generator)
            var sink = ByteSink()
            IntegerText.append(value, to: &sink)
            #expect(sink.string == String(value), "seed \(generator.seed)")
            #expect(sink.withBytes { IntegerText.parse($0) } == value, "seed \(generator.seed)")
        }
    }

    @Test func wideIntegersPrintAllDigits() {
        for value: Int128 in [0, .max, .min, 10_000_000_000_000_000_000, -10_000_000_000_000_000_001] {
            var sink = ByteSink()
            IntegerText.append(value, to: &sink)
            #expect(sink.string == String(value))
        }
    }

    @Test func realsFollowJavasGrammar() {
        #expect(double("1.5") == 1.5)
        #expect(double(" 1.5 ") == 1.5)
        #expect(double("1d") == 1)
        #expect(double("1.25f") == 1.25)
        #expect(double("0x1p3") == 8)
        #expect(double("-0x1.8P1") == -3)
        #expect(double("1e400") == .infinity)
        #expect(double("-1e400") == -.infinity)
        #expect(double("Infinity") == .infinity)
        #expect(double("-Infinity") == -.infinity)
        #expect(double("NaN")?.isNaN == true)
        #expect(double(".5") == 0.5)
        #expect(double("5.") == 5)
        #expect(double("-0")?.sign == .minus)
        #expect(double("123456789012345678") == 123_456_789_012_345_678)
    }

    @Test(arguments: [
        "", " ", ".", "-", "nan", "inf", "infinity", "1e", "e5", "1.2.3", "0x1", "0xp1", "1 2", "1,5", "1dd",
    ])
    func otherTextIsNoReal(text: String) { #expect(double(text) == nil) }

    @Test func realsParseAsTheStandardLibraryDoes() {
        var generator = SeededGenerator()
        for _ in 0..<5000 {
            var text = Bool.random(using: &generator) ? "-" : ""
            for _ in 0..<Int.random(in: 1...18, using: &generator) {
                text += String(Int.random(in: 0...9, using: &generator))
            }
            if Bool.random(using: &generator) {
                text += "."
                for _ in 0..<Int.random(in: 1...18, using: &generator) {
                    text += String(Int.random(in: 0...9, using: &generator))
                }
            }
            if Int.random(in: 0..<4, using: &generator) == 0 {
                text += "e\(Int.random(in: -320...300, using: &generator))"
            }
            #expect(double(text) == Double(text), "\(text), seed \(generator.seed)")
            #expect(withBytes(of: text) { RealText.parseFloat($0) } == Float(text), "\(text), seed \(generator.seed)")
        }
    }

    @Test func realsPrintAsJavaDoes() {
        #expect(printed(1.0) == "1.0")
        #expect(printed(0.1) == "0.1")
        #expect(printed(-0.0) == "-0.0")
        #expect(printed(100.0) == "100.0")
        #expect(printed(1e7) == "1.0E7")
        #expect(printed(9_999_999.0) == "9999999.0")
        #expect(printed(12_345_678.9) == "1.23456789E7")
        #expect(printed(1e10) == "1.0E10")
        #expect(printed(0.001) == "0.001")
        #expect(printed(0.00099) == "9.9E-4")
        #expect(printed(0.001234567) == "0.001234567")
        #expect(printed(5e-324) == "5.0E-324" || printed(5e-324) == "4.9E-324")
        #expect(printed(1.7976931348623157e308) == "1.7976931348623157E308")
        #expect(printed(Double.nan) == "NaN")
        #expect(printed(-Double.infinity) == "-Infinity")
        #expect(printed(123456.75) == "123456.75")
        #expect(printed(1.0 / 3) == "0.3333333333333333")
        #expect(printed(Float(0.1)) == "0.1")
        #expect(printed(Float(1e10)) == "1.0E10")
        #expect(printed(Float(16_777_216)) == "1.6777216E7")
    }

    @Test func realsRoundTrip() {
        var generator = SeededGenerator()
        for index in 0..<5000 {
            let value =
                index % 2 == 0
                ? Double(bitPattern: UInt64.random(in: .min ... .max, using: &generator))
                : Double(Int64.random(in: -1_000_000_000...1_000_000_000, using: &generator)) / 10_000
            if value.isNaN { continue }
            #expect(double(printed(value)) == value, "\(value), seed \(generator.seed)")
            let narrow = Float(value)
            #expect(withBytes(of: printed(narrow)) { RealText.parseFloat($0) } == narrow, "seed \(generator.seed)")
        }
    }
}
