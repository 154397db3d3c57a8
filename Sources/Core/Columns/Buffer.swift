/// A block of raw memory with one owner count; columns and byte views point into it.
///
/// Written by its maker, then shared and never written again.
public final class Buffer: @unchecked Sendable {
    public let base: UnsafeMutableRawPointer
    /// Bytes allocated.
    public let capacity: Int
    private let release: (() -> Void)?

    /// Allocates `capacity` bytes aligned to 64; the content is undefined.
    public init(capacity: Int) {
        self.capacity = capacity
        base = UnsafeMutableRawPointer.allocate(byteCount: max(capacity, 1), alignment: 64)
        release = nil
    }

    /// Allocates `capacity` bytes of zero.
    public convenience init(zeroed capacity: Int) {
        self.init(capacity: capacity)
        base.initializeMemory(as: UInt8.self, repeating: 0, count: capacity)
    }

    /// Wraps memory owned elsewhere, such as a mapped file; `release` is called once at the end.
    public init(wrapping base: UnsafeMutableRawPointer, capacity: Int, release: @escaping () -> Void) {
        self.base = base
        self.capacity = capacity
        self.release = release
    }

    deinit {
        if let release { release() } else { base.deallocate() }
    }

    /// Views the memory as values of `T`.
    @inlinable public func pointer<T: BitwiseCopyable>(to type: T.Type = T.self) -> UnsafeMutablePointer<T> {
        base.assumingMemoryBound(to: type)
    }
}
