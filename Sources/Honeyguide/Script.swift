public import HoneyCore
import HoneySQLLanguage

/// A text of several statements, split at `;` outside quotes and comments.
public struct Script {
    public struct Statement: Hashable, Sendable {
        public var text: String
        /// Where it begins in the script.
        public var position: SourcePosition
    }

    /// The statements in order, the last with or without its `;`.
    public let statements: [Statement]
    /// Tells whether the text ends after a `;`, outside quotes and comments.
    public let isComplete: Bool

    public init(_ text: String) {
        let split = StatementSplitter.split(text)
        statements = (split.statements + (split.rest.map { [$0] } ?? []))
            .map { Statement(text: $0.text, position: $0.position) }
        isComplete = split.ending == .complete
    }
}
