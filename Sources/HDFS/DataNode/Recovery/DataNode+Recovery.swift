import HoneyHDFSMessages
import HoneyWorld
import NIOCore
import SwiftProtobuf

// InterDatanodeProtocol: what the leader of a recovery asks the DataNodes of a block.
extension DataNode {
    func answerDataNode(_ call: RPCCall, _ reply: @escaping (RPCReply.Outcome) -> Void) throws {
        switch call.method {
        case "initReplicaRecovery":
            let request = try WireInitReplicaRecoveryRequest(request: call.body)
            try checkPool(request.block.block.b)
            let found = try store.beginRecovery(Block(request.block.block.b), stamp: request.block.newGenStamp)
            reply(.success(try Self.response(found).response()))
        case "updateReplicaUnderRecovery":
            let request = try WireUpdateReplicaUnderRecoveryRequest(request: call.body)
            try checkPool(request.block)
            applyRecovery(
                request.block.blockID, stamp: request.recoveryID, bytes: Int(clamping: request.newLength)
            ) { outcome in
                do {
                    let storage = try outcome.get()
                    reply(
                        .success(
                            try WireUpdateReplicaUnderRecoveryResponse.with { $0.storageUuid = storage }.response()))
                } catch let exception as RemoteException {
                    reply(.failure(exception))
                } catch {
                    reply(.failure(.inputOutput("\(error)")))
                }
            }
        default: throw noSuchMethod(call)
        }
    }

    private static func response(_ found: (block: Block, state: Replica.State)?) -> WireInitReplicaRecoveryResponse {
        .with {
            $0.replicaFound = found != nil
            guard let found else { return }
            $0.state = found.state.wire
            $0.block = found.block.message
        }
    }

    /// Gives a held replica its final size and stamp, durably; tells its storage.
    func applyRecovery(
        _ id: UInt64, stamp: UInt64, bytes: Int, _ done: @escaping (Result<String, any Error>) -> Void
    ) {
        do {
            switch try store.applyRecovery(id, stamp: stamp, bytes: bytes) {
            case .finished(let targets): settle(id, stamp, targets, done)
            case .open(let replica):
                board.makeDurable(store.bytes(of: replica)) { [self] failure in
                    do {
                        if let failure { throw failure }
                        guard store.open[id] === replica, replica.generationStamp == stamp else {
                            throw RemoteException.inputOutput("replica blk_\(id) was taken over by another recovery")
                        }
                        settle(id, stamp, try store.finalize(replica), done)
                    } catch {
                        store.examine(replica.volume, after: error)
                        done(.failure(error))
                    }
                }
            }
        } catch {
            done(.failure(error))
        }
    }

    private func settle(
        _ id: UInt64, _ stamp: UInt64, _ targets: [SyncTarget],
        _ done: @escaping (Result<String, any Error>) -> Void
    ) {
        board.makeDurable(targets) { [self] failure in
            if let failure { return done(.failure(failure)) }
            guard let here = store.block(id), let volume = store.volume(of: id) else {
                return done(.failure(RemoteException.replicaNotFound("replica blk_\(id) has gone")))
            }
            report(.received, here, on: volume)
            done(.success(volume.storageID))
        }
    }

    /// Leads the recovery of a block by the NameNode's order.
    func recover(_ order: WireRecoveringBlock) {
        guard isReady, order.block.b.poolID == store.identity?.pool else { return }
        let id = order.block.b.blockID
        if let other = recoveries[id], other.stamp >= order.newGenStamp { return }
        let recovery = BlockRecovery(order, of: self) { [unowned self] recovery in
            if recoveries[id] === recovery { recoveries[id] = nil }
        }
        recoveries[id] = recovery
        recovery.begin()
    }
}
