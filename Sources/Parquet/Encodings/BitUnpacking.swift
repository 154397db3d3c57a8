/// Bit-packed values, the first in the lowest bits; eight values of `width` bits take `width` bytes.
enum BitUnpacking {
    /// Unpacks values `first ..< first + count` of at most 32 bits; reads up to eight bytes past them.
    @inline(__always)
    static func unpack<T: FixedWidthInteger & BitwiseCopyable>(
        _ packed: UnsafePointer<UInt8>, from first: Int, count: Int, width: Int, into target: UnsafeMutablePointer<T>
    ) {
        let source = UnsafeRawPointer(packed)
        var index = first
        var written = 0
        // Values before the first whole group of eight.
        while index & 7 != 0 && written < count {
            target[written] = T(truncatingIfNeeded: value(source, index, width))
            index += 1
            written += 1
        }
        let groups = (count - written) >> 3
        let start = source + (index >> 3) * width
        switch width {
        case 1: unpackGroups(start, groups, 1, target + written)
        case 2: unpackGroups(start, groups, 2, target + written)
        case 3: unpackGroups(start, groups, 3, target + written)
        case 4: unpackGroups(start, groups, 4, target + written)
        case 5: unpackGroups(start, groups, 5, target + written)
        case 6: unpackGroups(start, groups, 6, target + written)
        case 7: unpackGroups(start, groups, 7, target + written)
        case 8: unpackGroups(start, groups, 8, target + written)
        case 9: unpackWideGroups(start, groups, 9, target + written)
        case 10: unpackWideGroups(start, groups, 10, target + written)
        case 11: unpackWideGroups(start, groups, 11, target + written)
        case 12: unpackWideGroups(start, groups, 12, target + written)
        case 13: unpackWideGroups(start, groups, 13, target + written)
        case 14: unpackWideGroups(start, groups, 14, target + written)
        case 15: unpackWideGroups(start, groups, 15, target + written)
        case 16: unpackWideGroups(start, groups, 16, target + written)
        case 17: unpackWideGroups(start, groups, 17, target + written)
        case 18: unpackWideGroups(start, groups, 18, target + written)
        case 19: unpackWideGroups(start, groups, 19, target + written)
        case 20: unpackWideGroups(start, groups, 20, target + written)
        default: unpackWideGroups(start, groups, width, target + written)
        }
        index += groups << 3
        written += groups << 3
        while written < count {
            target[written] = T(truncatingIfNeeded: value(source, index, width))
            index += 1
            written += 1
        }
    }

    @inline(__always)
    private static func value(_ source: UnsafeRawPointer, _ index: Int, _ width: Int) -> UInt64 {
        let bit = index &* width
        let word = source.loadUnaligned(fromByteOffset: bit >> 3, as: UInt64.self)
        return word >> UInt64(bit & 7) & (1 << UInt64(width) &- 1)
    }

    /// Groups of eight values of at most eight bits: one load each. A constant `width` makes the shifts constant.
    @inline(__always)
    private static func unpackGroups<T: FixedWidthInteger & BitwiseCopyable>(
        _ source: UnsafeRawPointer, _ groups: Int, _ width: Int, _ target: UnsafeMutablePointer<T>
    ) {
        let mask: UInt64 = 1 << UInt64(width) &- 1
        var source = source
        var target = target
        for _ in 0..<groups {
            let word = source.loadUnaligned(as: UInt64.self)
            target[0] = T(truncatingIfNeeded: word & mask)
            target[1] = T(truncatingIfNeeded: word &>> UInt64(width) & mask)
            target[2] = T(truncatingIfNeeded: word &>> UInt64(2 &* width) & mask)
            target[3] = T(truncatingIfNeeded: word &>> UInt64(3 &* width) & mask)
            target[4] = T(truncatingIfNeeded: word &>> UInt64(4 &* width) & mask)
            target[5] = T(truncatingIfNeeded: word &>> UInt64(5 &* width) & mask)
            target[6] = T(truncatingIfNeeded: word &>> UInt64(6 &* width) & mask)
            target[7] = T(truncatingIfNeeded: word &>> UInt64(7 &* width) & mask)
            source += width
            target += 8
        }
    }

    /// Groups of eight values of up to 32 bits: one load a value.
    @inline(__always)
    private static func unpackWideGroups<T: FixedWidthInteger & BitwiseCopyable>(
        _ source: UnsafeRawPointer, _ groups: Int, _ width: Int, _ target: UnsafeMutablePointer<T>
    ) {
        var source = source
        var target = target
        for _ in 0..<groups {
            target[0] = T(truncatingIfNeeded: value(source, 0, width))
            target[1] = T(truncatingIfNeeded: value(source, 1, width))
            target[2] = T(truncatingIfNeeded: value(source, 2, width))
            target[3] = T(truncatingIfNeeded: value(source, 3, width))
            target[4] = T(truncatingIfNeeded: value(source, 4, width))
            target[5] = T(truncatingIfNeeded: value(source, 5, width))
            target[6] = T(truncatingIfNeeded: value(source, 6, width))
            target[7] = T(truncatingIfNeeded: value(source, 7, width))
            source += width
            target += 8
        }
    }
}
