import HoneyCore
import HoneyFiles

extension DfsCommand {
    static var listing: [DfsCommand] {
        [
            DfsCommand(
                "ls", "[-C] [-d] [-h] [-q] [-R] [-t] [-S] [-r] [-u] [-e] [<path> ...]",
                """
                Lists files, and what is in directories. A file's line holds its mode, how many replicas it is to have, \
                owner, group, size in bytes, time of the last change and path; a directory's has - for the replicas.
                Without a path, what is in the home directory.

                  -C  Only paths.
                  -d  Directories themselves, not what is in them.
                  -h  Sizes with units.
                  -q  ? for characters that cannot be printed.
                  -R  All that is below, too.
                  -t  In order of time, latest first.
                  -S  In order of size, largest first.
                  -r  In the opposite order.
                  -u  The time of the last access instead of the last change.
                  -e  With the policy of erasure coding.
                """
            ) { try DfsListing($0).listAll() },
            DfsCommand("lsr", insteadOf: "ls -R") { run in
                run.arguments.insert("-R", at: 0)
                try DfsListing(run).listAll()
            },
        ]
    }
}

/// `-ls` at work; columns only grow from one list to the next.
private final class DfsListing {
    private let run: DfsRun
    private let options: [String: String]
    private var replicationWidth = 3
    private var sizeWidth = 10
    private var ownerWidth = 0
    private var groupWidth = 0

    init(_ run: DfsRun) throws {
        self.run = run
        options = try run.options("C d h q R r t S u e", 0)
        if run.arguments.isEmpty { run.arguments = ["."] }
    }

    private func has(_ option: String) -> Bool { options[option] != nil }
    private var isRecursive: Bool { has("R") && !has("d") }

    func listAll() throws {
        try run.each(run.expand(run.arguments)) { item in
            guard item.isDirectory, !has("d") else { return try list([item]) }
            try listContents(of: item)
        }
    }

    private func listContents(of directory: DfsItem) throws {
        // All below is shown as it comes.
        let children = isRecursive ? try directory.children() : sorted(try directory.children())
        if !isRecursive, !children.isEmpty, !has("C") { try run.print("Found \(children.count) items") }
        try list(children)
    }

    private func list(_ items: [DfsItem]) throws {
        for status in items.compactMap(\.status) { widen(for: status) }
        for item in items {
            try run.attempt(item.text) {
                try run.print(line(for: item))
                if isRecursive, item.isDirectory { try listContents(of: item) }
            }
        }
    }

    private func time(_ item: DfsItem) -> Int {
        (has("u") ? item.status?.accessedMilliseconds : item.status?.modifiedMilliseconds) ?? 0
    }

    private func sorted(_ items: [DfsItem]) -> [DfsItem] {
        func ordered(_ keys: (DfsItem) -> Int) -> [DfsItem] {
            // By hand, so that what is equal stays in order whichever way round.
            let pairs = items.map { (key: has("r") ? -keys($0) : keys($0), item: $0) }
            return pairs.sorted { $0.key > $1.key }.map(\.item)
        }
        if has("t") { return ordered(time) }
        if has("S") { return ordered { $0.status?.size ?? 0 } }
        return has("r") ? items.reversed() : items
    }

    private func widen(for status: FileStatus) {
        replicationWidth = max(replicationWidth, String(status.replication).count)
        sizeWidth = max(sizeWidth, String(status.size).count)
        ownerWidth = max(ownerWidth, status.owner.count)
        groupWidth = max(groupWidth, status.group.count)
    }

    private func line(for item: DfsItem) -> String {
        let text = has("q") ? DfsText.printable(item.text) : item.text
        guard let status = item.status, !has("C") else { return text }
        var line = status.isDirectory ? "d" : "-"
        line += DfsText.permissions(status.permissions) + (status.hasAccessControlEntries ? "+" : " ")
        line += DfsText.right(status.isDirectory ? "-" : String(status.replication), replicationWidth) + " "
        if ownerWidth > 0 { line += Padding.field(status.owner, width: ownerWidth) + " " }
        if groupWidth > 0 { line += Padding.field(status.group, width: groupWidth) + " " }
        if has("e") { line += Padding.field(status.isDirectory ? "" : "Replicated", width: 10) + " " }
        line += DfsText.right(DfsText.size(status.size, isHuman: has("h")), sizeWidth) + " "
        return line + DfsText.time(time(item), timeZone: run.shell.timeZone, hasSeconds: false) + " " + text
    }
}
