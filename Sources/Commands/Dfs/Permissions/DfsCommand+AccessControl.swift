import HoneyCore
import HoneyFiles

extension DfsCommand {
    static var accessControl: [DfsCommand] {
        [
            DfsCommand(
                "getfacl", "[-R] <path>",
                "Shows who may do what with a file or directory, and what new files in it begin with; "
                    + "-R for all that is below, too."
            ) { try $0.showAccess() },
            DfsCommand(
                "setfacl", "[-R] [{-b|-k} {-m|-x <acl_spec>} <path>]|[--set <acl_spec> <path>]",
                """
                Changes who may do what with a file or directory.

                  -m     Adds entries, or changes those for the same users and groups.
                  -x     Removes entries.
                  --set  Puts entries in place of all; those for user, group and other must be among them.
                  -b     Removes all but the entries for user, group and other.
                  -k     Removes the entries that new files begin with.
                  -R     For all that is below, too.

                An entry is [default:]user|group|mask|other:[NAME]:rwx, without :rwx for -x; commas are between entries.
                """
            ) { try $0.setAccess() },
        ]
    }
}

extension DfsRun {
    /// Checks that one path is left.
    private func requirePath() throws {
        if arguments.isEmpty { throw DfsUsageError("<path> is missing") }
        if arguments.count > 1 { throw DfsUsageError("Too many arguments") }
    }

    private func accessList(_ item: DfsItem) throws -> AccessControlList {
        let entries =
            item.status?.hasAccessControlEntries == true
            ? try item.administered.accessControlEntries(item.location) : []
        return try AccessControlList(permissions: item.status?.permissions ?? 0, entries: entries)
    }

    fileprivate func showAccess() throws {
        let isRecursive = try options("R", 0)["R"] != nil
        try requirePath()
        try process(recursively: isRecursive) { item in
            guard let status = item.status else { return }
            try print("# file: \(item.text)")
            try print("# owner: \(status.owner)")
            try print("# group: \(status.group)")
            if status.permissions & 0o1000 != 0 {
                try print("# flags: --" + (status.permissions & 1 != 0 ? "t" : "T"))
            }
            let list = try accessList(item)
            for isDefault in [false, true] {
                let entries = list.entries(areDefault: isDefault)
                let mask = entries.first { $0.kind == .mask }?.permissions
                for entry in entries { try print(line(for: entry, mask: mask)) }
            }
            try print("")
        }
    }

    /// An entry, with what the mask leaves of it when that is less.
    private func line(for entry: AccessControlEntry, mask: Int?) -> String {
        guard let mask, !entry.name.isEmpty || entry.kind == .group, entry.permissions & mask != entry.permissions
        else { return entry.description }
        return "\(entry)\t#effective:\(AccessControlEntry.letters(entry.permissions & mask))"
    }

    fileprivate func setAccess() throws {
        let options = try options("b k R m x -set", 0)
        let isRecursive = options["R"] != nil
        let removes = ["b", "k"].filter { options[$0] != nil }
        let modifies = ["m", "x"].filter { options[$0] != nil }
        let sets = options["-set"] != nil
        if removes.count > 1 || modifies.count > 1 || !removes.isEmpty && !modifies.isEmpty
            || sets && !(removes + modifies).isEmpty
        {
            throw DfsUsageError("Specified flags contains both remove and modify flags")
        }
        if arguments.isEmpty { throw DfsUsageError("<path> is missing") }
        var entries: [AccessControlEntry] = []
        if sets || !modifies.isEmpty {
            if arguments.count < 2 { throw DfsUsageError("Missing either <acl_spec> or <path>") }
            entries = try AccessControlEntry.list(arguments.removeFirst(), havePermissions: options["x"] == nil)
        } else if removes.isEmpty {
            throw DfsUsageError("Expected one of -b, -k, -m, -x or --set options")
        }
        try requirePath()
        try process(recursively: isRecursive) { item in
            // Only directories have defaults; those below that are files get the rest.
            let entries = isRecursive && !item.isDirectory ? entries.filter { !$0.isDefault } : entries
            if entries.isEmpty, removes.isEmpty { return }
            var list = try accessList(item)
            switch removes.first ?? modifies.first {
            case "b": list.removeExtended()
            case "k": list.removeDefaults()
            case "m": list.modify(entries)
            case "x": list.remove(entries)
            default: list.replace(with: entries)
            }
            try item.administered.setAccessControlEntries(item.location, to: list.all.map(\.description))
        }
    }
}
