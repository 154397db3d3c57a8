package import HoneyFiles
import HoneyHDFSMessages

/// Where the blocks of a file were when it was listed, all of them complete and on this host.
struct ListedBlocks: Sendable {
    var places: [BlockPlace]
}

// Opening files that were just listed: many small files would otherwise cost a call each.
extension HDFSFileSystem {
    /// What `open` needs not ask for; nil when it has to.
    func handle(_ located: WireLocatedBlocks, of status: FileStatus) -> ListedBlocks? {
        guard localBlocks != nil, !located.underConstruction, located.isLastBlockComplete, mayCertainlyRead(status)
        else { return nil }
        var places: [BlockPlace] = []
        var end = 0
        for block in located.blocks {
            let size = Int(clamping: block.b.numBytes)
            guard Int(clamping: block.offset) == end, size > 0 else { return nil }
            let place = BlockPlace(block, end..<end.addingClamped(size), isComplete: true, configuration)
            guard place.node != nil else { return nil }
            places.append(place)
            end = place.range.upperBound
        }
        return end == status.size ? ListedBlocks(places: places) : nil
    }

    /// Tells whether a NameNode would let this user read a file whatever groups he is in.
    private func mayCertainlyRead(_ status: FileStatus) -> Bool {
        let needed = status.owner == user ? 0o400 : 0o044
        return !status.hasAccessControlEntries && status.permissions & needed == needed
    }

    package func open(_ listed: ListedFile) throws -> any ReadableFile {
        let location = listed.status.location
        guard let localBlocks, let blocks = listed.handle as? ListedBlocks else { return try open(location) }
        return HDFSReadableFile(
            location, size: listed.status.size, blocks.places, try client(location), localBlocks)
    }
}
