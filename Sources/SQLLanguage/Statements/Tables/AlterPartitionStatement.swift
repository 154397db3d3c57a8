import HoneyCommands
import HoneyCore
import HoneyPlan

struct AlterPartitionStatement: CommandStatement {
    let position: SourcePosition
    let command: AlterPartition
}

struct AlterPartitionColumnsStatement: CommandStatement {
    let position: SourcePosition
    let command: AlterPartitionColumns
}

struct RenamePartitionStatement: CommandStatement {
    let position: SourcePosition
    let command: RenamePartition
}

struct AddPartitionsStatement: CommandStatement {
    let position: SourcePosition
    let command: AddPartitions
}

struct DropPartitionsStatement: CommandStatement {
    let position: SourcePosition
    let command: DropPartitions
}

extension Parser {
    /// partition ("rename" "to" partition | "concatenate" | "set" change)
    func parseAlterPartition(of table: TableName, at place: SourcePosition) throws -> any Statement {
        if peek(1).keyword == .column { throw unsupported("changes of a partition column's type") }
        let partition = try expectPartition()
        if take(.rename) {
            try expect(.to)
            let command = RenamePartition(table: table, from: partition, to: try expectPartition())
            return RenamePartitionStatement(position: place, command: command)
        }
        if take(.concatenate) {
            let command = ConcatenateTable(table: table, partition: partition)
            return ConcatenateTableStatement(position: place, command: command)
        }
        switch token.keyword {
        case .add, .replace, .change: return try parsePartitionColumns(of: table, partition, at: place)
        case .compact, .enable, .disable, .clustered, .into, .update, .exchange, .not:
            throw unsupported("'alter table … partition … \(token.text.lowercased())' statements")
        default: try expect(.set)
        }
        let command = AlterPartition(table: table, partition: partition, change: try parseStorageChange())
        return AlterPartitionStatement(position: place, command: command)
    }

    /// ("add" | "replace") "columns" columns | "change" column
    private func parsePartitionColumns(
        of table: TableName, _ partition: [PartitionValue], at place: SourcePosition
    ) throws -> any Statement {
        let word = token.keyword
        advance()
        let change = try word == .change ? parseChangedColumn() : parseColumns(isReplacing: word == .replace)
        let command = AlterPartitionColumns(table: table, partition: partition, change: change)
        return AlterPartitionColumnsStatement(position: place, command: command)
    }

    /// ["if" "not" "exists"] (partition ["location" string])…
    func parseAddPartitions(to table: TableName, at place: SourcePosition) throws -> any Statement {
        let ifNotExists = try takeIfNotExists()
        var partitions: [NewPartition] = []
        if !ifNotExists, !isAt(.partition) {
            if isAt(.constraint) { throw unsupported("constraints") }
            missed.append("'columns'")
            throw unexpected("'partition'")
        }
        repeat {
            let values = try expectPartition()
            partitions.append(NewPartition(values: values, location: try takeLocation()))
        } while isAt(.partition)
        let command = AddPartitions(table: table, partitions: partitions, ifNotExists: ifNotExists)
        return AddPartitionsStatement(position: place, command: command)
    }

    /// ["if" "exists"] "partition" conditions, … ["purge"]
    func parseDropPartitions(of table: TableName, at place: SourcePosition) throws -> any Statement {
        if isAt(.constraint) { throw unsupported("constraints") }
        let ifExists = try takeIfExists()
        let partitions = try list { try expectPartitionConditions() }
        // There is no trash that files could go to instead.
        _ = take(.purge)
        let command = DropPartitions(table: table, partitions: partitions, ifExists: ifExists)
        return DropPartitionsStatement(position: place, command: command)
    }
}
