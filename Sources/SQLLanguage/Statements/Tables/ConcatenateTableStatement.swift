import HoneyCommands
import HoneyCore
import HoneyPlan

/// `alter table … concatenate`; `parseAlterTable` and `parseAlterPartition` make it.
struct ConcatenateTableStatement: CommandStatement {
    let position: SourcePosition
    let command: ConcatenateTable
}
