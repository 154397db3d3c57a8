public import HoneyCore
public import HoneyPlan

/// Hive's query language.
public struct HiveQL: Language {
    public let name = "hiveql"
    public let dialect = Dialect.hive

    public init() {}

    /// Parses the statements of a text, which semicolons separate.
    public func parse(_ text: String) throws -> [any Statement] {
        try parse(text, at: SourcePosition(line: 1, column: 1))
    }

    /// Parses a part of a text that begins at `start` of the whole.
    public func parse(_ text: String, at start: SourcePosition) throws -> [any Statement] {
        try parse(utf8: Array(text.utf8), at: start)
    }

    /// Parses bytes that should be UTF-8; fails with the position where they are not.
    public func parse(
        utf8 bytes: [UInt8], at start: SourcePosition = SourcePosition(line: 1, column: 1)
    ) throws -> [any Statement] {
        try UTF8Validation.check(bytes, at: start)
        return try Parser(bytes, dialect: dialect, at: start).parseStatements()
    }

    /// Checks that bytes are UTF-8 and makes them a text; fails with the position where they are not.
    public static func text(utf8 bytes: [UInt8]) throws -> String {
        try UTF8Validation.check(bytes, at: SourcePosition(line: 1, column: 1))
        return String(decoding: bytes, as: UTF8.self)
    }
}
