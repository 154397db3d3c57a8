import HoneyCore
import HoneyWorld
import NIOCore

/// The replicas of a DataNode on its volumes.
///
/// Calls do their work at once; what must be durable before somebody is told is handed back as targets of a sync.
final class BlockStore {
    private(set) var volumes: [Volume]
    let keepsFreeBytes: Int
    private let log: (LogLevel, String) -> Void
    /// Whose blocks these are; nil before a NameNode was heard.
    private(set) var identity: StoreIdentity?
    private(set) var datanodeUUID = ""

    var replicas: [UInt64: Replica] = [:]
    /// Those that may grow: being written or temporary, and waiting ones that a writer took up again.
    var open: [UInt64: OpenReplica] = [:]
    var recoveries: [UInt64: ReplicaRecovery] = [:]
    /// Hears of a volume that is out of use, after its replicas were forgotten.
    var volumeFailed: (Volume) -> Void = { _ in }
    /// Hears of a replica whose files somebody else removed, after it was forgotten.
    var replicaVanished: (Block, Volume) -> Void = { _, _ in }
    /// Hears of a replica whose checksums cannot be read for what they are.
    var replicaDamaged: (Block, Volume) -> Void = { _, _ in }

    init(_ disks: [any Disk], keepsFreeBytes: Int, log: @escaping (LogLevel, String) -> Void) {
        volumes = disks.enumerated().map { Volume($1, index: $0) }
        self.keepsFreeBytes = keepsFreeBytes
        self.log = log
    }

    var workingVolumes: [Volume] { volumes.filter { $0.failure == nil } }

    /// Reads what the volumes say of themselves, or makes them a new storage of this name space, and finds their replicas.
    ///
    /// Fails when they belong to another cluster or name space.
    func load(_ identity: StoreIdentity, random: inout SeededRandom) throws {
        for volume in volumes {
            let file: VersionFile?
            do {
                file = try VersionFile(in: "current", of: volume.disk)
            } catch let error as DiskError {
                volume.failure = error
                log(.error, "volume \(volume.disk.name) is out of use: \(error)")
                continue
            }
            guard let version = file else { continue }
            guard version["clusterID"] == identity.clusterID else {
                throw HoneyError(
                    .environment, "STORAGE_MISMATCH",
                    "storage directory \(volume.disk.name) belongs to another cluster: \(version["clusterID"] ?? "none"), "
                        + "the NameNode's is \(identity.clusterID)")
            }
            let uuid = version["datanodeUuid"] ?? ""
            guard datanodeUUID.isEmpty || uuid.isEmpty || datanodeUUID == uuid else {
                throw HoneyError(
                    .environment, "STORAGE_MISMATCH",
                    "storage directory \(volume.disk.name) belongs to another DataNode: \(uuid), not \(datanodeUUID)")
            }
            if !uuid.isEmpty { datanodeUUID = uuid }
            volume.storageID = version["storageID"] ?? ""
        }
        if datanodeUUID.isEmpty { datanodeUUID = random.makeUUID() }
        for volume in workingVolumes {
            do {
                try volume.prepare(identity, datanodeUUID: datanodeUUID, random: &random)
            } catch let error as DiskError {
                volume.failure = error
                log(.error, "volume \(volume.disk.name) is out of use: \(error)")
            }
        }
        self.identity = identity
        for volume in workingVolumes {
            do {
                try scan(volume)
            } catch let error as DiskError {
                fail(volume, error)
            }
        }
        guard !workingVolumes.isEmpty else {
            throw HoneyError(.environment, "IO_ERROR", "no storage directory works")
        }
    }

    private func scan(_ volume: Volume) throws {
        try volume.findReplicas(log: log) { id, replica in
            guard let known = replicas[id] else {
                replicas[id] = replica
                return
            }
            // One of two volumes was left behind.
            let isNewer =
                (replica.generationStamp, replica.size) > (known.generationStamp, known.size)
                && known.state != .finalized || replica.generationStamp > known.generationStamp
            let worse = isNewer ? known : replica
            if isNewer { replicas[id] = replica }
            log(.warning, "block \(id) is on two volumes; the replica of stamp \(worse.generationStamp) is removed")
            try volumes[Int(worse.volume)].removeFiles(id, worse)
        }
        for replica in replicas.values where Int(replica.volume) == volume.index {
            volume.used += Replica.footprint(of: replica.size)
            volume.count += 1
        }
        log(.info, "volume \(volume.disk.name) has \(volume.count) replicas")
    }

    // MARK: Looking

    /// The block as it is here, with the bytes that are on disk.
    func block(_ id: UInt64) -> Block? {
        replicas[id].map {
            Block(id: id, generationStamp: $0.generationStamp, size: open[id]?.received ?? $0.size)
        }
    }

    func volume(of id: UInt64) -> Volume? { replicas[id].map { volumes[Int($0.volume)] } }

    func replica(_ id: UInt64) throws -> Replica {
        guard let replica = replicas[id] else {
            throw RemoteException.replicaNotFound("Replica not found for blk_\(id)")
        }
        return replica
    }

    // MARK: Volumes

    /// Chooses where a new replica goes: the storage that is asked for when it has room, else the one with the most room.
    func chooseVolume(storageID: String, bytes: Int) throws -> Volume {
        var best: (volume: Volume, room: Int)?
        for volume in workingVolumes {
            let room: Int
            do {
                room = try volume.available(keepingFree: keepsFreeBytes)
            } catch {
                examine(volume, after: error)
                continue
            }
            guard room >= max(bytes, 1) else { continue }
            if volume.storageID == storageID { return volume }
            if room > best?.room ?? -1 { best = (volume, room) }
        }
        guard let best else { throw RemoteException.outOfSpace("Out of space: no volume has room for \(bytes) bytes") }
        return best.volume
    }

    /// Looks whether a volume still works after something failed on it, and takes it out of use when it does not.
    func examine(_ volume: Volume, after error: any Error) {
        guard volume.failure == nil, let error = error as? DiskError, error.cause != .full, error.cause != .notFound
        else { return }
        log(.warning, "\(error)")
        if let failure = volume.probe() { fail(volume, failure) }
    }

    func fail(_ volume: Volume, _ failure: DiskError) {
        guard volume.failure == nil else { return }
        volume.failure = failure
        log(.error, "volume \(volume.disk.name) is out of use: \(failure)")
        let lost = replicas.filter { Int($0.value.volume) == volume.index }.keys.sorted()
        for id in lost {
            stopWriter(of: id, "the volume failed")
            replicas[id] = nil
            open[id] = nil
            recoveries[id] = nil
        }
        volume.used = 0
        volume.reserved = 0
        volume.count = 0
        volumeFailed(volume)
    }

    /// Has who writes a replica stop, so that another may.
    func stopWriter(of id: UInt64, _ reason: String) {
        guard let replica = open[id], let writer = replica.writer else { return }
        replica.writer = nil
        writer.stopWriting(reason)
    }

    /// Forgets a replica and removes its files.
    func remove(_ id: UInt64) throws {
        guard let replica = replicas[id] else { return }
        stopWriter(of: id, "the replica is removed")
        let size = open[id]?.received ?? replica.size
        let volume = volumes[Int(replica.volume)]
        volume.reserved -= open[id]?.reserved ?? 0
        volume.used -= Replica.footprint(of: size)
        volume.count -= 1
        replicas[id] = nil
        open[id] = nil
        recoveries[id] = nil
        do {
            if replica.state.place == .beingWritten { try volume.disk.remove(volume.tail(id)) }
            try volume.removeFiles(id, replica)
        } catch {
            examine(volume, after: error)
            throw error
        }
    }
}

/// Whose blocks a store holds.
struct StoreIdentity: Hashable, Sendable {
    var pool: String
    var namespaceID: UInt32
    var clusterID: String
    var creationTime: UInt64
}

extension SeededRandom {
    /// Makes a random UUID (version 4).
    mutating func makeUUID() -> String {
        let high = (next() & ~0xF000) | 0x4000
        let low = (next() & ~(0xC0 << 56)) | (0x80 << 56)
        func digits(_ value: UInt64, _ count: Int) -> String {
            let text = String(value, radix: 16)
            return String(repeating: "0", count: max(0, count - text.count)) + text
        }
        return [
            digits(high >> 32, 8), digits((high >> 16) & 0xFFFF, 4), digits(high & 0xFFFF, 4), digits(low >> 48, 4),
            digits(low & 0xFFFF_FFFF_FFFF, 12),
        ].joined(separator: "-")
    }
}

extension RemoteException {
    static func replicaNotFound(_ message: String) -> RemoteException {
        RemoteException("org.apache.hadoop.hdfs.server.datanode.ReplicaNotFoundException", message)
    }
    static func replicaExists(_ message: String) -> RemoteException {
        RemoteException("org.apache.hadoop.hdfs.server.datanode.ReplicaAlreadyExistsException", message)
    }
    static func outOfSpace(_ message: String) -> RemoteException {
        RemoteException("org.apache.hadoop.util.DiskChecker$DiskOutOfSpaceException", message)
    }
}
