/// The one error of the house: what went wrong, whose matter it is, and where.
///
/// Nothing branches on `message`; `code` is stable.
public struct HoneyError: Error, Hashable, Sendable {
    /// Whose matter an error is.
    public enum Kind: String, Hashable, Sendable, Codable {
        /// The text does not parse.
        case parse
        /// The text parses but means nothing: unknown names, wrong types.
        case semantic
        /// The data or the files are not what they claim to be.
        case data
        /// The machine or another service refused: no such file, no permission, disk full, out of memory budget.
        case environment
        /// The user or a limit stopped it.
        case cancelled
        /// Honeyguide itself is wrong.
        case `internal`
    }

    public var kind: Kind
    /// A stable upper-case word such as `TABLE_NOT_FOUND`.
    public var code: String
    /// Five characters of the SQL standard's or Hive's.
    public var sqlState: String
    /// What happened: static words first, values last, lower case.
    public var message: String
    /// Where in the query.
    public var position: SourcePosition?
    /// Where in which file.
    public var file: FilePosition?

    public init(
        _ kind: Kind, _ code: String, _ message: String, sqlState: String? = nil,
        at position: SourcePosition? = nil, file: FilePosition? = nil
    ) {
        self.kind = kind
        self.code = code
        self.message = message
        self.sqlState = sqlState ?? HoneyError.defaultState(for: kind)
        self.position = position
        self.file = file
    }

    static func defaultState(for kind: Kind) -> String {
        switch kind {
        case .parse: "42000"
        case .semantic: "42000"
        case .data: "22000"
        case .environment: "58030"
        case .cancelled: "57014"
        case .internal: "XX000"
        }
    }

    /// Returns the error with a query position, keeping one it already has.
    public func located(at position: SourcePosition?) -> HoneyError {
        var copy = self
        copy.position = copy.position ?? position
        return copy
    }
}

extension HoneyError: CustomStringConvertible {
    public var description: String {
        var text = ""
        if let position { text += "line \(position): " }
        text += message
        if let file { text += " (\(file))" }
        return text
    }
}

/// A place in a query's text; lines and columns count from 1, columns in characters.
public struct SourcePosition: Hashable, Sendable, Codable, CustomStringConvertible {
    public var line: Int
    public var column: Int

    public init(line: Int, column: Int) {
        self.line = line
        self.column = column
    }

    public var description: String { "\(line):\(column)" }
}

/// A place in a file, in bytes from its start.
public struct FilePosition: Hashable, Sendable, Codable, CustomStringConvertible {
    public var path: String
    public var offset: Int?

    public init(_ path: String, offset: Int? = nil) {
        self.path = path
        self.offset = offset
    }

    public var description: String { offset.map { "\(path) at byte \($0)" } ?? path }
}

extension HoneyError {
    /// Makes the error of a file that breaks its format's rules.
    public static func damaged(_ message: String, path: String, offset: Int? = nil) -> HoneyError {
        HoneyError(.data, "FILE_DAMAGED", message, file: FilePosition(path, offset: offset))
    }

    /// Makes the error of a state that cannot be.
    public static func unexpected(_ message: String) -> HoneyError {
        HoneyError(.internal, "INTERNAL", message)
    }
}
