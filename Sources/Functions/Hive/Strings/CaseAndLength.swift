import HoneyCore
import HoneyPlan

/// Functions of a text's case and length.
enum CaseAndLength {
    static let all: [any ScalarFunction] = [
        SimpleFunction(
            "lower", aliases: ["lcase"],
            FunctionDocumentation(
                .string, usage: "lower(text)", summary: "Turns every letter into lower case.",
                example: ("select lower('HoNeY')", "honey")),
            signatures: [Signature([.string], .string)]
        ) { site in changing(site, asciiRange: UInt8(ascii: "A")...UInt8(ascii: "Z")) { $0.lowercased() } },
        SimpleFunction(
            "upper", aliases: ["ucase"],
            FunctionDocumentation(
                .string, usage: "upper(text)", summary: "Turns every letter into upper case.",
                example: ("select upper('honey')", "HONEY")),
            signatures: [Signature([.string], .string)]
        ) { site in changing(site, asciiRange: UInt8(ascii: "a")...UInt8(ascii: "z")) { $0.uppercased() } },
        SimpleFunction(
            "initcap",
            FunctionDocumentation(
                .string, usage: "initcap(text)",
                summary: "Begins each word with an upper-case letter and continues it in lower case.",
                example: ("select initcap('the hONEY guide')", "The Honey Guide")),
            signatures: [Signature([.string], .string)]
        ) { site in RowKernel.string(site) { capitalized($0.string(0)) } },
        SimpleFunction(
            "length", aliases: ["char_length", "character_length"],
            FunctionDocumentation(
                .string, usage: "length(text or binary)",
                summary: "Counts the code points of a text or the bytes of a binary.",
                example: ("select length('näive')", "5")),
            signatures: [Signature([.string], .int), Signature([.binary], .int)]
        ) { site in
            let isText = site.arguments[0].type != .binary
            return RowKernel.values(site, Int32.self) { row in
                let bytes = row.bytes(0)
                return Int32(truncatingIfNeeded: isText ? CodePoints.count(bytes) : bytes.count)
            }
        },
        SimpleFunction(
            "octet_length",
            FunctionDocumentation(
                .string, usage: "octet_length(text or binary)", summary: "Counts the bytes of a value.",
                example: ("select octet_length('ä')", "2")),
            signatures: [Signature([.string], .int), Signature([.binary], .int)]
        ) { site in RowKernel.values(site, Int32.self) { Int32(truncatingIfNeeded: $0.bytes(0).count) } },
        SimpleFunction(
            "reverse",
            FunctionDocumentation(
                .string, usage: "reverse(text)", summary: "Writes the code points in reverse order.",
                example: ("select reverse('drawer')", "reward")),
            signatures: [Signature([.string], .string)]
        ) { site in
            RowKernel.bytes(site) { row, sink in
                CodePoints.reverse(row.bytes(0), into: &sink)
                return true
            }
        },
        SimpleFunction(
            "ascii",
            FunctionDocumentation(
                .string, usage: "ascii(text)", summary: "Gives the first byte of a text, or 0 of an empty one.",
                example: ("select ascii('A')", "65")),
            signatures: [Signature([.string], .int)]
        ) { site in RowKernel.values(site, Int32.self) { $0.bytes(0).first.map { Int32(Int8(bitPattern: $0)) } ?? 0 } },
        SimpleFunction(
            "chr", aliases: ["char"],
            FunctionDocumentation(
                .string, usage: "chr(number)",
                summary: "Gives the character of a number modulo 256; empty when negative.",
                example: ("select chr(72)", "H")),
            signatures: [Signature([.bigint], .string)]
        ) { site in
            RowKernel.string(site) { row in
                let number = row.bigint(0)
                return number < 0 ? "" : String(UnicodeScalar(UInt8(truncatingIfNeeded: number & 0xFF)))
            }
        },
        SimpleFunction(
            "space",
            FunctionDocumentation(
                .string, usage: "space(count)", summary: "Gives as many spaces as asked.",
                example: ("select concat('[', space(3), ']')", "[   ]")),
            signatures: [Signature([.int], .string)]
        ) { site in
            RowKernel.bytes(site) { row, sink in
                try appendRepeated(bytes: [32], times: row.int(0), to: &sink)
            }
        },
        SimpleFunction(
            "repeat",
            FunctionDocumentation(
                .string, usage: "repeat(text, times)", summary: "Writes a text several times over.",
                example: ("select repeat('ab', 3)", "ababab")),
            signatures: [Signature([.string, .int], .string)]
        ) { site in
            RowKernel.bytes(site) { row, sink in
                try appendRepeated(bytes: Array(row.bytes(0)), times: row.int(1), to: &sink)
            }
        },
    ]

    /// The largest text that a function makes out of small arguments.
    static let maximumBytes = 1 << 28

    static func appendRepeated(bytes: [UInt8], times: Int, to sink: inout ByteSink) throws -> Bool {
        guard times > 0, !bytes.isEmpty else { return true }
        guard times <= maximumBytes / bytes.count else {
            throw HoneyError(
                .environment, "VALUE_TOO_LARGE",
                "a text would have more than \(maximumBytes >> 20) MiB: \(times) times \(bytes.count) bytes")
        }
        for _ in 0..<times { sink.append(bytes) }
        return true
    }

    private static func changing(
        _ site: CallSite, asciiRange: ClosedRange<UInt8>, _ change: @escaping (String) -> String
    ) -> Kernel {
        RowKernel.bytes(site) { row, sink in
            let bytes = row.bytes(0)
            if bytes.allSatisfy({ $0 < 0x80 }) {
                for byte in bytes { sink.append(asciiRange.contains(byte) ? byte ^ 0x20 : byte) }
            } else {
                sink.append(change(row.string(0)))
            }
            return true
        }
    }

    private static func capitalized(_ text: String) -> String {
        var isInWord = false
        var result = ""
        for character in text {
            result += isInWord ? character.lowercased() : character.uppercased()
            isInWord = !character.isWhitespace
        }
        return result
    }
}
