import HoneyHDFSMessages
import HoneyWorld
import NIOCore

/// Sends a part of a replica as packets, as fast as the other side takes them.
final class PacketStream {
    private var reader: ReplicaReader
    private let connection: Connection
    private unowned let node: DataNode
    private let sendsChecksums: Bool
    private let limit: Throttle?
    private var offset: Int
    private let wantedEnd: Int
    private var sequence: Int64 = 0
    /// When the other side last took something.
    private(set) var lastTaken: Int
    private(set) var isDone = false

    /// Sends whole chunks from the one with `from` up to the one before `end`.
    init(
        _ reader: ReplicaReader, _ range: Range<Int>, on connection: Connection, of node: DataNode,
        sendsChecksums: Bool, limit: Throttle? = nil
    ) {
        self.reader = reader
        self.connection = connection
        self.node = node
        self.sendsChecksums = sendsChecksums
        self.limit = limit
        offset = range.lowerBound - range.lowerBound % reader.checksum.bytesPerChecksum
        wantedEnd = range.upperBound
        lastTaken = node.board.now.monotonicNanoseconds
    }

    var firstOffset: Int { offset }

    /// Whole chunks are sent, the last one as far as it goes.
    private var end: Int {
        min(reader.block.size, reader.checksum.chunks(in: wantedEnd) * reader.checksum.bytesPerChecksum)
    }

    /// Sends what may be sent now, and asks to be called again when there is more; fails when the replica cannot be read.
    func go() throws {
        guard !isDone else { return }
        lastTaken = node.board.now.monotonicNanoseconds
        var given = 0
        while given < node.configuration.unsentBytes {
            guard offset < end else {
                send(ByteBuffer(), ByteBuffer(), isLast: true)
                isDone = true
                return
            }
            if let limit, let pause = limit.pause(at: lastTaken) {
                node.board.after(pause) { [weak self, node, connection] in
                    if self != nil { node.board.wake(connection) }
                }
                return
            }
            let piece = try nextPiece()
            if let damaged = piece.damagedAt {
                node.reportDamage(of: reader.block, on: reader.volume)
                // Who has the checksums finds it out as well, and asks another node.
                let isWhole = piece.checksums.readableBytes == 4 * reader.checksum.chunks(in: piece.data.readableBytes)
                guard sendsChecksums, isWhole, piece.data.readableBytes > 0 else {
                    throw RemoteException.inputOutput("\(reader.block) is damaged at \(damaged)")
                }
            }
            send(piece.data, sendsChecksums ? piece.checksums : ByteBuffer(), isLast: false)
            given += piece.data.readableBytes
            limit?.note(piece.data.readableBytes, at: lastTaken)
        }
        node.board.effects.notifyWhenWritable(connection)
    }

    /// Reads on; the last chunk of a replica that has grown since it was opened has another checksum, so that it is opened again.
    private func nextPiece() throws -> ReplicaReader.Piece {
        let piece = try reader.piece(at: offset, count: node.configuration.packetBytes, end: end)
        guard piece.damagedAt != nil, let fresh = try? node.store.reader(of: reader.block), fresh.block != reader.block,
            fresh.checksum == reader.checksum
        else { return piece }
        reader = fresh
        return try reader.piece(at: offset, count: node.configuration.packetBytes, end: end)
    }

    private func send(_ data: ByteBuffer, _ checksums: ByteBuffer, isLast: Bool) {
        node.board.send(
            .packet(
                TransferPacket(
                    sequence: sequence, offsetInBlock: Int64(offset), isLast: isLast, sync: false,
                    checksums: checksums, data: data)), on: connection)
        sequence += 1
        offset += data.readableBytes
    }
}

/// Holds a stream, or several, to so many bytes a second.
final class Throttle {
    private let bytesPerSecond: () -> Int
    /// When what was let through would have been sent at that rate, monotonic nanoseconds.
    private var paidUntil = 0

    init(_ bytesPerSecond: @escaping () -> Int) { self.bytesPerSecond = bytesPerSecond }

    /// How many nanoseconds to wait now; nil when none.
    func pause(at now: Int) -> Int? { paidUntil > now ? paidUntil - now : nil }

    func note(_ bytes: Int, at now: Int) {
        let cost = Double(bytes) / Double(max(1, bytesPerSecond())) * 1e9
        paidUntil = max(paidUntil, now) + Int(min(cost, 60e9))
    }
}
