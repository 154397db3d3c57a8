import NIOCore

/// Decides how many bytes a connection asks the system for at once: few at first, since most connections carry small messages and
/// memory that was never used costs a page fault for every 4 KiB; all that is allowed once a read has filled that.
struct ReceiveBuffers: RecvByteBufferAllocator {
    private var bytes: Int
    private let greatest: Int

    init(greatest: Int) {
        self.greatest = greatest
        bytes = min(4 << 10, greatest)
    }

    func buffer(allocator: ByteBufferAllocator) -> ByteBuffer { allocator.buffer(capacity: bytes) }

    func nextBufferSize() -> Int? { bytes }

    mutating func record(actualReadBytes: Int) -> Bool {
        guard actualReadBytes >= bytes, bytes < greatest else { return false }
        bytes = greatest
        return true
    }
}
