package import HoneyHDFSMessages
import NIOCore

/// The replicas in a full report of one storage, in either of Hadoop's encodings.
///
/// The old encoding, in `blocks`:
///
///     finalized  under construction | id bytes stamp … | -1 -1 -1 | id bytes stamp state …
///
/// The new one is a stream of varints in `blocksBuffers`, cut anywhere, four for each of `numberOfBlocks` replicas:
///
///     id, zig-zag | bytes: low 48 bits | stamp | state: low 4 bits
package struct BlockReportReader {
    package struct Damage: Error {
        package let reason: String
    }

    /// Reads the replicas of a report, each with its state.
    package static func replicas(
        in report: WireStorageBlockReport
    ) throws(Damage) -> [(block: Block, state: WireReplicaState)] {
        if report.hasNumberOfBlocks, report.blocks.isEmpty {
            return try replicas(inBuffers: report.blocksBuffers.map { [UInt8]($0) }, count: report.numberOfBlocks)
        }
        return try replicas(inNumbers: report.blocks)
    }

    private static func replicas(
        inNumbers numbers: [UInt64]
    ) throws(Damage) -> [(block: Block, state: WireReplicaState)] {
        guard !numbers.isEmpty else { return [] }
        guard numbers.count >= 2 else { throw Damage(reason: "a block report ends in its header") }
        let (finalized, unfinished) = (numbers[0], numbers[1])
        let limit = UInt64(numbers.count)
        // A report without blocks may lack the mark between the lists.
        if finalized == 0, unfinished == 0 { return [] }
        guard finalized <= limit, unfinished <= limit, 2 + (finalized + 1) * 3 + unfinished * 4 == limit else {
            throw Damage(
                reason: "a block report of \(finalized) + \(unfinished) blocks has \(numbers.count) numbers")
        }
        var found: [(block: Block, state: WireReplicaState)] = []
        found.reserveCapacity(Int(finalized + unfinished))
        var place = 2
        for _ in 0..<finalized {
            found.append((try block(numbers[place], numbers[place + 1], numbers[place + 2]), .finalized))
            place += 3
        }
        guard numbers[place..<place + 3].allSatisfy({ $0 == .max }) else {
            throw Damage(reason: "a block report has no mark behind its finalized blocks")
        }
        place += 3
        for _ in 0..<unfinished {
            let state = try state(numbers[place + 3])
            found.append((try block(numbers[place], numbers[place + 1], numbers[place + 2]), state))
            place += 4
        }
        return found
    }

    private static func replicas(
        inBuffers buffers: [[UInt8]], count: UInt64
    ) throws(Damage) -> [(block: Block, state: WireReplicaState)] {
        let bytes = buffers.count == 1 ? buffers[0] : Array(buffers.joined())
        guard count <= UInt64(bytes.count / 4) else {
            throw Damage(reason: "a block report of \(count) blocks has \(bytes.count) bytes")
        }
        var found: [(block: Block, state: WireReplicaState)] = []
        found.reserveCapacity(Int(count))
        var place = 0
        for _ in 0..<count {
            let id = try varint(bytes, &place)
            let size = try varint(bytes, &place) & 0xFFFF_FFFF_FFFF
            let stamp = try varint(bytes, &place)
            let state = try state(varint(bytes, &place) & 0xF)
            let number = (id >> 1) ^ (0 &- (id & 1))
            found.append((try block(number, size, stamp), state))
        }
        return found
    }

    private static func block(_ id: UInt64, _ size: UInt64, _ stamp: UInt64) throws(Damage) -> Block {
        guard let size = Int(exactly: size) else { throw Damage(reason: "a block of \(size) bytes was reported") }
        return Block(id: id, generationStamp: stamp, size: size)
    }

    private static func state(_ number: UInt64) throws(Damage) -> WireReplicaState {
        guard let state = WireReplicaState(rawValue: Int(clamping: number)) else {
            throw Damage(reason: "a replica in state \(number) was reported")
        }
        return state
    }

    private static func varint(_ bytes: [UInt8], _ place: inout Int) throws(Damage) -> UInt64 {
        var value: UInt64 = 0
        var shift: UInt64 = 0
        while place < bytes.count, shift < 64 {
            let byte = bytes[place]
            place += 1
            value |= UInt64(byte & 0x7F) << shift
            if byte < 0x80 { return value }
            shift += 7
        }
        throw Damage(reason: "a block report ends in a number")
    }

    /// Writes replicas in the new encoding.
    package static func buffer(of replicas: [(block: Block, state: WireReplicaState)]) -> [UInt8] {
        var bytes = ByteBuffer()
        for (block, state) in replicas {
            let id = Int64(bitPattern: block.id)
            bytes.writeVarint((id << 1) ^ (id >> 63))
            bytes.writeVarint(block.size)
            bytes.writeVarint(block.generationStamp)
            bytes.writeVarint(state.rawValue)
        }
        return Array(bytes.readableBytesView)
    }
}
