import HoneyCore
import HoneyWorld
import NIOCore

extension Volume {
    /// The layout version of Hadoop 3 DataNodes.
    static let layoutVersion = -57

    /// Makes the directories and version files that are not there.
    func prepare(_ identity: StoreIdentity, datanodeUUID: String, random: inout SeededRandom) throws {
        poolDirectory = "current/" + identity.pool
        for directory in [finalizedRoot, poolDirectory + "/current/rbw", poolDirectory + "/tmp"]
        where try disk.entry(directory) == nil {
            try disk.makeDirectory(directory)
        }
        for directory in [poolDirectory + "/current", poolDirectory, "current", ""] { try disk.synchronize(directory) }
        if let version = try VersionFile(in: poolDirectory + "/current", of: disk) {
            guard version["namespaceID"] == String(identity.namespaceID) else {
                throw HoneyError(
                    .environment, "STORAGE_MISMATCH",
                    "storage directory \(disk.name) belongs to another name space: \(version["namespaceID"] ?? "none"), "
                        + "the NameNode's is \(identity.namespaceID)")
            }
        } else {
            try VersionFile([
                ("namespaceID", String(identity.namespaceID)), ("cTime", String(identity.creationTime)),
                ("blockpoolID", identity.pool), ("layoutVersion", String(Self.layoutVersion)),
            ]).write(in: poolDirectory + "/current", of: disk)
        }
        guard storageID.isEmpty else { return }
        storageID = "DS-" + random.makeUUID()
        try VersionFile([
            ("storageID", storageID), ("clusterID", identity.clusterID), ("cTime", "0"),
            ("datanodeUuid", datanodeUUID), ("storageType", "DATA_NODE"), ("layoutVersion", String(Self.layoutVersion)),
        ]).write(in: "current", of: disk)
    }

    /// What of a block is in one directory.
    private struct Files {
        var size: Int?
        var stamp: UInt64?
        var hasTail = false
    }

    /// Finds all replicas after a start. Those that were being written are cut to what their checksums vouch for.
    func findReplicas(
        log: (LogLevel, String) -> Void, _ found: (UInt64, Replica) throws -> Void
    ) throws {
        for entry in try disk.list(poolDirectory + "/tmp") where !entry.isDirectory {
            try disk.remove(poolDirectory + "/tmp/" + entry.name)
        }
        var loose: [UInt64: Files] = [:]
        var finished: Set<UInt64> = []
        let unfinished = try files(in: poolDirectory + "/current/rbw")
        for first in try disk.list(finalizedRoot) where first.isDirectory {
            for second in try disk.list(finalizedRoot + "/" + first.name) where second.isDirectory {
                let directory = finalizedRoot + "/" + first.name + "/" + second.name
                for (id, files) in try files(in: directory).sorted(by: { $0.key < $1.key }) {
                    guard directory == self.directory(.finalized, id) else {
                        log(.warning, "a file of block \(id) is in the wrong directory \(directory) of \(disk.name)")
                        continue
                    }
                    guard let size = files.size, let stamp = files.stamp else {
                        loose[id] = files
                        continue
                    }
                    if unfinished[id] != nil { finished.insert(id) }
                    try found(
                        id,
                        Replica(generationStamp: stamp, size: size, volume: UInt16(index), state: .finalized))
                }
            }
        }
        for id in Set(unfinished.keys).union(loose.keys).sorted() {
            if finished.contains(id) {
                try removeFiles(id, in: .beingWritten, unfinished[id] ?? Files())
            } else if let replica = try mend(id, unfinished[id] ?? Files(), loose[id] ?? Files(), log) {
                try found(id, replica)
            }
        }
    }

    /// The block and meta files in a directory, by block; of several stamps the newest.
    private func files(in directory: String) throws -> [UInt64: Files] {
        var found: [UInt64: Files] = [:]
        for entry in try disk.list(directory) where !entry.isDirectory {
            switch ReplicaName.parse(entry.name) {
            case .data(let id): found[id, default: Files()].size = entry.size
            case .meta(let id, let stamp):
                found[id, default: Files()].stamp = max(stamp, found[id]?.stamp ?? 0)
            case .tail(let id): found[id, default: Files()].hasTail = true
            case .other: break
            }
        }
        return found
    }

    /// Brings together what a crash left of a replica that was being written, finished or opened for appending.
    private func mend(
        _ id: UInt64, _ written: Files, _ finalized: Files, _ log: (LogLevel, String) -> Void
    ) throws -> Replica? {
        guard written.size != nil || finalized.size != nil, let stamp = written.stamp ?? finalized.stamp else {
            if written.size != nil || written.stamp != nil || written.hasTail {
                log(.warning, "what is left of block \(id) on \(disk.name) has no data or no checksums, and is removed")
                try removeFiles(id, in: .beingWritten, written)
            } else {
                log(.warning, "block \(id) on \(disk.name) has no data or no checksums, and is not served")
            }
            return nil
        }
        if written.size == nil { try disk.rename(data(.finalized, id), to: data(.beingWritten, id)) }
        if written.stamp == nil {
            try disk.rename(meta(.finalized, id, stamp), to: meta(.beingWritten, id, stamp))
        }
        let (dataFile, metaFile) = (
            try disk.open(data(.beingWritten, id), .update), try disk.open(meta(.beingWritten, id, stamp), .update)
        )
        let kind: ChecksumKind
        do {
            kind = try MetaFile.readKind(metaFile, name: disk.name + "/" + meta(.beingWritten, id, stamp))
        } catch {
            log(.warning, "block \(id) on \(disk.name) has lost its checksums, and is removed: \(error)")
            try removeFiles(id, in: .beingWritten, Files(size: 0, stamp: stamp))
            return nil
        }
        var prefix = try VerifiedPrefix.read(data: dataFile, meta: metaFile, kind: kind)
        if written.hasTail {
            for tail in try ReplicaTail.read(try disk.open(self.tail(id), .read)).compactMap({ $0 })
            where try tail.fits(dataFile, after: prefix, kind: kind) {
                prefix = VerifiedPrefix(bytes: tail.bytes, lastChecksum: tail.checksum)
                try metaFile.write(
                    ByteBuffer(integer: tail.checksum),
                    at: MetaFile.offset(ofChunk: tail.bytes / kind.bytesPerChecksum))
            }
        }
        if dataFile.size != prefix.bytes { try dataFile.truncate(to: prefix.bytes) }
        let metaBytes = MetaFile.size(of: prefix.bytes, kind)
        if metaFile.size != metaBytes { try metaFile.truncate(to: metaBytes) }
        return Replica(generationStamp: stamp, size: prefix.bytes, volume: UInt16(index), state: .waiting)
    }

    private func removeFiles(_ id: UInt64, in place: Place, _ files: Files) throws {
        if files.size != nil { try disk.remove(data(place, id)) }
        if let stamp = files.stamp { try disk.remove(meta(place, id, stamp)) }
        if files.hasTail { try disk.remove(tail(id)) }
    }

    func removeFiles(_ id: UInt64, _ replica: Replica) throws {
        try gather(id)
        try removeFiles(id, in: replica.state.place, Files(size: 0, stamp: replica.generationStamp))
    }
}

extension Replica.State {
    var place: Volume.Place {
        switch self {
        case .finalized: .finalized
        case .beingWritten, .waiting: .beingWritten
        case .temporary: .temporary
        }
    }
}
