import NIOCore

extension ChecksumKind {
    /// The polynomial without its highest term, lowest bit first.
    private var polynomial: UInt32 { algorithm == .crc32 ? 0xEDB8_8320 : 0x82F6_3B78 }

    /// Multiplies two polynomials over GF(2) modulo the checksum's own.
    private func product(_ left: UInt32, _ right: UInt32) -> UInt32 {
        var (sum, right): (UInt32, UInt32) = (0, right)
        var bit: UInt32 = 1 << 31
        while bit != 0 {
            if left & bit != 0 { sum ^= right }
            right = right & 1 == 0 ? right >> 1 : (right >> 1) ^ polynomial
            bit >>= 1
        }
        return sum
    }

    /// What a checksum must be multiplied with so that so many more bytes fit behind it.
    func shift(over bytes: Int) -> UInt32 {
        var (result, power): (UInt32, UInt32) = (1 << 31, 1 << 23)
        var rest = bytes
        while rest > 0 {
            if rest & 1 == 1 { result = product(result, power) }
            power = product(power, power)
            rest >>= 1
        }
        return result
    }

    /// Tells the checksum of two parts together; `shift` is that over the bytes of the second one.
    func combine(_ first: UInt32, _ second: UInt32, shift: UInt32) -> UInt32 { product(first, shift) ^ second }
}
