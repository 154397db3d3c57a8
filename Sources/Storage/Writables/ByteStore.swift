/// Growable raw bytes that Writables are written to; faster than an array for many small appends.
package final class ByteStore {
    package private(set) var base: UnsafeMutablePointer<UInt8>
    package private(set) var count = 0
    private var capacity: Int

    package init(capacity: Int = 1024) {
        self.capacity = max(capacity, 64)
        base = .allocate(capacity: self.capacity)
    }

    deinit { base.deallocate() }

    package var bytes: UnsafeRawBufferPointer { UnsafeRawBufferPointer(start: base, count: count) }

    /// Empties the store and keeps its room.
    package func removeAll() { count = 0 }

    /// Takes the first `length` bytes away.
    package func removeFirst(_ length: Int) {
        base.update(from: base + length, count: count - length)
        count -= length
    }

    /// Makes room for `extra` more bytes and returns where they go; say with `advance` how many came.
    @inline(__always)
    package func room(for extra: Int) -> UnsafeMutablePointer<UInt8> {
        if extra > capacity - count { grow(extra) }
        return base + count
    }

    @inline(__always)
    package func advance(_ written: Int) { count += written }

    @inline(never)
    private func grow(_ extra: Int) {
        capacity = max(capacity * 2, count + extra)
        let larger = UnsafeMutablePointer<UInt8>.allocate(capacity: capacity)
        larger.update(from: base, count: count)
        base.deallocate()
        base = larger
    }

    @inline(__always)
    package func append(_ byte: UInt8) {
        room(for: 1)[0] = byte
        count += 1
    }

    @inline(__always)
    package func append(_ start: UnsafePointer<UInt8>, count length: Int) {
        room(for: length).update(from: start, count: length)
        count += length
    }

    package func append(_ bytes: UnsafeRawBufferPointer) {
        guard let start = bytes.baseAddress else { return }
        append(start.assumingMemoryBound(to: UInt8.self), count: bytes.count)
    }

    /// Appends a fixed-width integer, big-endian.
    @inline(__always)
    package func append<T: FixedWidthInteger & BitwiseCopyable>(bigEndian value: T) {
        let size = MemoryLayout<T>.size
        UnsafeMutableRawPointer(room(for: size)).storeBytes(of: value.bigEndian, as: T.self)
        count += size
    }

    /// Appends a vint or vlong.
    @inline(__always)
    package func append(variable value: Int64) {
        count += VariableInteger.write(value, to: room(for: VariableInteger.maximumByteCount))
    }

    /// Appends a Text.
    package func append(text: String) {
        var text = text
        text.withUTF8 { utf8 in
            append(variable: Int64(utf8.count))
            append(UnsafeRawBufferPointer(utf8))
        }
    }
}
