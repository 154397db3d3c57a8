import HoneyHDFSMessages
import HoneyWorld
import SwiftProtobuf

/// The recovery of one block, led by this DataNode: asks all that have it, decides what its bytes are, and has them agree.
final class BlockRecovery {
    private unowned let node: DataNode
    private let order: WireRecoveringBlock
    private let block: Block
    private let ended: (BlockRecovery) -> Void
    private var callers: [RPCCaller?] = []
    private var found: [Found] = []
    private var errors: [String] = []
    private var unanswered = 0
    private var agreed: [(place: Int, storage: String)] = []

    /// A replica as its DataNode tells of it.
    private struct Found {
        var place: Int
        var state: WireReplicaState
        var block: Block
    }

    var stamp: UInt64 { order.newGenStamp }

    init(_ order: WireRecoveringBlock, of node: DataNode, ended: @escaping (BlockRecovery) -> Void) {
        self.order = order
        self.node = node
        self.ended = ended
        block = Block(order.block.b)
    }

    private var places: [WireDatanodeInfo] { order.block.locs }

    private func isHere(_ place: Int) -> Bool { places[place].id.datanodeUuid == node.store.datanodeUUID }

    // MARK: Asking

    func begin() {
        node.log(.info, "leads the recovery of \(block) to stamp \(stamp) at \(places.map(\.id.transferName))")
        guard !places.isEmpty else { return end("no DataNode has it") }
        unanswered = places.count
        callers = places.indices.map { isHere($0) ? nil : node.makeCaller(of: places[$0].id) }
        let request = WireInitReplicaRecoveryRequest.with { $0.block = order }
        for place in places.indices {
            guard let caller = callers[place] else {
                take(Result { try node.store.beginRecovery(block, stamp: stamp) }, from: place)
                continue
            }
            caller.call("initReplicaRecovery", request, WireInitReplicaRecoveryResponse.self) { [self] outcome in
                take(
                    outcome.map { response in
                        response.replicaFound ? (Block(response.block), response.state) : nil
                    }, from: place)
            }
        }
    }

    private func take(_ outcome: Result<(block: Block, state: Replica.State)?, any Error>, from place: Int) {
        take(outcome.map { $0.map { ($0.block, $0.state.wire) } }.mapError { .lost("\($0)") }, from: place)
    }

    private func take(_ outcome: Result<(Block, WireReplicaState)?, CallFailure>, from place: Int) {
        switch outcome {
        case .success(let replica?): found.append(Found(place: place, state: replica.1, block: replica.0))
        case .success(nil): break
        case .failure(let failure): errors.append("\(places[place].id.transferName): \(failure)")
        }
        unanswered -= 1
        if unanswered == 0 { decide() }
    }

    // MARK: Deciding

    /// The replicas that become the block, and how many bytes it has.
    ///
    /// A finished one says how many. Of those being written each has all that was acknowledged, so that the shortest does.
    /// Of those that waited since a restart each has a true beginning, so that the longest is kept.
    private func choose() throws -> (replicas: [Found], bytes: Int)? {
        let usable = found.filter {
            $0.block.generationStamp >= block.generationStamp && $0.block.size > 0
                && [.finalized, .rbw, .rwr].contains($0.state)
        }.sorted { $0.place < $1.place }
        guard !usable.isEmpty else { return nil }
        if order.hasTruncateBlock {
            let bytes = Int(clamping: order.truncateBlock.numBytes)
            return (usable.filter { $0.block.size >= bytes }, bytes)
        }
        let finished = usable.filter { $0.state == .finalized }
        if let first = finished.first {
            guard finished.allSatisfy({ $0.block.size == first.block.size }) else {
                throw RemoteException.inputOutput("finished replicas of \(block) have different sizes")
            }
            return (usable.filter { $0.state != .rwr && $0.block.size == first.block.size }, first.block.size)
        }
        let written = usable.filter { $0.state == .rbw }
        if let bytes = written.map(\.block.size).min() { return (written, bytes) }
        let bytes = usable.map(\.block.size).max() ?? 0
        return (usable.filter { $0.block.size == bytes }, bytes)
    }

    private func decide() {
        do {
            guard let (replicas, bytes) = try choose() else {
                // Who did not answer may have what the others have not.
                guard errors.isEmpty else { return end("not all answer: \(errors.joined(separator: "; "))") }
                return commit(bytes: 0, isDeleted: true)
            }
            guard !replicas.isEmpty else { return end("no replica has \(bytes) bytes") }
            unanswered = replicas.count
            for replica in replicas { update(replica, bytes) }
        } catch {
            end("\(error)")
        }
    }

    private func update(_ replica: Found, _ bytes: Int) {
        guard let caller = callers[replica.place] else {
            node.applyRecovery(block.id, stamp: stamp, bytes: bytes) { [self] outcome in
                agree(outcome.mapError { .lost("\($0)") }, replica, bytes)
            }
            return
        }
        let request = WireUpdateReplicaUnderRecoveryRequest.with {
            $0.block = replica.block.extended(pool: order.block.b.poolID)
            $0.recoveryID = stamp
            $0.newLength = UInt64(bytes)
            $0.newBlockID = block.id
        }
        caller.call("updateReplicaUnderRecovery", request, WireUpdateReplicaUnderRecoveryResponse.self) {
            [self] outcome in
            agree(outcome.map(\.storageUuid), replica, bytes)
        }
    }

    private func agree(_ outcome: Result<String, CallFailure>, _ replica: Found, _ bytes: Int) {
        switch outcome {
        case .success(let storage): agreed.append((replica.place, storage))
        case .failure(let failure): errors.append("\(places[replica.place].id.transferName): \(failure)")
        }
        unanswered -= 1
        guard unanswered == 0 else { return }
        guard !agreed.isEmpty else { return end(errors.joined(separator: "; ")) }
        agreed.sort { $0.place < $1.place }
        commit(bytes: bytes, isDeleted: false)
    }

    // MARK: Telling

    private func commit(bytes: Int, isDeleted: Bool) {
        guard let link = node.activeLink else { return end("no NameNode is active") }
        let request = WireCommitBlockSynchronizationRequest.with {
            $0.block = order.block.b
            $0.newGenStamp = stamp
            $0.newLength = UInt64(bytes)
            $0.closeFile = true
            $0.deleteBlock = isDeleted
            $0.newTaragets = agreed.map { places[$0.place].id }
            $0.newTargetStorages = agreed.map(\.storage)
        }
        link.tell("commitBlockSynchronization", request, WireCommitBlockSynchronizationResponse.self) {
            [self] outcome in
            switch outcome {
            case .success: end(nil)
            case .failure(let failure): end("\(failure)")
            }
        }
    }

    private func end(_ failure: String?) {
        if let failure {
            node.log(.warning, "the recovery of \(block) to stamp \(stamp) failed: \(failure)")
        } else {
            node.log(.info, "recovered \(block) to stamp \(stamp)")
        }
        for caller in callers { caller?.close() }
        callers = []
        ended(self)
    }
}

extension DataNode {
    /// Makes a caller of another DataNode.
    func makeCaller(of id: WireDatanodeID) -> RPCCaller {
        RPCCaller(id.rpcAddress, .interDatanode, of: self)
    }
}
