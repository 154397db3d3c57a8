/// A string or binary value in 16 bytes: up to 12 bytes inline, longer ones by pointer with a 4-byte prefix.
///
/// ```
/// 0..3  length     4..15 the bytes, zero-filled             (length <= 12)
/// 0..3  length     4..7  first four bytes   8..15 pointer   (length > 12)
/// ```
/// A long view does not own its bytes: the column's `owners` keep them alive.
@frozen public struct BytesView: BitwiseCopyable, @unchecked Sendable {
    /// Length in the low half, prefix in the high half.
    public var head: UInt64
    /// Inline bytes 4..11, or the address.
    public var tail: UInt64

    public static let inlineCapacity = 12

    @inlinable public init() {
        head = 0
        tail = 0
    }

    /// Views `count` bytes at `start`, copying them inline when they fit.
    @inlinable public init(_ start: UnsafePointer<UInt8>, count: Int) {
        let raw = UnsafeRawPointer(start)
        if count > 12 {
            head = UInt64(truncatingIfNeeded: count) | UInt64(raw.loadUnaligned(as: UInt32.self)) << 32
            tail = UInt64(UInt(bitPattern: raw))
        } else if count >= 8 {
            let first = raw.loadUnaligned(as: UInt64.self)
            head = UInt64(truncatingIfNeeded: count) | first << 32
            let last = (raw + (count - 4)).loadUnaligned(as: UInt32.self)
            // Bytes 4..7 come from `first`; bytes 8..11 are the end of `last`, shifted to their place.
            let high = UInt64(last) >> UInt64((12 - count) * 8)
            tail = first >> 32 | high << 32
        } else if count >= 4 {
            let first = raw.loadUnaligned(as: UInt32.self)
            head = UInt64(truncatingIfNeeded: count) | UInt64(first) << 32
            let last = (raw + (count - 4)).loadUnaligned(as: UInt32.self)
            tail = UInt64(last) >> UInt64((8 - count) * 8)
        } else {
            var bytes: UInt64 = 0
            for index in 0..<count { bytes |= UInt64(start[index]) << UInt64(index * 8) }
            head = UInt64(truncatingIfNeeded: count) | bytes << 32
            tail = 0
        }
    }

    @inlinable public var count: Int { Int(truncatingIfNeeded: head & 0xFFFF_FFFF) }
    @inlinable public var isInline: Bool { count <= 12 }

    /// Calls `body` with the value's bytes.
    @inlinable public func withBytes<R>(_ body: (UnsafeBufferPointer<UInt8>) throws -> R) rethrows -> R {
        let count = self.count
        if count > 12 {
            return try body(UnsafeBufferPointer(start: UnsafePointer(bitPattern: UInt(tail)), count: count))
        }
        return try withUnsafeBytes(of: self) {
            try body(
                UnsafeBufferPointer(start: $0.baseAddress!.assumingMemoryBound(to: UInt8.self) + 4, count: count))
        }
    }

    /// The value's bytes, given the address where this view itself lies (inline bytes are read in place).
    @inlinable public static func bytes(at view: UnsafePointer<BytesView>) -> UnsafeBufferPointer<UInt8> {
        let count = view.pointee.count
        if count > 12 {
            return UnsafeBufferPointer(start: UnsafePointer(bitPattern: UInt(view.pointee.tail)), count: count)
        }
        return UnsafeBufferPointer(
            start: UnsafeRawPointer(view).assumingMemoryBound(to: UInt8.self) + 4, count: count)
    }

    @inlinable public static func == (a: BytesView, b: BytesView) -> Bool {
        if a.head != b.head { return false }
        if a.tail == b.tail { return true }
        if a.isInline { return false }
        return equalLong(a, b)
    }

    @usableFromInline static func equalLong(_ a: BytesView, _ b: BytesView) -> Bool {
        a.withBytes { x in b.withBytes { y in compareBytes(x, y) == 0 } }
    }

    /// Orders by unsigned bytes, a prefix before its extensions: negative, zero or positive.
    @inlinable public static func compare(_ a: BytesView, _ b: BytesView) -> Int {
        let x = UInt32(truncatingIfNeeded: a.head >> 32).byteSwapped
        let y = UInt32(truncatingIfNeeded: b.head >> 32).byteSwapped
        if x != y { return x < y ? -1 : 1 }
        return compareLong(a, b)
    }

    @usableFromInline static func compareLong(_ a: BytesView, _ b: BytesView) -> Int {
        a.withBytes { x in b.withBytes { y in compareBytes(x, y) } }
    }
}

/// A row's range in a list column's children.
@frozen public struct ListEntry: BitwiseCopyable, Hashable, Sendable {
    public var start: Int32
    public var count: Int32

    @inlinable public init(start: Int, count: Int) {
        self.start = Int32(truncatingIfNeeded: start)
        self.count = Int32(truncatingIfNeeded: count)
    }

    @inlinable public var range: Range<Int> { Int(start)..<Int(start) + Int(count) }
}
