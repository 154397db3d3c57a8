import HoneyWorld

/// A check of files and their blocks; its text is what Hadoop's `fsck` prints.
package struct FileSystemCheck {
    /// What is shown beside the summary.
    package struct Options: Hashable, Sendable {
        package var files = false
        package var blocks = false
        package var locations = false
        package var racks = false
        package var openFiles = false
        package var listsCorruptFiles = false

        package init() {}

        /// Reads the names of Hadoop's request: `files`, `blocks`, `locations`, `racks`, `openforwrite`, `listcorruptfileblocks`.
        package init(names: Set<String>) {
            files = names.contains("files")
            blocks = names.contains("blocks")
            locations = names.contains("locations")
            racks = names.contains("racks")
            openFiles = names.contains("openforwrite")
            listsCorruptFiles = names.contains("listcorruptfileblocks")
        }
    }

    let path: String
    let options: Options
    let manager: BlockManager
    private let started: Moment
    private let date: String
    var totals = FileSystemTotals()
    var text: String

    /// Begins a check of all under a path. `user` and `host` ask, `date` is the time as Java prints it.
    init(
        of path: String, _ manager: BlockManager, options: Options, user: String, host: String, date: String,
        at now: Moment
    ) {
        self.path = path
        self.options = options
        self.manager = manager
        self.date = date
        started = now
        text = "FSCK started by \(user) (auth:SIMPLE) from /\(host) for path \(path) at \(date)\n"
    }

    /// Ends it and tells its text.
    mutating func finish(at now: Moment) -> String {
        summarize()
        let milliseconds = max(0, now.monotonicNanoseconds - started.monotonicNanoseconds) / .milliseconds(1)
        text += "FSCK ended at \(date) in \(milliseconds) milliseconds\n\n\n"
        text += "The filesystem under path '\(path)' is " + (totals.isHealthy ? "HEALTHY" : "CORRUPT")
        return text
    }

    /// Takes the next directory or file; directories come before what is in them.
    mutating func take(_ entry: CheckedEntry) {
        switch entry {
        case .directory(let path):
            totals.directories += 1
            if options.files { text += "\(path) <dir>\n" }
        case .file(let file):
            if file.isOpen && !options.openFiles {
                totals.openFiles += 1
                totals.openBlocks += file.blocks.count
                totals.openBytes += file.blocks.reduce(0) { $0 + $1.size }
                return
            }
            take(file)
        }
    }

    private mutating func take(_ file: CheckedFile) {
        let bytes = file.blocks.reduce(0) { $0 + $1.size }
        totals.files += 1
        totals.bytes += bytes
        totals.blocks += file.blocks.count
        if options.files {
            text +=
                "\(file.path) \(bytes) bytes, replicated: replication=\(file.replication), \(file.blocks.count) block(s)"
            text += file.isOpen ? ", OPENFORWRITE: " : ": "
        }
        var report = ""
        var notes = ""
        var missing = 0
        var missingBytes = 0
        var corrupt = 0
        for (number, block) in file.blocks.enumerated() {
            let facts = BlockFacts(block, manager)
            totals.take(facts, wanted: file.replication)
            report += "\(number). \(manager.pool):\(block.block) len=\(block.size)"
            if facts.isMissing {
                report += " MISSING!"
                missing += 1
                missingBytes += block.size
            } else {
                report += " Live_repl=\(facts.counts.live)"
                if options.locations || options.racks { report += "  " + locations(of: facts) }
            }
            if facts.isCorrupt {
                corrupt += 1
                notes += "\n\(file.path): CORRUPT blockpool \(manager.pool) block blk_\(block.id)\n"
            }
            if facts.isUnderReplicated, !facts.isMissing {
                notes +=
                    "\n\(file.path):  Under replicated \(manager.pool):\(block.block). Target Replicas is "
                    + "\(file.replication) but found \(facts.counts.live) live replica(s), "
                    + "\(facts.counts.decommissioned) decommissioned replica(s), "
                    + "\(facts.counts.decommissioning) decommissioning replica(s).\n"
            }
            if facts.isBadlySpread {
                notes +=
                    "\n\(file.path): Replica placement policy is violated for \(manager.pool):\(block.block). "
                    + "Block should be additionally replicated on 1 more rack(s).\n"
            }
            report += "\n"
        }
        if corrupt > 0 || missing > 0 { totals.corruptFiles += 1 }
        if missing > 0 {
            notes += "\n\(file.path): MISSING \(missing) blocks of total size \(missingBytes) B."
        }
        if options.files {
            text += notes.isEmpty && !file.isOpen ? " OK\n" : notes
            if !text.hasSuffix("\n") { text += "\n" }
            if options.blocks { text += report + "\n" }
        } else {
            if !notes.isEmpty { text += notes }
            // A dot for each file shows that it goes on.
            text += totals.files % 100 == 0 ? ".\n" : "."
        }
    }

    private func locations(of facts: BlockFacts) -> String {
        let places = facts.storages.map { storage in
            options.racks
                ? storage.node.rack + "/" + storage.node.address
                : "DatanodeInfoWithStorage[\(storage.node.address),\(storage.uuid),\(storage.type.name)]"
        }
        return "[" + places.joined(separator: ", ") + "]"
    }
}
