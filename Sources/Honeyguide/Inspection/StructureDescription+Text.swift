import HoneyCore
public import HoneyStorage

extension StructureDescription {
    /// The description for people: a name and a value a line, parts indented below their whole.
    public var text: String {
        var lines: [String] = []
        appendLines(to: &lines, indent: 0)
        return lines.map { $0 + "\n" }.joined()
    }

    private func appendLines(to lines: inout [String], indent: Int) {
        let space = String(repeating: "  ", count: indent)
        switch self {
        case .record(let parts):
            for (name, value) in parts {
                if let scalar = value.scalar {
                    lines.append("\(space)\(name): \(scalar)")
                } else {
                    lines.append("\(space)\(name):")
                    value.appendLines(to: &lines, indent: indent + 1)
                }
            }
        case .list(let elements):
            for (index, element) in elements.enumerated() {
                if let scalar = element.oneLine {
                    lines.append("\(space)\(index): \(scalar)")
                } else {
                    lines.append("\(space)\(index):")
                    element.appendLines(to: &lines, indent: indent + 1)
                }
            }
        default: lines.append(space + (scalar ?? ""))
        }
    }

    /// The value on its name's line; nil for what has parts.
    private var scalar: String? {
        switch self {
        case .text(let text): text.contains("\n") ? json : text
        case .integer(let integer): String(integer)
        case .real(let real): String(real)
        case .boolean(let flag): flag ? "true" : "false"
        case .list(let elements): elements.isEmpty ? "none" : nil
        case .record(let parts): parts.isEmpty ? "none" : nil
        }
    }

    /// A scalar, or a record of scalars such as a block of a file, of which there are many.
    private var oneLine: String? {
        guard case .record(let parts) = self, !parts.isEmpty else { return scalar }
        var words: [String] = []
        for (name, value) in parts {
            switch value {
            case .list, .record: return nil
            default: words.append("\(name) \(value.scalar ?? "")")
            }
        }
        let line = words.joined(separator: ", ")
        return line.count <= 100 ? line : nil
    }

    /// The description as JSON on one line, members in their order.
    public var json: String {
        var sink = ByteSink()
        appendJSON(to: &sink)
        return sink.string
    }

    private func appendJSON(to sink: inout ByteSink) {
        switch self {
        case .text(let text): StructureDescription.appendQuoted(text, to: &sink)
        case .integer(let integer): IntegerText.append(Int64(integer), to: &sink)
        case .real(let real): sink.append(real.isFinite ? String(real) : "null")
        case .boolean(let flag): sink.append(flag ? "true" : "false")
        case .list(let elements):
            sink.append("[")
            for (index, element) in elements.enumerated() {
                if index > 0 { sink.append(",") }
                element.appendJSON(to: &sink)
            }
            sink.append("]")
        case .record(let parts):
            sink.append("{")
            for (index, (name, value)) in parts.enumerated() {
                if index > 0 { sink.append(",") }
                StructureDescription.appendQuoted(name, to: &sink)
                sink.append(":")
                value.appendJSON(to: &sink)
            }
            sink.append("}")
        }
    }

    private static func appendQuoted(_ text: String, to sink: inout ByteSink) {
        sink.append("\"")
        var text = text
        text.withUTF8 { bytes in
            for byte in bytes {
                switch byte {
                case UInt8(ascii: "\""): sink.append("\\\"")
                case UInt8(ascii: "\\"): sink.append("\\\\")
                case 0x0A: sink.append("\\n")
                case 0x0D: sink.append("\\r")
                case 0x09: sink.append("\\t")
                case 0..<0x20, 0x7F:
                    let digits = String(byte, radix: 16)
                    sink.append("\\u00" + (digits.utf8.count < 2 ? "0" : "") + digits)
                default: sink.append(byte)
                }
            }
        }
        sink.append("\"")
    }
}
