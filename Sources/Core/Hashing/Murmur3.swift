/// The 32-bit Murmur3 hash as Hive computes it: bytes of the last, incomplete word are taken with their sign.
public enum Murmur3 {
    /// The seed that Hive uses for buckets.
    public static let hiveSeed: Int32 = 104_729

    public static func hash(_ bytes: UnsafeBufferPointer<UInt8>, seed: Int32 = hiveSeed) -> Int32 {
        var hash = UInt32(bitPattern: seed)
        let words = bytes.count / 4
        if let base = bytes.baseAddress {
            let raw = UnsafeRawPointer(base)
            for word in 0..<words {
                let value = UInt32(littleEndian: raw.loadUnaligned(fromByteOffset: word * 4, as: UInt32.self))
                hash ^= mixed(value)
                hash = rotated(hash, 13) &* 5 &+ 0xE654_6B64
            }
        }
        let rest = words * 4
        if rest < bytes.count {
            var tail: UInt32 = 0
            for offset in (0..<bytes.count - rest).reversed() {
                let signed = Int32(Int8(bitPattern: bytes[rest + offset]))
                tail ^= UInt32(bitPattern: signed << Int32(offset * 8))
            }
            hash ^= mixed(tail)
        }
        hash ^= UInt32(truncatingIfNeeded: bytes.count)
        hash = (hash ^ hash >> 16) &* 0x85EB_CA6B
        hash = (hash ^ hash >> 13) &* 0xC2B2_AE35
        return Int32(bitPattern: hash ^ hash >> 16)
    }

    @inline(__always) private static func mixed(_ word: UInt32) -> UInt32 {
        rotated(word &* 0xCC9E_2D51, 15) &* 0x1B87_3593
    }

    @inline(__always) private static func rotated(_ word: UInt32, _ bits: UInt32) -> UInt32 {
        word << bits | word >> (32 - bits)
    }
}
