import HoneyHDFSMessages
import HoneyWorld
import NIOCore

/// Reads all finished replicas again and again, slowly, and has those told that are not what their checksums say.
final class Scanner {
    private unowned let node: DataNode
    /// What is left of this pass, the next one last.
    private var left: [UInt64] = []
    private var suspects: [UInt64] = []
    private var current: (reader: ReplicaReader, offset: Int)?
    private var passBegan: Int?
    private var timer: Timer?

    /// How often a piece is read.
    private static let interval = Int.seconds(1)

    init(of node: DataNode) { self.node = node }

    func start() { wait(Self.interval) }

    /// Has a replica looked at next.
    func suspect(_ block: Block) {
        guard !suspects.contains(block.id), suspects.count < 1000 else { return }
        suspects.append(block.id)
        if current == nil, left.isEmpty { wait(Self.interval) }
    }

    private func wait(_ nanoseconds: Int) {
        node.board.cancel(timer)
        timer = node.board.after(nanoseconds) { [weak self] in
            self?.timer = nil
            self?.go()
        }
    }

    private func go() {
        let now = node.board.now.monotonicNanoseconds
        var budget = max(node.configuration.scanBandwidth, 1)
            .multipliedClamped(by: max(1, node.store.workingVolumes.count))
        while budget > 0 {
            if current == nil, !open() { break }
            budget -= readPiece(atMost: budget)
        }
        guard current == nil, suspects.isEmpty, left.isEmpty else { return wait(Self.interval) }
        let rest = node.configuration.scanPeriod - (now - (passBegan ?? now))
        guard rest <= 0 || passBegan == nil else { return wait(max(rest, Self.interval)) }
        beginPass()
        wait(Self.interval)
    }

    private func beginPass() {
        guard node.isReady, node.configuration.scanPeriod > 0 else { return }
        passBegan = node.board.now.monotonicNanoseconds
        left = node.store.replicas.filter { $0.value.state == .finalized }.keys.sorted()
        // From anywhere, so that a node that is restarted often looks at all of them too.
        guard left.count > 1 else { return }
        let start = Int.random(in: 0..<left.count, using: &node.random)
        left = Array(left[start...] + left[..<start])
    }

    /// Opens the next replica; false when there is none.
    private func open() -> Bool {
        while let id = suspects.popLast() ?? left.popLast() {
            guard let block = node.store.block(id), node.store.replicas[id]?.state == .finalized,
                let reader = try? node.store.reader(of: block)
            else { continue }
            current = (reader, 0)
            return true
        }
        return false
    }

    /// Reads on in the replica at hand; tells how many bytes.
    private func readPiece(atMost count: Int) -> Int {
        guard let (reader, offset) = current else { return 0 }
        guard offset < reader.block.size, let known = node.store.replicas[reader.block.id],
            known.state == .finalized, known.generationStamp == reader.block.generationStamp
        else {
            current = nil
            return 1
        }
        do {
            let piece = try reader.piece(
                at: offset, count: max(min(count, 1 << 20), reader.checksum.bytesPerChecksum), end: reader.block.size)
            if piece.damagedAt != nil {
                node.reportDamage(of: reader.block, on: reader.volume)
                current = nil
            } else {
                current = (reader, offset + piece.data.readableBytes)
            }
            return max(piece.data.readableBytes, 1)
        } catch {
            node.log(.warning, "\(reader.block) cannot be read: \(error)")
            node.store.examine(reader.volume, after: error)
            current = nil
            return 1
        }
    }
}
