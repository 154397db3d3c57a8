import HoneyCodecs
import HoneyCore
import HoneyFiles
import HoneyStorage

/// A page whose bytes are decompressed: levels, then values.
struct Page {
    var header: PageHeader
    var bytes: Buffer
    /// Where the page's bytes start in the buffer, and how many there are.
    var start: Int
    var count: Int
}

/// Walks the pages of one column chunk; reads the file some pages ahead, and decompresses a page only when it is asked for.
final class ChunkPages {
    private let file: any ReadableFile
    private let chunk: ColumnChunk
    private let decompressor: (any BlockDecompressor)?
    private let range: Range<Int>
    /// Where the next page's header starts in the file.
    private(set) var position: Int
    private var window: Buffer
    private var windowStart: Int
    private var windowCount = 0
    /// Bytes that are wanted from `position` on; windows end there.
    var wantedEnd: Int
    private var current: PageHeader?
    /// Values of the data pages passed or at hand; pages beyond the chunk's number of them are not its own.
    private var valuesSeen = 0
    private var hasJumped = false

    /// Bytes read at once, unless a page is larger.
    private static let windowBytes = 4 << 20
    /// Bytes at which a page's header is looked for at first; statistics may make it longer.
    private static let headerBytes = 4096
    /// A page may expand to this at least, and beyond to so many times its size, before it is taken for damaged.
    private static let plausibleBytes = 256 << 20

    /// Chunks may be `slack` bytes longer than they say.
    init(
        _ chunk: ColumnChunk, of file: any ReadableFile, before limit: Int, slack: Int,
        decompressor: (any BlockDecompressor)?
    ) throws {
        guard chunk.hasMetadata, !chunk.isEncrypted, !chunk.isElsewhere else {
            throw HoneyError(
                .data, "UNSUPPORTED_FILE",
                chunk.isElsewhere
                    ? "Parquet column is in another file (write the table again to read it)"
                    : "Parquet column is encrypted (write it again without encryption to read it)")
        }
        self.file = file
        self.chunk = chunk
        self.decompressor = decompressor
        let told = try chunk.range(within: limit)
        range = told.lowerBound..<min(told.upperBound + slack, limit)
        position = range.lowerBound
        wantedEnd = range.upperBound
        window = ChunkPages.noWindow
        windowStart = range.lowerBound
    }

    private static let noWindow = Buffer(zeroed: 64)

    /// Gives the chunk its bytes, which start at `start` of the buffer.
    func preload(_ buffer: Buffer, from start: Int) {
        window = Buffer(wrapping: buffer.base + start, capacity: range.count) { withExtendedLifetime(buffer) {} }
        windowStart = range.lowerBound
        windowCount = range.count
    }

    /// Tells whether nothing has been read yet.
    var isFresh: Bool { windowCount == 0 && position == range.lowerBound }

    var byteRange: Range<Int> { range }

    /// Goes on at a page that starts elsewhere in the chunk.
    func seek(to offset: Int) throws {
        guard range.contains(offset) else { throw HoneyError.damaged("page lies outside of its column chunk") }
        position = offset
        current = nil
        hasJumped = true
    }

    /// Makes `count` bytes from `position` readable and returns them.
    private func bytes(_ count: Int, _ pool: inout BufferPool, _ counters: inout ReadCounters) throws
        -> UnsafeMutablePointer<UInt8>
    {
        if position < windowStart || position + count > windowStart + windowCount {
            let most = max(min(wantedEnd, range.upperBound) - position, count)
            let length = min(max(count, min(most, ChunkPages.windowBytes)), range.upperBound - position)
            window = ChunkPages.noWindow
            windowCount = 0
            window = try file.bytes(at: position, count: length, from: &pool, counters: &counters)
            windowStart = position
            windowCount = length
        }
        return window.pointer(to: UInt8.self) + (position - windowStart)
    }

    /// The header of the page at hand, reading it if need be; nil after the last page.
    func header(_ pool: inout BufferPool, _ counters: inout ReadCounters) throws -> PageHeader? {
        if let current { return current }
        var attempt = ChunkPages.headerBytes
        while position < range.upperBound, hasJumped || valuesSeen < chunk.valueCount {
            let there = min(attempt, range.upperBound - position)
            let start = try bytes(there, &pool, &counters)
            var reader = CompactReader(start, count: there)
            do {
                let header = try placingErrors(in: file.location.description, at: position) { try PageHeader(&reader) }
                position += header.byteCount
                guard header.compressedBytes <= range.upperBound - position else {
                    throw HoneyError.damaged(
                        "page is longer than its column chunk: \(header.compressedBytes) bytes",
                        path: file.location.description, offset: position)
                }
                current = header
                if header.kind == .data || header.kind == .dataV2 { valuesSeen += header.valueCount }
                return header
            } catch let error as HoneyError {
                // A header that seems cut short may only be longer than what was looked at.
                guard there < range.upperBound - position, reader.bytesLeft == 0 || attempt < 1 << 20 else { throw error }
                attempt *= 16
            }
        }
        return nil
    }

    /// Steps over the page at hand.
    func skip() {
        guard let current else { return }
        position += current.compressedBytes
        self.current = nil
    }

    /// Decompresses the page at hand, and steps past it.
    func take(_ pool: inout BufferPool, _ counters: inout ReadCounters) throws -> Page {
        guard let header = current else { throw HoneyError.unexpected("page is taken before its header is read") }
        let place = position
        return try placingErrors(in: file.location.description, at: place) {
            let start = try bytes(header.compressedBytes, &pool, &counters)
            defer { skip() }
            var levels = 0
            if header.kind == .dataV2 {
                levels = header.definitionBytes + header.repetitionBytes
                guard levels <= header.compressedBytes, levels <= header.uncompressedBytes else {
                    throw HoneyError.damaged("levels are longer than their page")
                }
            }
            counters.bytesDecompressed += header.uncompressedBytes
            guard let decompressor, header.kind != .dataV2 || header.isCompressed,
                header.compressedBytes > levels || header.uncompressedBytes > levels
            else {
                guard header.uncompressedBytes <= header.compressedBytes else {
                    throw HoneyError.damaged("page is shorter than it says")
                }
                return Page(
                    header: header, bytes: window, start: position - windowStart, count: header.uncompressedBytes)
            }
            return try expand(header, start, levels: levels, decompressor, &pool)
        }
    }

    private func expand(
        _ header: PageHeader, _ start: UnsafeMutablePointer<UInt8>, levels: Int,
        _ decompressor: any BlockDecompressor, _ pool: inout BufferPool
    ) throws -> Page {
        let count = header.uncompressedBytes
        // A kilobyte to the byte is what the best of codecs reach.
        guard count <= max(ChunkPages.plausibleBytes, header.compressedBytes << 10), count <= Int(Int32.max) - 64 else {
            throw HoneyError.damaged("page expands beyond measure: \(header.compressedBytes) to \(count) bytes")
        }
        let buffer = pool.take(count + RecordBlock.readablePastEnd)
        let target = buffer.base
        target.copyMemory(from: start, byteCount: levels)
        let got =
            count == levels
            ? 0
            : try decompressor.decompress(
                UnsafeRawBufferPointer(start: start + levels, count: header.compressedBytes - levels),
                into: UnsafeMutableRawBufferPointer(start: target + levels, count: count - levels))
        guard got == count - levels else {
            throw HoneyError.damaged("page expands to \(got) bytes instead of \(count - levels)")
        }
        (target + count).initializeMemory(as: UInt8.self, repeating: 0, count: RecordBlock.readablePastEnd)
        return Page(header: header, bytes: buffer, start: 0, count: count)
    }
}
