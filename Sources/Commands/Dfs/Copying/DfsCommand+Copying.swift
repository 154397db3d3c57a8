import HoneyCore
import HoneyFiles

extension DfsCommand {
    private static let putUsage =
        "[-f] [-p] [-l] [-d] [-t <thread count>] [-q <thread pool queue size>] <localsrc> ... <dst>"
    private static let getUsage =
        "[-f] [-p] [-crc] [-ignoreCrc] [-t <thread count>] [-q <thread pool queue size>] <src> ... <localdst>"
    private static let flags = """

          -f  Replaces what is there.
          -p  Keeps times, owner, group and mode.
        """
    private static let direct = "\n  -d  Writes to the target itself instead of <dst>._COPYING_."
    private static let threads = "\n  -t, -q  Are taken and mean nothing; one file is copied after another."

    static var copying: [DfsCommand] {
        [
            DfsCommand(
                "put", putUsage,
                "Copies files and directories of this machine, or standard input (-), to a file system.\n" + flags
                    + "\n  -l  Asks for one replica." + direct + threads
            ) { try $0.put() },
            DfsCommand("copyFromLocal", putUsage, "Does what -put does.") { try $0.put() },
            DfsCommand(
                "get", getUsage,
                "Copies files and directories to this machine.\n" + flags
                    + "\n  -crc        Writes a file of checksums (.name.crc) beside each.\n"
                    + "  -ignoreCrc  Is taken; what is read is always checked." + threads
            ) { try $0.copyToLocal() },
            DfsCommand("copyToLocal", getUsage, "Does what -get does.") { try $0.copyToLocal() },
            DfsCommand(
                "cp", "[-f] [-p | -p[topax]] [-d] [-t <thread count>] [-q <thread pool queue size>] <src> ... <dst>",
                "Copies files and directories; several of them to a directory.\n" + flags
                    + "\n  -p[topax]  Keeps times (t), owner and group (o), mode (p), access-control lists (a) and "
                    + "attributes (x)." + direct + threads
            ) { try $0.copy() },
        ]
    }
}

extension DfsRun {
    /// Takes how many threads and how long a queue; both must be numbers.
    private func copyOptions(_ flags: String, _ minimum: Int) throws -> [String: String] {
        let options = try options(flags, valued: ["t", "q"], minimum)
        for name in ["t", "q"] {
            if let value = options[name], Int(value) == nil { throw DfsUsageError("For input string: \"\(value)\"") }
        }
        return options
    }

    fileprivate func put() throws {
        let options = try copyOptions("f p l d", 1)
        let copy = DfsCopy(self, to: try remoteTarget())
        copy.overwrites = options["f"] != nil
        copy.isLazy = options["l"] != nil
        copy.isDirect = options["d"] != nil
        if options["p"] != nil { copy.preserved = DfsCopy.usualAttributes }
        if arguments == ["-"] { return try copy.copyInput() }
        try copy.copy(localItems())
    }

    fileprivate func copyToLocal() throws {
        let options = try copyOptions("crc ignoreCrc p f", 1)
        let copy = DfsCopy(self, to: try localItem(arguments.count < 2 ? "." : arguments.removeLast()))
        copy.overwrites = options["f"] != nil
        copy.writesChecksums = options["crc"] != nil
        if options["p"] != nil { copy.preserved = DfsCopy.usualAttributes }
        try copy.copy(expand(arguments))
    }

    fileprivate func copy() throws {
        let preserved = try takePreserved()
        let options = try copyOptions("f d", 2)
        let copy = DfsCopy(self, to: try remoteTarget())
        copy.overwrites = options["f"] != nil
        copy.isDirect = options["d"] != nil
        copy.preserved = preserved
        try copy.copy(expand(arguments))
    }

    /// Takes `-p` or `-ptop` from anywhere before `--`.
    private func takePreserved() throws -> Set<Character> {
        let end = arguments.firstIndex(of: "--") ?? arguments.endIndex
        guard let position = arguments[..<end].firstIndex(where: { $0.hasPrefix("-p") }) else { return [] }
        let letters = Set(arguments.remove(at: position).dropFirst(2).lowercased())
        if let other = letters.first(where: { !"topax".contains($0) }) {
            throw DfsUsageError("No attribute for \(other)")
        }
        return letters.isEmpty ? DfsCopy.usualAttributes : letters
    }

    /// The target at the end of the arguments; the home directory when there is only a source.
    func remoteTarget() throws -> DfsItem { try target(arguments.count < 2 ? "." : arguments.removeLast()) }

    /// Files of the machine; their names are no patterns.
    func localItems() throws -> [DfsItem] {
        var items: [DfsItem] = []
        for text in arguments { try attempt(text) { items.append(try localItem(text)) } }
        return items
    }
}
