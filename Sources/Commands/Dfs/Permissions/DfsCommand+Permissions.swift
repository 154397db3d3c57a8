import HoneyCore
import HoneyFiles

extension DfsCommand {
    static var permissions: [DfsCommand] {
        [
            DfsCommand(
                "chmod", "[-R] <MODE[,MODE]... | OCTALMODE> PATH...",
                """
                Changes the modes of files and directories; -R of all that is below, too.

                  MODE       [ugoa...]{+|-|=}[rwxXt...], as in u=rwx,g-w,+t; without ugoa it is all three, whatever the umask.
                             X is x for directories and for what somebody may execute; t is the sticky bit.
                  OCTALMODE  Three digits, or four of which the first is 1 for the sticky bit or 0.
                """
            ) { try $0.changeModes() },
            DfsCommand(
                "chown", "[-R] [OWNER][:[GROUP]] PATH...",
                "Changes the owner, the group or both of files and directories; -R of all that is below, too. "
                    + "Names hold letters, digits and -_./@ only."
            ) { try $0.changeOwners() },
            DfsCommand("chgrp", "[-R] GROUP PATH...", "Does what -chown :GROUP does.") { try $0.changeGroups() },
        ]
    }
}

extension DfsRun {
    fileprivate func changeModes() throws {
        let isRecursive = try options("R", 2, ignoresUnknown: true)["R"] != nil
        let text = arguments.removeFirst()
        guard let change = ModeChange(text) else {
            throw DfsUsageError("chmod : mode '\(text)' does not match the expected pattern.")
        }
        try process(recursively: isRecursive) { item in
            guard let status = item.status else { return }
            let mode = change.applied(to: status.permissions, isDirectory: status.isDirectory)
            guard mode != status.permissions else { return }
            try explaining("changing permissions of '\(item.text)'") {
                try item.administered.setPermissions(item.location, to: mode)
            }
        }
    }

    fileprivate func changeOwners() throws {
        let isRecursive = try options("R", 2)["R"] != nil
        let text = arguments.removeFirst()
        let trimmed = text.split(whereSeparator: \.isWhitespace)
        let parts = (trimmed.first ?? "").split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
        guard trimmed.count <= 1, parts.allSatisfy({ $0.allSatisfy(DfsRun.isAllowedInNames) }) else {
            throw DfsUsageError("'\(text)' does not match expected pattern for [owner][:group].")
        }
        let names = parts.map { $0.isEmpty ? nil : String($0) }
        let owner = names.first ?? nil
        let group = names.count > 1 ? names[1] : nil
        if owner == nil, group == nil { throw DfsUsageError("'\(text)' does not specify owner or group.") }
        try setOwner(owner, group, recursively: isRecursive)
    }

    fileprivate func changeGroups() throws {
        let isRecursive = try options("R", 2)["R"] != nil
        let text = arguments.removeFirst()
        let words = text.split(whereSeparator: \.isWhitespace)
        guard words.count == 1, words[0].allSatisfy(DfsRun.isAllowedInNames) else {
            throw DfsUsageError("'\(text)' does not match expected pattern for group")
        }
        try setOwner(nil, String(words[0]), recursively: isRecursive)
    }

    private static func isAllowedInNames(_ character: Character) -> Bool {
        character.isASCII && (character.isLetter || character.isNumber || "-_./@".contains(character))
    }

    private func setOwner(_ owner: String?, _ group: String?, recursively isRecursive: Bool) throws {
        try process(recursively: isRecursive) { item in
            let owner = owner == item.status?.owner ? nil : owner
            let group = group == item.status?.group ? nil : group
            if owner == nil, group == nil { return }
            try explaining("changing ownership of '\(item.text)'") {
                try item.administered.setOwner(item.location, owner: owner, group: group)
            }
        }
    }

    /// Does something whose failure is told with what was tried.
    private func explaining(_ what: String, _ body: () throws -> Void) throws {
        do { try body() } catch let error as HoneyError where error.kind != .cancelled {
            throw DfsFailure("\(what): \(error.message)")
        }
    }
}
