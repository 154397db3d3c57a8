import HoneyCore

/// How a table's text is laid out: Hive's delimited-text properties, read once.
public struct LazySimpleParameters: Sendable {
    /// One byte a nesting level: fields, collection items, map keys, and on.
    public var separators: [UInt8]
    /// The field bytes that mean null.
    public var nullSequence: [UInt8]
    /// Whether any bytes mean null; where none do, only missing fields are null.
    public var hasNullSequence = true
    /// The byte that takes the meaning from the next; nil when nothing is escaped.
    public var escape: UInt8?
    /// Writes CR and LF as escape + `r`, escape + `n`.
    public var escapesLineEnds: Bool
    /// Joins what lies past the last column into it.
    public var lastColumnTakesRest: Bool
    /// Reads `t`, `f`, `1`, `0` as booleans too.
    public var hasExtendedBooleans: Bool
    /// Patterns tried before the standard form of a timestamp.
    public var timestampPatterns: [TimestampPattern]
    /// Writes arrays, maps, structs and binary values as JSON.
    public var nestsAsJSON = false
    /// Writes binary values as they are instead of as base64.
    public var keepsBinary = false

    /// Makes the layout of a table without properties.
    public init() {
        separators = Self.separators(field: nil, item: nil, key: nil, extended: false, additional: false)
        nullSequence = Array("\\N".utf8)
        escapesLineEnds = false
        lastColumnTakesRest = false
        hasExtendedBooleans = false
        timestampPatterns = []
    }

    /// Reads the properties; a SerDe's own come before its table's.
    public init(serde: [String: String], table: [String: String] = [:], settings: [String: String] = [:]) throws {
        func property(_ names: String...) -> String? {
            for source in [serde, table] {
                for name in names {
                    if let value = source[name] { return value }
                }
            }
            return nil
        }
        func flag(_ name: String) -> Bool { property(name)?.lowercased() == "true" }

        self.init()
        separators = Self.separators(
            field: Self.byte(property("field.delim", "serialization.format")),
            // Hive up to 2 spells it wrong, and later versions read both.
            item: Self.byte(property("collection.delim", "colelction.delim")),
            key: Self.byte(property("mapkey.delim")),
            extended: flag("hive.serialization.extend.nesting.levels"),
            additional: flag("hive.serialization.extend.additional.nesting.levels"))
        nullSequence = Array((property("serialization.null.format") ?? "\\N").utf8)
        escape = property("escape.delim").map { Self.byte($0) ?? 0x5C }
        escapesLineEnds = flag("serialization.escape.crlf")
        lastColumnTakesRest = flag("serialization.last.column.takes.rest")
        let extendedBooleans = "hive.lazysimple.extended_boolean_literal"
        hasExtendedBooleans = flag(extendedBooleans) || settings[extendedBooleans]?.lowercased() == "true"
        timestampPatterns = TimestampPattern.list(property("timestamp.formats") ?? "")
    }

    /// The field separator.
    public var fieldSeparator: UInt8 { separators[0] }

    /// The separator of a nesting level; fails with `NESTING_TOO_DEEP`.
    public func separator(level: Int) throws -> UInt8 {
        guard level < separators.count else {
            throw HoneyError(
                .semantic, "NESTING_TOO_DEEP",
                "types nest too deep for delimited text; levels supported: \(separators.count - 1)")
        }
        return separators[level]
    }

    /// A delimiter as Hive reads it: a signed decimal byte if it is a number, else its first character's low byte.
    static func byte(_ text: String?) -> UInt8? {
        guard let text, let first = text.utf16.first else { return nil }
        if let number = Int8(text) { return UInt8(bitPattern: number) }
        return UInt8(truncatingIfNeeded: first)
    }

    private static func separators(
        field: UInt8?, item: UInt8?, key: UInt8?, extended: Bool, additional: Bool
    ) -> [UInt8] {
        var result: [UInt8] = [field ?? 1, item ?? 2, key ?? 3, 4, 5, 6, 7, 8]
        if extended || additional {
            // Control bytes that are unlikely in text: TAB, LF, FF, CR and ESC are left out.
            result += [0x0B] + Array(0x0E...0x1A) + [0x1C, 0x1D]
        }
        if additional { result += [0x1E, 0x1F] + Array(0x80...0xFF) }
        return result
    }
}
