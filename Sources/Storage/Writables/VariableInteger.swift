/// Hadoop's integers of one to nine bytes (`WritableUtils.writeVLong`).
///
/// | first byte, signed | value |
/// |---|---|
/// | -112 ... 127 | the byte itself |
/// | -120 ... -113 | `-(b + 112)` bytes follow: the magnitude, big-endian |
/// | -128 ... -121 | `-(b + 120)` bytes follow: the ones' complement of a negative value, big-endian |
enum VariableInteger {
    /// The most bytes a value takes.
    static let maximumByteCount = 9

    /// Tells how many bytes a value takes, by its first.
    @inline(__always)
    static func byteCount(first: UInt8) -> Int {
        let byte = Int(Int8(bitPattern: first))
        if byte >= -112 { return 1 }
        return byte < -120 ? -119 - byte : -111 - byte
    }

    /// Reads a value; 9 bytes must be readable at `start` whatever the value takes.
    @inline(__always)
    static func read(_ start: UnsafePointer<UInt8>) -> Int64 {
        let byte = Int(Int8(bitPattern: start[0]))
        if byte >= -112 { return Int64(byte) }
        let isNegative = byte < -120
        let count = isNegative ? -120 - byte : -112 - byte
        let raw = UInt64(bigEndian: UnsafeRawPointer(start + 1).loadUnaligned(as: UInt64.self))
        let magnitude = raw >> UInt64(64 - 8 * count)
        return Int64(bitPattern: isNegative ? ~magnitude : magnitude)
    }

    /// Writes a value at `target`, which has room for 9 bytes, and returns how many it took.
    @inline(__always)
    static func write(_ value: Int64, to target: UnsafeMutablePointer<UInt8>) -> Int {
        if value >= -112 && value <= 127 {
            target[0] = UInt8(truncatingIfNeeded: value)
            return 1
        }
        let isNegative = value < 0
        let magnitude = UInt64(bitPattern: isNegative ? ~value : value)
        let count = max((71 - magnitude.leadingZeroBitCount) >> 3, 1)
        target[0] = UInt8(truncatingIfNeeded: (isNegative ? -120 : -112) - count)
        let shifted = (magnitude << UInt64(64 - 8 * count)).bigEndian
        UnsafeMutableRawPointer(target + 1).storeBytes(of: shifted, as: UInt64.self)
        return count + 1
    }
}
