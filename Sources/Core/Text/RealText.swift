#if canImport(Glibc)
    import Glibc
#else
    import Musl
#endif

/// Reads and writes floating-point numbers as Java does.
public enum RealText {
    /// Powers of ten that a double holds exactly.
    @usableFromInline nonisolated(unsafe) static let exactPowers: UnsafePointer<Double> = {
        let table = UnsafeMutablePointer<Double>.allocate(capacity: 23)
        var power = 1.0
        for index in 0...22 {
            table[index] = power
            power *= 10
        }
        return UnsafePointer(table)
    }()

    /// Reads a double by the rules of Java's `Double.parseDouble`; nil when invalid.
    ///
    /// Spaces and control characters around it are ignored; `NaN`, `Infinity`, a suffix `d` or `f`, exponents and
    /// hexadecimal forms are understood; numbers too large become infinite.
    public static func parseDouble(_ bytes: UnsafeBufferPointer<UInt8>) -> Double? {
        if let simple = simpleDecimal(bytes) {
            // An integer below 2^53 divided by an exact power of ten is rounded once, hence correctly.
            let value = Double(simple.mantissa)
            let magnitude = simple.fractionDigits == 0 ? value : value / exactPowers[simple.fractionDigits]
            return simple.isNegative ? -magnitude : magnitude
        }
        switch classify(bytes) {
        case .invalid: return nil
        case .special(let value): return value
        case .number(let range): return withTerminated(bytes, range) { strtod($0, nil) }
        }
    }

    /// Reads a float by the rules of Java's `Float.parseFloat`; nil when invalid.
    public static func parseFloat(_ bytes: UnsafeBufferPointer<UInt8>) -> Float? {
        if let simple = simpleDecimal(bytes), simple.mantissa < 1 << 24, simple.fractionDigits <= 10 {
            let value = Float(simple.mantissa)
            let magnitude = value / Float(exactPowers[simple.fractionDigits])
            return simple.isNegative ? -magnitude : magnitude
        }
        switch classify(bytes) {
        case .invalid: return nil
        case .special(let value): return Float(value)
        case .number(let range): return withTerminated(bytes, range) { strtof($0, nil) }
        }
    }

    /// Reads `[+-]digits[.digits]` of at most 15 digits.
    @inline(__always)
    private static func simpleDecimal(
        _ bytes: UnsafeBufferPointer<UInt8>
    ) -> (mantissa: Int64, fractionDigits: Int, isNegative: Bool)? {
        let count = bytes.count
        guard count > 0, count <= 17, let start = bytes.baseAddress else { return nil }
        let isNegative = start[0] == 0x2D
        var index = isNegative || start[0] == 0x2B ? 1 : 0
        var mantissa: Int64 = 0
        var digits = 0
        var point = -1
        while index < count {
            let digit = start[index] &- 0x30
            if digit <= 9 {
                mantissa = mantissa &* 10 &+ Int64(digit)
                digits &+= 1
            } else if start[index] == 0x2E, point < 0 {
                point = index
            } else {
                return nil
            }
            index &+= 1
        }
        guard digits > 0, digits <= 15 else { return nil }
        return (mantissa, point < 0 ? 0 : count &- 1 &- point, isNegative)
    }

    private enum Form {
        case invalid
        case special(Double)
        /// What strtod understands lies in this range.
        case number(Range<Int>)
    }

    /// Checks the text against Java's grammar of floating-point numbers.
    private static func classify(_ bytes: UnsafeBufferPointer<UInt8>) -> Form {
        var lower = 0
        var upper = bytes.count
        while lower < upper, bytes[lower] <= 0x20 { lower += 1 }
        while upper > lower, bytes[upper - 1] <= 0x20 { upper -= 1 }
        guard lower < upper else { return .invalid }
        let isNegative = bytes[lower] == 0x2D
        var index = isNegative || bytes[lower] == 0x2B ? lower + 1 : lower
        guard index < upper else { return .invalid }
        if bytes[index] == 0x4E {
            return isWord("NaN", bytes, index..<upper) ? .special(.nan) : .invalid
        }
        if bytes[index] == 0x49 {
            return isWord("Infinity", bytes, index..<upper) ? .special(isNegative ? -.infinity : .infinity) : .invalid
        }
        let isHexadecimal = index + 1 < upper && bytes[index] == 0x30 && bytes[index + 1] | 0x20 == 0x78
        if isHexadecimal { index += 2 }
        let whole = skipDigits(bytes, &index, upper, isHexadecimal)
        var fraction = 0
        if index < upper, bytes[index] == 0x2E {
            index += 1
            fraction = skipDigits(bytes, &index, upper, isHexadecimal)
        }
        guard whole + fraction > 0 else { return .invalid }
        if index < upper, bytes[index] | 0x20 == (isHexadecimal ? 0x70 : 0x65) {
            index += 1
            if index < upper, bytes[index] == 0x2D || bytes[index] == 0x2B { index += 1 }
            guard skipDigits(bytes, &index, upper, false) > 0 else { return .invalid }
        } else if isHexadecimal {
            return .invalid
        }
        let end = index
        if index < upper, [0x64, 0x66].contains(bytes[index] | 0x20) { index += 1 }
        return index == upper ? .number(lower..<end) : .invalid
    }

    private static func isWord(_ word: StaticString, _ bytes: UnsafeBufferPointer<UInt8>, _ range: Range<Int>) -> Bool {
        range.count == word.utf8CodeUnitCount
            && memcmp(bytes.baseAddress! + range.lowerBound, word.utf8Start, range.count) == 0
    }

    private static func skipDigits(
        _ bytes: UnsafeBufferPointer<UInt8>, _ index: inout Int, _ end: Int, _ isHexadecimal: Bool
    ) -> Int {
        let start = index
        while index < end {
            let byte = bytes[index]
            let isDigit = byte &- 0x30 <= 9 || (isHexadecimal && (byte | 0x20) &- 0x61 <= 5)
            if !isDigit { break }
            index += 1
        }
        return index - start
    }

    private static func withTerminated<R>(
        _ bytes: UnsafeBufferPointer<UInt8>, _ range: Range<Int>, _ body: (UnsafePointer<CChar>) -> R
    ) -> R {
        withUnsafeTemporaryAllocation(of: CChar.self, capacity: range.count + 1) { copy in
            for index in range { copy[index - range.lowerBound] = CChar(bitPattern: bytes[index]) }
            copy[range.count] = 0
            return body(copy.baseAddress!)
        }
    }
}
