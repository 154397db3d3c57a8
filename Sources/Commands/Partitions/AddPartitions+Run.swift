import HoneyCatalog
import HoneyCore
import HoneyFiles
public import HoneyPlan

extension AddPartitions {
    public func run(in context: any CommandContext) throws -> CommandResult {
        let context = try context.withFiles()
        let table = try context.requireStored(self.table)
        try context.commit([table.commitKey]) { draft in
            let table = try context.requireStored(self.table)
            var new: [Partition] = []
            for wanted in partitions {
                let values = try table.partitionValues(wanted.values)
                let location =
                    try wanted.location.map { try context.location(of: $0, isLocal: false).description }
                    ?? table.usualLocation(ofPartition: values)
                new.append(table.newPartition(values, at: location, in: context))
            }
            for partition in new {
                let location = try FileLocation(stored: partition.storage.location)
                try context.fileSystems.serving(location).makeDirectory(location)
            }
            draft.changes = [.addPartitions(new, table, ifNotExists: ifNotExists)]
        }
        return CommandResult()
    }
}

extension Table {
    /// A partition stored as the table is now.
    func newPartition(_ values: [String], at location: String, in context: any CommandContext) -> Partition {
        var storage = storage
        storage.location = location
        return Partition(
            values: values, createdSeconds: context.nowSeconds, storage: storage,
            parameters: ["transient_lastDdlTime": String(context.nowSeconds)])
    }
}
