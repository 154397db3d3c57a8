import HoneyCore

/// Bytes that are being written in Avro's binary encoding; see `AvroCursor`.
final class AvroBytes {
    private(set) var base: UnsafeMutablePointer<UInt8>
    private(set) var count = 0
    private var capacity: Int

    init(capacity: Int = 1024) {
        self.capacity = max(capacity, 64)
        base = .allocate(capacity: self.capacity)
    }

    deinit { base.deallocate() }

    var bytes: UnsafeRawBufferPointer { UnsafeRawBufferPointer(start: base, count: count) }

    /// Empties the store and keeps its room.
    func removeAll() { count = 0 }

    /// Makes room for `extra` more bytes and returns where they go; say with `advance` how many came.
    @inline(__always)
    func room(for extra: Int) -> UnsafeMutablePointer<UInt8> {
        if extra > capacity - count { grow(extra) }
        return base + count
    }

    @inline(__always)
    func advance(_ written: Int) { count += written }

    @inline(never)
    private func grow(_ extra: Int) {
        capacity = max(capacity * 2, count + extra)
        let larger = UnsafeMutablePointer<UInt8>.allocate(capacity: capacity)
        larger.update(from: base, count: count)
        base.deallocate()
        base = larger
    }

    @inline(__always)
    func append(_ byte: UInt8) {
        room(for: 1)[0] = byte
        count += 1
    }

    @inline(__always)
    func append(long value: Int64) {
        var bits = UInt64(bitPattern: value << 1 ^ value >> 63)
        let target = room(for: 10)
        var written = 0
        while bits >= 0x80 {
            target[written] = UInt8(truncatingIfNeeded: bits) | 0x80
            bits >>= 7
            written += 1
        }
        target[written] = UInt8(truncatingIfNeeded: bits)
        count += written + 1
    }

    /// Appends the bytes of a plain value, which must be little-endian.
    @inline(__always)
    func append<T: BitwiseCopyable>(plain value: T) {
        UnsafeMutableRawPointer(room(for: MemoryLayout<T>.size)).storeBytes(of: value, as: T.self)
        count += MemoryLayout<T>.size
    }

    @inline(__always)
    func append(_ start: UnsafePointer<UInt8>, count length: Int) {
        room(for: length).update(from: start, count: length)
        count += length
    }

    func append(_ bytes: UnsafeRawBufferPointer) {
        guard let start = bytes.baseAddress else { return }
        append(start.assumingMemoryBound(to: UInt8.self), count: bytes.count)
    }

    /// Appends a length and so many bytes.
    @inline(__always)
    func append(counted bytes: UnsafeBufferPointer<UInt8>) {
        append(long: Int64(bytes.count))
        if let start = bytes.baseAddress { append(start, count: bytes.count) }
    }

    func append(text: String) {
        var text = text
        text.withUTF8 { append(counted: $0) }
    }
}
