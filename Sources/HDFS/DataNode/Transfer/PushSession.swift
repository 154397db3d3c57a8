import HoneyHDFSMessages
import HoneyWorld
import SwiftProtobuf

/// A replica that this DataNode sends to others, by order of a NameNode or for a client's pipeline.
final class PushSession: TransferSession {
    let number: Int
    private unowned let node: DataNode
    private let operation: WireOpWriteBlock
    private let target: WireDatanodeID
    private let reader: ReplicaReader
    private let done: (_ failure: String?) -> Void
    private var connection: Connection?
    private var stream: PacketStream?
    private var lastHeard = 0

    init(
        _ number: Int, _ operation: WireOpWriteBlock, to target: WireDatanodeID, from reader: ReplicaReader,
        of node: DataNode, done: @escaping (_ failure: String?) -> Void
    ) {
        self.number = number
        self.node = node
        self.operation = operation
        self.target = target
        self.reader = reader
        self.done = done
    }

    func begin() {
        node.begin(self)
        lastHeard = node.board.now.monotonicNanoseconds
        let connection = node.board.connect(to: target.transferAddress, over: .transfer, for: self)
        self.connection = connection
        node.board.send(.operation(.write(operation)), on: connection)
        stream = PacketStream(reader, 0..<reader.block.size, on: connection, of: node, sendsChecksums: true)
    }

    func connected(_ connection: Connection) { go() }

    func writable(_ connection: Connection) { go() }

    private func go() {
        guard let stream else { return }
        lastHeard = node.board.now.monotonicNanoseconds
        do {
            try stream.go()
        } catch {
            return end("\(error)")
        }
        // Who takes a copy for itself says nothing; the NameNode hears of it by a report.
        if stream.isDone, operation.header.clientName.isEmpty { end(nil) }
    }

    func received(_ message: HDFSMessage, on connection: Connection) {
        guard case .transfer(.response(let response)) = message else { return end("an answer that nobody asked for") }
        end(response.status == .success ? nil : "\(target.transferName) answers \(response.status)")
    }

    func closed(_ connection: Connection, _ reason: CloseReason) { end("\(target.transferName): \(reason)") }

    private func end(_ failure: String?) {
        guard let connection else { return }
        self.connection = nil
        stream = nil
        node.end(self)
        node.board.close(connection)
        if let failure { node.log(.warning, "\(reader.block) could not be copied: \(failure)") }
        done(failure)
    }

    func checkSilence() {
        let patience = node.configuration.socketTimeout + node.configuration.socketTimeoutExtension
        if node.board.now.monotonicNanoseconds - lastHeard > patience { end("\(target.transferName) is silent") }
    }
}

extension DataNode {
    /// Sends a replica to the first of `targets`, which passes it on to the others; `done` hears why that failed.
    func push(
        _ block: Block, to targets: [WireDatanodeInfo], storageIDs: [String], types: [WireStorageType],
        clientName: String, stage: WireOpWriteBlock.BlockConstructionStage, done: @escaping (String?) -> Void
    ) {
        guard let first = targets.first, let pool = store.identity?.pool else { return done("no target") }
        let reader: ReplicaReader
        do {
            reader = try store.reader(of: block)
        } catch {
            return done("\(error)")
        }
        guard let number = makeSessionNumber() else { return done("too many transfers") }
        let operation = WireOpWriteBlock.with {
            $0.header = .with {
                $0.baseHeader = .with {
                    $0.block = reader.block.extended(pool: pool)
                    $0.token = .empty
                }
                $0.clientName = clientName
            }
            $0.targets = Array(targets.dropFirst())
            $0.source = datanodeInfo
            $0.stage = stage
            $0.pipelineSize = 0
            $0.minBytesRcvd = 0
            $0.maxBytesRcvd = 0
            $0.latestGenerationStamp = 0
            $0.requestedChecksum = reader.checksum.wire
            $0.storageType = types.first ?? .disk
            $0.targetStorageTypes = Array(types.dropFirst())
            $0.storageID = storageIDs.first ?? ""
            $0.targetStorageIds = Array(storageIDs.dropFirst())
        }
        PushSession(number, operation, to: first.id, from: reader, of: self, done: done).begin()
    }

    /// Copies a replica for a client that makes its pipeline whole again, and answers when the copy is there.
    func transfer(_ operation: WireOpTransferBlock, answeringOn connection: Connection) {
        let waiting = WaitingTransfer(connection, of: self)
        board.give(connection, to: waiting)
        do {
            let block = Block(operation.header.baseHeader.block)
            try checkPool(operation.header.baseHeader.block)
            let replica = try store.replica(block.id)
            guard let here = store.block(block.id), here.size >= block.size else {
                throw RemoteException.inputOutput("\(block) has fewer bytes here than are asked for")
            }
            push(
                block, to: operation.targets, storageIDs: operation.targetStorageIds,
                types: operation.targetStorageTypes, clientName: operation.header.clientName,
                stage: replica.state == .finalized ? .transferFinalized : .transferRbw
            ) { waiting.answer($0) }
        } catch {
            waiting.answer("\(error)")
        }
    }
}

/// A client that waits until a replica was copied for its pipeline.
private final class WaitingTransfer: ConnectionOwner {
    private let connection: Connection
    private unowned let node: DataNode
    private var isOpen = true

    init(_ connection: Connection, of node: DataNode) {
        self.connection = connection
        self.node = node
    }

    func answer(_ failure: String?) {
        guard isOpen else { return }
        isOpen = false
        guard let failure else {
            node.board.send(.response(.make(.success)), on: connection)
            return TransferConnection(connection, of: node).goOn()
        }
        node.board.send(.response(.make(.error, failure)), on: connection)
        node.board.close(connection)
    }

    func received(_ message: HDFSMessage, on connection: Connection) {
        isOpen = false
        node.board.close(connection)
    }

    func closed(_ connection: Connection, _ reason: CloseReason) { isOpen = false }
}
