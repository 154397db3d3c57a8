import HoneyCodecs
import HoneyCore
import HoneyStorage

/// How a writer compresses sections into chunks; see `ORCCompression`.
final class ChunkCompressor {
    let blockBytes: Int
    /// Nil when sections are not compressed.
    private let compressor: (any BlockCompressor)?
    private var scratch: [UInt8] = []

    init(kind: ORCCompressionKind, level: Int?, blockBytes: Int) throws {
        self.blockBytes = blockBytes
        compressor = try ORCCompression.codec(kind)?.makeCompressor(level: level)
    }

    var isCompressed: Bool { compressor != nil }

    /// Appends one chunk; bytes that don't shrink are stored as they are.
    func append(chunk bytes: UnsafeRawBufferPointer, to target: ByteStore) throws {
        guard let compressor else { return }
        scratch.removeAll(keepingCapacity: true)
        try compressor.compress(bytes, into: &scratch)
        let isOriginal = scratch.count >= bytes.count
        let header = (isOriginal ? bytes.count : scratch.count) << 1 | (isOriginal ? 1 : 0)
        target.append(UInt8(truncatingIfNeeded: header))
        target.append(UInt8(truncatingIfNeeded: header >> 8))
        target.append(UInt8(truncatingIfNeeded: header >> 16))
        if isOriginal { target.append(bytes) } else { scratch.withUnsafeBytes { target.append($0) } }
    }

    /// Appends a whole section, such as a footer.
    func append(section bytes: UnsafeRawBufferPointer, to target: ByteStore) throws {
        guard isCompressed else { return target.append(bytes) }
        var start = 0
        while start < bytes.count {
            let end = min(start + blockBytes, bytes.count)
            try append(chunk: UnsafeRawBufferPointer(rebasing: bytes[start..<end]), to: target)
            start = end
        }
    }
}

/// One stream of the stripe that is being written.
final class StreamOutput {
    private let compressor: ChunkCompressor
    /// Bytes not in a chunk yet; all bytes when there is no compression.
    private let open = ByteStore(capacity: 4096)
    private let chunks = ByteStore(capacity: 64)

    init(_ compressor: ChunkCompressor) { self.compressor = compressor }

    /// Bytes held.
    var byteCount: Int { open.count + chunks.count }

    /// Makes room for bytes and returns where they go; say with `advance` how many came.
    @inline(__always)
    func room(for count: Int) -> UnsafeMutablePointer<UInt8> { open.room(for: count) }

    @inline(__always)
    func advance(_ count: Int) throws {
        open.advance(count)
        if open.count >= compressor.blockBytes { try closeChunks() }
    }

    func append(_ bytes: UnsafeRawBufferPointer) throws {
        open.append(bytes)
        if open.count >= compressor.blockBytes { try closeChunks() }
    }

    @inline(never)
    private func closeChunks() throws {
        guard compressor.isCompressed else { return }
        let block = compressor.blockBytes
        var start = 0
        while open.count - start >= block {
            try compressor.append(
                chunk: UnsafeRawBufferPointer(rebasing: open.bytes[start..<start + block]), to: chunks)
            start += block
        }
        open.removeFirst(start)
    }

    /// Appends the numbers that a row index gives for this place.
    func appendPosition(to positions: inout [UInt64]) {
        if compressor.isCompressed { positions.append(UInt64(chunks.count)) }
        positions.append(UInt64(open.count))
    }

    /// Ends the stream and returns its bytes, which are valid until `removeAll`.
    func finish() throws -> UnsafeRawBufferPointer {
        guard compressor.isCompressed else { return open.bytes }
        if open.count > 0 { try compressor.append(chunk: open.bytes, to: chunks) }
        open.removeAll()
        return chunks.bytes
    }

    func removeAll() {
        open.removeAll()
        chunks.removeAll()
    }
}
