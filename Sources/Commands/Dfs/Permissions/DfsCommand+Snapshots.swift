import HoneyCore
import HoneyFiles

extension DfsCommand {
    private static let summary = "Fails: no directory can have snapshots here."

    static var snapshots: [DfsCommand] {
        [
            DfsCommand("createSnapshot", "<snapshotDir> [<snapshotName>]", summary) { run in
                if run.arguments.isEmpty { throw DfsUsageError("<snapshotDir> is missing.") }
                if run.arguments.count > 2 { throw DfsUsageError("Too many arguments.") }
                try run.refuseSnapshots()
            },
            DfsCommand("deleteSnapshot", "<snapshotDir> <snapshotName>", summary) { run in
                if run.arguments.count != 2 { throw DfsUsageError("Incorrect number of arguments.") }
                try run.refuseSnapshots()
            },
            DfsCommand("renameSnapshot", "<snapshotDir> <oldName> <newName>", summary) { run in
                if run.arguments.count != 3 { throw DfsUsageError("Incorrect number of arguments.") }
                try run.refuseSnapshots()
            },
        ]
    }
}

extension DfsRun {
    /// Answers as a name node does for a directory that is not made for snapshots.
    fileprivate func refuseSnapshots() throws {
        try each(expand(arguments[0])) { item in
            throw DfsFailure("Directory is not a snapshottable directory: \(item.location.path)")
        }
    }
}
