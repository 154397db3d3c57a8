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
        let bytes = Array(name.utf8)
        guard bytes.starts(with: "blk_".utf8) else { return .other }
        var rest = bytes[4...]
        let isNegative = rest.first == UInt8(ascii: "-")
        if isNegative { rest.removeFirst() }
        guard let digits = takeNumber(&rest), let magnitude = Int64(exactly: digits) else { return .other }
        let id = UInt64(bitPattern: isNegative ? -magnitude : magnitude)
        if rest.isEmpty { return .data(id) }
        if rest.elementsEqual(".tail".utf8) { return .tail(id) }
        guard rest.popFirst() == UInt8(ascii: "_"), let stamp = takeNumber(&rest), rest.elementsEqual(".meta".utf8)
        else { return .other }
        return .meta(id, stamp: stamp)
    }

    private static func takeNumber(_ bytes: inout ArraySlice<UInt8>) -> UInt64? {
        let digits = bytes.prefix { UInt8(ascii: "0")...UInt8(ascii: "9") ~= $0 }
        guard !digits.isEmpty else { return nil }
        bytes = bytes[digits.endIndex...]
        return digits.reduce(0 as UInt64?) { number, digit in
            let (tens, isTooLarge) = (number ?? 0).multipliedReportingOverflow(by: 10)
            let (sum, isStillTooLarge) = tens.addingReportingOverflow(UInt64(digit - UInt8(ascii: "0")))
            return number == nil || isTooLarge || isStillTooLarge ? nil : sum
        }
    }
}
