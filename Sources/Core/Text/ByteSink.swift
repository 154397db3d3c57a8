/// A growable run of bytes that text is written to: a SerDe's line, a cast's result, a printed row.
public struct ByteSink: Sendable {
    @usableFromInline var storage: [UInt8] = []

    @inlinable public init() {}

    @inlinable public var count: Int { storage.count }
    @inlinable public var isEmpty: Bool { storage.isEmpty }

    /// Makes room for at least `capacity` bytes in all.
    @inlinable public mutating func reserve(_ capacity: Int) { storage.reserveCapacity(capacity) }

    @inlinable public mutating func append(_ byte: UInt8) { storage.append(byte) }

    @inlinable public mutating func append(_ bytes: UnsafeBufferPointer<UInt8>) { storage.append(contentsOf: bytes) }

    @inlinable public mutating func append(_ bytes: UnsafeRawBufferPointer) { storage.append(contentsOf: bytes) }

    @inlinable public mutating func append(_ bytes: [UInt8]) { storage.append(contentsOf: bytes) }

    @inlinable public mutating func append(_ other: ByteSink) { storage.append(contentsOf: other.storage) }

    /// Appends the bytes of a view.
    @inlinable public mutating func append(_ view: BytesView) {
        view.withBytes { storage.append(contentsOf: $0) }
    }

    /// Appends the text's UTF-8.
    @inlinable public mutating func append(_ text: String) { storage.append(contentsOf: text.utf8) }

    /// Appends one byte many times.
    @inlinable public mutating func append(repeating byte: UInt8, count: Int) {
        storage.append(contentsOf: repeatElement(byte, count: Swift.max(count, 0)))
    }

    /// Empties the sink and keeps its room.
    @inlinable public mutating func removeAll() { storage.removeAll(keepingCapacity: true) }

    /// Shortens the sink to its first `count` bytes.
    @inlinable public mutating func truncate(to count: Int) {
        if count < storage.count { storage.removeLast(storage.count - Swift.max(count, 0)) }
    }

    @inlinable public func withBytes<R>(_ body: (UnsafeBufferPointer<UInt8>) throws -> R) rethrows -> R {
        try storage.withUnsafeBufferPointer(body)
    }

    @inlinable public subscript(index: Int) -> UInt8 { storage[index] }

    /// The bytes in an array.
    @inlinable public var bytes: [UInt8] { storage }

    /// The bytes read as UTF-8, repaired where they are not.
    public var string: String { String(decoding: storage, as: UTF8.self) }
}
