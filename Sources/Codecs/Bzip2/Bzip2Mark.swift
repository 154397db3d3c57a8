/// The marks of 48 bits with which bzip2's blocks, and the ends of its streams, begin at any bit.
///
/// ```
/// "BZh" '1'...'9'                header of a stream, from a whole byte
/// 31 41 59 26 53 59, u32 CRC     a block: its coded bits follow
/// 17 72 45 38 50 90, u32 CRC     the end of the stream; zero bits fill the last byte
/// ```
struct Bzip2Mark {
    enum Kind {
        case block
        case end
    }

    static let bits = 48
    static let block: UInt64 = 0x3141_5926_5359
    static let end: UInt64 = 0x1772_4538_5090

    var kind: Kind
    /// Where it begins, in bits.
    var position: Int

    /// What the third last byte of the bytes that a mark touches may be, one bit a value.
    private static let hints: [Bool] = {
        var hints = [Bool](repeating: false, count: 256)
        for shift in 0..<8 as Range<UInt64> {
            hints[Int(((block << shift) >> 16) & 0xFF)] = true
            hints[Int(((end << shift) >> 16) & 0xFF)] = true
        }
        return hints
    }()

    /// Finds the first mark that begins at bit `start` of the bytes or later, and lies within them.
    static func first(in bytes: UnsafeRawBufferPointer, from start: Int) -> Bzip2Mark? {
        let mask: UInt64 = (1 << 48) - 1
        return hints.withUnsafeBufferPointer { hints in
            // The bytes touched by a mark end at `last`, six or seven of them.
            var last = start / 8 + 5
            while last < bytes.count {
                if hints[Int(bytes[last - 2])] {
                    var window: UInt64 = 0
                    for index in max(last - 6, 0)...last { window = window << 8 | UInt64(bytes[index]) }
                    for shift in (0..<8).reversed() {
                        let found = window >> UInt64(shift) & mask
                        guard found == block || found == end else { continue }
                        let position = (last + 1) * 8 - shift - bits
                        if position >= start {
                            return Bzip2Mark(kind: found == block ? .block : .end, position: position)
                        }
                    }
                }
                last += 1
            }
            return nil
        }
    }
}
