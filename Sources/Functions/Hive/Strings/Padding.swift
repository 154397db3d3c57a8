import HoneyCore
import HoneyPlan

/// Functions that cut or fill the ends of texts.
enum Padding {
    static let all: [any ScalarFunction] = [
        trimming("trim", atStart: true, atEnd: true, summary: "Removes spaces from both ends.", result: "bee"),
        trimming("ltrim", atStart: true, atEnd: false, summary: "Removes spaces from the start.", result: "bee  "),
        trimming("rtrim", atStart: false, atEnd: true, summary: "Removes spaces from the end.", result: "  bee"),
        padding("lpad", atStart: true, summary: "Fills a text at its start to a length, or cuts it.", result: "..bee"),
        padding("rpad", atStart: false, summary: "Fills a text at its end to a length, or cuts it.", result: "bee.."),
    ]

    private static func trimming(
        _ name: String, atStart: Bool, atEnd: Bool, summary: String, result: String
    ) -> SimpleFunction {
        SimpleFunction(
            name,
            FunctionDocumentation(
                .string, usage: "\(name)(text)", summary: summary,
                example: ("select concat('[', \(name)('  bee  '), ']')", "[\(result)]")),
            signatures: [Signature([.string], .string)]
        ) { site in
            RowKernel.bytes(site) { row, sink in
                var bytes = row.bytes(0)[...]
                if atStart { bytes = bytes.drop { $0 == 32 } }
                while atEnd, bytes.last == 32 { bytes.removeLast() }
                sink.append(UnsafeBufferPointer(rebasing: bytes))
                return true
            }
        }
    }

    private static func padding(_ name: String, atStart: Bool, summary: String, result: String) -> SimpleFunction {
        SimpleFunction(
            name,
            FunctionDocumentation(
                .string, usage: "\(name)(text, length[, fill])", summary: summary,
                example: ("select \(name)('bee', 5, '.')", result)),
            signatures: [Signature([.string, .int, .string], .string), Signature([.string, .int], .string)]
        ) { site in
            RowKernel.bytes(site) { row, sink in
                let text = row.bytes(0)
                let length = row.int(1)
                let count = CodePoints.count(text)
                guard length >= 0 else { return false }
                guard length <= CaseAndLength.maximumBytes else {
                    throw HoneyError(
                        .environment, "VALUE_TOO_LARGE", "\(name) is asked for a text of \(length) characters")
                }
                if length <= count {
                    sink.append(CodePoints.slice(text, start: 0, count: length))
                    return true
                }
                let fill = row.count > 2 ? Array(row.bytes(2)) : [32]
                guard !fill.isEmpty else { return false }
                if !atStart { sink.append(text) }
                appendFill(fill, count: length - count, to: &sink)
                if atStart { sink.append(text) }
                return true
            }
        }
    }

    /// Appends `count` code points of a text that is repeated as needed.
    private static func appendFill(_ fill: [UInt8], count: Int, to sink: inout ByteSink) {
        fill.withUnsafeBufferPointer { fill in
            let width = CodePoints.count(fill)
            guard width > 0 else { return }
            for _ in 0..<count / width { sink.append(fill) }
            sink.append(CodePoints.slice(fill, start: 0, count: count % width))
        }
    }
}
