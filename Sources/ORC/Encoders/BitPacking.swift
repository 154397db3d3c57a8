/// Packs integers of a fixed number of bits, big-endian.
enum BitPacking {
    /// Packs `count` values of a width that has a code, and returns how many bytes they took.
    static func pack(
        _ values: UnsafePointer<UInt64>, width: Int, count: Int, to target: UnsafeMutablePointer<UInt8>
    ) -> Int {
        if width & 7 == 0 { return packBytes(values, width >> 3, count, target) }
        // Widths that are no whole bytes are of at most 30 bits, so that seven more fit beside them.
        var bits: UInt64 = 0
        var bitCount = 0
        var written = 0
        for index in 0..<count {
            bits = bits &<< UInt64(width) | values[index]
            bitCount &+= width
            while bitCount >= 8 {
                bitCount &-= 8
                target[written] = UInt8(truncatingIfNeeded: bits &>> UInt64(bitCount))
                written &+= 1
            }
        }
        if bitCount > 0 {
            target[written] = UInt8(truncatingIfNeeded: bits &<< UInt64(8 &- bitCount))
            written &+= 1
        }
        return written
    }

    private static func packBytes(
        _ values: UnsafePointer<UInt64>, _ size: Int, _ count: Int, _ target: UnsafeMutablePointer<UInt8>
    ) -> Int {
        var next = target
        let shift = UInt64(64 - size * 8)
        for index in 0..<count {
            // All eight bytes are written; the next value's overwrite what is too many.
            UnsafeMutableRawPointer(next).storeBytes(of: (values[index] &<< shift).bigEndian, as: UInt64.self)
            next += size
        }
        return count * size
    }
}
