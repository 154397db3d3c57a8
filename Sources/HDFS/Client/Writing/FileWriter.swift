import HoneyCore
import HoneyHDFSMessages
import HoneyWorld
import NIOCore
import SwiftProtobuf

/// Writes packets to a file, block by block, through pipelines that it mends when nodes fail.
///
/// Confined to its client; other threads only hold it.
package final class FileWriter: @unchecked Sendable {
    unowned let client: HDFSClient
    package let path: String
    let number: Int
    let fileID: UInt64
    let replication: Int
    /// Bytes a block of the file holds.
    package let blockBytes: Int
    /// Bytes in the file when it was opened for appending, and how many of them are in the block that is appended to.
    package let appended: (size: Int, inBlock: Int)

    /// Packets that are to be sent, and those that were and are not acknowledged.
    var queued = CircularBuffer<OutgoingPacket>()
    var sent = CircularBuffer<OutgoingPacket>()
    private var lastSequence: Int64 = -1
    /// What is told when all up to a packet is acknowledged.
    private var flushes: [(sequence: Int64, completion: (Result<Void, any Error>) -> Void)] = []
    /// Told how many packets were acknowledged, so that as many new ones may come.
    package var released: (Int) -> Void = { _ in }
    /// Told when nothing more can be written.
    package var failed: (any Error) -> Void = { _ in }

    /// The block being written.
    var current: CurrentBlock?
    /// The block before, which `addBlock` and `complete` are told.
    var previous: WireExtendedBlock?
    var pipeline: Pipeline?
    /// Something is under way that must end before packets go on.
    var isBusy = false
    /// Nodes on which no block of the file could be begun.
    var excluded: [WireDatanodeInfo] = []
    /// Pipelines that failed since something was acknowledged last.
    var failures = 0
    /// Until when nodes that are all gone are waited for; nil when they are not.
    var restartDeadline: Int?

    private var closing: ((Result<Void, any Error>) -> Void)?
    private(set) var failure: (any Error)?
    private(set) var isClosed = false

    /// What is known of the block being written.
    struct CurrentBlock {
        /// Its size is what was acknowledged.
        var block: WireExtendedBlock
        var token: WireToken
        var nodes: PipelineNodes
        /// The nodes that had all that was acknowledged when something was last.
        var holders: PipelineNodes
        /// What happens on the connection.
        var stage: WireOpWriteBlock.BlockConstructionStage
        var isAppended = false
        var wasFlushed = false
        /// The NameNode has it in its log as it is being written now.
        var isPersisted = false
        /// Where the data end that were sent.
        var sentBytes = 0
    }

    init(
        _ path: String, _ status: WireHdfsFileStatus, appendingTo last: WireLocatedBlock? = nil,
        isAppending: Bool = false, _ client: HDFSClient
    ) {
        self.client = client
        self.path = path
        client.lastWriter += 1
        number = client.lastWriter
        fileID = status.fileID
        replication = Int(clamping: status.blockReplication)
        blockBytes = max(Int(clamping: status.blocksize), 1)
        appended = (isAppending ? Int(clamping: status.length) : 0, last.map { Int(clamping: $0.b.numBytes) } ?? 0)
        if let last {
            let nodes = PipelineNodes(last)
            current = CurrentBlock(
                block: last.b, token: last.blockToken, nodes: nodes, holders: nodes, stage: .pipelineSetupAppend,
                isAppended: true, sentBytes: Int(clamping: last.b.numBytes))
        }
        client.register(self)
    }

    // MARK: What users ask

    /// Takes packets, which go out when their turn comes.
    package func write(_ packets: [OutgoingPacket]) {
        guard failure == nil, closing == nil, !isClosed else { return released(packets.count) }
        for var packet in packets {
            lastSequence += 1
            packet.sequence = lastSequence
            queued.append(packet)
        }
        pump()
    }

    /// Tells when all that was written before is with all nodes, and readers can see it.
    package func flush(completion: @escaping (Result<Void, any Error>) -> Void) {
        if let failure { return client.later { completion(.failure(failure)) } }
        let told = { [unowned self] (result: Result<Void, any Error>) in
            switch result {
            case .success: persist(completion)
            case .failure: client.later { completion(result) }
            }
        }
        guard !queued.isEmpty || !sent.isEmpty else { return told(.success(())) }
        flushes.append((lastSequence, told))
        current?.wasFlushed = true
    }

    /// Has the NameNode remember the block that is being written, once for each pipeline.
    private func persist(_ completion: @escaping (Result<Void, any Error>) -> Void) {
        guard let current, !current.isPersisted else { return client.later { completion(.success(())) } }
        self.current?.wasFlushed = true
        self.current?.isPersisted = true
        client.call(
            "fsync",
            WireFsyncRequest.with {
                $0.src = path
                $0.client = client.name
                $0.fileID = fileID
                $0.lastBlockLength = Int64(clamping: current.block.numBytes)
            }, as: WireFsyncResponse.self
        ) { [unowned client] result in client.later { completion(result.map { _ in }) } }
    }

    /// Ends the file: the completion is told when all nodes and the NameNode have it.
    package func close(completion: @escaping (Result<Void, any Error>) -> Void) {
        if let failure { return client.later { completion(.failure(failure)) } }
        guard closing == nil, !isClosed else { return client.later { completion(.success(())) } }
        closing = completion
        pump()
    }

    /// Leaves the file as it is; the NameNode closes it when its lease has run out.
    package func abandon() { fail(HoneyError(.environment, "IO_ERROR", "writing was given up")) }

    func fail(_ error: any Error) {
        guard failure == nil, !isClosed else { return }
        failure = error
        end()
        failed(error)
        released(queued.count + sent.count)
        queued.removeAll()
        sent.removeAll()
        let told = flushes.map(\.completion)
        flushes = []
        for completion in told { completion(.failure(error)) }
        if let closing { client.later { closing(.failure(error)) } }
        closing = nil
    }

    private func end() {
        pipeline?.close()
        pipeline = nil
        isBusy = false
        client.unregister(self)
    }

    // MARK: Packets

    /// Does what can be done next.
    func pump() {
        guard !isBusy, failure == nil, !isClosed else { return }
        guard !queued.isEmpty else {
            if closing != nil, sent.isEmpty, current == nil { completeFile() }
            return
        }
        guard let current else { return addBlock() }
        guard let pipeline else {
            return current.stage == .pipelineSetupAppend ? rebuild() : openPipeline()
        }
        guard pipeline.isReady else { return }
        send(on: pipeline)
    }

    private func send(on pipeline: Pipeline) {
        // What comes after the end of a block is for another pipeline.
        while let packet = queued.first, sent.count < client.configuration.packetsInFlight, sent.last?.isLast != true {
            // The end is told when all of the block has arrived.
            if packet.isLast {
                guard sent.isEmpty else { return }
                current?.stage = .pipelineClose
            }
            queued.removeFirst()
            pipeline.send(packet)
            sent.append(packet)
            current!.sentBytes = max(current!.sentBytes, packet.end)
        }
    }

    /// Takes the acknowledgement of the packet that was sent first.
    func acknowledge(_ sequence: Int64) {
        guard let packet = sent.first, packet.sequence == sequence else {
            // Of a packet that was sent before this pipeline was made.
            guard sequence < (sent.first?.sequence ?? lastSequence + 1) else {
                return pipelineFailed(Pipeline.Failure(node: 0, reason: "acknowledged what was not sent"))
            }
            return
        }
        sent.removeFirst()
        failures = 0
        restartDeadline = nil
        current!.block.numBytes = max(current!.block.numBytes, UInt64(packet.end))
        current!.holders = current!.nodes
        if packet.isLast { endBlock() }
        tell(sequence)
        released(1)
        pump()
    }

    func endBlock() {
        pipeline?.close()
        pipeline = nil
        previous = current?.block
        current = nil
    }

    /// Tells those who wait for all packets up to `sequence`.
    func tell(_ sequence: Int64) {
        guard let first = flushes.first, first.sequence <= sequence else { return }
        let count = flushes.prefix { $0.sequence <= sequence }.count
        let told = flushes.prefix(count).map(\.completion)
        flushes.removeFirst(count)
        for completion in told { completion(.success(())) }
    }

    // MARK: Closing

    private func completeFile(tries: Int = 0) {
        isBusy = true
        client.call(
            "complete",
            WireCompleteRequest.with {
                $0.src = path
                $0.clientName = client.name
                $0.fileID = fileID
                if let previous { $0.last = previous }
            }, as: WireCompleteResponse.self
        ) { [weak self] result in
            guard let self, failure == nil else { return }
            switch result {
            case .success(let response) where response.result:
                isClosed = true
                end()
                if let closing { client.later { closing(.success(())) } }
                closing = nil
            case .success:
                guard tries < client.configuration.completeRetries else {
                    return fail(
                        HoneyError(
                            .environment, "IO_ERROR", "the last block has too few replicas: \(path)"))
                }
                // DataNodes have not told the NameNode yet.
                let delay = client.backoff(after: tries, base: .milliseconds(5), limit: .seconds(3))
                client.board.after(delay) { [weak self] in self?.completeFile(tries: tries + 1) }
            case .failure(let error): fail(error)
            }
        }
    }
}

extension HDFSClientConfiguration {
    /// How often the end of a file is told until its last block has replicas enough: for about a minute.
    var completeRetries: Int { 20 + locateRetries }
}
