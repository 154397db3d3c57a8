import Foundation
import HoneyCore
import HoneyFiles

extension DfsCommand {
    static var counting: [DfsCommand] {
        [
            DfsCommand(
                "du", "[-s] [-h] [-v] [-x] <path> ...",
                """
                Shows how many bytes files hold and how many they take on disks with all replicas; of a directory, what each \
                thing in it holds.

                  -s  The sum for each path.
                  -h  Sizes with units.
                  -v  With a line that names the columns.
                  -x  Without snapshots.
                """
            ) { try $0.diskUsage() },
            DfsCommand("dus", insteadOf: "du -s") { run in
                run.arguments.insert("-s", at: 0)
                try run.diskUsage()
            },
            DfsCommand(
                "df", "[-h] [<path> ...]",
                "Shows how large the file systems of the paths are, and how much of them is used and free; "
                    + "-h shows sizes with units."
            ) { try $0.diskSpace() },
            DfsCommand(
                "count", "[-q] [-h] [-v] [-t [<storage type>]] [-u] [-x] [-e] [-s] <path> ...",
                """
                Counts the directories, files and bytes at and below paths: DIR_COUNT FILE_COUNT CONTENT_SIZE PATHNAME

                  -q  Before that, the limits and what is left of them: QUOTA REM_QUOTA SPACE_QUOTA REM_SPACE_QUOTA
                  -u  The limits only.
                  -t  With -q or -u, the limits of kinds of storage, such as DISK,SSD; of all without a kind.
                  -h  Sizes with units.
                  -v  With a line that names the columns.
                  -x  Without snapshots.
                  -s  With what snapshots hold.
                  -e  With the policy of erasure coding.
                """
            ) { try $0.count() },
        ]
    }
}

extension DfsRun {
    fileprivate func diskUsage() throws {
        let options = try options("h s v x", 0)
        if arguments.isEmpty { arguments = ["."] }
        var rows: [[String]] = []
        func add(_ item: DfsItem) throws {
            try attempt(item.text) {
                let summary = try item.summary()
                rows.append(
                    [summary.size, summary.spaceConsumed].map { DfsText.size($0, isHuman: options["h"] != nil) }
                        + [item.text])
            }
        }
        try process { item in
            guard item.isDirectory, options["s"] == nil else { return try add(item) }
            for child in try item.children() { try add(child) }
        }
        guard !rows.isEmpty else { return }
        if options["v"] != nil {
            rows.insert(["SIZE", "DISK_SPACE_CONSUMED_WITH_ALL_REPLICAS", "FULL_PATH_NAME"], at: 0)
        }
        try DfsText.table(rows).forEach(print)
    }

    fileprivate func diskSpace() throws {
        let isHuman = try options("h", 0)["h"] != nil
        if arguments.isEmpty { arguments = ["/"] }
        var rows: [[String]] = []
        try process { item in
            let space = try item.administered.space()
            let share = space.capacity == 0 ? Double.nan : Double(space.used) / Double(space.capacity)
            let place = item.location
            rows.append(
                [place.scheme == "file" ? "file:///" : "\(place.scheme)://\(place.authority)"]
                    + [space.capacity, space.used, space.remaining].map { DfsText.size($0, isHuman: isHuman) }
                    + [share.isNaN ? "NaN%" : String(format: "%.0f%%", share * 100)])
        }
        guard !rows.isEmpty else { return }
        rows.insert(["Filesystem", "Size", "Used", "Available", "Use%"], at: 0)
        try DfsText.table(rows, right: [1, 2, 3, 4]).forEach(print)
    }

    fileprivate func count() throws {
        let options = try options("q h v u x e s", valued: ["t"])
        let count = try DfsCount(options)
        if options["v"] != nil { try print(count.header + "PATHNAME") }
        try process { item in try print(count.line(for: item.summary()) + item.text) }
    }
}

/// The columns of `-count`.
private struct DfsCount {
    private let options: [String: String]
    private let storageTypes: [String]

    private static let knownTypes = ["RAM_DISK", "SSD", "DISK", "ARCHIVE", "PROVIDED", "NVDIMM"]

    init(_ options: [String: String]) throws {
        self.options = options
        guard let types = options["t"], options["q"] != nil || options["u"] != nil else {
            storageTypes = []
            return
        }
        // Memory has no limits of its own.
        guard !types.isEmpty, types.lowercased() != "all" else {
            storageTypes = Array(DfsCount.knownTypes.dropFirst())
            return
        }
        storageTypes = types.split(separator: ",").map { $0.uppercased() }
        for type in storageTypes where !DfsCount.knownTypes.contains(type) {
            throw DfsUsageError("No enum constant org.apache.hadoop.fs.StorageType.\(type)")
        }
    }

    private func has(_ option: String) -> Bool { options[option] != nil }

    private static func columns(_ texts: [String], _ widths: [Int]) -> String {
        zip(texts, widths).map { DfsText.right($0, $1) + " " }.joined()
    }

    private static let quotaWidths = [12, 15, 15, 15]
    private static let widths = [12, 12, 18]
    private static let snapshotWidths = [18, 24, 24, 28]

    var header: String {
        if !storageTypes.isEmpty {
            return storageTypes.map { DfsCount.columns(["\($0)_QUOTA", "REM_\($0)_QUOTA"], [14, 18]) }.joined()
        }
        var line = ""
        if has("q") || has("u") {
            line = DfsCount.columns(["QUOTA", "REM_QUOTA", "SPACE_QUOTA", "REM_SPACE_QUOTA"], DfsCount.quotaWidths)
        }
        if has("u") { return line }
        line += DfsCount.columns(["DIR_COUNT", "FILE_COUNT", "CONTENT_SIZE"], DfsCount.widths)
        if has("e") { line += "ERASURECODING_POLICY " }
        if has("s") {
            line += DfsCount.columns(
                ["SNAPSHOT_LENGTH", "SNAPSHOT_FILE_COUNT", "SNAPSHOT_DIR_COUNT", "SNAPSHOT_SPACE_CONSUMED"],
                DfsCount.snapshotWidths)
        }
        return line
    }

    func line(for summary: ContentSummary) -> String {
        func size(_ count: Int) -> String { DfsText.size(count, isHuman: has("h")) }
        if !storageTypes.isEmpty {
            return storageTypes.map { _ in DfsCount.columns(["none", "inf"], [14, 18]) }.joined()
        }
        var line = ""
        if has("q") || has("u") {
            var texts = ["none", "inf", "none", "inf"]
            if summary.nameQuota > 0 {
                texts[0] = size(summary.nameQuota)
                texts[1] = size(summary.nameQuota &- summary.directoryCount &- summary.fileCount)
            }
            if summary.spaceQuota > 0 {
                texts[2] = size(summary.spaceQuota)
                texts[3] = size(summary.spaceQuota &- summary.spaceConsumed)
            }
            line = DfsCount.columns(texts, DfsCount.quotaWidths)
        }
        if has("u") { return line }
        line += DfsCount.columns(
            [size(summary.directoryCount), size(summary.fileCount), size(summary.size)], DfsCount.widths)
        if has("e") { line += DfsText.right("Replicated", 20) + " " }
        if has("s") { line += DfsCount.columns(["0", "0", "0", "0"], DfsCount.snapshotWidths) }
        return line
    }
}

extension DfsItem {
    /// Counts what is at and below; by listing where the file system does not count itself.
    fileprivate func summary() throws -> ContentSummary {
        if let administered = fileSystem as? any AdministeredFileSystem {
            return try administered.contentSummary(location)
        }
        guard isDirectory else {
            let size = status?.size ?? 0
            return ContentSummary(directoryCount: 0, fileCount: 1, size: size, spaceConsumed: size)
        }
        var sum = ContentSummary(directoryCount: 1, fileCount: 0, size: 0, spaceConsumed: 0)
        for child in try children() { sum.add(try child.summary()) }
        return sum
    }
}
