// What survives, and what a disk does to what it has.
extension SimulatedDisk {
    /// Makes the names of a directory durable, with the changes they rest upon.
    func settle(_ directory: SimulatedDirectoryNode, before number: Int) {
        guard changes.contains(where: { $0.number < number }) else { return }
        var needed: Set<ObjectIdentifier> = [ObjectIdentifier(directory)]
        var isNeeded = [Bool](repeating: false, count: changes.count)
        for (place, change) in changes.enumerated().reversed() where change.number < number {
            let touched = change.directories.map { ObjectIdentifier($0) }
            // A directory's own making is settled with the directory above it.
            let own = change.made.map { ObjectIdentifier($0) }
            guard touched.contains(where: { needed.contains($0) && $0 != own }) else { continue }
            isNeeded[place] = true
            needed.formUnion(touched)
        }
        for (place, change) in changes.enumerated() where isNeeded[place] { change.apply() }
        changes = changes.enumerated().filter { !isNeeded[$0.offset] }.map(\.element)
    }

    /// Keeps what is durable, and of the rest what a disk may have written: of each directory's changes a beginning.
    package func losePower() {
        beginEra()
        let chance = Int.random(in: 0..<3, using: &random)
        var cut: Set<ObjectIdentifier> = []
        for change in changes {
            let touched = change.directories.map { ObjectIdentifier($0) }
            let isLost = chance == 0 || (chance == 2 && Int.random(in: 0..<4, using: &random) == 0)
            if isLost || touched.contains(where: { cut.contains($0) }) {
                cut.formUnion(touched)
            } else {
                change.apply()
            }
        }
        changes.removeAll()
        restore(root)
        forEachFile { _, file in file.losePower(&random) }
        countUsedBytes()
    }

    private func restore(_ directory: SimulatedDirectoryNode) {
        directory.children = directory.durable
        for node in directory.children.values { if let below = node.directory { restore(below) } }
    }

    /// Flips some bits of a byte of a file, as disks do with time; `among` chooses the files.
    ///
    /// Returns the path and offset; nil when there is no such file with anything in it.
    @discardableResult
    package func rot(among isChosen: (String) -> Bool = { _ in true }) -> (path: String, offset: Int)? {
        var files: [(String, SimulatedFileNode)] = []
        forEachFile { path, file in if file.size > 0, isChosen(path) { files.append((path, file)) } }
        guard let (path, file) = files.randomElement(using: &random) else { return nil }
        let offset = Int.random(in: 0..<file.size, using: &random)
        file.rot(at: offset, by: UInt8.random(in: 1...255, using: &random))
        return (path, offset)
    }

    /// Puts an empty disk in the place of this one.
    package func replace() {
        beginEra()
        root = SimulatedDirectoryNode()
        changes.removeAll()
        countUsedBytes()
        faults = DiskFaults()
    }
}
