import HoneyCore

/// Base64 as Hive's text format has it: written with padding, read with either alphabet, spaces and missing padding.
enum Base64 {
    private static let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)
    private static let padding: UInt8 = 0x3D
    private static let stranger: UInt8 = 0xFF
    private static let space: UInt8 = 0xFE
    private static let end: UInt8 = 0xFD

    /// What each byte is worth: 0…63, or one of the marks above.
    private static let values: [UInt8] = {
        var values = [UInt8](repeating: stranger, count: 256)
        for (value, byte) in alphabet.enumerated() { values[Int(byte)] = UInt8(value) }
        values[0x2D] = 62
        values[0x5F] = 63
        for byte in [0x20, 0x09, 0x0A, 0x0D] { values[byte] = space }
        values[Int(padding)] = end
        return values
    }()

    /// Tells whether every byte could be base64's.
    static func mayBe(_ text: UnsafeBufferPointer<UInt8>) -> Bool {
        text.allSatisfy { values[Int($0)] != stranger }
    }

    /// Writes the bytes that `text` stands for and returns how many; `target` has room for three a four.
    static func decode(_ text: UnsafeBufferPointer<UInt8>, into target: UnsafeMutablePointer<UInt8>) -> Int {
        var bits: UInt32 = 0
        var digits = 0
        var written = 0
        for byte in text {
            let value = values[Int(byte)]
            if value == end { break }
            if value == space { continue }
            bits = bits << 6 | UInt32(value)
            digits += 1
            if digits & 3 == 0 {
                target[written] = UInt8(truncatingIfNeeded: bits >> 16)
                target[written + 1] = UInt8(truncatingIfNeeded: bits >> 8)
                target[written + 2] = UInt8(truncatingIfNeeded: bits)
                written += 3
            }
        }
        // Two or three digits left over hold one or two bytes; one holds none.
        switch digits & 3 {
        case 2:
            target[written] = UInt8(truncatingIfNeeded: bits >> 4)
            return written + 1
        case 3:
            target[written] = UInt8(truncatingIfNeeded: bits >> 10)
            target[written + 1] = UInt8(truncatingIfNeeded: bits >> 2)
            return written + 2
        default:
            return written
        }
    }

    /// Appends the text of `bytes`, padded.
    static func append(_ bytes: UnsafeBufferPointer<UInt8>, to sink: inout ByteSink) {
        var index = 0
        while index < bytes.count {
            let left = bytes.count - index
            let second = left > 1 ? bytes[index + 1] : 0
            let third = left > 2 ? bytes[index + 2] : 0
            let bits = UInt32(bytes[index]) << 16 | UInt32(second) << 8 | UInt32(third)
            sink.append(alphabet[Int(bits >> 18)])
            sink.append(alphabet[Int(bits >> 12 & 63)])
            sink.append(left > 1 ? alphabet[Int(bits >> 6 & 63)] : padding)
            sink.append(left > 2 ? alphabet[Int(bits & 63)] : padding)
            index += 3
        }
    }
}
