import HoneyCore
import HoneyStorage

/// Reads Avro's binary encoding from memory, never past its end.
///
/// | type | bytes |
/// |---|---|
/// | int, long | seven bits a byte, the low ones first, all but the last byte with the high bit set; zigzag |
/// | float, double | four and eight, little-endian |
/// | boolean | one, 0 or 1 |
/// | bytes, string | a long, how many, and then so many |
///
/// `readablePastEnd` bytes after the end must be readable (they are never part of a value). Errors are `FILE_DAMAGED` without
/// a place; see `HoneyError.placed`.
struct AvroCursor {
    static let readablePastEnd = 16

    var next: UnsafePointer<UInt8>
    let end: UnsafePointer<UInt8>

    init(_ start: UnsafePointer<UInt8>, count: Int) {
        next = start
        end = start + count
    }

    var remaining: Int { end - next }

    /// Steps over `count` bytes and returns where they start.
    @inline(__always)
    mutating func take(_ count: Int) throws -> UnsafePointer<UInt8> {
        guard count >= 0, count <= end - next else { throw AvroCursor.cutShort() }
        let start = next
        next += count
        return start
    }

    /// Reads a long.
    @inline(__always)
    mutating func readLong() throws -> Int64 {
        let first = UInt64(next[0])
        guard first >= 0x80 else {
            guard next < end else { throw AvroCursor.cutShort() }
            next += 1
            return Int64(bitPattern: first >> 1 ^ (0 &- (first & 1)))
        }
        return try readLongerLong(first)
    }

    @inline(never)
    private mutating func readLongerLong(_ first: UInt64) throws -> Int64 {
        var bits = first & 0x7F
        var shift: UInt64 = 7
        var index = 1
        while true {
            let byte = UInt64(next[index])
            bits |= (byte & 0x7F) << shift
            index += 1
            if byte < 0x80 { break }
            shift += 7
            guard index < 10 else { throw HoneyError.damaged("number takes more than ten bytes") }
        }
        guard index <= end - next else { throw AvroCursor.cutShort() }
        next += index
        return Int64(bitPattern: bits >> 1 ^ (0 &- (bits & 1)))
    }

    /// Reads the length of what follows, and steps over both; returns where it starts.
    @inline(__always)
    mutating func readBytes() throws -> (start: UnsafePointer<UInt8>, count: Int) {
        let length = try readLong()
        // Compared before it is narrowed: the sum of pointers could wrap.
        guard length >= 0, length <= end - next else { throw AvroCursor.wrongLength(length) }
        let start = next
        next += Int(length)
        return (start, Int(length))
    }

    mutating func readString() throws -> String {
        let (start, count) = try readBytes()
        return String(decoding: UnsafeBufferPointer(start: start, count: count), as: UTF8.self)
    }

    /// Reads the count of items that come next in an array or a map, 0 at its end.
    @inline(__always)
    mutating func readItemCount() throws -> Int {
        let count = try readLong()
        if count >= 0 { return Int(count) }
        // A negative one is followed by the size of the items in bytes, for those who skip them.
        guard count > Int64.min, try readLong() >= 0 else { throw HoneyError.damaged("size of items is negative") }
        return Int(-count)
    }

    @inline(never)
    static func cutShort() -> HoneyError { HoneyError.damaged("value runs past the end of its bytes") }

    @inline(never)
    private static func wrongLength(_ length: Int64) -> HoneyError {
        HoneyError.damaged("length of a value is wrong: \(length)")
    }
}
