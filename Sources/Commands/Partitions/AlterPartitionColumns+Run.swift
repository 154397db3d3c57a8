import HoneyCatalog
import HoneyCore
public import HoneyPlan

extension AlterPartitionColumns {
    public func run(in context: any CommandContext) throws -> CommandResult {
        let context = try context.withFiles()
        let table = try context.requireStored(self.table)
        try context.commit([table.commitKey]) { draft in
            let table = try context.requireStored(self.table)
            let chosen = try table.matching(partition, among: try context.metastore.partitions(of: table))
            guard !chosen.isEmpty else {
                throw HoneyError(.semantic, "PARTITION_NOT_FOUND", "no such partition: \(table.qualifiedName)")
            }
            for var partition in chosen {
                let columns = try change.columns(partition.storage.columns, context.session.settings)
                let checked = try ColumnChecks.checked(columns, table.partitionKeys).columns
                try ColumnChecks.requireBucketsKept(partition.storage, checked)
                partition.storage.columns = checked
                partition.parameters["transient_lastDdlTime"] = String(context.nowSeconds)
                draft.changes.append(.alterPartition(partition, table))
            }
        }
        return CommandResult()
    }
}

extension AlterTable.Change {
    /// The columns that a change of columns makes of others.
    fileprivate func columns(_ old: [TableColumn], _ settings: Settings) throws -> [TableColumn] {
        switch self {
        case .addColumns(let new, _): return old + new
        case .replaceColumns(let new, _):
            for (old, new) in zip(old, new) {
                try ColumnChecks.requireChangeable(new.name, from: old.type, to: new.type, settings)
            }
            return new
        case .changeColumn(let name, let column, let position, _):
            return try AlterTable.changed(old, name, to: column, position, settings)
        default: throw HoneyError.unexpected("not a change of columns: \(self)")
        }
    }
}
