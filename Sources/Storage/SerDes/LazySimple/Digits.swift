import HoneyCore

/// Reads short runs of ASCII digits eight at a time, in machine words (the first digit in the lowest byte).
///
/// Reads up to 16 bytes at `start` whatever the length, so memory must be readable past the text.
enum Digits {
    @inline(__always) static func word(_ start: UnsafePointer<UInt8>) -> UInt64 {
        UInt64(littleEndian: UnsafeRawPointer(start).loadUnaligned(as: UInt64.self))
    }

    /// The number that eight bytes of 0…9 spell.
    @inline(__always) static func value(_ digits: UInt64) -> UInt64 {
        let pairs = digits &* 10 &+ digits >> 8
        let mask: UInt64 = 0x0000_00FF_0000_00FF
        let low = (pairs & mask) &* 0x000F_4240_0000_0064
        let high = (pairs >> 16 & mask) &* 0x0000_2710_0000_0001
        return (low &+ high) >> 32
    }

    /// Nonzero when some byte is above 9.
    @inline(__always) static func strangers(_ digits: UInt64) -> UInt64 {
        (digits &+ 0x7676_7676_7676_7676 | digits) & 0x8080_8080_8080_8080
    }

    static let zeros: UInt64 = 0x3030_3030_3030_3030

    /// Reads 1 to 16 digits; nil when there are other bytes or another number of them.
    @inline(__always) static func parse(_ start: UnsafePointer<UInt8>, _ length: Int) -> UInt64? {
        if length &- 1 < 8, length > 0 {
            let digits = (word(start) ^ zeros) << UInt64(truncatingIfNeeded: (8 &- length) &* 8)
            return strangers(digits) == 0 ? value(digits) : nil
        }
        return length > 8 && length <= 16 ? parseLong(start, length) : nil
    }

    /// Reads 9 to 16 digits.
    @inline(__always) static func parseLong(_ start: UnsafePointer<UInt8>, _ length: Int) -> UInt64? {
        let high = (word(start) ^ zeros) << UInt64(truncatingIfNeeded: (16 &- length) &* 8)
        let low = word(start + (length &- 8)) ^ zeros
        guard strangers(high) | strangers(low) == 0 else { return nil }
        return value(high) &* 100_000_000 &+ value(low)
    }
}
