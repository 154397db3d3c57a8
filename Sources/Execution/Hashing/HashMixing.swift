import HoneyCore

/// Hashing by folded multiplication: both halves of a 128-bit product of the operands.
enum HashMixing {
    static let first: UInt64 = 0x9E37_79B9_7F4A_7C15
    static let second: UInt64 = 0xD6E8_FEB8_6659_FD93
    static let third: UInt64 = 0xA076_1D64_78BD_642F

    @inline(__always) static func fold(_ a: UInt64, _ b: UInt64) -> UInt64 {
        let product = a.multipliedFullWidth(by: b)
        return product.high ^ product.low
    }

    @inline(__always) static func hash(_ word: UInt64) -> UInt64 { fold(word ^ first, second) }

    @inline(__always) static func hash(_ a: UInt64, _ b: UInt64) -> UInt64 { fold(a ^ first, b ^ second) }

    @inline(__always) static func combine(_ hash: UInt64, _ a: UInt64, _ b: UInt64) -> UInt64 {
        fold(hash ^ a ^ third, b ^ second)
    }

    /// Hashes the content of a string longer than the inline capacity.
    static func hashLong(_ view: BytesView) -> UInt64 {
        view.withBytes { bytes in
            var hash = UInt64(truncatingIfNeeded: bytes.count) ^ third
            let base = UnsafeRawPointer(bytes.baseAddress!)
            var offset = 0
            while offset + 16 <= bytes.count {
                hash = fold(
                    hash ^ (base + offset).loadUnaligned(as: UInt64.self),
                    (base + offset + 8).loadUnaligned(as: UInt64.self) ^ second)
                offset += 16
            }
            // The last 16 bytes may overlap those already taken; long strings have at least 13.
            if bytes.count >= 16 {
                return fold(
                    hash ^ (base + (bytes.count - 16)).loadUnaligned(as: UInt64.self),
                    (base + (bytes.count - 8)).loadUnaligned(as: UInt64.self) ^ first)
            }
            return fold(
                hash ^ base.loadUnaligned(as: UInt64.self),
                (base + (bytes.count - 8)).loadUnaligned(as: UInt64.self) ^ first)
        }
    }
}
