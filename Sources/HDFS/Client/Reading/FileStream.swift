import HoneyCore
import HoneyHDFSMessages
import HoneyWorld
package import NIOCore
import SwiftProtobuf

/// Takes the bytes of a stream, in order.
package protocol StreamSink: AnyObject {
    /// Takes some bytes; false asks for no more until `resume`.
    func received(_ bytes: ByteBuffer) -> Bool
    /// Hears that the stream has ended, with all its bytes or at a failure.
    func ended(_ error: (any Error)?)
}

/// Reads a range of a file block by block, from whichever replica answers.
///
/// Confined to its client; other threads only hold it.
package final class FileStream: @unchecked Sendable {
    private unowned let client: HDFSClient
    private let file: LocatedFile
    private var position: Int
    private let end: Int
    private weak var sink: (any StreamSink)?

    private var reading: BlockReading?
    private var isPaused = false
    private var hasEnded = false
    /// Rounds in which no replica of a block could be read, since bytes came last.
    private var failedRounds = 0
    private var lastFailure = ""
    /// What was tried at this position and did not answer.
    private var avoided: Set<String> = []

    /// Begins to read; `range` must be within the file.
    package init(_ file: LocatedFile, _ range: Range<Int>, _ client: HDFSClient, to sink: any StreamSink) {
        self.client = client
        self.file = file
        self.sink = sink
        position = range.lowerBound
        end = range.upperBound
        next()
    }

    /// Lets a stream go on whose sink had enough.
    package func resume() {
        guard isPaused else { return }
        isPaused = false
        if let reading { reading.setPaused(false) } else { next() }
    }

    /// Ends the stream; nothing is told any more.
    package func cancel() {
        hasEnded = true
        reading?.cancel()
        reading = nil
    }

    private func finish(_ error: (any Error)?) {
        guard !hasEnded else { return }
        hasEnded = true
        sink?.ended(error)
    }

    /// Reads on at `position`, in the next block mostly.
    private func next(stale: Bool = false) {
        guard !hasEnded, !isPaused else { return }
        guard position < end else { return finish(nil) }
        guard !client.hasEnded else { return finish(HDFSClient.ended) }
        file.locate(position, stale: stale) { [weak self] result in
            guard let self, !hasEnded else { return }
            switch result {
            case .success(let place): read(place)
            case .failure(let error): finish(error)
            }
        }
    }

    private func read(_ place: LocatedFile.Place) {
        guard !isPaused else { return }
        guard let node = choose(place.block) else { return waitForReplicas(of: place.block) }
        let range = position - place.range.lowerBound..<min(place.range.upperBound, end) - place.range.lowerBound
        reading = BlockReading(
            place.block, range, from: node, client,
            received: { [weak self] in self?.take($0) },
            ended: { [weak self] failure in self?.readEnded(failure, place, node) })
    }

    /// The nearest replica that may answer: on this host first, then in the NameNode's order.
    private func choose(_ block: WireLocatedBlock) -> WireDatanodeInfo? {
        let usable = block.locs.filter { node in
            let id = node.id.datanodeUuid
            return !avoided.contains(id)
                && !file.damaged.contains(LocatedFile.Replica(block: block.b.blockID, node: id))
        }
        let alive = usable.filter { !client.isDead($0.id) }
        let candidates = alive.isEmpty ? usable : alive
        return candidates.first { client.configuration.isLocal($0.id) } ?? candidates.first
    }

    private func take(_ bytes: ByteBuffer) {
        position += bytes.readableBytes
        failedRounds = 0
        avoided.removeAll()
        guard let sink else { return cancel() }
        if !sink.received(bytes), !hasEnded {
            isPaused = true
            reading?.setPaused(true)
        }
    }

    private func readEnded(_ failure: BlockReading.Failure?, _ place: LocatedFile.Place, _ node: WireDatanodeInfo) {
        reading = nil
        guard let failure else { return next() }
        lastFailure = "\(client.configuration.transferAddress(node.id)): \(failure.text)"
        client.log(.info, "cannot read blk_\(place.block.b.blockID) of \(file.path) from \(lastFailure)")
        avoided.insert(node.id.datanodeUuid)
        switch failure {
        case .lost: client.markDead(node.id)
        case .refused: break
        case .damaged:
            file.damaged.insert(
                LocatedFile.Replica(block: place.block.b.blockID, node: node.id.datanodeUuid))
            report(place.block, on: node)
        }
        next()
    }

    /// Tells the NameNode of a replica that is not what was written.
    private func report(_ block: WireLocatedBlock, on node: WireDatanodeInfo) {
        let index = block.locs.firstIndex { $0.id.datanodeUuid == node.id.datanodeUuid }
        var bad = block
        bad.locs = [node]
        bad.storageIds = index.flatMap { $0 < block.storageIds.count ? [block.storageIds[$0]] : nil } ?? []
        bad.storageTypes = index.flatMap { $0 < block.storageTypes.count ? [block.storageTypes[$0]] : nil } ?? []
        bad.isCached = []
        client.call(
            "reportBadBlocks", WireReportBadBlocksRequest.with { $0.blocks = [bad] },
            as: WireReportBadBlocksResponse.self
        ) { _ in }
    }

    /// Looks again where a block is, after a while in which a node may have come back.
    private func waitForReplicas(of block: WireLocatedBlock) {
        failedRounds += 1
        guard failedRounds <= client.configuration.acquireFailures else {
            let reason = lastFailure.isEmpty ? "no DataNode has it" : lastFailure
            return finish(
                HoneyError(
                    .environment, "IO_ERROR", "no replica of blk_\(block.b.blockID) can be read: \(reason)",
                    file: FilePosition(file.path, offset: position)))
        }
        avoided.removeAll()
        file.damaged = file.damaged.filter { $0.block != block.b.blockID }
        let window = client.configuration.retryWindow
        let delay = window * (failedRounds - 1) + Int(client.random.next() % UInt64(max(window * failedRounds, 1)))
        client.board.after(delay) { [weak self] in self?.next(stale: true) }
    }
}

extension HDFSClient {
    func setReading(_ isReading: Bool, _ connection: Connection) {
        board.effects.setReading(isReading, connection)
    }

    /// How long a node that did not answer is asked last.
    private static let deadTime = Int.seconds(60)

    func markDead(_ node: WireDatanodeID) {
        deadNodes[node.datanodeUuid] = now.monotonicNanoseconds + Self.deadTime
    }

    func isDead(_ node: WireDatanodeID) -> Bool {
        guard let until = deadNodes[node.datanodeUuid] else { return false }
        if until > now.monotonicNanoseconds { return true }
        deadNodes[node.datanodeUuid] = nil
        return false
    }
}
