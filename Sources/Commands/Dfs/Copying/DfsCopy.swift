import HoneyCore
import HoneyFiles

/// Sources going to a target: into it if it is a directory, else to its name. Files appear there when they are whole.
final class DfsCopy {
    /// Times, owner and mode: what `-p` alone keeps.
    static let usualAttributes: Set<Character> = ["t", "o", "p"]

    let run: DfsRun
    private let target: DfsItem
    var overwrites = false
    /// Writes to the target itself instead of a name that tells it is not whole.
    var isDirect = false
    /// Has the target held by one node only.
    var isLazy = false
    var writesChecksums = false
    /// Letters of `topax`.
    var preserved: Set<Character> = []
    /// Removes each source when it has been copied.
    var isMove = false

    init(_ run: DfsRun, to target: DfsItem) {
        self.run = run
        self.target = target
    }

    func copy(_ sources: [DfsItem]) throws {
        try transfer(sources) { source, target in try copyTree(source, to: target) }
    }

    /// Hands each source to `body` with what it is to become.
    func transfer(_ sources: [DfsItem], _ body: (_ source: DfsItem, _ target: DfsItem) throws -> Void) throws {
        try checkTarget(for: sources.count)
        try run.each(sources) { source in
            let place = try place(for: source)
            try refuseWithinItself(source, place)
            try body(source, place)
        }
    }

    private func checkTarget(for count: Int) throws {
        guard target.status != nil else {
            if count > 1 { throw DfsFailure.missing(target.text) }
            guard try target.parentExists else {
                throw DfsFailure.missing(target.text, qualified: target.qualifiedText)
            }
            return
        }
        if count > 1, !target.isDirectory { throw DfsFailure.isNotDirectory(target.text) }
        if !target.isDirectory, !overwrites { throw DfsFailure.exists(target.text) }
    }

    private func place(for source: DfsItem) throws -> DfsItem {
        target.isDirectory || target.looksLikeDirectory ? try target.child(source.location.name) : target
    }

    private func refuseWithinItself(_ source: DfsItem, _ place: DfsItem) throws {
        let (from, to) = (source.location, place.location)
        guard source.isDirectory, from.scheme == to.scheme, from.authority == to.authority else { return }
        if from == to { throw DfsFailure(source.text, "are identical", to: to.description) }
        let prefix = from.path == "/" ? "/" : from.path + "/"
        if to.path.hasPrefix(prefix) {
            throw DfsFailure(source.text, "is a subdirectory of itself", to: place.text)
        }
    }

    private func copyTree(_ source: DfsItem, to place: DfsItem) throws {
        if isMove, place.isDirectory { throw DfsFailure.exists(place.text) }
        guard source.isDirectory else {
            try copyFile(source, to: place)
            return try finish(source)
        }
        var place = place
        if place.status == nil {
            try place.fileSystem.makeDirectory(place.location)
            try place.refresh()
        }
        guard place.isDirectory else { throw DfsFailure.isNotDirectory(place.text) }
        for child in try source.children() {
            try run.attempt(child.text) {
                try copyTree(child, to: place.child(child.location.name))
            }
        }
        try preserve(source, on: place)
        try finish(source)
    }

    private func finish(_ source: DfsItem) throws {
        if isMove { try source.fileSystem.delete(source.location, recursive: false) }
    }

    private func copyFile(_ source: DfsItem, to place: DfsItem) throws {
        try refuseExisting(place)
        let input = try source.fileSystem.open(source.location)
        let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 20, alignment: 64)
        defer { buffer.deallocate() }
        var offset = 0
        try write(to: place) {
            let count = try input.read(at: offset, count: buffer.count, into: buffer.baseAddress!)
            offset += count
            return UnsafeRawBufferPointer(rebasing: buffer[..<count])
        }
        guard offset == input.size else {
            throw HoneyError(
                .environment, "IO_ERROR", "file became shorter while it was copied",
                file: FilePosition(source.location.description, offset: offset))
        }
        try preserve(source, on: place)
    }

    /// Copies standard input to the target.
    func copyInput() throws {
        try checkTarget(for: 1)
        let place = target.isDirectory || target.looksLikeDirectory ? try target.child("-") : target
        try refuseExisting(place)
        var bytes: [UInt8] = []
        let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 16, alignment: 64)
        defer { buffer.deallocate() }
        try write(to: place) {
            if bytes.isEmpty { bytes = try run.shell.input() }
            let count = min(bytes.count, buffer.count)
            buffer.copyBytes(from: bytes[..<count])
            bytes.removeFirst(count)
            return UnsafeRawBufferPointer(rebasing: buffer[..<count])
        }
    }

    private func refuseExisting(_ place: DfsItem) throws {
        if place.status != nil, place.isDirectory || !overwrites { throw DfsFailure.exists(place.text) }
    }

    /// Writes pieces until an empty one, under a name that tells the file is not whole; then gives it its own.
    private func write(to place: DfsItem, _ next: () throws -> UnsafeRawBufferPointer) throws {
        let fileSystem = place.fileSystem
        let name = place.location.name + "._COPYING_"
        let partial = isDirect ? place.location : place.location.parent.appending(name)
        var sums = ChecksumFile()
        do {
            let output = try fileSystem.create(partial, overwrite: true)
            while true {
                let piece = try next()
                if piece.isEmpty { break }
                try output.write(piece)
                if writesChecksums { sums.add(piece) }
            }
            try output.close()
            if isLazy, let administered = fileSystem as? any AdministeredFileSystem {
                _ = try administered.setReplication(partial, to: 1)
            }
            if !isDirect {
                if place.status != nil { try fileSystem.delete(place.location, recursive: false) }
                try fileSystem.rename(partial, to: place.location)
            }
        } catch {
            if !isDirect { _ = try? fileSystem.delete(partial, recursive: false) }
            throw error
        }
        if writesChecksums {
            let sumsLocation = place.location.parent.appending("." + place.location.name + ".crc")
            try fileSystem.write(sums.bytes(), to: sumsLocation, overwrite: true)
        }
    }

    private func preserve(_ source: DfsItem, on place: DfsItem) throws {
        guard !preserved.isEmpty, let status = source.status else { return }
        let fileSystem = try place.administered
        if preserved.contains("o") {
            try fileSystem.setOwner(place.location, owner: status.owner, group: status.group)
        }
        if preserved.contains("p") || preserved.contains("a") {
            try fileSystem.setPermissions(place.location, to: status.permissions)
        }
        if preserved.contains("a"), status.hasAccessControlEntries {
            let entries = try AccessControlList(
                permissions: status.permissions,
                entries: try source.administered.accessControlEntries(source.location))
            try fileSystem.setAccessControlEntries(place.location, to: entries.all.map(\.description))
        }
        if preserved.contains("x") {
            for (name, value) in try source.administered.extendedAttributes(source.location) {
                try fileSystem.setExtendedAttribute(place.location, name: name, value: value)
            }
        }
        // Last, since the others may count as changes.
        if preserved.contains("t") {
            try fileSystem.setTimes(
                place.location, modifiedMilliseconds: status.modifiedMilliseconds,
                accessedMilliseconds: status.accessedMilliseconds)
        }
    }
}
