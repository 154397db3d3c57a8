import HoneyCore
import HoneyStorage

/// Runs of the second version. The first two bits tell which kind; `W` is a width by its code, `L` a length less one.
///
/// ```
/// 00 short repeat   3 bits bytes - 1, 3 bits count - 3; the value, big-endian
/// 01 direct         5 bits W, 9 bits L; L + 1 values of W bits
/// 10 patched base   5 bits W, 9 bits L; 3 bits bytes of the base - 1, 5 bits patch width;
///                   3 bits gap width - 1, 5 bits patches; the base (its top bit: negative);
///                   L + 1 values of W bits above the base; patches: gap and what goes above the W bits
/// 11 delta          5 bits W (0: all deltas are the first), 9 bits L; varint base; signed varint first delta;
///                   L - 1 deltas of W bits, which have the sign of the first
/// ```
enum IntegerRunsV2 {
    @inline(__always)
    static func length(_ start: UnsafePointer<UInt8>) -> Int {
        let first = Int(start[0])
        if first < 0x40 { return first & 7 &+ 3 }
        return ((first & 1) &<< 8 | Int(start[1])) &+ 1
    }

    /// Bytes of a run whose header tells them; nil for others.
    static func fixedByteCount(_ start: UnsafePointer<UInt8>) -> Int? {
        let first = Int(start[0])
        switch first >> 6 {
        case 0: return 1 + (first >> 3 & 7) + 1
        case 1: return 2 + BitUnpacking.byteCount(length(start), width: BitUnpacking.width(of: first >> 1 & 31))
        default: return nil
        }
    }

    static func read(
        _ next: inout UnsafePointer<UInt8>, _ end: UnsafePointer<UInt8>, isSigned: Bool,
        into target: UnsafeMutablePointer<Int64>
    ) throws {
        switch next[0] >> 6 {
        case 0: try readShortRepeat(&next, end, isSigned, target)
        case 1: try readDirect(&next, end, isSigned, target)
        case 2: try readPatchedBase(&next, end, target)
        default: try readDelta(&next, end, isSigned, target)
        }
    }

    /// Reads a run whose values are all the same as its header says; nil for others.
    static func readRepeated(
        _ next: inout UnsafePointer<UInt8>, _ end: UnsafePointer<UInt8>, isSigned: Bool
    ) throws -> Int64? {
        let first = next[0]
        if first < 0x40 { return try readRepeatedValue(&next, end, isSigned) }
        // A delta run of equal deltas, which are 0.
        guard first & 0xFE == 0xC0 else { return nil }
        next += 2
        let bits = try Varints.unsigned(&next, end)
        guard try Varints.signed(&next, end) == 0 else { return nil }
        return isSigned ? Varints.fromZigzag(bits) : Int64(bitPattern: bits)
    }

    private static func readRepeatedValue(
        _ next: inout UnsafePointer<UInt8>, _ end: UnsafePointer<UInt8>, _ isSigned: Bool
    ) throws -> Int64 {
        let size = Int(next[0] >> 3 & 7) + 1
        next += 1
        let bits = try bigEndian(&next, end, byteCount: size)
        return isSigned ? Varints.fromZigzag(bits) : Int64(bitPattern: bits)
    }

    private static func readShortRepeat(
        _ next: inout UnsafePointer<UInt8>, _ end: UnsafePointer<UInt8>, _ isSigned: Bool,
        _ target: UnsafeMutablePointer<Int64>
    ) throws {
        let count = length(next)
        let value = try readRepeatedValue(&next, end, isSigned)
        for index in 0..<count { target[index] = value }
    }

    private static func readDirect(
        _ next: inout UnsafePointer<UInt8>, _ end: UnsafePointer<UInt8>, _ isSigned: Bool,
        _ target: UnsafeMutablePointer<Int64>
    ) throws {
        let count = length(next)
        let width = BitUnpacking.width(of: Int(next[0] >> 1 & 31))
        next += 2
        try unpack(&next, end, width: width, count: count, into: target)
        if isSigned {
            for index in 0..<count { target[index] = Varints.fromZigzag(UInt64(bitPattern: target[index])) }
        }
    }

    private static func readPatchedBase(
        _ next: inout UnsafePointer<UInt8>, _ end: UnsafePointer<UInt8>, _ target: UnsafeMutablePointer<Int64>
    ) throws {
        guard end - next >= 4 else { throw StreamBytes.endsEarly() }
        let count = length(next)
        let width = BitUnpacking.width(of: Int(next[0] >> 1 & 31))
        let baseBytes = Int(next[2] >> 5) + 1
        let patchWidth = BitUnpacking.width(of: Int(next[2] & 31))
        let gapWidth = Int(next[3] >> 5) + 1
        let patches = Int(next[3] & 31)
        next += 4
        guard patchWidth + gapWidth <= 64 else { throw HoneyError.damaged("patches are wider than 64 bits") }
        let bits = try bigEndian(&next, end, byteCount: baseBytes)
        let sign = UInt64(1) << UInt64(baseBytes * 8 - 1)
        let magnitude = Int64(bitPattern: bits & ~sign)
        let base = bits & sign == 0 ? magnitude : 0 &- magnitude
        try unpack(&next, end, width: width, count: count, into: target)
        try withUnsafeTemporaryAllocation(of: Int64.self, capacity: 32 + BitUnpacking.slack) { list in
            let entries = list.baseAddress!
            try unpack(
                &next, end, width: BitUnpacking.closestWidth(patchWidth + gapWidth), count: patches, into: entries)
            var row = 0
            for index in 0..<patches {
                let entry = UInt64(bitPattern: entries[index])
                // A shift by 64 gives 0 here, as it should.
                row += Int(truncatingIfNeeded: entry >> UInt64(patchWidth))
                let patch = entry & (UInt64(1) << UInt64(patchWidth) &- 1)
                guard row < count else { throw HoneyError.damaged("patch is past the end of its run") }
                target[row] |= Int64(bitPattern: patch << UInt64(width))
            }
        }
        for index in 0..<count { target[index] &+= base }
    }

    private static func readDelta(
        _ next: inout UnsafePointer<UInt8>, _ end: UnsafePointer<UInt8>, _ isSigned: Bool,
        _ target: UnsafeMutablePointer<Int64>
    ) throws {
        let count = length(next)
        let code = Int(next[0] >> 1 & 31)
        next += 2
        let bits = try Varints.unsigned(&next, end)
        let first = isSigned ? Varints.fromZigzag(bits) : Int64(bitPattern: bits)
        let delta = try Varints.signed(&next, end)
        if code == 0 {
            var value = first
            for index in 0..<count {
                target[index] = value
                value &+= delta
            }
            return
        }
        target[0] = first
        guard count > 1 else { return }
        var value = first &+ delta
        target[1] = value
        try unpack(&next, end, width: BitUnpacking.width(of: code), count: count - 2, into: target + 2)
        if delta < 0 {
            for index in 2..<max(count, 2) {
                value &-= target[index]
                target[index] = value
            }
        } else {
            for index in 2..<max(count, 2) {
                value &+= target[index]
                target[index] = value
            }
        }
    }

    @inline(__always)
    private static func unpack(
        _ next: inout UnsafePointer<UInt8>, _ end: UnsafePointer<UInt8>, width: Int, count: Int,
        into target: UnsafeMutablePointer<Int64>
    ) throws {
        guard count > 0 else { return }
        let byteCount = BitUnpacking.byteCount(count, width: width)
        guard byteCount <= end - next else { throw StreamBytes.endsEarly() }
        BitUnpacking.unpack(next, width: width, count: count, into: target)
        next += byteCount
    }

    private static func bigEndian(
        _ next: inout UnsafePointer<UInt8>, _ end: UnsafePointer<UInt8>, byteCount: Int
    ) throws -> UInt64 {
        guard byteCount <= end - next else { throw StreamBytes.endsEarly() }
        var value: UInt64 = 0
        for index in 0..<byteCount { value = value << 8 | UInt64(next[index]) }
        next += byteCount
        return value
    }
}
