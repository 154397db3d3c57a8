/// Owns copies of byte strings, in blocks that grow; views into it live as long as its blocks do.
public struct BytesArena {
    /// The blocks filled so far, the current one last.
    public private(set) var blocks: [Buffer] = []
    /// Bytes allocated in all blocks.
    public private(set) var allocatedBytes = 0
    private var cursor: UnsafeMutablePointer<UInt8>?
    private var room = 0
    private var nextBlockBytes: Int

    public init(firstBlockBytes: Int = 4096) { nextBlockBytes = firstBlockBytes }

    /// Reserves `count` bytes and returns where they start.
    @inline(__always)
    public mutating func allocate(_ count: Int) -> UnsafeMutablePointer<UInt8> {
        if count > room { addBlock(atLeast: count) }
        let start = cursor!
        cursor = start + count
        room -= count
        return start
    }

    /// Gives back the last `count` bytes of the last allocation.
    public mutating func giveBack(_ count: Int) {
        cursor = cursor.map { $0 - count }
        room += count
    }

    /// Copies bytes in and returns a view of the copy; short values need no copy.
    public mutating func insert(_ bytes: UnsafeBufferPointer<UInt8>) -> BytesView {
        guard bytes.count > 0 else { return BytesView() }
        guard bytes.count > BytesView.inlineCapacity else { return BytesView(bytes.baseAddress!, count: bytes.count) }
        let start = allocate(bytes.count)
        start.update(from: bytes.baseAddress!, count: bytes.count)
        return BytesView(start, count: bytes.count)
    }

    /// Copies a view's bytes in; a short view is returned as it is.
    @inline(__always)
    public mutating func insert(_ view: BytesView) -> BytesView {
        view.isInline ? view : view.withBytes { insert($0) }
    }

    private mutating func addBlock(atLeast count: Int) {
        let block = Buffer(capacity: max(count, nextBlockBytes))
        nextBlockBytes = min(nextBlockBytes * 2, 1 << 20)
        blocks.append(block)
        allocatedBytes += block.capacity
        cursor = block.pointer(to: UInt8.self)
        room = block.capacity
    }
}
