import HoneyCore
import HoneyStorage

/// Bits in run-length coded bytes, the first bit highest.
final class BooleanRuns: IndexedStream {
    private let runs: ByteRuns
    /// Bits of a byte that was begun, the next one lowest.
    private var pending: UInt64 = 0
    private var pendingCount = 0
    private var scratch: UnsafeMutablePointer<UInt8>
    private var capacity = Batch.targetRows / 8

    init(_ bytes: StreamBytes) {
        runs = ByteRuns(bytes)
        scratch = .allocate(capacity: capacity)
    }

    deinit { scratch.deallocate() }

    var bytes: StreamBytes { runs.bytes }
    var extraPositions: Int { 2 }

    func restart() {
        runs.restart()
        pending = 0
        pendingCount = 0
    }

    func seek(to position: StreamPosition) throws {
        try runs.seek(to: position)
        pending = 0
        pendingCount = 0
        guard position.bits > 0 else { return }
        guard position.bits <= 8 else { throw HoneyError.damaged("row index points outside of its stream") }
        try skip(position.bits)
    }

    /// Reads `count` bits to `words`, the first one lowest, and returns how many are set; bits past them are zero.
    func read(_ count: Int, into words: UnsafeMutablePointer<UInt64>) throws -> Int {
        let fresh = max(count - pendingCount + 7, 0) >> 3
        reserve(fresh)
        try runs.read(fresh, into: scratch)
        let wordCount = Bitmap.wordCount(for: count)
        var carried = pending
        let shift = UInt64(pendingCount)
        var byte = 0
        var set = 0
        for word in 0..<wordCount {
            // Eight bytes at a time, each turned round; missing ones are zero.
            var bits: UInt64 = 0
            let available = min(fresh - byte, 8)
            if available == 8 {
                bits = UnsafeRawPointer(scratch + byte).loadUnaligned(as: UInt64.self)
            } else {
                for index in 0..<max(available, 0) { bits |= UInt64(scratch[byte + index]) << UInt64(index * 8) }
            }
            byte += 8
            bits = BooleanRuns.reversedInBytes(bits)
            var value = bits << shift | carried
            carried = shift == 0 ? 0 : bits >> (64 - shift)
            let rest = count - word << 6
            if rest < 64 {
                let mask = UInt64(1) << UInt64(rest) - 1
                value &= mask
            }
            words[word] = value
            set += value.nonzeroBitCount
        }
        keepRest(of: count, fresh: fresh)
        return set
    }

    /// Remembers the bits after the first `count`.
    private func keepRest(of count: Int, fresh: Int) {
        let total = pendingCount + fresh * 8
        let rest = total - count
        if rest == 0 {
            pending = 0
        } else if fresh == 0 {
            pending >>= UInt64(count)
        } else {
            let last = BooleanRuns.reversedInBytes(UInt64(scratch[fresh - 1]))
            pending = last >> UInt64(8 - rest)
        }
        pendingCount = rest
    }

    /// Steps over bits and returns how many of them are set.
    @discardableResult
    func skip(_ count: Int) throws -> Int {
        var left = count
        var set = 0
        try withUnsafeTemporaryAllocation(of: UInt64.self, capacity: 64) { words in
            while left > 0 {
                let step = min(left, 4096)
                set += try read(step, into: words.baseAddress!)
                left -= step
            }
        }
        return set
    }

    private func reserve(_ count: Int) {
        guard count > capacity else { return }
        scratch.deallocate()
        capacity = count
        scratch = .allocate(capacity: count)
    }

    /// Reverses the bits within each byte.
    @inline(__always)
    private static func reversedInBytes(_ value: UInt64) -> UInt64 {
        var value = value
        value = (value & 0xF0F0_F0F0_F0F0_F0F0) >> 4 | (value & 0x0F0F_0F0F_0F0F_0F0F) << 4
        value = (value & 0xCCCC_CCCC_CCCC_CCCC) >> 2 | (value & 0x3333_3333_3333_3333) << 2
        return (value & 0xAAAA_AAAA_AAAA_AAAA) >> 1 | (value & 0x5555_5555_5555_5555) << 1
    }
}
