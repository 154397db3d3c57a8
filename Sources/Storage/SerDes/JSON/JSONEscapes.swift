import HoneyCore

/// The escapes of JSON strings.
enum JSONEscapes {
    /// Bytes of the escape at `start`; nil when it is none, or is longer than `limit`.
    static func length(_ start: UnsafePointer<UInt8>, atMost limit: Int) -> Int? {
        guard limit >= 2 else { return nil }
        switch start[1] {
        case 0x22, 0x27, 0x2F, 0x5C, 0x62, 0x66, 0x6E, 0x72, 0x74: return 2
        case 0x75: return limit >= 6 && unit(start + 2) != nil ? 6 : nil
        default: return nil
        }
    }

    /// Reads four hexadecimal digits.
    private static func unit(_ start: UnsafePointer<UInt8>) -> UInt32? {
        var value: UInt32 = 0
        for index in 0..<4 {
            let byte = start[index]
            let letter = (byte | 0x20) &- 0x61
            guard byte &- 0x30 <= 9 || letter <= 5 else { return nil }
            value = value << 4 | UInt32(byte &- 0x30 <= 9 ? byte &- 0x30 : letter &+ 10)
        }
        return value
    }

    /// Writes what text with well-formed escapes stands for and returns how many bytes that are, which are never more than
    /// before. Half of a surrogate pair becomes U+FFFD.
    static func unescape(_ text: UnsafeBufferPointer<UInt8>, into target: UnsafeMutablePointer<UInt8>) -> Int {
        guard let base = text.baseAddress else { return 0 }
        var written = 0
        var index = 0
        while index < text.count {
            let byte = text[index]
            guard byte == 0x5C, let length = length(base + index, atMost: text.count - index) else {
                target[written] = byte
                written += 1
                index += 1
                continue
            }
            index += length
            if length == 2 {
                target[written] = simple(text[index - 1])
                written += 1
                continue
            }
            var value = unit(base + index - 4) ?? 0xFFFD
            if value >> 10 == 0x36 {
                // A high surrogate needs its low one.
                if text.count - index >= 6, text[index] == 0x5C, text[index + 1] == 0x75,
                    let low = unit(base + index + 2), low >> 10 == 0x37
                {
                    value = 0x10000 + (value & 0x3FF) << 10 + low & 0x3FF
                    index += 6
                } else {
                    value = 0xFFFD
                }
            } else if value >> 10 == 0x37 {
                value = 0xFFFD
            }
            written += append(value, at: target + written)
        }
        return written
    }

    private static func simple(_ letter: UInt8) -> UInt8 {
        switch letter {
        case 0x62: 0x08
        case 0x66: 0x0C
        case 0x6E: 0x0A
        case 0x72: 0x0D
        case 0x74: 0x09
        default: letter
        }
    }

    private static func append(_ value: UInt32, at target: UnsafeMutablePointer<UInt8>) -> Int {
        func tail(_ shift: UInt32) -> UInt8 { 0x80 | UInt8(truncatingIfNeeded: value >> shift & 0x3F) }
        if value < 0x80 {
            target[0] = UInt8(truncatingIfNeeded: value)
            return 1
        }
        if value < 0x800 {
            target[0] = 0xC0 | UInt8(truncatingIfNeeded: value >> 6)
            target[1] = tail(0)
            return 2
        }
        if value < 0x10000 {
            target[0] = 0xE0 | UInt8(truncatingIfNeeded: value >> 12)
            target[1] = tail(6)
            target[2] = tail(0)
            return 3
        }
        target[0] = 0xF0 | UInt8(truncatingIfNeeded: value >> 18)
        target[1] = tail(12)
        target[2] = tail(6)
        target[3] = tail(0)
        return 4
    }
}
