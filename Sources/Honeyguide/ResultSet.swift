public import HoneyCore
import HoneyPlan

/// A statement's rows, computed while they are read; to be read once, from the session's thread.
public final class ResultSet {
    public let schema: Schema
    /// Tells whether the rows are a query's (and not a command's report).
    public let isQuery: Bool
    private var source: Source

    private enum Source {
        case execution(any QueryExecution, Session)
        case batches(ArraySlice<Batch>)
    }

    init(execution: any QueryExecution, session: Session) {
        schema = execution.schema
        isQuery = true
        source = .execution(execution, session)
    }

    init(report: CommandResult) {
        schema = report.schema
        isQuery = false
        source = .batches(report.batches[...])
    }

    deinit { close() }

    /// The next rows as columns; nil at the end.
    public func next() throws -> Batch? {
        switch source {
        case .execution(let execution, _):
            do {
                if let batch = try execution.next() { return batch }
            } catch {
                finish()
                throw error
            }
            finish()
            return nil
        case .batches(var batches):
            let batch = batches.popFirst()
            source = .batches(batches)
            return batch
        }
    }

    /// All remaining rows as values, a row an array.
    public func rows() throws -> [[Value]] {
        var rows: [[Value]] = []
        while let batch = try next() {
            let batch = batch.materialized()
            for row in 0..<batch.count { rows.append(batch.columns.map { $0.value(at: row) }) }
        }
        return rows
    }

    /// Ends a query early; nothing happens when it has ended.
    public func close() {
        if case .execution(let execution, _) = source { execution.cancel() }
        finish()
    }

    private func finish() {
        guard case .execution(let execution, let session) = source else { return }
        source = .batches([])
        session.didEnd(execution)
    }
}
