import HoneyCore

/// A value of JSON, as schemas are written in it.
indirect enum JSONValue: Hashable, Sendable {
    case null
    case boolean(Bool)
    case integer(Int64)
    case real(Double)
    case text(String)
    case list([JSONValue])
    case object([String: JSONValue])

    /// Reads JSON; fails with `INVALID_SCHEMA`.
    init(_ text: String) throws {
        var text = text
        self = try text.withUTF8 { bytes in
            var parser = JSONParser(bytes)
            return try parser.readAll()
        }
    }

    /// A member of an object; nil where there is none.
    subscript(_ name: String) -> JSONValue? {
        guard case .object(let members) = self else { return nil }
        return members[name]
    }

    var string: String? { if case .text(let text) = self { text } else { nil } }

    var elements: [JSONValue]? { if case .list(let elements) = self { elements } else { nil } }

    /// A whole number, also when it is written as text: old versions of Hive did that.
    var integer: Int? {
        switch self {
        case .integer(let integer): Int(exactly: integer)
        case .text(let text): Int(text)
        default: nil
        }
    }

    /// The strings of a list; empty for anything else.
    var strings: [String] { elements?.compactMap(\.string) ?? [] }
}

extension HoneyError {
    /// Makes the error of a text that is no Avro schema.
    static func invalidSchema(_ reason: String) -> HoneyError {
        HoneyError(.data, "INVALID_SCHEMA", "not an Avro schema: \(reason)")
    }
}
