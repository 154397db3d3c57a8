/// Decompressed bytes that their reader has had no room for yet.
struct DecodedBytes: ~Copyable {
    private var base = UnsafeMutableRawPointer.allocate(byteCount: 64, alignment: 16)
    private var capacity = 64
    private var pending = 0..<0

    deinit { base.deallocate() }

    var isEmpty: Bool { pending.isEmpty }

    /// Replaces the bytes (all given out) by up to `room` that `fill` writes; it returns how many.
    mutating func refill(room: Int, _ fill: (UnsafeMutableRawBufferPointer) throws -> Int) rethrows {
        if room > capacity {
            base.deallocate()
            capacity = room
            base = .allocate(byteCount: room, alignment: 16)
        }
        pending = 0..<0
        pending = 0..<(try fill(UnsafeMutableRawBufferPointer(start: base, count: room)))
    }

    /// Moves bytes to `output` from `produced` on, as many as fit.
    mutating func give(to output: UnsafeMutableRawBufferPointer, _ produced: inout Int) {
        let count = min(pending.count, output.count - produced)
        guard count > 0 else { return }
        (output.baseAddress! + produced).copyMemory(from: base + pending.lowerBound, byteCount: count)
        pending = pending.lowerBound + count..<pending.upperBound
        produced += count
    }
}
