import HoneyHDFSMessages
import HoneyWorld
import NIOCore
import SwiftProtobuf

/// A replica that comes over a connection, and goes on to the next DataNode of its pipeline at the same time.
///
/// A client is told of each packet when this node and all behind it have it; the last one when the replica is finished and durable.
final class WriteSession: TransferSession, ReplicaWriter {
    let number: Int
    unowned let node: DataNode
    let upstream: Connection
    let operation: WireOpWriteBlock
    let block: Block
    var replica: OpenReplica?
    let pipe = Pipe()
    var acknowledgements = Acknowledgements()
    var lastHeard = 0
    /// Whether the last packet was seen.
    var isComplete = false
    /// Whether the replica is on its way to the finished ones.
    var isFinishing = false
    /// Whether the writer has gone while it was.
    private(set) var isOrphaned = false
    var hasEnded = false

    init(_ number: Int, _ operation: WireOpWriteBlock, _ upstream: Connection, of node: DataNode) {
        self.number = number
        self.node = node
        self.upstream = upstream
        self.operation = operation
        block = Block(operation.header.baseHeader.block)
    }

    /// The way to the next DataNode.
    final class Pipe {
        var connection: Connection?
        var hasFailed = false
        /// Whether it has said that all behind it are ready.
        var isSetUp = false
        /// Bytes given to it since it was last known to keep up.
        var debt = 0
        var isPaused = false
        var lastHeard = 0
        var name = ""
    }

    // Whole replicas come from DataNodes for themselves (no client's name) or for a client's pipeline; nobody waits for
    // acknowledgements of their packets.
    var isCopyForItself: Bool { operation.header.clientName.isEmpty }
    var isCopyForPipeline: Bool { operation.stage == .transferRbw || operation.stage == .transferFinalized }
    var isAcknowledged: Bool { !isCopyForItself && !isCopyForPipeline }

    var board: Switchboard { node.board }
    var store: BlockStore { node.store }

    // MARK: Beginning

    func begin() {
        node.begin(self)
        board.give(upstream, to: self)
        lastHeard = board.now.monotonicNanoseconds
        do {
            try node.checkPool(operation.header.baseHeader.block)
            if isRecoveringClose { return try recoverClose() }
            let targets = try openReplica()
            board.makeDurable(targets) { [self] failure in
                guard !hasEnded else { return }
                if let failure { return end("\(failure)") }
                connectPipe()
            }
        } catch {
            // Without an answer the one before us, or the client, takes us for the node that failed.
            end("\(error)")
        }
    }

    /// Finds or makes the replica that the stage is about; tells what must be durable before anybody is answered.
    private func openReplica() throws -> [SyncTarget] {
        let newStamp = operation.latestGenerationStamp
        let least = Int(clamping: operation.minBytesRcvd)
        let most = max(least, Int(clamping: operation.maxBytesRcvd))
        var targets: [SyncTarget] = []
        let opened: OpenReplica
        if isCopyForItself || isCopyForPipeline {
            opened = try store.create(
                block, as: .copied, checksum: try requestedChecksum(),
                storageID: operation.storageID)
        } else {
            switch operation.stage {
            case .pipelineSetupCreate:
                opened = try store.create(
                    block, as: .written, checksum: try requestedChecksum(), storageID: operation.storageID)
                node.report(.receiving, opened.block, on: opened.volume)
            case .pipelineSetupAppend:
                (opened, targets) = try store.append(block, newStamp: newStamp, expectedBytes: least)
                node.report(.receiving, opened.block, on: opened.volume)
            case .pipelineSetupAppendRecovery:
                (opened, targets) = try store.recoverAppend(block, newStamp: newStamp, expectedBytes: least)
            case .pipelineSetupStreamingRecovery:
                (opened, targets) = try store.takeOver(block, newStamp: newStamp, bytes: least...most)
            case .dataStreaming, .pipelineClose, .pipelineCloseRecovery, .transferRbw, .transferFinalized:
                throw RemoteException.inputOutput("a pipeline cannot be set up in stage \(operation.stage)")
            }
        }
        opened.writer = self
        replica = opened
        return targets
    }

    private func requestedChecksum() throws -> ChecksumKind {
        if operation.requestedChecksum.type == .checksumNull { return .standard }
        guard let kind = ChecksumKind(operation.requestedChecksum) else {
            throw RemoteException.illegalArgument(
                "checksums of \(operation.requestedChecksum.bytesPerChecksum) bytes each cannot be kept")
        }
        return kind
    }

    /// The client lost its pipeline after the last packet: the replica is finished under a new stamp, and no packet comes.
    private func recoverClose() throws {
        isComplete = true
        let bytes = Int(clamping: operation.minBytesRcvd)
        switch try store.recoverClose(block, newStamp: operation.latestGenerationStamp, expectedBytes: bytes) {
        case .open(let opened):
            opened.writer = self
            replica = opened
            finish { [self] in connectPipe() }
        case .finished(let targets):
            board.makeDurable(targets) { [self] failure in
                if let failure { return end("\(failure)") }
                // The NameNode must know the new stamp even when nobody waits for the answer any more.
                if let here = store.block(block.id), let volume = store.volume(of: block.id) {
                    node.report(.received, here, on: volume)
                }
                if !hasEnded { connectPipe() }
            }
        }
    }

    // MARK: The pipeline

    private func connectPipe() {
        guard let next = operation.targets.first else { return answer(.success) }
        var onward = operation
        onward.targets.removeFirst()
        onward.storageType = onward.targetStorageTypes.first ?? .disk
        if !onward.targetStorageTypes.isEmpty { onward.targetStorageTypes.removeFirst() }
        onward.storageID = onward.targetStorageIds.first ?? ""
        if !onward.targetStorageIds.isEmpty { onward.targetStorageIds.removeFirst() }
        if !onward.targetPinnings.isEmpty { onward.pinning = onward.targetPinnings.removeFirst() }
        pipe.name = next.id.transferName
        pipe.lastHeard = board.now.monotonicNanoseconds
        let connection = board.connect(to: next.id.transferAddress, over: .transfer, for: self)
        pipe.connection = connection
        pipe.isSetUp = !isAcknowledged
        board.send(.operation(.write(onward)), on: connection)
        if pipe.isSetUp { answer(.success) }
    }

    private var isRecoveringClose: Bool { isAcknowledged && operation.stage == .pipelineCloseRecovery }

    /// Tells the one before us that packets may come, where it waits for that.
    private func answer(_ status: WireStatus, firstBadLink: String = "") {
        guard isAcknowledged else { return }
        board.send(.response(.make(status, firstBadLink: firstBadLink)), on: upstream)
        lastHeard = board.now.monotonicNanoseconds
        guard status == .success, firstBadLink.isEmpty else { return end("the pipeline failed at \(firstBadLink)") }
        if isRecoveringClose { handBack() }
    }

    func received(_ message: HDFSMessage, on connection: Connection) {
        guard connection == pipe.connection else {
            lastHeard = board.now.monotonicNanoseconds
            guard case .transfer(.packet(let packet)) = message else { return end("not a packet") }
            return take(packet)
        }
        pipe.lastHeard = board.now.monotonicNanoseconds
        switch message {
        case .transfer(.response(let response)) where !pipe.isSetUp:
            pipe.isSetUp = true
            answer(response.status, firstBadLink: response.firstBadLink)
        case .transfer(.acknowledgement(let acknowledgement)):
            guard acknowledgements.downstream.count < acknowledgements.waiting.count else {
                return pipeFailed("acknowledged what was not sent")
            }
            acknowledgements.downstream.append(acknowledgement)
            sendAcknowledgements()
        default: break
        }
    }

    func closed(_ connection: Connection, _ reason: CloseReason) {
        guard connection == pipe.connection else { return upstreamClosed(reason) }
        pipe.connection = nil
        pipeFailed("\(reason)")
    }

    func pipeFailed(_ reason: String) {
        guard !pipe.hasFailed else { return }
        pipe.hasFailed = true
        if let connection = pipe.connection { board.close(connection) }
        pipe.connection = nil
        guard pipe.isSetUp else {
            node.log(.warning, "\(block): the pipeline cannot go on to \(pipe.name): \(reason)")
            return answer(.error, firstBadLink: pipe.name)
        }
        if !isComplete || !acknowledgements.waiting.isEmpty {
            node.log(.warning, "\(block): the pipeline to \(pipe.name) failed: \(reason)")
        }
        resume()
        sendAcknowledgements()
    }

    func writable(_ connection: Connection) {
        guard connection == pipe.connection else { return }
        pipe.lastHeard = board.now.monotonicNanoseconds
        resume()
    }

    private func resume() {
        pipe.debt = 0
        guard pipe.isPaused else { return }
        pipe.isPaused = false
        lastHeard = board.now.monotonicNanoseconds
        board.effects.setReading(true, upstream)
    }

    // MARK: Ending

    private func upstreamClosed(_ reason: CloseReason) {
        // What came whole is finished even when nobody waits for it any more.
        guard isFinishing else { return end("\(reason)") }
        isOrphaned = true
        leave()
    }

    private func leave() {
        if let connection = pipe.connection { board.close(connection) }
        pipe.connection = nil
    }

    func stopWriting(_ reason: String) { end(reason) }

    /// Ends without an answer; what a client wrote stays for its recovery, a copy that is not whole goes. `reason` is nil when all
    /// went well.
    func end(_ reason: String?) {
        guard !hasEnded else { return }
        if let reason { node.log(.info, "\(block): the write ended: \(reason)") }
        release()
        board.close(upstream)
    }

    /// Ends well; the connection may be used again.
    func handBack() {
        guard !hasEnded else { return }
        release()
        TransferConnection(upstream, of: node).goOn()
    }

    private func release() {
        hasEnded = true
        leave()
        if pipe.isPaused { board.effects.setReading(true, upstream) }
        if let replica, replica.writer === self {
            replica.writer = nil
            if store.open[replica.id] === replica, store.replicas[replica.id]?.state == .temporary {
                try? store.remove(replica.id)
            }
        }
        replica = nil
        node.end(self)
    }

    func checkSilence() {
        let (now, configuration) = (board.now.monotonicNanoseconds, node.configuration)
        let patience = configuration.socketTimeout + configuration.socketTimeoutExtension * operation.targets.count
        let owes = !pipe.isSetUp || pipe.isPaused || !acknowledgements.waiting.isEmpty
        if pipe.connection != nil, owes, now - pipe.lastHeard > patience {
            return pipeFailed("silent for \(patience / .seconds(1)) s")
        }
        let waitsForUpstream = !isComplete && !pipe.isPaused && (pipe.isSetUp || operation.targets.isEmpty)
        if waitsForUpstream, now - lastHeard > configuration.socketTimeout {
            end("nothing came for \(configuration.socketTimeout / .seconds(1)) s")
        }
    }
}
