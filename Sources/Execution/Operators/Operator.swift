package import HoneyCore

/// A step of a pipeline as a synchronous state machine: it knows no thread, clock or network.
///
/// A driver calls `accept` only after `next` has said `needsInput`, and never after `finish`.
package protocol Operator: AnyObject {
    /// Takes rows of the input.
    func accept(_ batch: Batch) throws
    /// Learns that the input has ended.
    func finish() throws
    /// Gives rows, or says what it waits for.
    func next() throws -> Step
    /// Learns that no one wants more of its rows; called at most once, also after an error.
    func close()
    /// Bytes held at the most, for the summary.
    var peakMemoryBytes: Int { get }
}

extension Operator {
    package func close() {}
    package var peakMemoryBytes: Int { 0 }
}

/// What an operator can do next.
package enum Step {
    case batch(Batch)
    case needsInput
    /// Nothing until the event happens.
    case blocked(any Event)
    case finished
}

/// Something that an operator can wait for.
package protocol Event: AnyObject, Sendable {
    /// Calls `wake` once as soon as waiting may have become pointless; false when it already has (and `wake` is not kept).
    func notify(_ wake: @escaping @Sendable () -> Void) -> Bool
}

/// An operator that starts a pipeline.
package protocol SourceOperator: Operator {}

extension SourceOperator {
    package func accept(_ batch: Batch) throws { throw HoneyError.unexpected("a source was given rows") }
    package func finish() throws {}
}
