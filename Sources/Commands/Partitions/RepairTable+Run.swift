import HoneyCatalog
import HoneyCore
import HoneyFiles
public import HoneyPlan

extension RepairTable {
    public func run(in context: any CommandContext) throws -> CommandResult {
        let context = try context.withFiles()
        let table = try context.requireStored(self.table)
        let root = try FileLocation(stored: table.storage.location)
        guard try context.fileSystems.serving(root).status(root) != nil else {
            return report(["Tables missing on filesystem:\t\(table.name)"])
        }
        guard table.isPartitioned else {
            _ = try table.someValues(partition)
            return CommandResult()
        }
        var lines: [String] = []
        try context.commit([table.commitKey]) { draft in
            let table = try context.requireStored(self.table)
            let check = try PartitionCheck(table, partition, in: context)
            lines = check.lines
            guard repairs else { return }
            if adds { try add(check, &draft, &lines, in: context) }
            if drops, !check.missing.isEmpty {
                draft.changes.append(.dropPartitions(check.missing.map(\.values), table))
                lines += check.missing.map {
                    "Repair: Dropped partition from metastore \(self.table):\(table.partitionName($0.values))"
                }
            }
        }
        return report(lines)
    }

    private func add(
        _ check: PartitionCheck, _ draft: inout CommitDraft, _ lines: inout [String], in context: any FileCommandContext
    ) throws {
        var new: [Partition] = []
        for found in check.found {
            if check.validation != .ignore, found.values.contains(where: { PartitionName.escape($0) != $0 }) {
                let message =
                    "Repair: Cannot add partition \(self.table):\(found.name) due to invalid characters in the name"
                guard check.validation == .skip else {
                    throw HoneyError(
                        .environment, "INVALID_PARTITION_NAME",
                        "\(message) (set hive.msck.path.validation=ignore to add it, or =skip to go on without)",
                        file: FilePosition(found.location.description))
                }
                lines.append(message)
                continue
            }
            new.append(check.table.newPartition(found.values, at: found.location.description, in: context))
            lines.append("Repair: Added partition to metastore \(self.table):\(found.name)")
        }
        if !new.isEmpty { draft.changes.append(.addPartitions(new, check.table, ifNotExists: true)) }
    }

    private func report(_ lines: [String]) -> CommandResult {
        lines.isEmpty ? CommandResult() : .rows(["msck_result"], lines.map { [$0] })
    }
}
