import HoneyCore

/// An eight-bit character set, by what its upper half means.
public struct Charset: Sendable {
    /// The code points of bytes 0x00 to 0xFF.
    let codePoints: [UInt16]
    /// The bytes of code points that have one, beyond ASCII.
    let bytes: [UInt32: UInt8]

    /// Finds a character set by a Java name; nil for UTF-8. Fails with `UNSUPPORTED_CHARSET`.
    public static func named(_ name: String) throws -> Charset? {
        switch name.lowercased() {
        case "utf-8", "utf8", "unicode-1-1-utf-8", "": return nil
        case "iso-8859-1", "iso8859_1", "iso8859-1", "iso_8859_1", "iso_8859-1", "latin1", "l1", "cp819", "8859_1":
            return latin1
        case "iso-8859-15", "iso8859_15", "iso8859-15", "latin9", "latin-9", "l9", "8859_15": return latin9
        case "windows-1252", "cp1252": return windows1252
        case "us-ascii", "ascii", "iso646-us", "ascii7": return ascii
        default:
            throw HoneyError(
                .data, "UNSUPPORTED_CHARSET",
                "unsupported serialization.encoding: \(name) (known: UTF-8, US-ASCII, ISO-8859-1, ISO-8859-15, windows-1252)"
            )
        }
    }

    /// Appends the UTF-8 of `source`.
    func appendUTF8(of source: UnsafeBufferPointer<UInt8>, to target: inout [UInt8]) {
        for byte in source {
            let point = codePoints[Int(byte)]
            if point < 0x80 {
                target.append(UInt8(truncatingIfNeeded: point))
            } else if point < 0x800 {
                target.append(0xC0 | UInt8(truncatingIfNeeded: point >> 6))
                target.append(0x80 | UInt8(truncatingIfNeeded: point & 0x3F))
            } else {
                target.append(0xE0 | UInt8(truncatingIfNeeded: point >> 12))
                target.append(0x80 | UInt8(truncatingIfNeeded: point >> 6 & 0x3F))
                target.append(0x80 | UInt8(truncatingIfNeeded: point & 0x3F))
            }
        }
    }

    /// Appends UTF-8 text in this character set; `?` stands for what it lacks.
    func appendBytes(ofUTF8 source: UnsafeBufferPointer<UInt8>, to target: inout [UInt8]) {
        for scalar in String(decoding: source, as: UTF8.self).unicodeScalars {
            if scalar.isASCII {
                target.append(UInt8(truncatingIfNeeded: scalar.value))
            } else {
                target.append(bytes[scalar.value] ?? 0x3F)
            }
        }
    }

    private init(upper: (Int) -> Int) {
        codePoints = (0..<256).map { UInt16($0 < 0x80 ? $0 : upper($0)) }
        var bytes: [UInt32: UInt8] = [:]
        for (byte, point) in codePoints.enumerated() where byte >= 0x80 && point != 0xFFFD {
            bytes[UInt32(point)] = UInt8(byte)
        }
        self.bytes = bytes
    }

    private static let latin1 = Charset { $0 }
    private static let ascii = Charset { _ in 0xFFFD }
    private static let latin9 = Charset { byte in
        [
            0xA4: 0x20AC, 0xA6: 0x160, 0xA8: 0x161, 0xB4: 0x17D, 0xB8: 0x17E, 0xBC: 0x152, 0xBD: 0x153, 0xBE: 0x178,
        ][byte] ?? byte
    }
    private static let windows1252 = Charset { byte in
        let low = [
            0x20AC, 0xFFFD, 0x201A, 0x192, 0x201E, 0x2026, 0x2020, 0x2021, 0x2C6, 0x2030, 0x160, 0x2039, 0x152, 0xFFFD,
            0x17D, 0xFFFD, 0xFFFD, 0x2018, 0x2019, 0x201C, 0x201D, 0x2022, 0x2013, 0x2014, 0x2DC, 0x2122, 0x161, 0x203A,
            0x153, 0xFFFD, 0x17E, 0x178,
        ]
        return byte < 0xA0 ? low[byte - 0x80] : byte
    }
}
