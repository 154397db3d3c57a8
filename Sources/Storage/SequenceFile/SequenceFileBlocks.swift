import HoneyCodecs
import HoneyCore
import HoneyFiles

/// Walks the blocks of a block-compressed file.
///
/// ```
/// i32 -1, 16 sync marker
/// vint records
/// vint bytes, stream        lengths of the keys, as vints
/// vint bytes, stream        keys
/// vint bytes, stream        lengths of the values, as vints
/// vint bytes, stream        values
/// ```
final class SequenceFileBlocks: RecordSource {
    /// The most records and bytes that a block may claim.
    private static let maximumRecords = 1 << 24
    private static let maximumBytes = 1 << 30

    private var window: FileWindow
    private let split: ByteRange
    private let marker: SyncMarker
    private let value: SequenceFileValue
    private let decompressor: any BlockDecompressor
    private var position: Int
    private(set) var blockOffset: Int

    // The block at hand.
    private var pool = BufferPool()
    private var recordsLeft = 0
    private var lengthBytes = Buffer(capacity: 0)
    private var lengthPosition = 0
    private var lengthCount = 0
    private var values = Buffer(capacity: 0)
    private var valuePosition = 0

    init(
        _ file: any ReadableFile, split: ByteRange, from start: Int, marker: SyncMarker, value: SequenceFileValue,
        codec: any Codec
    ) throws {
        window = FileWindow(file, splitEnd: split.end)
        self.split = split
        self.marker = marker
        self.value = value
        decompressor = try codec.makeBlockDecompressor()
        position = start
        blockOffset = start
    }

    func next(counters: inout ReadCounters) throws -> RecordBlock? {
        while recordsLeft == 0 {
            guard position < window.file.size else { return nil }
            blockOffset = position
            guard try takeMarker(counters: &counters) else { return nil }
            if position == window.file.size { return nil }
            try placingErrors(in: window.path, at: blockOffset) { try readBlock(counters: &counters) }
        }
        return try placingErrors(in: window.path, at: blockOffset) { try takeRecords() }
    }

    /// Steps over the marker before a block; false when the block belongs to the next split.
    private func takeMarker(counters: inout ReadCounters) throws -> Bool {
        try window.bring(SyncMarker.escapedByteCount, from: position, counters: &counters)
        guard marker.isEscaped(at: window.pointer(at: position)) else {
            throw HoneyError.damaged("no sync marker before the block", path: window.path, offset: position)
        }
        if position >= split.end {
            position = window.file.size
            return false
        }
        position += SyncMarker.escapedByteCount
        counters.bytesRequested += SyncMarker.escapedByteCount
        return true
    }

    private func readBlock(counters: inout ReadCounters) throws {
        let records = try takeCount("records", atMost: SequenceFileBlocks.maximumRecords, counters: &counters)
        for _ in 0..<2 {
            position += try takeCount("bytes", atMost: Int.max, counters: &counters)
            guard position <= window.file.size else { throw HoneyError.damaged("block is cut short") }
        }
        // The last block's memory is used again when no column points into it.
        values = lengthBytes
        pool.recycle()
        (lengthBytes, lengthCount) = try takeStream(room: records * 5, isExact: false, counters: &counters)
        let total = try sumOfLengths(records)
        values = try takeStream(room: total, isExact: true, counters: &counters).buffer
        recordsLeft = records
        lengthPosition = 0
        valuePosition = 0
    }

    private func takeCount(_ what: StaticString, atMost most: Int, counters: inout ReadCounters) throws -> Int {
        let needed = min(VariableInteger.maximumByteCount, window.file.size - position)
        try window.bring(max(needed, 1), from: position, counters: &counters)
        var cursor = WritableCursor(window.pointer(at: position), to: window.end - position)
        let count = try cursor.readCount(of: what)
        guard count <= most else { throw HoneyError.damaged("block claims too many \(what): \(count)") }
        position += cursor.position
        counters.bytesRequested += cursor.position
        return count
    }

    private func takeStream(
        room: Int, isExact: Bool, counters: inout ReadCounters
    ) throws -> (buffer: Buffer, count: Int) {
        let stored = try takeCount("bytes", atMost: Int.max, counters: &counters)
        guard stored <= window.file.size - position else { throw HoneyError.damaged("block is cut short") }
        try window.bring(stored, from: position, counters: &counters)
        if isExact { try ExpansionLimit.check(stored: stored, claimed: room) }
        let buffer = pool.take(room + RecordBlock.readablePastEnd)
        let produced = try decompressor.decompress(
            UnsafeRawBufferPointer(start: window.pointer(at: position), count: stored),
            into: UnsafeMutableRawBufferPointer(start: buffer.base, count: room))
        guard !isExact || produced == room else {
            throw HoneyError.damaged("values of the block are not as long as their lengths say")
        }
        (buffer.base + produced)
            .initializeMemory(as: UInt8.self, repeating: 0, count: RecordBlock.readablePastEnd)
        position += stored
        counters.bytesRequested += stored
        counters.bytesDecompressed += produced
        return (buffer, produced)
    }

    private func sumOfLengths(_ records: Int) throws -> Int {
        var cursor = WritableCursor(lengthBytes.pointer(to: UInt8.self), to: lengthCount)
        var total = 0
        for _ in 0..<records { total += try cursor.readCount(of: "value length") }
        guard cursor.isAtEnd else { throw HoneyError.damaged("block has more value lengths than records") }
        guard total <= SequenceFileBlocks.maximumBytes else {
            throw HoneyError.damaged("values of the block are too long: \(total)")
        }
        return total
    }

    private func takeRecords() throws -> RecordBlock {
        let rows = min(recordsLeft, Batch.targetRows)
        var offsets = [Int32](repeating: 0, count: rows)
        var lengths = [Int32](repeating: 0, count: rows)
        var cursor = WritableCursor(lengthBytes.pointer(to: UInt8.self), from: lengthPosition, to: lengthCount)
        let base = UnsafePointer(values.pointer(to: UInt8.self))
        for row in 0..<rows {
            let length = try cursor.readVariable32()
            guard let prefix = value.prefixBytes(base + valuePosition, length: length) else {
                throw SequenceFileValue.damage()
            }
            offsets[row] = Int32(truncatingIfNeeded: valuePosition + prefix)
            lengths[row] = Int32(truncatingIfNeeded: length - prefix)
            valuePosition += length
        }
        lengthPosition = cursor.position
        recordsLeft -= rows
        return RecordBlock(bytes: values, offsets: offsets, lengths: lengths)
    }
}
