import HoneyStorage

/// Writes whole numbers as bit-packed differences, in blocks of 128 with four miniblocks; see `DeltaDecoder` for the bytes.
enum DeltaEncoder {
    private static let blockValues = 128
    private static let miniblocks = 4
    private static let miniblockValues = blockValues / miniblocks

    static func encode(_ values: UnsafePointer<Int64>, count: Int, into bytes: ByteStore) {
        HybridEncoder.varint(UInt64(blockValues), bytes)
        HybridEncoder.varint(UInt64(miniblocks), bytes)
        HybridEncoder.varint(UInt64(count), bytes)
        zigzag(count > 0 ? values[0] : 0, bytes)
        var next = 1
        withUnsafeTemporaryAllocation(of: Int64.self, capacity: blockValues) { differences in
            while next < count {
                let run = min(blockValues, count - next)
                var least = Int64.max
                for index in 0..<run {
                    let difference = values[next + index] &- values[next + index - 1]
                    differences[index] = difference
                    least = min(least, difference)
                }
                encodeBlock(differences.baseAddress!, run, least, bytes)
                next += run
            }
        }
    }

    private static func encodeBlock(
        _ differences: UnsafeMutablePointer<Int64>, _ count: Int, _ least: Int64, _ bytes: ByteStore
    ) {
        zigzag(least, bytes)
        let widths = bytes.count
        for _ in 0..<miniblocks { bytes.append(0) }
        for miniblock in 0..<miniblocks {
            let start = miniblock * miniblockValues
            let run = min(miniblockValues, count - start)
            guard run > 0 else { break }
            var all: UInt64 = 0
            for index in start..<start + run { all |= UInt64(bitPattern: differences[index] &- least) }
            let width = 64 - all.leadingZeroBitCount
            bytes.base[widths + miniblock] = UInt8(width)
            pack(differences + start, run, least, width, bytes)
        }
    }

    private static func pack(
        _ differences: UnsafePointer<Int64>, _ count: Int, _ least: Int64, _ width: Int, _ bytes: ByteStore
    ) {
        var word: UInt128 = 0
        var bits = 0
        for index in 0..<miniblockValues {
            let value = index < count ? UInt64(bitPattern: differences[index] &- least) : 0
            word |= UInt128(value) << UInt128(bits)
            bits += width
            while bits >= 8 {
                bytes.append(UInt8(truncatingIfNeeded: word))
                word >>= 8
                bits -= 8
            }
        }
    }

    private static func zigzag(_ value: Int64, _ bytes: ByteStore) {
        HybridEncoder.varint(UInt64(bitPattern: value << 1 ^ value >> 63), bytes)
    }
}
