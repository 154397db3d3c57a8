import HoneyCore

/// Whole numbers of any length, the highest byte and its sign first.
enum TwosComplement {
    /// Reads a number; nil when 128 bits do not hold it. No bytes are zero.
    @inline(__always)
    static func read(_ start: UnsafePointer<UInt8>?, count: Int) -> Int128? {
        guard count > 0, let start else { return 0 }
        if count <= 8 {
            var bits = Int64(Int8(bitPattern: start[0]))
            for index in 1..<max(count, 1) { bits = bits << 8 | Int64(start[index]) }
            return Int128(bits)
        }
        return readLong(start, count: count)
    }

    private static func readLong(_ start: UnsafePointer<UInt8>, count: Int) -> Int128? {
        let fill: UInt8 = start[0] & 0x80 == 0 ? 0 : 0xFF
        var first = 0
        while count - first > 16, start[first] == fill { first += 1 }
        guard count - first <= 16, start[first] & 0x80 == fill & 0x80 else { return nil }
        var bits: Int128 = fill == 0 ? 0 : -1
        for index in first..<count { bits = bits << 8 | Int128(start[index]) }
        return bits
    }

    /// Writes a number in as few bytes as hold it, at most 16, to `target`; returns how many.
    @inline(__always)
    static func write(_ value: Int128, to target: UnsafeMutablePointer<UInt8>) -> Int {
        let magnitude = value < 0 ? ~value : value
        let count = (128 - magnitude.leadingZeroBitCount) / 8 + 1
        write(value, to: target, count: count)
        return count
    }

    /// Writes a number in so many bytes, which must hold it.
    @inline(__always)
    static func write(_ value: Int128, to target: UnsafeMutablePointer<UInt8>, count: Int) {
        var rest = value
        var index = count - 1
        while index >= 0 {
            target[index] = UInt8(truncatingIfNeeded: rest)
            rest >>= 8
            index -= 1
        }
    }
}
