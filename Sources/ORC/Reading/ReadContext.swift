import HoneyCodecs
import HoneyCore
import HoneyFiles
import HoneyStorage

/// What the streams of one reader share: the file's compression, memory to use again, and the counters.
final class ReadContext {
    let file: any ReadableFile
    let compression: ORCCompression
    let isCompressed: Bool
    var counters = ReadCounters()
    private var pool = BufferPool()

    init(_ file: any ReadableFile, compression: ORCCompression) {
        self.file = file
        self.compression = compression
        isCompressed = compression.decompressor != nil
    }

    var path: String { file.location.description }
    var blockBytes: Int { compression.blockBytes }

    func room(for stored: Int) -> Int { compression.room(for: stored) }

    /// Stored bytes, from the start of a chunk or some way into it, in which so many bytes of content are for certain.
    func storedBytes(holding count: Int) -> Int {
        guard isCompressed else { return count }
        let chunks = count / max(blockBytes, 1) + 2
        return chunks * (ORCCompression.headerBytes + blockBytes)
    }

    /// Gives memory of at least `capacity` bytes that nobody else holds.
    func take(_ capacity: Int) -> Buffer {
        pool.recycle()
        return pool.take(capacity)
    }

    /// Reads bytes of the file, readable for 64 more.
    func read(at offset: Int, count: Int) throws -> Buffer {
        pool.recycle()
        return try file.bytes(at: offset, count: count, from: &pool, counters: &counters)
    }

    func decompress(_ bytes: UnsafeRawBufferPointer, into target: UnsafeMutableRawBufferPointer) throws -> Int {
        try compression.decompressor!.decompress(bytes, into: target)
    }

    /// Reads and expands a section whose bytes are at `offset` of a buffer.
    func section(_ buffer: Buffer, at offset: Int, count: Int) throws -> [UInt8] {
        let bytes = try compression.expand(UnsafeRawBufferPointer(start: buffer.base + offset, count: count))
        counters.bytesDecompressed += bytes.count
        return bytes
    }
}
