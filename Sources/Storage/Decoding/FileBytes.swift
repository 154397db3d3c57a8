package import HoneyCore
package import HoneyFiles

extension ReadableFile {
    /// Reads exactly `count` bytes at `offset` into new memory that is readable, as zero, for 64 bytes more.
    ///
    /// The range must lie within the file's size; it is an error of the file to have shrunk since.
    package func bytes(at offset: Int, count: Int, counters: inout ReadCounters) throws -> Buffer {
        var pool = BufferPool()
        return try bytes(at: offset, count: count, from: &pool, counters: &counters)
    }

    /// Reads exactly `count` bytes at `offset` into memory of a pool; see above.
    package func bytes(
        at offset: Int, count: Int, from pool: inout BufferPool, counters: inout ReadCounters
    ) throws -> Buffer {
        let buffer = pool.take(count + RecordBlock.readablePastEnd)
        try fill(buffer.base, at: offset, count: count, counters: &counters)
        (buffer.base + count).initializeMemory(as: UInt8.self, repeating: 0, count: RecordBlock.readablePastEnd)
        return buffer
    }

    /// Reads exactly `count` bytes at `offset` to `target`.
    package func fill(_ target: UnsafeMutableRawPointer, at offset: Int, count: Int, counters: inout ReadCounters)
        throws
    {
        var done = 0
        while done < count {
            let got = try read(at: offset + done, count: count - done, into: target + done)
            guard got > 0 else {
                throw HoneyError.damaged(
                    "file ends before its size", path: location.description, offset: offset + done)
            }
            done += got
        }
        counters.bytesRequested += count
        counters.bytesRead += count
    }
}

extension RecordBlock {
    /// Bytes after the last record that decoders may read, but not use.
    package static let readablePastEnd = 64
}
