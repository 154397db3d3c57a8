import HoneyCore
import HoneyStorage

/// The content of one stream of a stripe, from its chunks, as contiguous bytes at a cursor.
///
/// Expanded chunks are never written over while someone holds their memory, so that strings may point into it.
final class StreamBytes: IndexedStream {
    let context: ReadContext
    /// Where the stream lies in the file.
    private(set) var extent = 0..<0
    /// What of it is wanted before it is loaded, as offsets in the stream.
    var wanted = 0..<0
    private(set) var isLoaded = false

    // Stored bytes: those from `storedStart` to `storedEnd` of the stream lie at `stored`.
    private var storedOwner: Buffer = StreamBytes.nothing
    private var stored = UnsafePointer(StreamBytes.nothing.pointer(to: UInt8.self))
    private var storedStart = 0
    private var storedEnd = 0
    /// Where the next chunk starts in the stream.
    private var nextChunk = 0

    /// Keeps the bytes from `next` to `end` alive, and 64 readable bytes after them.
    private(set) var window: Buffer = StreamBytes.nothing
    var next = UnsafePointer(StreamBytes.nothing.pointer(to: UInt8.self))
    private(set) var end = UnsafePointer(StreamBytes.nothing.pointer(to: UInt8.self))
    /// The last chunk that was expanded: where it starts in the stream and in the window.
    private var chunk = -1
    private var chunkStart = UnsafePointer(StreamBytes.nothing.pointer(to: UInt8.self))

    private static let nothing = Buffer(zeroed: 128)

    init(_ context: ReadContext) { self.context = context }

    var bytes: StreamBytes { self }
    var extraPositions: Int { 0 }

    /// Becomes another stream; an empty one when there is none.
    func enter(_ extent: Range<Int>?) {
        self.extent = extent ?? 0..<0
        wanted = 0..<self.extent.count
        unload()
    }

    /// Lets go of the stripe's memory.
    func unload() {
        isLoaded = false
        storedOwner = StreamBytes.nothing
        stored = UnsafePointer(storedOwner.pointer(to: UInt8.self))
        storedStart = 0
        storedEnd = 0
        reset(to: 0)
    }

    private func reset(to offset: Int) {
        window = StreamBytes.nothing
        next = UnsafePointer(window.pointer(to: UInt8.self))
        end = next
        nextChunk = offset
        chunk = -1
    }

    /// Takes the stored bytes of `wanted`, which start at `start` of a buffer that is readable for 64 bytes past them.
    func load(_ buffer: Buffer, at start: Int) {
        isLoaded = true
        storedOwner = buffer
        stored = UnsafePointer(buffer.pointer(to: UInt8.self)) + start
        storedStart = wanted.lowerBound
        storedEnd = wanted.upperBound
        if context.isCompressed {
            reset(to: storedStart)
        } else {
            window = buffer
            next = stored
            end = stored + wanted.count
            context.counters.bytesDecompressed += wanted.count
        }
    }

    func seek(to position: StreamPosition) throws {
        guard context.isCompressed else {
            guard position.offset >= storedStart, position.offset <= storedEnd else { throw StreamBytes.noSuchPlace() }
            next = stored + (position.offset - storedStart)
            return
        }
        if position.offset == chunk {
            guard position.chunkBytes <= end - chunkStart else { throw StreamBytes.noSuchPlace() }
            next = chunkStart + position.chunkBytes
            return
        }
        guard position.offset >= storedStart, position.offset <= storedEnd else { throw StreamBytes.noSuchPlace() }
        reset(to: position.offset)
        guard position.chunkBytes > 0 else { return }
        guard position.chunkBytes <= context.blockBytes, try has(position.chunkBytes) else {
            throw StreamBytes.noSuchPlace()
        }
        next += position.chunkBytes
    }

    /// Makes `count` bytes contiguous at the cursor; false when the stream ends before, with all the rest contiguous.
    @inline(__always)
    func has(_ count: Int) throws -> Bool {
        if end - next >= count { return true }
        return try refill(count)
    }

    /// Steps over bytes.
    func skip(_ count: Int) throws {
        var left = count
        while left > end - next {
            left -= end - next
            next = end
            guard try refill(1) else { throw StreamBytes.endsEarly() }
        }
        next += left
    }

    @inline(never)
    private func refill(_ count: Int) throws -> Bool {
        guard context.isCompressed else { return false }
        // How far the window's memory may still be filled: only what this call allocated.
        var limit: UnsafePointer<UInt8> = end
        while end - next < count {
            guard nextChunk < storedEnd else { return false }
            guard storedEnd - nextChunk >= ORCCompression.headerBytes else { return try endsInsideChunk() }
            let start = stored + (nextChunk - storedStart)
            let header = ORCCompression.Header(start)
            guard header.byteCount <= storedEnd - nextChunk - ORCCompression.headerBytes else {
                return try endsInsideChunk()
            }
            if header.byteCount == 0 {
                nextChunk += ORCCompression.headerBytes
                continue
            }
            let content = UnsafeRawBufferPointer(
                start: start + ORCCompression.headerBytes, count: header.byteCount)
            let left = end - next
            if header.isOriginal, left == 0 {
                window = storedOwner
                next = start + ORCCompression.headerBytes
                end = next + header.byteCount
                chunkStart = next
                limit = end
                context.counters.bytesDecompressed += header.byteCount
            } else {
                let room = header.isOriginal ? header.byteCount : context.room(for: header.byteCount)
                if limit - end < room { limit = growWindow(keeping: left, room: room, wanted: count) }
                try append(content, isOriginal: header.isOriginal, room: room)
            }
            chunk = nextChunk
            nextChunk += ORCCompression.headerBytes + header.byteCount
        }
        return true
    }

    /// A chunk that is cut short is damage, but for the end of what was wanted of the stream.
    private func endsInsideChunk() throws -> Bool {
        guard storedEnd < extent.count else { throw ORCCompression.cutShort() }
        return false
    }

    /// Moves the bytes left to new memory with room for more of them; returns its end.
    private func growWindow(keeping left: Int, room: Int, wanted: Int) -> UnsafePointer<UInt8> {
        // Doubling keeps what is copied in proportion; a stream that claims more than it has takes no more than that.
        let capacity = left + max(room, min(left, wanted))
        let larger = context.take(capacity + RecordBlock.readablePastEnd)
        let base = larger.pointer(to: UInt8.self)
        base.update(from: next, count: left)
        window = larger
        next = UnsafePointer(base)
        end = next + left
        return next + capacity
    }

    private func append(_ content: UnsafeRawBufferPointer, isOriginal: Bool, room: Int) throws {
        let target = UnsafeMutableRawPointer(mutating: end)
        var count = content.count
        if isOriginal {
            target.copyMemory(from: content.baseAddress!, byteCount: count)
        } else {
            count = try context.decompress(content, into: UnsafeMutableRawBufferPointer(start: target, count: room))
        }
        (target + count).initializeMemory(as: UInt8.self, repeating: 0, count: RecordBlock.readablePastEnd)
        chunkStart = end
        end += count
        context.counters.bytesDecompressed += count
    }

    static func endsEarly() -> HoneyError { HoneyError.damaged("stream ends before its values do") }

    private static func noSuchPlace() -> HoneyError { HoneyError.damaged("row index points outside of its stream") }
}
