import HoneyCore
import HoneyStorage

/// Integers in groups of seven bits, the lowest first; the high bit of a byte says that more follow.
enum Varints {
    static let maximumByteCount = 10

    /// Reads one of up to 64 bits; fails at `end`.
    @inline(__always)
    static func unsigned(_ next: inout UnsafePointer<UInt8>, _ end: UnsafePointer<UInt8>) throws -> UInt64 {
        var value: UInt64 = 0
        var shift: UInt64 = 0
        while next < end {
            let byte = next[0]
            next += 1
            value |= UInt64(byte & 0x7F) &<< shift
            if byte < 0x80 { return value }
            shift &+= 7
            guard shift < 70 else { throw tooLong() }
        }
        throw StreamBytes.endsEarly()
    }

    @inline(__always)
    static func signed(_ next: inout UnsafePointer<UInt8>, _ end: UnsafePointer<UInt8>) throws -> Int64 {
        fromZigzag(try unsigned(&next, end))
    }

    @inline(__always)
    static func fromZigzag(_ value: UInt64) -> Int64 {
        Int64(bitPattern: value &>> 1) ^ -Int64(bitPattern: value & 1)
    }

    @inline(__always)
    static func zigzag(_ value: Int64) -> UInt64 { UInt64(bitPattern: value &<< 1 ^ value &>> 63) }

    /// Writes an integer and returns how many bytes it took, at most ten.
    @inline(__always)
    static func write(_ value: UInt64, to target: UnsafeMutablePointer<UInt8>) -> Int {
        var rest = value
        var count = 0
        while rest >= 0x80 {
            target[count] = UInt8(truncatingIfNeeded: rest) | 0x80
            rest &>>= 7
            count &+= 1
        }
        target[count] = UInt8(truncatingIfNeeded: rest)
        return count &+ 1
    }

    @inline(never)
    private static func tooLong() -> HoneyError { HoneyError.damaged("integer is longer than 64 bits") }
}
