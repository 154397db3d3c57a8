import HoneyHDFSMessages
import HoneyWorld
import SwiftProtobuf

/// A part of a replica that a reader asked for, or all of it for a DataNode that takes it over.
final class ReadSession: TransferSession {
    let number: Int
    private unowned let node: DataNode
    private let connection: Connection
    private let block: WireExtendedBlock
    private let part: (offset: UInt64, count: UInt64)?
    private let sendsChecksums: Bool
    private let limit: Throttle?
    private let done: () -> Void
    private var stream: PacketStream?

    convenience init(_ number: Int, _ operation: WireOpReadBlock, _ connection: Connection, of node: DataNode) {
        self.init(
            number, operation.header.baseHeader.block, part: (operation.offset, operation.len),
            sendsChecksums: operation.sendChecksums, limit: nil, connection, of: node)
    }

    /// Reads all of a block when `part` is nil; `done` is called at the end, whatever it is.
    init(
        _ number: Int, _ block: WireExtendedBlock, part: (offset: UInt64, count: UInt64)?, sendsChecksums: Bool,
        limit: Throttle?, _ connection: Connection, of node: DataNode, done: @escaping () -> Void = {}
    ) {
        self.number = number
        self.node = node
        self.connection = connection
        self.block = block
        self.part = part
        self.sendsChecksums = sendsChecksums
        self.limit = limit
        self.done = done
    }

    func begin() {
        node.begin(self)
        node.board.give(connection, to: self)
        do {
            try node.checkPool(block)
            let reader = try node.store.reader(of: Block(block))
            let range = try range(in: reader.block)
            let stream = PacketStream(
                reader, range, on: connection, of: node, sendsChecksums: sendsChecksums, limit: limit)
            self.stream = stream
            node.board.send(.response(response(reader, offset: stream.firstOffset)), on: connection)
            go()
        } catch {
            node.log(.info, "cannot serve \(Block(block)): \(error)")
            node.board.send(.response(.make(.error, "\(error)")), on: connection)
            end()
        }
    }

    private func range(in here: Block) throws -> Range<Int> {
        guard let part else { return 0..<here.size }
        let end = part.offset.addingReportingOverflow(part.count)
        guard !end.overflow, end.partialValue <= UInt64(here.size) else {
            throw RemoteException.inputOutput(
                "Offset \(part.offset) and length \(part.count) don't match block \(here) ( blockLen \(here.size) )")
        }
        return Int(part.offset)..<Int(end.partialValue)
    }

    private func response(_ reader: ReplicaReader, offset: Int) -> WireBlockOpResponse {
        .with {
            $0.status = .success
            $0.readOpChecksumInfo = .with {
                $0.checksum = reader.checksum.wire
                if !sendsChecksums { $0.checksum.type = .checksumNull }
                $0.chunkOffset = UInt64(offset)
            }
        }
    }

    private func go() {
        guard let stream else { return }
        do {
            try stream.go()
        } catch {
            node.log(.warning, "reading ends: \(error)")
            return end()
        }
        guard stream.isDone else { return }
        self.stream = nil
        node.end(self)
        done()
        TransferConnection(connection, of: node).goOn(afterReading: part == nil ? nil : Block(block))
    }

    func writable(_ connection: Connection) { go() }

    func received(_ message: HDFSMessage, on connection: Connection) { end() }

    func closed(_ connection: Connection, _ reason: CloseReason) { end() }

    private func end() {
        stream = nil
        node.end(self)
        node.board.close(connection)
        done()
    }

    func checkSilence() {
        let patience = node.configuration.socketTimeout * 8
        guard let stream, node.board.now.monotonicNanoseconds - stream.lastTaken > patience else { return }
        node.log(.info, "a reader of \(Block(block)) takes nothing")
        end()
    }
}
