/// What only OpenX's parser accepts.
extension JSONScanner {
    /// Takes `=` or `=>`.
    mutating func takeArrow() -> Bool {
        guard take(0x3D) else { return false }
        _ = take(0x3E)
        return true
    }

    mutating func scanLenientKey() -> JSONToken? {
        if isAt(0x27) { return scanSingleQuoted() }
        guard let key = scanBare() else { return nil }
        // A key that spells null is one.
        return key.length < 0 ? JSONToken(start: key.start, length: 4) : key
    }

    mutating func scanSingleQuoted() -> JSONToken? {
        scanEscapedString(from: index, at: index + 1, quote: 0x27)
    }

    /// Reads text without quotes up to what may follow a value.
    mutating func scanBare() -> JSONToken? {
        let start = index
        while index < end {
            switch bytes[index] {
            case 0x2C, 0x3A, 0x5D, 0x7D, 0x2F, 0x5C, 0x22, 0x5B, 0x7B, 0x3B, 0x3D, 0x23, 0..<0x20: break
            default:
                index += 1
                continue
            }
            break
        }
        var stop = index
        while stop > start, bytes[stop - 1] <= 0x20 { stop -= 1 }
        guard stop > start else { return failed("a value is missing") }
        // The letters of null, in either case.
        let letters = Digits.word(bytes + start) & 0xFFFF_FFFF | 0x2020_2020
        let isNull = stop - start == 4 && letters == 0x6C6C_756E
        return JSONToken(start: start, length: isNull ? -1 : stop - start)
    }
}
