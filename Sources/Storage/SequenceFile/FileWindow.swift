import HoneyCore
import HoneyFiles

/// The part of a file in memory that a reader moves forward through.
struct FileWindow {
    static let chunkBytes = 1 << 20
    /// Read past a split's end, where its last records reach to the next sync marker.
    static let tailBytes = 112 << 10

    let file: any ReadableFile
    /// Where the split ends: no more than needed is read after it.
    let splitEnd: Int
    /// Readable for 64 bytes past `count`.
    private(set) var buffer = Buffer(zeroed: RecordBlock.readablePastEnd)
    /// Where in the file the buffer's first byte is.
    private(set) var start = 0
    private(set) var count = 0
    private var pool = BufferPool()

    init(_ file: any ReadableFile, splitEnd: Int) {
        self.file = file
        self.splitEnd = splitEnd
    }

    var end: Int { start + count }
    var path: String { file.location.description }

    /// Where the byte at `position` of the file is in memory.
    func pointer(at position: Int) -> UnsafePointer<UInt8> {
        UnsafePointer(buffer.pointer(to: UInt8.self) + (position - start))
    }

    /// Brings at least `needed` bytes from `position` on into memory; an error when the file is not that long.
    ///
    /// What was taken from the window before keeps its own buffer. Counts no bytes as requested.
    mutating func bring(_ needed: Int, from position: Int, counters: inout ReadCounters) throws {
        if position >= start && needed <= end - position { return }
        guard needed <= file.size - position else {
            throw HoneyError.damaged("record is cut short", path: path, offset: position)
        }
        let ahead = min(FileWindow.chunkBytes, max(splitEnd - position, 0) + FileWindow.tailBytes)
        let newCount = min(max(needed, ahead), file.size - position)
        pool.recycle()
        let newBuffer = pool.take(newCount + RecordBlock.readablePastEnd)
        let kept = position >= start && position < end ? end - position : 0
        if kept > 0 { newBuffer.base.copyMemory(from: pointer(at: position), byteCount: kept) }
        // What is read ahead is not asked for; readers count what they step over.
        let requested = counters.bytesRequested
        try file.fill(newBuffer.base + kept, at: position + kept, count: newCount - kept, counters: &counters)
        counters.bytesRequested = requested
        (newBuffer.base + newCount)
            .initializeMemory(as: UInt8.self, repeating: 0, count: RecordBlock.readablePastEnd)
        buffer = newBuffer
        start = position
        count = newCount
    }

    /// Steps over an escaped marker at `position`; false when something else is there.
    mutating func stepOver(
        _ marker: SyncMarker, at position: inout Int, counters: inout ReadCounters
    ) throws -> Bool {
        try bring(4, from: position, counters: &counters)
        guard bigEndian32(pointer(at: position)) == -1 else { return false }
        try bring(SyncMarker.escapedByteCount, from: position, counters: &counters)
        guard marker.isEscaped(at: pointer(at: position)) else { throw HoneyError.damaged("sync marker is wrong") }
        position += SyncMarker.escapedByteCount
        return true
    }
}
