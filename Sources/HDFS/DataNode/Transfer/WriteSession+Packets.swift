import HoneyHDFSMessages
import HoneyWorld
import NIOCore
import SwiftProtobuf

/// Packets whose writer was not told yet that all have them.
struct Acknowledgements {
    struct Waiting {
        var sequence: Int64
        /// Where the packet ends in the block; nil for a heartbeat.
        var end: Int?
        var isLast: Bool
        /// Whether this node has done with it what must be done before it is acknowledged.
        var isDone: Bool
    }

    var waiting = CircularBuffer<Waiting>()
    /// What came from the node behind and was not passed on yet.
    var downstream = CircularBuffer<WirePipelineAck>()

    mutating func finish(_ sequence: Int64) {
        guard let place = waiting.firstIndex(where: { $0.sequence == sequence && $0.end != nil }) else { return }
        waiting[place].isDone = true
    }
}

extension WriteSession {
    func take(_ packet: TransferPacket) {
        guard let replica, !isComplete else { return end("a packet that nobody expects") }
        if packet.sequence == TransferPacket.heartbeatSequence {
            pass(packet)
            wait(for: .init(sequence: packet.sequence, end: nil, isLast: false, isDone: true))
            return
        }
        let (last, overflow) = Int(clamping: packet.offsetInBlock).addingReportingOverflow(packet.data.readableBytes)
        guard packet.offsetInBlock >= 0, !overflow else { return end("a packet at \(packet.offsetInBlock)") }
        guard let packet = checked(packet, replica) else { return }
        pass(packet)
        if packet.data.readableBytes > 0 {
            do {
                try node.write(packet, to: replica)
            } catch {
                store.examine(replica.volume, after: error)
                return end("\(error)")
            }
        }
        let mustSync = packet.sync && !packet.isLast
        wait(
            for: .init(
                sequence: packet.sequence, end: last, isLast: packet.isLast, isDone: !mustSync && !packet.isLast))
        if mustSync {
            let targets: [SyncTarget]
            do {
                targets = store.bytes(of: replica) + (try replica.noteTail().map { [.file($0)] } ?? [])
            } catch {
                return diskFailed(error)
            }
            board.makeDurable(targets) { [self] failure in
                guard !hasEnded else { return }
                if let failure { return diskFailed(failure) }
                acknowledgements.finish(packet.sequence)
                sendAcknowledgements()
            }
        }
        if packet.isLast {
            isComplete = true
            finish { [self] in
                acknowledgements.finish(packet.sequence)
                sendAcknowledgements()
                if !isAcknowledged { endCopy() }
            }
        }
    }

    /// The packet with checksums that were found right; nil when they were not, and the write ended.
    private func checked(_ packet: TransferPacket, _ replica: OpenReplica) -> TransferPacket? {
        var packet = packet
        if operation.requestedChecksum.type == .checksumNull {
            packet.checksums = replica.checksum.checksums(of: packet.data)
        }
        guard
            !replica.accepts(
                offset: Int(packet.offsetInBlock), data: packet.data, checksums: packet.checksums)
        else { return packet }
        if isAcknowledged {
            board.send(
                .acknowledgement(
                    .with {
                        $0.seqno = packet.sequence
                        $0.reply = [.errorChecksum]
                    }), on: upstream)
        }
        if operation.hasSource, !operation.source.id.datanodeUuid.isEmpty {
            node.reportDamage(of: block, on: replica.volume, at: operation.source)
        }
        end("the checksum of a packet at \(packet.offsetInBlock) is wrong")
        return nil
    }

    /// Gives a packet to the next node; the one before us must wait when that one is slow.
    private func pass(_ packet: TransferPacket) {
        guard let connection = pipe.connection else { return }
        if acknowledgements.waiting.isEmpty { pipe.lastHeard = board.now.monotonicNanoseconds }
        var packet = packet
        if operation.requestedChecksum.type == .checksumNull { packet.checksums = ByteBuffer() }
        board.send(.packet(packet), on: connection)
        pipe.debt += packet.data.readableBytes + packet.checksums.readableBytes
        guard pipe.debt > node.configuration.unsentBytes, !pipe.isPaused else { return }
        pipe.isPaused = true
        pipe.lastHeard = board.now.monotonicNanoseconds
        board.effects.setReading(false, upstream)
        board.effects.notifyWhenWritable(connection)
    }

    private func wait(for packet: Acknowledgements.Waiting) {
        guard isAcknowledged else { return }
        acknowledgements.waiting.append(packet)
        sendAcknowledgements()
    }

    /// Passes on what is known of the first packets, in their order.
    func sendAcknowledgements() {
        guard isAcknowledged, !hasEnded else { return }
        while let first = acknowledgements.waiting.first, first.isDone {
            var replies: [WireStatus] = [.success]
            if let behind = acknowledgements.downstream.first {
                acknowledgements.downstream.removeFirst()
                guard behind.seqno == first.sequence else {
                    acknowledgements.downstream.removeAll()
                    pipeFailed("acknowledged packet \(behind.seqno) instead of \(first.sequence)")
                    continue
                }
                replies += behind.reply
            } else if pipe.hasFailed {
                replies.append(.error)
            } else if pipe.connection != nil {
                return
            }
            acknowledgements.waiting.removeFirst()
            if let end = first.end, let replica, replies.allSatisfy({ $0 == .success }) {
                replica.acknowledged = max(replica.acknowledged, min(end, replica.received))
            }
            board.send(
                .acknowledgement(
                    .with {
                        $0.seqno = first.sequence
                        $0.reply = replies
                    }), on: upstream)
            if first.isLast { return handBack() }
        }
    }

    // MARK: Finishing

    /// Brings the replica to its end; then calls `done`.
    func finish(_ done: @escaping () -> Void) {
        guard let replica else { return }
        isFinishing = true
        let ending: DataNode.Ending =
            switch operation.stage {
            case .transferRbw where isCopyForPipeline: .adopted
            case .transferFinalized where isCopyForPipeline: .finishedQuietly
            default: .finished(hint: "")
            }
        node.finish(replica, as: ending) { [self] failure in
            guard !hasEnded else { return }
            isFinishing = false
            if let failure { return end("\(failure)") }
            // Who copies a replica leaves when all is sent.
            if isOrphaned { return end(isCopyForItself ? nil : "the writer has gone") }
            done()
        }
    }

    private func diskFailed(_ failure: any Error) {
        if let replica { store.examine(replica.volume, after: failure) }
        end("\(failure)")
    }

    private func endCopy() {
        if isCopyForPipeline { board.send(.response(.make(.success)), on: upstream) }
        handBack()
    }
}
