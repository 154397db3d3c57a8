import HoneyCore

/// Gathers runs of bytes that are wanted whole from input that comes in pieces, copying only what pieces cut.
///
/// Takes memory for bytes that are there, never for bytes that are only announced.
struct PieceGatherer: ~Copyable {
    private var base: UnsafeMutableRawPointer
    private var capacity: Int
    private var count = 0

    init() {
        capacity = 64
        base = .allocate(byteCount: capacity, alignment: 16)
    }

    deinit { base.deallocate() }

    /// Tells that no run has been begun.
    var isEmpty: Bool { count == 0 }

    /// Takes `wanted` bytes from `input` at `consumed` on, with those gathered before; nil when there are too few, which are
    /// then kept. The bytes are good until the next call.
    mutating func take(
        _ wanted: Int, from input: UnsafeRawBufferPointer, _ consumed: inout Int
    ) -> UnsafeRawBufferPointer? {
        if count == 0, input.count - consumed >= wanted {
            defer { consumed += wanted }
            return UnsafeRawBufferPointer(rebasing: input[consumed..<consumed + wanted])
        }
        let taken = min(wanted - count, input.count - consumed)
        reserve(taken)
        if taken > 0 { (base + count).copyMemory(from: input.baseAddress! + consumed, byteCount: taken) }
        count += taken
        consumed += taken
        guard count == wanted else { return nil }
        count = 0
        return UnsafeRawBufferPointer(start: base, count: wanted)
    }

    private mutating func reserve(_ more: Int) {
        guard more > capacity - count else { return }
        let larger = max(capacity * 2, count + more)
        let moved = UnsafeMutableRawPointer.allocate(byteCount: larger, alignment: 16)
        moved.copyMemory(from: base, byteCount: count)
        base.deallocate()
        base = moved
        capacity = larger
    }
}

extension UnsafeRawBufferPointer {
    /// Reads a big-endian integer at `offset`.
    func bigEndian<T: FixedWidthInteger & BitwiseCopyable>(at offset: Int = 0, as type: T.Type = T.self) -> T {
        T(bigEndian: loadUnaligned(fromByteOffset: offset, as: T.self))
    }
}

extension Array where Element == UInt8 {
    /// Appends a big-endian integer.
    mutating func append<T: FixedWidthInteger & BitwiseCopyable>(bigEndian value: T) {
        Swift.withUnsafeBytes(of: value.bigEndian) { append(contentsOf: $0) }
    }
}
