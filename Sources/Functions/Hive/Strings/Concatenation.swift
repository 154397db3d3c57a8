import HoneyCore
import HoneyPlan

/// Functions that join and split texts.
enum Concatenation {
    static let all: [any ScalarFunction] = [
        SimpleFunction(
            "concat", aliases: ["||"],
            FunctionDocumentation(
                .string, usage: "concat(a, b, ...)", summary: "Joins texts, or binaries; null when one is null.",
                example: ("select concat('honey', 'guide')", "honeyguide")),
            signatures: [Signature([.binary], .binary), Signature([.string], .string)], isVariadic: true
        ) { site in
            RowKernel.bytes(site) { row, sink in
                for index in 0..<row.count { sink.append(row.bytes(index)) }
                return true
            }
        },
        ConcatWithSeparator(),
        SimpleFunction(
            "split",
            FunctionDocumentation(
                .string, usage: "split(text, pattern)", summary: "Splits a text where a regular expression matches.",
                example: ("select split('a1b22c', '[0-9]+')", "[\"a\",\"b\",\"c\"]")),
            signatures: [Signature([.string, .string], .array(.string))]
        ) { site in
            let patterns = PatternCache()
            return RowKernel.building(site) { row, builder in
                let parts = try patterns.split(row.string(0), by: row.string(1))
                for part in parts { builder.children[0].append(string: part) }
                builder.appendList(elementCount: parts.count)
            }
        },
        SimpleFunction(
            "str_to_map",
            FunctionDocumentation(
                .string, usage: "str_to_map(text[, pairDelimiter[, keyDelimiter]])",
                summary: "Makes a map of a text of pairs; the delimiters are ',' and ':' unless given.",
                example: ("select str_to_map('a:1,b:2')", "{\"a\":\"1\",\"b\":\"2\"}")),
            signatures: [
                Signature([.string], .map(key: .string, value: .string)),
                Signature([.string, .string], .map(key: .string, value: .string)),
                Signature([.string, .string, .string], .map(key: .string, value: .string)),
            ]
        ) { site in
            let patterns = PatternCache()
            return RowKernel.building(site) { row, builder in
                let pairs = try patterns.split(row.string(0), by: row.count > 1 ? row.string(1) : ",")
                var seen: Set<String> = []
                for pair in pairs {
                    let (key, value) = try patterns.splitOnce(pair, by: row.count > 2 ? row.string(2) : ":")
                    guard seen.insert(key).inserted else { continue }
                    builder.children[0].append(string: key)
                    if let value { builder.children[1].append(string: value) } else { builder.children[1].appendNull() }
                }
                builder.appendList(elementCount: seen.count)
            }
        },
    ]
}

/// `concat_ws(separator, text or array, …)`: skips nulls.
struct ConcatWithSeparator: ScalarFunction {
    let name = "concat_ws"
    let documentation = FunctionDocumentation(
        .string, usage: "concat_ws(separator, text or array, ...)",
        summary: "Joins texts and the elements of arrays of texts with a separator between them; skips nulls.",
        example: ("select concat_ws('-', 'a', null, array('b', 'c'))", "a-b-c"))

    func resolve(_ arguments: [Argument]) throws -> Signature {
        guard arguments.count >= 2 else {
            throw ArgumentErrors.count(of: name, usage: documentation.usage, arguments.count)
        }
        let types = try arguments.enumerated().map { index, argument in
            if index > 0, case .array(let element) = argument.type, element.isImplicitlyConvertible(to: .string) {
                return DataType.array(.string)
            }
            guard argument.type.isImplicitlyConvertible(to: .string) else {
                throw ArgumentErrors.types(of: name, usage: documentation.usage, arguments.map(\.type))
            }
            return .string
        }
        return Signature(types, .string)
    }

    func makeKernel(for site: CallSite) throws -> Kernel {
        let isArray = site.arguments.map { if case .array = $0.type { true } else { false } }
        return RowKernel.bytes(site, takesNulls: true) { row, sink in
            guard !row.isNull(0) else { return false }
            var isFirst = true
            func append(_ bytes: UnsafeBufferPointer<UInt8>) {
                if !isFirst { sink.append(row.bytes(0)) }
                isFirst = false
                sink.append(bytes)
            }
            for index in 1..<row.count where !row.isNull(index) {
                guard isArray[index] else {
                    append(row.bytes(index))
                    continue
                }
                let elements = row.columns[index].children[0]
                for element in row.list(index) where !elements.isNull(at: element) {
                    append(elements.bytes(at: element))
                }
            }
            return true
        }
    }
}
