import HoneyWorld
import NIOCore

// A directory of `dfs.datanode.data.dir`, laid out as Hadoop's:
//
// current/VERSION                                       the storage, its DataNode and its cluster
// current/POOL/current/VERSION                          the name space
// current/POOL/current/finalized/subdirI/subdirJ/       finished replicas; I and J are bits 16-20 and 8-12 of the block's number
// current/POOL/current/rbw/                             replicas being written
// current/POOL/tmp/                                     replicas being copied from another DataNode; emptied at the start
// each with blk_ID and blk_ID_STAMP.meta, in rbw also blk_ID.tail

/// One storage directory of a DataNode.
final class Volume {
    let disk: any Disk
    let index: Int
    var storageID = ""
    /// `current/POOL`.
    var poolDirectory = ""
    /// Bytes of block and meta files.
    var used = 0
    /// Bytes set aside for replicas being written.
    var reserved = 0
    /// Replicas on it.
    var count = 0
    /// Why it is out of use; nil while it works.
    var failure: DiskError?
    /// Moves of replicas' files that failed half-way and could not be taken back yet: what is still to be taken back, in order.
    private var halfMoved: [UInt64: [Move]] = [:]
    /// Directories of finished replicas that are there, durably or by a sync that was asked for.
    private var made: Set<String> = []

    init(_ disk: any Disk, index: Int) {
        self.disk = disk
        self.index = index
    }

    enum Place: CaseIterable {
        case finalized, beingWritten, temporary
    }

    var finalizedRoot: String { poolDirectory + "/current/finalized" }

    func directory(_ place: Place, _ id: UInt64) -> String {
        switch place {
        case .finalized: finalizedRoot + Self.finalizedFolder(id)
        case .beingWritten: poolDirectory + "/current/rbw"
        case .temporary: poolDirectory + "/tmp"
        }
    }

    /// Where a finished replica is below `current/finalized`.
    static func finalizedFolder(_ id: UInt64) -> String { "/subdir\((id >> 16) & 0x1F)/subdir\((id >> 8) & 0x1F)" }

    func data(_ place: Place, _ id: UInt64) -> String { directory(place, id) + "/" + ReplicaName.data(id) }

    func meta(_ place: Place, _ id: UInt64, _ stamp: UInt64) -> String {
        directory(place, id) + "/" + ReplicaName.meta(id, stamp)
    }

    func tail(_ id: UInt64) -> String { directory(.beingWritten, id) + "/" + ReplicaName.data(id) + ".tail" }

    /// Makes the directory of a finished replica; tells what must be synced with it.
    func makeFinalizedDirectory(_ id: UInt64) throws(DiskError) -> [SyncTarget] {
        let directory = directory(.finalized, id)
        guard made.insert(directory).inserted else { return [] }
        do {
            guard try disk.entry(directory) == nil else { return [] }
            try disk.makeDirectory(directory)
        } catch {
            made.remove(directory)
            throw error
        }
        let above = String(directory[..<(directory.lastIndex(of: "/") ?? directory.endIndex)])
        return [.directory(disk, above), .directory(disk, finalizedRoot)]
    }

    // MARK: Moving a replica's files

    struct Move {
        var source: String
        var target: String
    }

    /// Moves a replica's files, all or none of them; what cannot be taken back at once is before its files are used again.
    func move(_ id: UInt64, _ moves: [Move]) throws(DiskError) {
        try gather(id)
        for (index, move) in moves.enumerated() {
            do { try disk.rename(move.source, to: move.target) } catch {
                halfMoved[id] = moves[..<index].reversed().map { Move(source: $0.target, target: $0.source) }
                try? gather(id)
                throw error
            }
        }
    }

    /// Names a replica's checksums after another stamp.
    func changeStamp(of id: UInt64, in place: Place, from old: UInt64, to new: UInt64) throws(DiskError) {
        try move(id, [Move(source: meta(place, id, old), target: meta(place, id, new))])
    }

    /// Takes back what is left of a move that failed, so that a replica's files are where the store has it.
    func gather(_ id: UInt64) throws(DiskError) {
        while let move = halfMoved[id]?.first {
            try disk.rename(move.source, to: move.target)
            halfMoved[id]!.removeFirst()
        }
        halfMoved[id] = nil
    }

    /// Bytes that may be written beside what is set aside.
    func available(keepingFree: Int) throws(DiskError) -> Int {
        max(0, try disk.space().available - reserved - keepingFree)
    }

    /// Tries whether the disk still takes and gives bytes.
    func probe() -> DiskError? {
        do throws(DiskError) {
            let path = poolDirectory + "/tmp/probe"
            let file = try disk.open(path, .create)
            try file.write(.init(string: "probe"), at: 0)
            try disk.remove(path)
            return nil
        } catch {
            return error.cause == .full ? nil : error
        }
    }
}
