import HoneyCore
import HoneyPlan

/// Functions that look for texts in texts.
enum Searching {
    static let all: [any ScalarFunction] = [
        SimpleFunction(
            "instr",
            FunctionDocumentation(
                .string, usage: "instr(text, part)",
                summary: "Gives the position of the first occurrence of a part, from 1; 0 when there is none.",
                example: ("select instr('honeyguide', 'guide')", "6")),
            signatures: [Signature([.string, .string], .int)]
        ) { site in RowKernel.values(site, Int32.self) { position(of: $0.bytes(1), in: $0.bytes(0), from: 1) } },
        SimpleFunction(
            "locate",
            FunctionDocumentation(
                .string, usage: "locate(part, text[, start])",
                summary:
                    "Gives the position of the first occurrence of a part at or after a start, from 1; 0 when there is none.",
                example: ("select locate('e', 'honeyguide', 5)", "10")),
            signatures: [Signature([.string, .string], .int), Signature([.string, .string, .int], .int)]
        ) { site in
            RowKernel.values(site, Int32.self) { row in
                position(of: row.bytes(0), in: row.bytes(1), from: row.count > 2 ? row.int(2) : 1)
            }
        },
        SimpleFunction(
            "replace",
            FunctionDocumentation(
                .string, usage: "replace(text, part, replacement)", summary: "Replaces every occurrence of a part.",
                example: ("select replace('a-b-c', '-', '+')", "a+b+c")),
            signatures: [Signature([.string, .string, .string], .string)]
        ) { site in
            RowKernel.bytes(site) { row, sink in
                let (text, part) = (row.bytes(0), row.bytes(1))
                var offset = 0
                while part.count > 0, let place = CodePoints.find(part, in: text, from: offset) {
                    sink.append(UnsafeBufferPointer(rebasing: text[offset..<place]))
                    sink.append(row.bytes(2))
                    offset = place + part.count
                }
                sink.append(UnsafeBufferPointer(rebasing: text[offset...]))
                return true
            }
        },
        SimpleFunction(
            "translate",
            FunctionDocumentation(
                .string, usage: "translate(text, from, to)",
                summary:
                    "Replaces each character of `from` by the one at its place in `to`, or drops it when there is none.",
                example: ("select translate('honey', 'hoy', 'HO')", "HOne")),
            signatures: [Signature([.string, .string, .string], .string)]
        ) { site in
            RowKernel.string(site) { row in
                let to = Array(row.string(2).unicodeScalars)
                var map: [UnicodeScalar: UnicodeScalar?] = [:]
                for (index, scalar) in row.string(1).unicodeScalars.enumerated() where map[scalar] == nil {
                    map[scalar] = .some(index < to.count ? to[index] : nil)
                }
                var result = String.UnicodeScalarView()
                for scalar in row.string(0).unicodeScalars {
                    if let replacement = map[scalar, default: scalar] { result.append(replacement) }
                }
                return String(result)
            }
        },
        SimpleFunction(
            "levenshtein",
            FunctionDocumentation(
                .string, usage: "levenshtein(a, b)",
                summary: "Counts the insertions, deletions and replacements that turn one text into another.",
                example: ("select levenshtein('kitten', 'sitting')", "3")),
            signatures: [Signature([.string, .string], .int)]
        ) { site in
            RowKernel.values(site, Int32.self) { row in
                editDistance(Array(row.string(0).unicodeScalars), Array(row.string(1).unicodeScalars))
            }
        },
        SimpleFunction(
            "soundex",
            FunctionDocumentation(
                .string, usage: "soundex(word)",
                summary: "Gives a code of four characters that words of like sound share.",
                example: ("select soundex('Miller')", "M460")),
            signatures: [Signature([.string], .string)]
        ) { site in RowKernel.string(site) { soundex($0.string(0)) } },
    ]

    private static func position(
        of part: UnsafeBufferPointer<UInt8>, in text: UnsafeBufferPointer<UInt8>, from start: Int
    ) -> Int32 {
        guard start >= 1 else { return 0 }
        let offset = CodePoints.offset(of: start - 1, in: text)
        guard start == 1 || offset < text.count, let place = CodePoints.find(part, in: text, from: offset) else {
            return 0
        }
        return Int32(truncatingIfNeeded: CodePoints.count(UnsafeBufferPointer(rebasing: text[..<place])) + 1)
    }

    private static func editDistance(_ a: [UnicodeScalar], _ b: [UnicodeScalar]) -> Int32 {
        var row = Array(0...b.count)
        for (i, x) in a.enumerated() {
            var diagonal = row[0]
            row[0] = i + 1
            for (j, y) in b.enumerated() {
                let substitution = diagonal + (x == y ? 0 : 1)
                diagonal = row[j + 1]
                row[j + 1] = min(substitution, row[j] + 1, row[j + 1] + 1)
            }
        }
        return Int32(truncatingIfNeeded: row[b.count])
    }

    /// American Soundex: the first letter, then digits for the consonants that follow; vowels separate, h and w do not.
    private static func soundex(_ word: String) -> String? {
        let codes = Dictionary(uniqueKeysWithValues: zip("ABCDEFGHIJKLMNOPQRSTUVWXYZ", "01230120022455012623010202"))
        let letters = word.uppercased().filter { $0.isASCII && $0.isLetter }
        guard let first = letters.first else { return word.isEmpty ? "" : nil }
        var result = String(first)
        var last = codes[first]
        for letter in letters.dropFirst() {
            guard let code = codes[letter] else { continue }
            if code != "0" && code != last { result.append(code) }
            if letter != "H" && letter != "W" { last = code }
        }
        return String((result + "000").prefix(4))
    }
}
