import HoneyStorage

/// Writes levels and dictionary indexes as runs of eight or more and bit-packed groups; see `HybridDecoder` for the bytes.
enum HybridEncoder {
    /// Bits that values up to `most` take.
    static func width(of most: Int) -> Int { Int.bitWidth - most.leadingZeroBitCount }

    static func encode(_ values: UnsafePointer<Int32>, count: Int, width: Int, into bytes: ByteStore) {
        encodeValues(values, count, width, bytes)
    }

    static func encode(_ values: UnsafePointer<UInt8>, count: Int, width: Int, into bytes: ByteStore) {
        encodeValues(values, count, width, bytes)
    }

    @inline(__always)
    private static func encodeValues<T: FixedWidthInteger & BitwiseCopyable>(
        _ values: UnsafePointer<T>, _ count: Int, _ width: Int, _ bytes: ByteStore
    ) {
        var next = 0
        var packedStart = 0
        while next < count {
            let value = values[next]
            var run = 1
            while next + run < count, values[next + run] == value { run += 1 }
            if run >= 8 {
                pack(values + packedStart, next - packedStart, width, bytes)
                varint(UInt64(run) << 1, bytes)
                var rest = UInt32(truncatingIfNeeded: value)
                for _ in 0..<(width + 7) >> 3 {
                    bytes.append(UInt8(truncatingIfNeeded: rest))
                    rest >>= 8
                }
                next += run
                packedStart = next
            } else {
                next = min(next + 8, count)
            }
        }
        pack(values + packedStart, count - packedStart, width, bytes)
    }

    /// Writes values as groups of eight, the last filled up with zeros.
    @inline(__always)
    private static func pack<T: FixedWidthInteger & BitwiseCopyable>(
        _ values: UnsafePointer<T>, _ count: Int, _ width: Int, _ bytes: ByteStore
    ) {
        guard count > 0 else { return }
        let groups = (count + 7) >> 3
        varint(UInt64(groups) << 1 | 1, bytes)
        packBits(values, count, width, UnsafeMutableRawPointer(bytes.room(for: groups * width + 8)))
        bytes.advance(groups * width)
    }

    /// Packs values of at most 32 bits; writes up to eight bytes past them.
    @inline(__always)
    private static func packBits<T: FixedWidthInteger & BitwiseCopyable>(
        _ values: UnsafePointer<T>, _ count: Int, _ width: Int, _ target: UnsafeMutableRawPointer
    ) {
        var target = target
        var word: UInt64 = 0
        var bits = 0
        for index in 0..<count {
            word |= UInt64(UInt32(truncatingIfNeeded: values[index])) << UInt64(bits)
            bits &+= width
            if bits >= 32 {
                target.storeBytes(of: UInt32(truncatingIfNeeded: word), as: UInt32.self)
                target += 4
                word >>= 32
                bits &-= 32
            }
        }
        // Zeros fill the last group up.
        var left = (count + 7) / 8 * 8 * width - count * width + bits
        while left > 0 {
            target.storeBytes(of: UInt32(truncatingIfNeeded: word), as: UInt32.self)
            target += 4
            word >>= 32
            left -= 32
        }
    }

    static func varint(_ value: UInt64, _ bytes: ByteStore) {
        var value = value
        while value >= 0x80 {
            bytes.append(UInt8(truncatingIfNeeded: value) | 0x80)
            value >>= 7
        }
        bytes.append(UInt8(truncatingIfNeeded: value))
    }
}
