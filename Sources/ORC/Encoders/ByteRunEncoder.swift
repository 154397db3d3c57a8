import HoneyStorage

/// Run-length codes bytes; see `ByteRuns`.
final class ByteRunEncoder {
    let output: StreamOutput
    private let pending = UnsafeMutablePointer<UInt8>.allocate(capacity: capacity)
    private var count = 0
    private static let capacity = 512
    private static let shortestRun = 3
    private static let longestRun = 130
    private static let longestLiteral = 128

    init(_ output: StreamOutput) { self.output = output }

    deinit { pending.deallocate() }

    func append(_ bytes: UnsafePointer<UInt8>, count total: Int) throws {
        var done = 0
        while done < total {
            let step = min(total - done, ByteRunEncoder.capacity - count)
            (pending + count).update(from: bytes + done, count: step)
            count += step
            done += step
            if count == ByteRunEncoder.capacity { try flush() }
        }
    }

    @inline(__always)
    func append(_ byte: UInt8) throws {
        pending[count] = byte
        count += 1
        if count == ByteRunEncoder.capacity { try flush() }
    }

    func appendPosition(to positions: inout [UInt64]) {
        output.appendPosition(to: &positions)
        positions.append(UInt64(count))
    }

    /// Writes what is pending.
    func flush() throws {
        let target = output.room(for: count * 2 + 2)
        var written = 0
        var literal = 0
        var row = 0
        while row < count {
            var end = row + 1
            while end < count, pending[end] == pending[row], end - row < ByteRunEncoder.longestRun { end += 1 }
            if end - row >= ByteRunEncoder.shortestRun {
                written += literals(literal, row, to: target + written)
                target[written] = UInt8(end - row - ByteRunEncoder.shortestRun)
                target[written + 1] = pending[row]
                written += 2
                literal = end
            }
            row = end
        }
        written += literals(literal, count, to: target + written)
        count = 0
        try output.advance(written)
    }

    private func literals(_ start: Int, _ end: Int, to target: UnsafeMutablePointer<UInt8>) -> Int {
        var written = 0
        var next = start
        while next < end {
            let step = min(end - next, ByteRunEncoder.longestLiteral)
            target[written] = UInt8(bitPattern: Int8(-step))
            (target + written + 1).update(from: pending + next, count: step)
            written += step + 1
            next += step
        }
        return written
    }
}

/// Codes bits, the first one highest in its byte; see `BooleanRuns`.
final class BooleanRunEncoder {
    let runs: ByteRunEncoder
    /// Bits of a byte that was begun, the first one lowest.
    private var pending: UInt64 = 0
    private var pendingCount = 0

    init(_ output: StreamOutput) { runs = ByteRunEncoder(output) }

    /// Appends `count` bits of words, the first one lowest.
    func append(_ words: UnsafePointer<UInt64>, count: Int) throws {
        var row = 0
        while row < count {
            let step = min(8, count - row)
            // Eight bits never straddle words.
            let bits = words[row >> 6] >> UInt64(row & 63) & (UInt64(1) << UInt64(step) - 1)
            try append(bits, step)
            row += step
        }
    }

    func append(repeating bit: Bool, count: Int) throws {
        var row = 0
        while row < count {
            let step = min(8, count - row)
            try append(bit ? UInt64(1) << UInt64(step) - 1 : 0, step)
            row += step
        }
    }

    @inline(__always)
    private func append(_ bits: UInt64, _ count: Int) throws {
        pending |= bits << UInt64(pendingCount)
        pendingCount += count
        if pendingCount >= 8 {
            try runs.append(BooleanRunEncoder.reversed(UInt8(truncatingIfNeeded: pending)))
            pending >>= 8
            pendingCount -= 8
        }
    }

    func appendPosition(to positions: inout [UInt64]) {
        runs.appendPosition(to: &positions)
        positions.append(UInt64(pendingCount))
    }

    func flush() throws {
        if pendingCount > 0 { try runs.append(BooleanRunEncoder.reversed(UInt8(truncatingIfNeeded: pending))) }
        pending = 0
        pendingCount = 0
        try runs.flush()
    }

    @inline(__always)
    private static func reversed(_ byte: UInt8) -> UInt8 {
        var byte = byte >> 4 | byte << 4
        byte = (byte & 0xCC) >> 2 | (byte & 0x33) << 2
        return (byte & 0xAA) >> 1 | (byte & 0x55) << 1
    }
}
