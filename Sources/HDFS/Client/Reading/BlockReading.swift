import HoneyCore
import HoneyHDFSMessages
import HoneyWorld
import NIOCore
import SwiftProtobuf

/// One read of a range of a block from one DataNode, with its checksums verified.
final class BlockReading: ConnectionOwner {
    /// Why a read ended early.
    enum Failure {
        /// The node could not be reached, or went away.
        case lost(String)
        /// The node would not; it may not have the replica any more.
        case refused(String)
        /// The bytes are not what was written.
        case damaged(String)

        var text: String {
            switch self {
            case .lost(let reason), .refused(let reason), .damaged(let reason): reason
            }
        }
    }

    private unowned let client: HDFSClient
    private let block: WireLocatedBlock
    private let address: NetworkAddress
    private let end: Int
    /// The next byte in the block that is wanted.
    private var position: Int
    private let received: (ByteBuffer) -> Void
    private let ended: (Failure?) -> Void

    private var connection: Connection?
    private var isReused = false
    private var checksums: ChunkChecksum?
    /// Where the next packet must begin; nil before the response.
    private var nextOffset: Int?
    private var isPaused = false
    private var lastProgress = 0
    private var timer: Timer?

    /// Begins to read `range` of a block from `node`.
    init(
        _ block: WireLocatedBlock, _ range: Range<Int>, from node: WireDatanodeInfo, _ client: HDFSClient,
        received: @escaping (ByteBuffer) -> Void, ended: @escaping (Failure?) -> Void
    ) {
        self.client = client
        self.block = block
        self.received = received
        self.ended = ended
        address = client.configuration.transferAddress(node.id)
        position = range.lowerBound
        end = range.upperBound
        begin(reusing: true)
    }

    private func begin(reusing: Bool) {
        let connection: Connection
        if reusing, let kept = client.idleTransfers.take(address, client) {
            isReused = true
            client.board.give(kept, to: self)
            connection = kept
        } else {
            isReused = false
            connection = client.board.connect(to: address, over: .transfer, for: self)
        }
        self.connection = connection
        client.board.effects.send(
            .transfer(
                .operation(
                    .read(
                        .with {
                            $0.header.baseHeader.block = block.b
                            $0.header.baseHeader.token = block.blockToken
                            $0.header.clientName = client.name
                            $0.offset = UInt64(position)
                            $0.len = UInt64(end - position)
                            $0.sendChecksums = true
                            $0.cachingStrategy = .init()
                        }))), on: connection)
        lastProgress = client.now.monotonicNanoseconds
        if timer == nil { watch() }
    }

    private func watch() {
        let timeout = client.configuration.socketTimeout
        timer = client.board.after(max(timeout / 4, .milliseconds(1))) { [weak self] in
            guard let self, connection != nil else { return }
            if !isPaused, client.now.monotonicNanoseconds - lastProgress >= timeout {
                fail(.lost("no data came for \(timeout / .seconds(1)) s"))
            } else {
                watch()
            }
        }
    }

    /// Stops the node, or lets it go on.
    func setPaused(_ paused: Bool) {
        guard let connection, paused != isPaused else { return }
        isPaused = paused
        lastProgress = client.now.monotonicNanoseconds
        client.setReading(!paused, connection)
    }

    func cancel() {
        client.board.cancel(timer)
        if let connection { client.board.close(connection) }
        connection = nil
    }

    private func fail(_ failure: Failure) {
        guard connection != nil else { return }
        cancel()
        ended(failure)
    }

    func closed(_ connection: Connection, _ reason: CloseReason) {
        guard self.connection != nil else { return }
        if isReused, nextOffset == nil {
            // The node had closed it before it heard us.
            self.connection = nil
            return begin(reusing: false)
        }
        fail(.lost(reason.text))
    }

    func received(_ message: HDFSMessage, on connection: Connection) {
        lastProgress = client.now.monotonicNanoseconds
        switch message {
        case .transfer(.response(let response)): accept(response)
        case .transfer(.packet(let packet)): accept(packet)
        default: fail(.lost("the DataNode says what was not asked"))
        }
    }

    private func accept(_ response: WireBlockOpResponse) {
        guard response.status == .success else {
            return fail(.refused("\(response.status): \(response.message)"))
        }
        let info = response.readOpChecksumInfo
        guard let kind = ChunkChecksum(info.checksum) else { return fail(.refused("unknown kind of checksum")) }
        checksums = kind
        let start = Int(clamping: info.chunkOffset)
        guard start <= position, position - start < max(kind.bytesPerChecksum, 1) else {
            return fail(.refused("data begin at \(start), not at \(position)"))
        }
        nextOffset = start
    }

    private func accept(_ packet: TransferPacket) {
        guard let expected = nextOffset, let kind = checksums else { return fail(.lost("data without a response")) }
        if packet.sequence == TransferPacket.heartbeatSequence { return }
        if packet.isLast, packet.data.readableBytes == 0 { return finish() }
        let size = packet.data.readableBytes
        guard packet.offsetInBlock == expected, size > 0 else {
            return fail(.lost("a packet for offset \(packet.offsetInBlock), not \(expected)"))
        }
        if let offset = kind.firstMismatch(in: packet.data, checksums: packet.checksums) {
            return fail(.damaged("checksum does not match at offset \(expected + offset) of blk_\(block.b.blockID)"))
        }
        nextOffset = expected + size
        let from = max(position, expected)
        let to = min(end, expected + size)
        if from < to {
            position = to
            received(packet.data.getSlice(at: packet.data.readerIndex + from - expected, length: to - from)!)
        }
        if packet.isLast { finish() }
    }

    /// Tells the node that all is well, and keeps the connection for another read.
    private func finish() {
        guard let connection else { return }
        guard position == end else { return fail(.refused("the replica ends at \(position), before \(end)")) }
        client.board.cancel(timer)
        client.board.effects.send(
            .transfer(.readStatus(.with { $0.status = checksums?.isNone == true ? .success : .checksumOk })),
            on: connection)
        self.connection = nil
        if isPaused { client.setReading(true, connection) }
        client.idleTransfers.keep(connection, to: address, client)
        ended(nil)
    }
}
