import Foundation
import HoneyCatalog
import HoneyCore
import HoneyFiles
public import HoneyPlan

extension ShowFiles {
    public func run(in context: any CommandContext) throws -> CommandResult {
        let context = try context.withFiles()
        let table = try context.requireStored(self.table)
        var rows: [[String?]] = []
        if table.isPartitioned {
            for one in try table.matching(partition, among: try context.metastore.partitions(of: table)) {
                rows += try files(at: one.storage.location, table.partitionName(one.values), in: context)
            }
        } else {
            _ = try table.someValues(partition)
            rows = try files(at: table.storage.location, "", in: context)
        }
        return .rows(["Path", "Size", "Partition"], rows)
    }

    private func files(
        at location: String, _ partition: String, in context: any FileCommandContext
    ) throws -> [[String?]] {
        let directory = try FileLocation(stored: location)
        let fileSystem = try context.fileSystems.serving(directory)
        guard try fileSystem.status(directory)?.isDirectory == true else { return [] }
        let files = try fileSystem.list(directory).filter { !$0.isDirectory && !$0.location.isHidden }
        return files.map { [$0.location.description, ShowFiles.size($0.size), partition] }
    }

    /// A size as Impala prints it: `17B`, `1.33KB`, `20.00MB`.
    static func size(_ bytes: Int) -> String {
        var number = Double(bytes)
        var units = ["KB", "MB", "GB", "TB", "PB"]
        guard number >= 1024 else { return "\(bytes)B" }
        number /= 1024
        while number >= 1024, units.count > 1 {
            number /= 1024
            units.removeFirst()
        }
        return String(format: "%.2f", number) + units[0]
    }
}
