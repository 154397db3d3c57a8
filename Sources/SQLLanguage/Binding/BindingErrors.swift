import HoneyCore

extension HoneyError {
    static func semantic(_ code: String, _ message: String, at position: SourcePosition?) -> HoneyError {
        HoneyError(.semantic, code, message, at: position)
    }

    static func noSuchColumn(_ name: String, among names: [String], at position: SourcePosition) -> HoneyError {
        semantic(
            "COLUMN_NOT_FOUND", "no such column: \(name)" + SpellingSuggestion.hint(for: name, in: names), at: position)
    }

    static func ambiguousColumn(_ name: String, _ candidates: [String], at position: SourcePosition) -> HoneyError {
        semantic(
            "AMBIGUOUS_COLUMN", "ambiguous column: \(name) (\(candidates.joined(separator: " or ")))", at: position)
    }

    static func unsupported(_ message: String, at position: SourcePosition) -> HoneyError {
        semantic("UNSUPPORTED", message, at: position)
    }
}

/// Runs a step, giving its error a position if it has none.
func located<R>(at position: SourcePosition, _ step: () throws -> R) throws -> R {
    do { return try step() } catch let error as HoneyError { throw error.located(at: position) }
}
