/// Unpacks big-endian integers of a fixed number of bits.
enum BitUnpacking {
    /// Values that may be written past the last one.
    static let slack = 8

    /// Bits that a five-bit code of run-length coding means.
    static func width(of code: Int) -> Int { code < 24 ? code + 1 : widths[code - 24] }

    private static let widths = [26, 28, 30, 32, 40, 48, 56, 64]

    /// The next width that has a code.
    static func closestWidth(_ bits: Int) -> Int {
        if bits <= 24 { return max(bits, 1) }
        if bits <= 32 { return (bits + 1) & ~1 }
        return min((bits + 7) & ~7, 64)
    }

    /// The five-bit code of a width that has one.
    static func code(of width: Int) -> Int {
        if width <= 24 { return max(width, 1) - 1 }
        return width <= 32 ? 24 + (width - 26) / 2 : 28 + (width - 40) / 8
    }

    static func byteCount(_ count: Int, width: Int) -> Int { (count * width + 7) >> 3 }

    /// Unpacks `count` values; up to 64 bytes past theirs are read and up to seven values past the last are written.
    static func unpack(
        _ source: UnsafePointer<UInt8>, width: Int, count: Int, into target: UnsafeMutablePointer<Int64>
    ) {
        // The width is a constant in each case, so that its shifts are too.
        switch width {
        case 1: groups(source, 1, count, target)
        case 2: groups(source, 2, count, target)
        case 3: groups(source, 3, count, target)
        case 4: groups(source, 4, count, target)
        case 5: groups(source, 5, count, target)
        case 6: groups(source, 6, count, target)
        case 7: groups(source, 7, count, target)
        case 8: for index in 0..<count { target[index] = Int64(source[index]) }
        case 9: groups(source, 9, count, target)
        case 10: groups(source, 10, count, target)
        case 11: groups(source, 11, count, target)
        case 12: groups(source, 12, count, target)
        case 13: groups(source, 13, count, target)
        case 14: groups(source, 14, count, target)
        case 15: groups(source, 15, count, target)
        case 16:
            let values = UnsafeRawPointer(source)
            for index in 0..<count {
                let value = values.loadUnaligned(fromByteOffset: index &* 2, as: UInt16.self)
                target[index] = Int64(value.byteSwapped)
            }
        case 17: groups(source, 17, count, target)
        case 18: groups(source, 18, count, target)
        case 19: groups(source, 19, count, target)
        case 20: groups(source, 20, count, target)
        case 21: groups(source, 21, count, target)
        case 22: groups(source, 22, count, target)
        case 23: groups(source, 23, count, target)
        case 24: groups(source, 24, count, target)
        case 26: groups(source, 26, count, target)
        case 28: groups(source, 28, count, target)
        case 30: groups(source, 30, count, target)
        case 32:
            let values = UnsafeRawPointer(source)
            for index in 0..<count {
                let value = values.loadUnaligned(fromByteOffset: index &* 4, as: UInt32.self)
                target[index] = Int64(value.byteSwapped)
            }
        default: wholeBytes(source, width, count, target)
        }
    }

    /// Eight values take exactly `width` bytes.
    @inline(__always)
    private static func groups(
        _ source: UnsafePointer<UInt8>, _ width: Int, _ count: Int, _ target: UnsafeMutablePointer<Int64>
    ) {
        var bytes = UnsafeRawPointer(source)
        var row = 0
        while row < count {
            let out = target + row
            out[0] = value(bytes, 0, width)
            out[1] = value(bytes, width, width)
            out[2] = value(bytes, 2 &* width, width)
            out[3] = value(bytes, 3 &* width, width)
            out[4] = value(bytes, 4 &* width, width)
            out[5] = value(bytes, 5 &* width, width)
            out[6] = value(bytes, 6 &* width, width)
            out[7] = value(bytes, 7 &* width, width)
            bytes += width
            row &+= 8
        }
    }

    @inline(__always)
    private static func value(_ bytes: UnsafeRawPointer, _ bit: Int, _ width: Int) -> Int64 {
        let word = bytes.loadUnaligned(fromByteOffset: bit &>> 3, as: UInt64.self).byteSwapped
        return Int64(bitPattern: (word &<< UInt64(bit & 7)) &>> UInt64(64 &- width))
    }

    /// Widths of 40, 48, 56 and 64 bits.
    private static func wholeBytes(
        _ source: UnsafePointer<UInt8>, _ width: Int, _ count: Int, _ target: UnsafeMutablePointer<Int64>
    ) {
        let bytes = UnsafeRawPointer(source)
        let step = width &>> 3
        let shift = UInt64(64 &- width)
        for index in 0..<count {
            let word = bytes.loadUnaligned(fromByteOffset: index &* step, as: UInt64.self).byteSwapped
            target[index] = Int64(bitPattern: word &>> shift)
        }
    }
}
