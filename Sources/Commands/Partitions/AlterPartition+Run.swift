import HoneyCatalog
import HoneyCore
public import HoneyPlan

extension AlterPartition {
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
                try change.apply(
                    to: &partition.storage, &partition.parameters, of: table.qualifiedName, in: context)
                partition.parameters["transient_lastDdlTime"] = String(context.nowSeconds)
                draft.changes.append(.alterPartition(partition, table))
            }
        }
        return CommandResult()
    }
}
