import NIOCore

/// A file or directory of a simulated disk, as it is and as it would be after a loss of power.
enum SimulatedNode {
    case file(SimulatedFileNode)
    case directory(SimulatedDirectoryNode)

    var file: SimulatedFileNode? {
        if case .file(let node) = self { node } else { nil }
    }
    var directory: SimulatedDirectoryNode? {
        if case .directory(let node) = self { node } else { nil }
    }
}

final class SimulatedDirectoryNode {
    var children: [String: SimulatedNode] = [:]
    var durable: [String: SimulatedNode] = [:]
}

final class SimulatedFileNode {
    private(set) var bytes = ByteBuffer()
    private var durable = ByteBuffer()
    /// What was done since, oldest first; the first of them has the number `firstChange`.
    private var changes = CircularBuffer<Change>()
    private var firstChange = 0
    var modifiedMilliseconds = 0
    /// Counts losses of power, after which a sync that was under way means nothing.
    private(set) var era = 0

    private enum Change {
        case write(ByteBuffer, offset: Int)
        case truncate(Int)
    }

    var size: Int { bytes.readableBytes }
    /// The number the next change gets.
    var nextChange: Int { firstChange + changes.count }

    func write(_ data: ByteBuffer, at offset: Int) {
        guard data.readableBytes > 0 else { return }
        Self.write(data, at: offset, into: &bytes)
        changes.append(.write(data, offset: offset))
    }

    func truncate(to size: Int) {
        guard size != self.size else { return }
        Self.truncate(&bytes, to: size)
        changes.append(.truncate(size))
    }

    /// Makes durable what was done before the change of a number.
    func settle(before change: Int) {
        while firstChange < change, let first = changes.popFirst() {
            firstChange += 1
            Self.apply(first, to: &durable)
        }
    }

    /// Forgets that changes were never made durable: the system holds them to be, and a later sync does not take them.
    func giveUp(before change: Int, _ random: inout SeededRandom) {
        while firstChange < change, let first = changes.popFirst() {
            firstChange += 1
            if Bool.random(using: &random) { Self.apply(first, to: &durable) }
        }
    }

    /// Keeps what was durable, and of what was done since whatever a disk may have written: all, nothing, a beginning, or any sectors.
    func losePower(_ random: inout SeededRandom) {
        era += 1
        let chance = Int.random(in: 0..<4, using: &random)
        var isCut = false
        for change in changes where chance != 0 && !isCut {
            switch chance {
            case 1: Self.apply(change, to: &durable)
            case 2:
                if Int.random(in: 0..<4, using: &random) == 0 {
                    isCut = true
                    tear(change, &random, keepsPrefix: true)
                } else {
                    Self.apply(change, to: &durable)
                }
            default: tear(change, &random, keepsPrefix: false)
            }
        }
        firstChange += changes.count
        changes.removeAll()
        bytes = durable
    }

    private func tear(_ change: Change, _ random: inout SeededRandom, keepsPrefix: Bool) {
        guard case .write(let data, let offset) = change else {
            if Bool.random(using: &random) { Self.apply(change, to: &durable) }
            return
        }
        if keepsPrefix {
            let kept = Int.random(in: 0...data.readableBytes, using: &random)
            Self.write(data.getSlice(at: data.readerIndex, length: kept)!, at: offset, into: &durable)
            return
        }
        var done = 0
        while done < data.readableBytes {
            let sector = min(512 - (offset + done) % 512, data.readableBytes - done)
            if Bool.random(using: &random) {
                let part = data.getSlice(at: data.readerIndex + done, length: sector)!
                Self.write(part, at: offset + done, into: &durable)
            }
            done += sector
        }
    }

    /// Changes a byte, as a disk does that grows old.
    func rot(at offset: Int, by mask: UInt8) {
        Self.rot(&bytes, at: offset, by: mask)
        Self.rot(&durable, at: offset, by: mask)
    }

    private static func rot(_ buffer: inout ByteBuffer, at offset: Int, by mask: UInt8) {
        guard let old = buffer.getInteger(at: offset, as: UInt8.self) else { return }
        buffer.setInteger(old ^ mask, at: offset)
    }

    private static func apply(_ change: Change, to buffer: inout ByteBuffer) {
        switch change {
        case .write(let data, let offset): write(data, at: offset, into: &buffer)
        case .truncate(let size): truncate(&buffer, to: size)
        }
    }

    private static func write(_ data: ByteBuffer, at offset: Int, into buffer: inout ByteBuffer) {
        if offset > buffer.writerIndex { truncate(&buffer, to: offset) }
        let end = offset + data.readableBytes
        // Room for what will follow, since buffers grow by what they are asked for.
        if end > buffer.capacity { buffer.reserveCapacity(max(end, 2 * buffer.capacity)) }
        buffer.setBuffer(data, at: offset)
        if end > buffer.writerIndex { buffer.moveWriterIndex(to: end) }
    }

    private static func truncate(_ buffer: inout ByteBuffer, to size: Int) {
        if size > buffer.writerIndex {
            buffer.writeRepeatingByte(0, count: size - buffer.writerIndex)
        } else {
            buffer.moveWriterIndex(to: size)
        }
    }
}
