import HoneyCore
import HoneyPlan

/// `get_json_object(text, path)` with the paths Hive has: `$`, `.name`, `['name']`, `[n]`, `[*]`.
enum JSONPath {
    static let all: [any ScalarFunction] = [
        SimpleFunction(
            "get_json_object",
            FunctionDocumentation(
                .string, usage: "get_json_object(text, path)",
                summary: "Takes a part of a JSON text by a path such as $.a.b[0]; null when it is not there.",
                example: ("select get_json_object('{\"a\": {\"b\": [1, 2]}}', '$.a.b[1]')", "2")),
            signatures: [Signature([.string, .string], .string)]
        ) { site in
            RowKernel.string(site) { row in
                guard let steps = steps(of: row.string(1)) else { return nil }
                var reader = JSONReader(Array(row.bytes(0)))
                guard let value = reader.readDocument() else { return nil }
                return select(steps[...], in: value)?.text
            }
        }
    ]

    enum Step: Equatable {
        case member(String)
        case element(Int)
        case everyElement
    }

    /// Reads a path; nil when it is none.
    static func steps(of path: String) -> [Step]? {
        guard path.hasPrefix("$") else { return nil }
        var steps: [Step] = []
        var rest = path.dropFirst()
        while let first = rest.first {
            rest.removeFirst()
            if first == "." {
                let name = rest.prefix { $0 != "." && $0 != "[" }
                guard !name.isEmpty else { return nil }
                steps.append(name == "*" ? .everyElement : .member(String(name)))
                rest = rest.dropFirst(name.count)
            } else if first == "[", let end = rest.firstIndex(of: "]") {
                let inside = rest[..<end]
                rest = rest[rest.index(after: end)...]
                if inside == "*" {
                    steps.append(.everyElement)
                } else if let index = Int(inside), index >= 0 {
                    steps.append(.element(index))
                } else if inside.count >= 2, inside.first == "'", inside.last == "'" {
                    steps.append(.member(String(inside.dropFirst().dropLast())))
                } else {
                    return nil
                }
            } else {
                return nil
            }
        }
        return steps
    }

    private static func select(_ steps: ArraySlice<Step>, in value: JSONValue) -> JSONValue? {
        guard let step = steps.first else { return value }
        let rest = steps.dropFirst()
        switch (step, value) {
        case (.member(let name), .object(let members)):
            return members.last { $0.key == name }.flatMap { select(rest, in: $0.value) }
        case (.member, .array(let elements)):
            // As in Hive, a name applied to an array means that member of each element.
            return collected(elements.compactMap { select(steps, in: $0) })
        case (.element(let index), .array(let elements)):
            return index < elements.count ? select(rest, in: elements[index]) : nil
        case (.everyElement, .array(let elements)): return collected(elements.compactMap { select(rest, in: $0) })
        default: return nil
        }
    }

    private static func collected(_ values: [JSONValue]) -> JSONValue? {
        values.isEmpty ? nil : values.count == 1 ? values[0] : .array(values)
    }
}

/// A JSON value; numbers keep their text.
indirect enum JSONValue {
    case null
    case literal(String)
    case string(String)
    case array([JSONValue])
    case object([(key: String, value: JSONValue)])

    /// The value as a result: strings without quotes, `null` as nil.
    var text: String? {
        switch self {
        case .null: nil
        case .string(let text): text
        default: json
        }
    }

    private var json: String {
        switch self {
        case .null: "null"
        case .literal(let text): text
        case .string(let text): JSONValue.quoted(text)
        case .array(let elements): "[" + elements.map(\.json).joined(separator: ",") + "]"
        case .object(let members):
            "{" + members.map { "\(JSONValue.quoted($0.key)):\($0.value.json)" }.joined(separator: ",") + "}"
        }
    }

    private static func quoted(_ text: String) -> String {
        var result = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": result += "\\\""
            case "\\": result += "\\\\"
            case "\n": result += "\\n"
            case "\r": result += "\\r"
            case "\t": result += "\\t"
            case "\u{0}"..<" ": result += "\\u00" + (scalar.value < 16 ? "0" : "") + String(scalar.value, radix: 16)
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result + "\""
    }
}

/// Reads JSON by recursive descent; any mistake makes the whole text nil.
struct JSONReader {
    private let bytes: [UInt8]
    private var offset = 0
    private var depth = 0
    private static let maximumDepth = 512

    init(_ bytes: [UInt8]) { self.bytes = bytes }

    mutating func readDocument() -> JSONValue? {
        guard let value = readValue() else { return nil }
        skipSpaces()
        return offset == bytes.count ? value : nil
    }

    private mutating func skipSpaces() {
        while offset < bytes.count, [32, 9, 10, 13].contains(bytes[offset]) { offset += 1 }
    }

    private mutating func take(_ character: Character) -> Bool {
        skipSpaces()
        guard offset < bytes.count, bytes[offset] == character.asciiValue else { return false }
        offset += 1
        return true
    }

    private mutating func readValue() -> JSONValue? {
        depth += 1
        defer { depth -= 1 }
        guard depth <= JSONReader.maximumDepth else { return nil }
        if take("{") { return readObject() }
        if take("[") { return readArray() }
        if take("\"") { return readString().map { .string($0) } }
        return readLiteral()
    }

    private mutating func readObject() -> JSONValue? {
        var members: [(key: String, value: JSONValue)] = []
        if take("}") { return .object(members) }
        repeat {
            guard take("\""), let key = readString(), take(":"), let value = readValue() else { return nil }
            members.append((key, value))
        } while take(",")
        return take("}") ? .object(members) : nil
    }

    private mutating func readArray() -> JSONValue? {
        var elements: [JSONValue] = []
        if take("]") { return .array(elements) }
        repeat {
            guard let value = readValue() else { return nil }
            elements.append(value)
        } while take(",")
        return take("]") ? .array(elements) : nil
    }

    private mutating func readString() -> String? {
        var result: [UInt8] = []
        while offset < bytes.count {
            let byte = bytes[offset]
            offset += 1
            if byte == UInt8(ascii: "\"") { return String(decoding: result, as: UTF8.self) }
            guard byte == UInt8(ascii: "\\") else {
                result.append(byte)
                continue
            }
            guard offset < bytes.count else { return nil }
            let escape = bytes[offset]
            offset += 1
            switch escape {
            case UInt8(ascii: "n"): result.append(10)
            case UInt8(ascii: "t"): result.append(9)
            case UInt8(ascii: "r"): result.append(13)
            case UInt8(ascii: "b"): result.append(8)
            case UInt8(ascii: "f"): result.append(12)
            case UInt8(ascii: "u"):
                guard let scalar = readEscapedScalar() else { return nil }
                result.append(contentsOf: String(scalar).utf8)
            case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): result.append(escape)
            default: return nil
            }
        }
        return nil
    }

    /// Reads the digits of `\uXXXX`, and its second half when it is the first of a surrogate pair.
    private mutating func readEscapedScalar() -> UnicodeScalar? {
        guard let first = readHexadecimal() else { return nil }
        guard (0xD800..<0xDC00).contains(first) else { return UnicodeScalar(first) ?? "\u{FFFD}" }
        guard offset + 1 < bytes.count, bytes[offset] == UInt8(ascii: "\\"), bytes[offset + 1] == UInt8(ascii: "u")
        else {
            return "\u{FFFD}"
        }
        offset += 2
        guard let second = readHexadecimal() else { return nil }
        guard (0xDC00..<0xE000).contains(second) else { return "\u{FFFD}" }
        return UnicodeScalar(0x10000 + (first - 0xD800) << 10 + (second - 0xDC00))
    }

    private mutating func readHexadecimal() -> UInt32? {
        guard offset + 4 <= bytes.count else { return nil }
        var value: UInt32 = 0
        for byte in bytes[offset..<offset + 4] {
            guard let digit = Hexadecimal.value(byte) else { return nil }
            value = value << 4 | UInt32(digit)
        }
        offset += 4
        return value
    }

    private mutating func readLiteral() -> JSONValue? {
        skipSpaces()
        let start = offset
        while offset < bytes.count, !",]} \t\r\n:".utf8.contains(bytes[offset]) { offset += 1 }
        let text = String(decoding: bytes[start..<offset], as: UTF8.self)
        switch text {
        case "null": return .null
        case "true", "false": return .literal(text)
        default:
            guard let first = text.utf8.first, first == 45 || (48...57).contains(first), Double(text) != nil else {
                return nil
            }
            return .literal(text)
        }
    }
}
