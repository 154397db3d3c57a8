extension RealText {
    /// Writes the shortest form that reads back equal, laid out as Java's `Double.toString` does: `1.0`, `1.0E10`, `NaN`.
    public static func append(_ value: Double, to sink: inout ByteSink) {
        if appendSpecial(value, to: &sink) { return }
        let magnitude = value.magnitude
        if magnitude >= 1e-3, magnitude < 1e7 {
            // At most 15 digits that give the value back are the shortest, as no two such numbers share a double.
            let scaled = (magnitude * 10_000).rounded()
            if scaled / 10_000 == magnitude {
                return appendFixed(UInt64(scaled), isNegative: value < 0, to: &sink)
            }
        }
        appendDigits(of: value.magnitude.description, isNegative: value < 0, to: &sink)
    }

    /// Writes the shortest form that reads back equal as a float, laid out as Java's `Float.toString` does.
    public static func append(_ value: Float, to sink: inout ByteSink) {
        if appendSpecial(Double(value), to: &sink) { return }
        appendDigits(of: value.magnitude.description, isNegative: value < 0, to: &sink)
    }

    private static func appendSpecial(_ value: Double, to sink: inout ByteSink) -> Bool {
        if value.isNaN {
            sink.append("NaN")
        } else if value.isInfinite {
            sink.append(value < 0 ? "-Infinity" : "Infinity")
        } else if value == 0 {
            sink.append(value.sign == .minus ? "-0.0" : "0.0")
        } else {
            return false
        }
        return true
    }

    /// Writes a count of ten-thousandths.
    private static func appendFixed(_ scaled: UInt64, isNegative: Bool, to sink: inout ByteSink) {
        if isNegative { sink.append(0x2D) }
        let (whole, fraction) = scaled.quotientAndRemainder(dividingBy: 10_000)
        IntegerText.append(whole, to: &sink)
        sink.append(0x2E)
        var rest = fraction
        var digits = 4
        while digits > 1, rest % 10 == 0 {
            rest /= 10
            digits -= 1
        }
        IntegerText.append(rest, minimumDigits: digits, to: &sink)
    }

    /// Rearranges the digits of Swift's shortest form (`12.5`, `1e-07`) to Java's.
    private static func appendDigits(of description: String, isNegative: Bool, to sink: inout ByteSink) {
        var digits: [UInt8] = []
        digits.reserveCapacity(24)
        var exponent = 0
        var pointAt: Int?
        var text = description
        text.withUTF8 { bytes in
            for (index, byte) in bytes.enumerated() {
                if byte == 0x2E {
                    pointAt = digits.count
                } else if byte == 0x65 {
                    exponent = Int(String(decoding: bytes[(index + 1)...], as: UTF8.self)) ?? 0
                    break
                } else {
                    digits.append(byte)
                }
            }
        }
        // The value is 0.d1d2d3… × 10^decimalPoint.
        var decimalPoint = (pointAt ?? digits.count) + exponent
        let leadingZeros = digits.prefix { $0 == 0x30 }.count
        digits.removeFirst(leadingZeros)
        decimalPoint -= leadingZeros
        while digits.count > 1, digits.last == 0x30 { digits.removeLast() }
        if isNegative { sink.append(0x2D) }
        if decimalPoint > 7 || decimalPoint < -2 {
            appendScientific(digits, exponent: decimalPoint - 1, to: &sink)
        } else {
            appendPlain(digits, decimalPoint: decimalPoint, to: &sink)
        }
    }

    private static func appendScientific(_ digits: [UInt8], exponent: Int, to sink: inout ByteSink) {
        sink.append(digits[0])
        sink.append(0x2E)
        if digits.count == 1 { sink.append(0x30) } else { sink.append(Array(digits[1...])) }
        sink.append(0x45)
        IntegerText.append(Int64(exponent), to: &sink)
    }

    private static func appendPlain(_ digits: [UInt8], decimalPoint: Int, to sink: inout ByteSink) {
        if decimalPoint <= 0 {
            sink.append("0.")
            sink.append(repeating: 0x30, count: -decimalPoint)
            sink.append(digits)
        } else if digits.count <= decimalPoint {
            sink.append(digits)
            sink.append(repeating: 0x30, count: decimalPoint - digits.count)
            sink.append(".0")
        } else {
            sink.append(Array(digits[..<decimalPoint]))
            sink.append(0x2E)
            sink.append(Array(digits[decimalPoint...]))
        }
    }
}
