import HoneyHDFSMessages
import HoneyWorld
import NIOCore
import SwiftProtobuf

/// A replica that a balancer has this DataNode take from another one.
final class ReplaceSession: TransferSession, ReplicaWriter {
    let number: Int
    private unowned let node: DataNode
    private let connection: Connection
    private let operation: WireOpReplaceBlock
    private let block: Block
    private var source: Connection?
    private var replica: OpenReplica?
    private var progress: Timer?
    private var lastHeard = 0
    private var isPaused = false
    private var isComplete = false
    private var hasEnded = false

    init(_ number: Int, _ operation: WireOpReplaceBlock, _ connection: Connection, of node: DataNode) {
        self.number = number
        self.node = node
        self.connection = connection
        self.operation = operation
        block = Block(operation.header.block)
    }

    func begin() {
        node.begin(self)
        node.board.give(connection, to: self)
        lastHeard = node.board.now.monotonicNanoseconds
        do {
            try node.checkPool(operation.header.block)
            guard node.moves < node.configuration.moveLimit else {
                throw RemoteException.inputOutput("Not able to receive block \(block): threads quota is exceeded.")
            }
        } catch {
            return end("\(error)")
        }
        node.moves += 1
        isCounted = true
        let source = node.board.connect(to: operation.source.id.transferAddress, over: .transfer, for: self)
        self.source = source
        node.board.send(.operation(.copy(.with { $0.header = operation.header })), on: source)
        tellProgress()
    }

    private var isCounted = false

    /// Keeps the balancer from taking us for dead.
    private func tellProgress() {
        progress = node.board.after(node.configuration.socketTimeout / 2) { [self] in
            node.board.send(.response(.make(.inProgress)), on: connection)
            tellProgress()
        }
    }

    func received(_ message: HDFSMessage, on connection: Connection) {
        lastHeard = node.board.now.monotonicNanoseconds
        guard connection == source else { return end("the balancer says something") }
        do {
            switch message {
            case .transfer(.response(let response)): try open(response)
            case .transfer(.packet(let packet)): try take(packet)
            default: end("not a packet")
            }
        } catch {
            if let replica { node.store.examine(replica.volume, after: error) }
            end("\(error)")
        }
    }

    private func open(_ response: WireBlockOpResponse) throws {
        guard response.status == .success, let kind = ChecksumKind(response.readOpChecksumInfo.checksum) else {
            throw RemoteException.inputOutput("\(operation.source.id.transferName) answers \(response.message)")
        }
        let replica = try node.store.create(
            block, as: .copied, checksum: kind, storageID: operation.storageID)
        replica.writer = self
        self.replica = replica
    }

    private func take(_ packet: TransferPacket) throws {
        guard let replica, !isComplete, let offset = Int(exactly: packet.offsetInBlock), offset >= 0 else {
            throw RemoteException.inputOutput("a packet that nobody expects")
        }
        guard replica.accepts(offset: offset, data: packet.data, checksums: packet.checksums) else {
            node.reportDamage(of: block, on: replica.volume, at: operation.source)
            throw RemoteException.inputOutput("the checksum of a packet at \(offset) is wrong")
        }
        try node.write(packet, to: replica)
        let now = node.board.now.monotonicNanoseconds
        node.balancing.note(packet.data.readableBytes, at: now)
        if let pause = node.balancing.pause(at: now), pause > .milliseconds(1), !isPaused, let source {
            isPaused = true
            node.board.effects.setReading(false, source)
            node.board.after(pause) { [weak self] in
                guard let self, isPaused, !hasEnded else { return }
                isPaused = false
                lastHeard = node.board.now.monotonicNanoseconds
                node.board.effects.setReading(true, source)
            }
        }
        guard packet.isLast else { return }
        isComplete = true
        guard replica.received >= block.size else {
            throw RemoteException.inputOutput("only \(replica.received) of \(block.size) bytes came")
        }
        node.finish(replica, as: .finished(hint: operation.delHint)) { [self] failure in
            end(failure.map { "\($0)" })
        }
    }

    func stopWriting(_ reason: String) { end(reason) }

    func closed(_ connection: Connection, _ reason: CloseReason) {
        if connection == source {
            source = nil
            if !isComplete { end("\(operation.source.id.transferName): \(reason)") }
        } else if !isComplete {
            end("the balancer has gone")
        }
    }

    private func end(_ failure: String?) {
        guard !hasEnded else { return }
        hasEnded = true
        if isCounted { node.moves -= 1 }
        node.board.cancel(progress)
        if let source { node.board.close(source) }
        node.end(self)
        if let replica, replica.writer === self {
            replica.writer = nil
            if node.store.open[replica.id] === replica { try? node.store.remove(replica.id) }
        }
        guard let failure else {
            node.log(.info, "took \(block) from \(operation.source.id.transferName)")
            node.board.send(.response(.make(.success)), on: connection)
            return TransferConnection(connection, of: node).goOn()
        }
        node.log(.warning, "cannot take \(block) from \(operation.source.id.transferName): \(failure)")
        node.board.send(.response(.make(.error, failure)), on: connection)
        node.board.close(connection)
    }

    func checkSilence() {
        if !isComplete, !isPaused, node.board.now.monotonicNanoseconds - lastHeard > node.configuration.socketTimeout {
            end("\(operation.source.id.transferName) is silent")
        }
    }
}

extension DataNode {
    /// Gives a whole replica to a DataNode that takes it over, no faster than balancing may.
    func copy(_ operation: WireOpCopyBlock, _ number: Int, on connection: Connection) {
        guard moves < configuration.moveLimit else {
            board.send(
                .response(.make(.error, "Not able to copy block: threads quota is exceeded.")), on: connection)
            return board.close(connection)
        }
        moves += 1
        ReadSession(
            number, operation.header.block, part: nil, sendsChecksums: true, limit: balancing, connection, of: self
        ) { [self] in moves -= 1 }.begin()
    }
}
