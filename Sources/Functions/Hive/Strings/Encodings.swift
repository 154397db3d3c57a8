import Foundation
import HoneyCore
import HoneyPlan

/// Functions that write bytes and numbers in other alphabets.
enum Encodings {
    static let all: [any ScalarFunction] = [
        SimpleFunction(
            "base64",
            FunctionDocumentation(
                .string, usage: "base64(binary)", summary: "Writes bytes in base 64.",
                example: ("select base64(binary('honey'))", "aG9uZXk=")),
            signatures: [Signature([.binary], .string)]
        ) { site in RowKernel.string(site) { Data($0.bytes(0)).base64EncodedString() } },
        SimpleFunction(
            "unbase64",
            FunctionDocumentation(
                .string, usage: "unbase64(text)",
                summary: "Reads bytes written in base 64; other characters are passed over.",
                example: ("select cast(unbase64('aG9uZXk=') as string)", "honey")),
            signatures: [Signature([.string], .binary)]
        ) { site in
            RowKernel.bytes(site) { row, sink in
                guard let data = Data(base64Encoded: row.string(0), options: .ignoreUnknownCharacters) else {
                    return false
                }
                sink.append([UInt8](data))
                return true
            }
        },
        SimpleFunction(
            "hex",
            FunctionDocumentation(
                .string, usage: "hex(number, text or binary)",
                summary: "Writes a number, or each byte of a text, in hexadecimal.",
                example: ("select hex(255), hex('bee')", "FF\t626565")),
            signatures: [
                Signature([.bigint], .string), Signature([.string], .string), Signature([.binary], .string),
            ]
        ) { site in
            let isNumber = site.arguments[0].type == .bigint
            return RowKernel.bytes(site) { row, sink in
                if isNumber {
                    sink.append(String(UInt64(bitPattern: row.bigint(0)), radix: 16, uppercase: true))
                } else {
                    Hexadecimal.append(row.bytes(0), uppercase: true, to: &sink)
                }
                return true
            }
        },
        SimpleFunction(
            "unhex",
            FunctionDocumentation(
                .string, usage: "unhex(text)", summary: "Reads bytes written in hexadecimal; null when they are not.",
                example: ("select cast(unhex('626565') as string)", "bee")),
            signatures: [Signature([.string], .binary)]
        ) { site in
            RowKernel.bytes(site) { row, sink in
                let digits = row.bytes(0).map(Hexadecimal.value)
                guard !digits.contains(nil) else { return false }
                let padded = digits.count % 2 == 0 ? digits : [0] + digits
                for index in stride(from: 0, to: padded.count, by: 2) {
                    sink.append(padded[index]! << 4 | padded[index + 1]!)
                }
                return true
            }
        },
        SimpleFunction(
            "bin",
            FunctionDocumentation(
                .mathematical, usage: "bin(number)", summary: "Writes a number in binary.",
                example: ("select bin(13)", "1101")),
            signatures: [Signature([.bigint], .string)]
        ) { site in RowKernel.string(site) { String(UInt64(bitPattern: $0.bigint(0)), radix: 2) } },
        SimpleFunction(
            "conv",
            FunctionDocumentation(
                .mathematical, usage: "conv(number or text, fromBase, toBase)",
                summary: "Writes a number of one base in another, of 2 to 36; a negative target base keeps the sign.",
                example: ("select conv('100', 2, 10)", "4")),
            signatures: [Signature([.string, .int, .int], .string)]
        ) { site in RowKernel.string(site) { converted($0.string(0), from: $0.int(1), to: $0.int(2)) } },
        SimpleFunction(
            "encode",
            FunctionDocumentation(
                .string, usage: "encode(text, charset)",
                summary: "Writes a text as bytes of US-ASCII, ISO-8859-1, UTF-8, UTF-16BE, UTF-16LE or UTF-16.",
                example: ("select hex(encode('ä', 'ISO-8859-1'))", "E4")),
            signatures: [Signature([.string, .string], .binary)]
        ) { site in
            RowKernel.bytes(site) { row, sink in
                guard let data = row.string(0).data(using: try charset(row.string(1)), allowLossyConversion: true)
                else {
                    return false
                }
                sink.append([UInt8](data))
                return true
            }
        },
        SimpleFunction(
            "decode",
            FunctionDocumentation(
                .string, usage: "decode(binary, charset)",
                summary: "Reads a text from bytes of US-ASCII, ISO-8859-1, UTF-8, UTF-16BE, UTF-16LE or UTF-16.",
                example: ("select decode(unhex('E4'), 'ISO-8859-1')", "ä")),
            signatures: [Signature([.binary, .string], .string)]
        ) { site in
            RowKernel.string(site) { String(data: Data($0.bytes(0)), encoding: try charset($0.string(1))) }
        },
    ]

    private static func charset(_ name: String) throws -> String.Encoding {
        switch name.uppercased() {
        case "US-ASCII", "ASCII": return .ascii
        case "ISO-8859-1", "LATIN1": return .isoLatin1
        case "UTF-8", "UTF8": return .utf8
        case "UTF-16BE": return .utf16BigEndian
        case "UTF-16LE": return .utf16LittleEndian
        case "UTF-16": return .utf16
        default:
            throw HoneyError(
                .semantic, "UNKNOWN_CHARSET",
                "unknown charset: \(name) (known: US-ASCII, ISO-8859-1, UTF-8, UTF-16BE, UTF-16LE, UTF-16)")
        }
    }

    private static func converted(_ text: String, from: Int, to: Int) -> String? {
        guard (2...36).contains(from), (2...36).contains(abs(to)) else { return nil }
        let isNegative = text.hasPrefix("-")
        var value: UInt64 = 0
        for character in isNegative ? text.dropFirst() : text[...] {
            guard let digit = character.hexOrLetterValue, digit < from else { break }
            let (high, product) = value.multipliedFullWidth(by: UInt64(from))
            let (sum, overflow) = product.addingReportingOverflow(UInt64(digit))
            // As in Hive, what does not fit is the largest number.
            value = high != 0 || overflow ? UInt64.max : sum
        }
        if isNegative { value = 0 &- value }
        if to < 0, Int64(bitPattern: value) < 0 {
            return "-" + String(Int64(bitPattern: value).magnitude, radix: -to, uppercase: true)
        }
        return String(value, radix: abs(to), uppercase: true)
    }
}

extension Character {
    /// The value of a digit in bases up to 36.
    fileprivate var hexOrLetterValue: Int? {
        guard let byte = asciiValue else { return nil }
        switch byte {
        case 48...57: return Int(byte) - 48
        case 65...90: return Int(byte) - 55
        case 97...122: return Int(byte) - 87
        default: return nil
        }
    }
}
