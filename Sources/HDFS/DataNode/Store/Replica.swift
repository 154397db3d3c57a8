import HoneyHDFSMessages

/// One block on one volume, as the store remembers it: small, since there may be millions.
struct Replica {
    enum State: UInt8 {
        case finalized, beingWritten, waiting, temporary
    }

    var generationStamp: UInt64
    /// Bytes; those of an open replica are told by its `OpenReplica`.
    var size: Int
    /// The volume's index.
    var volume: UInt16
    var state: State

    /// Bytes that the files of a replica of so many bytes have.
    static func footprint(of bytes: Int) -> Int { bytes + MetaFile.size(of: bytes, .standard) }
}

extension Replica.State {
    var wire: WireReplicaState {
        switch self {
        case .finalized: .finalized
        case .beingWritten: .rbw
        case .waiting: .rwr
        case .temporary: .temporary
        }
    }
}

/// A recovery that has begun on a replica: until it ends nobody may write.
struct ReplicaRecovery {
    /// The generation stamp it gives.
    var stamp: UInt64
}

/// A volume's name for a block's files.
enum ReplicaName {
    static func data(_ id: UInt64) -> String { "blk_\(Int64(bitPattern: id))" }
    static func meta(_ id: UInt64, _ stamp: UInt64) -> String { "blk_\(Int64(bitPattern: id))_\(stamp).meta" }

    enum Parsed: Equatable {
        case data(UInt64)
        case meta(UInt64, stamp: UInt64)
        case tail(UInt64)
        case other
    }

    static func parse(_ name: String) -> Parsed {
        guard name.hasPrefix("blk_") else { return .other }
        var rest = name.dropFirst(4)
        if rest.hasSuffix(".tail") { return Int64(rest.dropLast(5)).map { .tail(UInt64(bitPattern: $0)) } ?? .other }
        guard rest.hasSuffix(".meta") else {
            return Int64(rest).map { .data(UInt64(bitPattern: $0)) } ?? .other
        }
        rest = rest.dropLast(5)
        let parts = rest.split(separator: "_", omittingEmptySubsequences: false)
        guard parts.count == 2, let id = Int64(parts[0]), let stamp = UInt64(parts[1]) else { return .other }
        return .meta(UInt64(bitPattern: id), stamp: stamp)
    }
}
