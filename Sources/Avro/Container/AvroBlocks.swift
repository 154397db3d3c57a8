import HoneyCore
import HoneyFiles
import HoneyStorage

#if canImport(Glibc)
    import Glibc
#else
    import Musl
#endif

/// A block of rows, still compressed.
///
/// ```
/// long  rows
/// long  bytes that follow, without the marker
/// the rows, one after another, compressed together
/// 16    sync marker
/// ```
struct AvroBlock {
    /// Where it starts in the file.
    var offset: Int
    var rowCount: Int
    /// The stored bytes, in `owner` and readable for some bytes past their end; nil when only rows are counted.
    var stored: UnsafeRawBufferPointer?
    var storedBytes: Int
    var owner: Buffer
}

/// Walks the blocks of a split: those whose marker before them begins in the split, the header's marker before the first.
struct AvroBlocks {
    private static let chunkBytes = 1 << 20
    /// Two longs before a block.
    private static let headBytes = 20

    private let file: any ReadableFile
    private let marker: [UInt8]
    private let splitEnd: Int
    /// Whether the rows themselves are left out.
    private let onlyCounts: Bool
    /// Where the marker before the next block begins.
    private var position: Int

    // The part of the file that is in memory.
    private var pool = BufferPool()
    private var buffer = Buffer(zeroed: RecordBlock.readablePastEnd)
    private var start = 0
    private var count = 0

    init(
        _ file: any ReadableFile, header: AvroHeader, split: ByteRange, onlyCounts: Bool,
        counters: inout ReadCounters
    ) throws {
        self.file = file
        marker = header.marker
        splitEnd = min(split.end, file.size)
        self.onlyCounts = onlyCounts
        position = header.byteCount - AvroHeader.markerBytes
        if split.start > position {
            position = file.size
            position = try find(from: split.start, &counters) ?? file.size
        }
    }

    /// The next block; nil at the end of the split.
    mutating func next(counters: inout ReadCounters) throws -> AvroBlock? {
        let offset = position + AvroHeader.markerBytes
        guard position < splitEnd, offset < file.size else { return nil }
        return try placingErrors(in: file.location.description, at: offset) { try read(at: offset, &counters) }
    }

    private mutating func read(at offset: Int, _ counters: inout ReadCounters) throws -> AvroBlock {
        let available = min(AvroBlocks.headBytes, file.size - offset)
        try bring(available, from: offset, &counters)
        var cursor = AvroCursor(pointer(at: offset), count: available)
        let rowCount = try cursor.readLong()
        let storedBytes = try cursor.readLong()
        let dataStart = offset + (available - cursor.remaining)
        guard rowCount >= 0 else { throw HoneyError.damaged("block has a negative count of rows: \(rowCount)") }
        guard storedBytes >= 0, storedBytes <= file.size - dataStart - AvroHeader.markerBytes else {
            throw HoneyError.damaged("block has a wrong size: \(storedBytes) bytes")
        }
        let end = dataStart + Int(storedBytes)
        if onlyCounts {
            try bring(AvroHeader.markerBytes, from: end, &counters)
        } else {
            try bring(Int(storedBytes) + AvroHeader.markerBytes, from: dataStart, &counters)
        }
        guard marker.withUnsafeBufferPointer({ memcmp($0.baseAddress!, pointer(at: end), $0.count) == 0 }) else {
            throw HoneyError.damaged("sync marker after a block is wrong")
        }
        position = end
        return AvroBlock(
            offset: offset, rowCount: Int(rowCount),
            stored: onlyCounts ? nil : UnsafeRawBufferPointer(start: pointer(at: dataStart), count: Int(storedBytes)),
            storedBytes: Int(storedBytes), owner: buffer)
    }

    private func pointer(at position: Int) -> UnsafePointer<UInt8> {
        UnsafePointer(buffer.pointer(to: UInt8.self) + (position - start))
    }

    /// Brings at least `needed` bytes from `offset` on, which the file must have, into memory.
    ///
    /// Blocks given out keep the buffer that they are in.
    private mutating func bring(_ needed: Int, from offset: Int, _ counters: inout ReadCounters) throws {
        if offset >= start, needed <= start + count - offset { return }
        // Counting hops from block to block, and the last block of a split is read to its end and hardly further.
        let ahead =
            onlyCounts
            ? AvroHeader.markerBytes + AvroBlocks.headBytes
            : min(AvroBlocks.chunkBytes, max(splitEnd - offset, 0) + AvroHeader.markerBytes + AvroBlocks.headBytes)
        let newCount = min(max(needed, ahead), file.size - offset)
        pool.recycle()
        let larger = pool.take(newCount + RecordBlock.readablePastEnd)
        let kept = offset >= start && offset < start + count ? min(start + count - offset, newCount) : 0
        if kept > 0 { larger.base.copyMemory(from: pointer(at: offset), byteCount: kept) }
        try file.fill(larger.base + kept, at: offset + kept, count: newCount - kept, counters: &counters)
        (larger.base + newCount)
            .initializeMemory(as: UInt8.self, repeating: 0, count: RecordBlock.readablePastEnd)
        buffer = larger
        start = offset
        count = newCount
    }

    /// Finds the first marker that begins at or after `offset`; nil when there is none.
    private func find(from offset: Int, _ counters: inout ReadCounters) throws -> Int? {
        let chunkBytes = min(128 << 10, max(file.size - offset, 0))
        let chunk = Buffer(capacity: chunkBytes)
        var position = offset
        while file.size - position >= marker.count {
            let count = min(chunkBytes, file.size - position)
            try file.fill(chunk.base, at: position, count: count, counters: &counters)
            if let found = find(in: UnsafeRawPointer(chunk.base), count) { return position + found }
            // The marker may straddle this chunk's end and the next one's start.
            position += count - marker.count + 1
        }
        return nil
    }

    /// Finds the marker within bytes.
    private func find(in bytes: UnsafeRawPointer, _ count: Int) -> Int? {
        marker.withUnsafeBufferPointer { marker in
            var offset = 0
            while count - offset >= marker.count {
                let starts = count - marker.count + 1 - offset
                guard let start = memchr(bytes + offset, Int32(marker[0]), starts) else { return nil }
                offset = UnsafeRawPointer(start) - bytes
                if memcmp(start, marker.baseAddress!, marker.count) == 0 { return offset }
                offset += 1
            }
            return nil
        }
    }
}
