import HoneyCore
import HoneyHDFSMessages
import HoneyWorld
import NIOCore

/// The nodes a block is written to, in the order the data go.
struct PipelineNodes {
    var nodes: [WireDatanodeInfo]
    var storageIDs: [String]
    var storageTypes: [WireStorageType]

    init(_ located: WireLocatedBlock) {
        nodes = located.locs
        storageIDs = nodes.indices.map { $0 < located.storageIds.count ? located.storageIds[$0] : "" }
        storageTypes = nodes.indices.map { $0 < located.storageTypes.count ? located.storageTypes[$0] : .disk }
    }

    var count: Int { nodes.count }
    var isEmpty: Bool { nodes.isEmpty }

    mutating func remove(at index: Int) {
        nodes.remove(at: index)
        storageIDs.remove(at: index)
        storageTypes.remove(at: index)
    }
}

/// One connection over which packets of a block go and acknowledgements come.
final class Pipeline: ConnectionOwner {
    /// Why a pipeline ended early, and which node is to blame.
    struct Failure {
        /// The node's place in the pipeline; nil when it is not known.
        var node: Int?
        var reason: String
    }

    private unowned let client: HDFSClient
    private var connection: Connection?
    private let nodes: PipelineNodes
    private(set) var isReady = false
    private let ready: () -> Void
    private let acknowledged: (Int64) -> Void
    private let failed: (Failure) -> Void
    private var timer: Timer?
    private var lastReceived: Int
    private var lastSent: Int
    /// Tells whether packets wait for acknowledgement.
    var isWaiting: () -> Bool = { false }

    init(
        _ operation: WireOpWriteBlock, _ nodes: PipelineNodes, _ client: HDFSClient, ready: @escaping () -> Void,
        acknowledged: @escaping (Int64) -> Void, failed: @escaping (Failure) -> Void
    ) {
        self.client = client
        self.nodes = nodes
        self.ready = ready
        self.acknowledged = acknowledged
        self.failed = failed
        lastReceived = client.now.monotonicNanoseconds
        lastSent = lastReceived
        let connection = client.board.connect(
            to: client.configuration.transferAddress(nodes.nodes[0].id), over: .transfer, for: self)
        self.connection = connection
        client.board.effects.send(.transfer(.operation(.write(operation))), on: connection)
        watch()
    }

    func send(_ packet: OutgoingPacket) {
        guard let connection else { return }
        if !isWaiting() { lastReceived = client.now.monotonicNanoseconds }
        lastSent = client.now.monotonicNanoseconds
        client.board.effects.send(.transfer(.packet(packet.message)), on: connection)
    }

    func close() {
        client.board.cancel(timer)
        if let connection { client.board.close(connection) }
        connection = nil
    }

    private func fail(_ node: Int?, _ reason: String) {
        guard connection != nil else { return }
        close()
        failed(Failure(node: node, reason: reason))
    }

    /// Nodes are allowed so long to answer, since each waits for the next.
    private var timeout: Int { client.configuration.socketTimeout + .seconds(5) * nodes.count }

    private func watch() {
        let period = max(client.configuration.socketTimeout / 8, .milliseconds(1))
        timer = client.board.after(period) { [weak self] in
            guard let self, let connection else { return }
            let now = client.now.monotonicNanoseconds
            if !isReady || isWaiting(), now - lastReceived >= timeout {
                return fail(nil, "no answer for \(timeout / .seconds(1)) s")
            }
            if isReady, now - lastSent >= client.configuration.socketTimeout / 2 {
                lastSent = now
                client.board.effects.send(
                    .transfer(
                        .packet(
                            TransferPacket(
                                sequence: TransferPacket.heartbeatSequence, offsetInBlock: 0, isLast: false,
                                sync: false,
                                checksums: ByteBuffer(), data: ByteBuffer()))), on: connection)
            }
            watch()
        }
    }

    func closed(_ connection: Connection, _ reason: CloseReason) { fail(nil, reason.text) }

    func received(_ message: HDFSMessage, on connection: Connection) {
        lastReceived = client.now.monotonicNanoseconds
        switch message {
        case .transfer(.response(let response)):
            guard response.status == .success else {
                let bad = response.firstBadLink
                let index = nodes.nodes.firstIndex { "\($0.id.ipAddr):\($0.id.xferPort)" == bad }
                return fail(bad.isEmpty ? 0 : index, "\(response.status): \(response.message)")
            }
            isReady = true
            ready()
        case .transfer(.acknowledgement(let acknowledgement)):
            // The last one that failed is where it began: those before it only pass the failure on.
            if let bad = acknowledgement.reply.lastIndex(where: { $0 != .success }) {
                return fail(
                    bad < nodes.count ? bad : nil, "acknowledged with \(acknowledgement.reply[bad])")
            }
            guard acknowledgement.seqno != TransferPacket.heartbeatSequence else { return }
            acknowledged(acknowledgement.seqno)
        default: fail(0, "the DataNode says what was not asked")
        }
    }
}
