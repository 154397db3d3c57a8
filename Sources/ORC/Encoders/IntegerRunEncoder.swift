import HoneyStorage

/// Run-length codes integers in the second version; see `IntegerRunsV2`.
final class IntegerRunEncoder {
    let output: StreamOutput
    private let isSigned: Bool
    private let pending = UnsafeMutablePointer<Int64>.allocate(capacity: IntegerRuns.longestRun)
    private var count = 0
    private let packed = UnsafeMutablePointer<UInt64>.allocate(capacity: IntegerRuns.longestRun)
    /// Room for a run of any kind and the bytes written past it.
    private static let longestRunBytes = 4500
    private static let shortestRepeat = 3
    private static let longestShortRepeat = 10

    init(_ output: StreamOutput, isSigned: Bool) {
        self.output = output
        self.isSigned = isSigned
    }

    deinit {
        pending.deallocate()
        packed.deallocate()
    }

    func append(_ values: UnsafePointer<Int64>, count total: Int) throws {
        var done = 0
        while done < total {
            let step = min(total - done, IntegerRuns.longestRun - count)
            (pending + count).update(from: values + done, count: step)
            count += step
            done += step
            if count == IntegerRuns.longestRun { try flush() }
        }
    }

    func append(repeating value: Int64, count total: Int) throws {
        var done = 0
        while done < total {
            let step = min(total - done, IntegerRuns.longestRun - count)
            (pending + count).update(repeating: value, count: step)
            count += step
            done += step
            if count == IntegerRuns.longestRun { try flush() }
        }
    }

    func appendPosition(to positions: inout [UInt64]) {
        output.appendPosition(to: &positions)
        positions.append(UInt64(count))
    }

    /// Writes what is pending: repetitions that are worth a run of their own, and what is between them.
    func flush() throws {
        guard count > 0 else { return }
        var all: UInt64 = 0
        for index in 0..<count { all |= form(pending[index]) }
        // A run of its own costs about five bytes with the header of what comes after it.
        let leastRepeat = max(40 / max(64 - all.leadingZeroBitCount, 1), IntegerRunEncoder.shortestRepeat)
        var start = 0
        var row = 0
        while row < count {
            var end = row + 1
            while end < count, pending[end] == pending[row] { end += 1 }
            if end - row >= leastRepeat || (end - row == count && count >= IntegerRunEncoder.shortestRepeat) {
                if start < row { try writeVaried(start, row - start) }
                try writeRepeat(pending[row], end - row)
                start = end
            }
            row = end
        }
        if start < count { try writeVaried(start, count - start) }
        count = 0
    }

    /// A value's bits as they are stored.
    @inline(__always)
    private func form(_ value: Int64) -> UInt64 { isSigned ? Varints.zigzag(value) : UInt64(bitPattern: value) }

    // MARK: Runs

    private func writeRepeat(_ value: Int64, _ count: Int) throws {
        let target = output.room(for: 32)
        guard count > IntegerRunEncoder.longestShortRepeat else {
            let bits = form(value)
            let size = max((64 - bits.leadingZeroBitCount + 7) >> 3, 1)
            target[0] = UInt8((size - 1) << 3 | (count - IntegerRunEncoder.shortestRepeat))
            for index in 0..<size {
                target[1 + index] = UInt8(truncatingIfNeeded: bits >> UInt64((size - 1 - index) * 8))
            }
            return try output.advance(1 + size)
        }
        header(3, widthCode: 0, count: count, to: target)
        var written = 2 + Varints.write(form(value), to: target + 2)
        target[written] = 0
        written += 1
        try output.advance(written)
    }

    private func header(_ kind: Int, widthCode: Int, count: Int, to target: UnsafeMutablePointer<UInt8>) {
        target[0] = UInt8(kind << 6 | widthCode << 1 | (count - 1) >> 8)
        target[1] = UInt8(truncatingIfNeeded: count - 1)
    }

    /// Writes values as the kind of run that takes the least bytes.
    private func writeVaried(_ start: Int, _ count: Int) throws {
        let values = UnsafePointer(pending + start)
        var all: UInt64 = 0
        for index in 0..<count { all |= form(values[index]) }
        let width = BitUnpacking.closestWidth(64 - all.leadingZeroBitCount)
        let directBytes = 2 + BitUnpacking.byteCount(count, width: width)
        guard count > IntegerRunEncoder.shortestRepeat else { return try writeDirect(values, count, width) }
        let shape = RunShape(values, count: count)
        guard !shape.overflows else { return try writeDirect(values, count, width) }
        if shape.isDelta {
            let deltaWidth = shape.hasOneDelta ? 0 : max(BitUnpacking.closestWidth(shape.deltaBits), 2)
            // Headers and two varints of a few bytes.
            if 8 + BitUnpacking.byteCount(count - 2, width: deltaWidth) <= directBytes || shape.hasOneDelta {
                return try writeDelta(values, count, shape, deltaWidth)
            }
        }
        if let patches = PatchedRun(values, count: count, least: shape.least), patches.byteCount < directBytes {
            return try writePatched(values, count, patches)
        }
        try writeDirect(values, count, width)
    }

    private func writeDirect(_ values: UnsafePointer<Int64>, _ count: Int, _ width: Int) throws {
        let target = output.room(for: IntegerRunEncoder.longestRunBytes)
        header(1, widthCode: BitUnpacking.code(of: width), count: count, to: target)
        for index in 0..<count { packed[index] = form(values[index]) }
        try output.advance(2 + BitPacking.pack(packed, width: width, count: count, to: target + 2))
    }

    private func writeDelta(_ values: UnsafePointer<Int64>, _ count: Int, _ shape: RunShape, _ width: Int) throws {
        let target = output.room(for: IntegerRunEncoder.longestRunBytes)
        // Code 0 says that all deltas are the same, so that one bit is not to be had.
        header(3, widthCode: width == 0 ? 0 : BitUnpacking.code(of: width), count: count, to: target)
        var written = 2
        written += Varints.write(form(values[0]), to: target + written)
        written += Varints.write(Varints.zigzag(values[1] &- values[0]), to: target + written)
        if width > 0 {
            for index in 2..<count { packed[index - 2] = (values[index] &- values[index - 1]).magnitude }
            written += BitPacking.pack(packed, width: width, count: count - 2, to: target + written)
        }
        try output.advance(written)
    }

    private func writePatched(_ values: UnsafePointer<Int64>, _ count: Int, _ patches: PatchedRun) throws {
        let target = output.room(for: IntegerRunEncoder.longestRunBytes)
        header(2, widthCode: BitUnpacking.code(of: patches.width), count: count, to: target)
        target[2] = UInt8((patches.baseBytes - 1) << 5 | BitUnpacking.code(of: patches.patchWidth))
        target[3] = UInt8((patches.gapWidth - 1) << 5 | patches.entries.count)
        var written = 4
        let base = patches.storedBase
        for index in 0..<patches.baseBytes {
            target[written] = UInt8(truncatingIfNeeded: base >> UInt64((patches.baseBytes - 1 - index) * 8))
            written += 1
        }
        let mask = UInt64(1) << UInt64(patches.width) - 1
        for index in 0..<count { packed[index] = UInt64(bitPattern: values[index] &- patches.base) & mask }
        written += BitPacking.pack(packed, width: patches.width, count: count, to: target + written)
        written += patches.entries.withUnsafeBufferPointer {
            BitPacking.pack($0.baseAddress!, width: patches.entryWidth, count: $0.count, to: target + written)
        }
        try output.advance(written)
    }
}

/// What decides between kinds of runs.
struct RunShape {
    var least: Int64
    /// Differences take more than 63 bits.
    private(set) var overflows = false
    private(set) var hasOneDelta = true
    /// Values never fall, or never rise, and the first two differ, which tells the direction.
    private(set) var isDelta = false
    /// Of the largest difference after the first one.
    private(set) var deltaBits = 0

    /// Looks at `count` values, at least two.
    init(_ values: UnsafePointer<Int64>, count: Int) {
        var least = values[0]
        var most = values[0]
        for index in 1..<count {
            least = min(least, values[index])
            most = max(most, values[index])
        }
        self.least = least
        overflows = most.subtractingReportingOverflow(least).overflow
        guard !overflows else { return }
        let first = values[1] &- values[0]
        var rises = first > 0
        var falls = first < 0
        var largest: Int64 = 0
        for index in 2..<max(count, 2) {
            let delta = values[index] &- values[index - 1]
            rises = rises && delta >= 0
            falls = falls && delta <= 0
            hasOneDelta = hasOneDelta && delta == first
            largest = max(largest, delta < 0 ? -delta : delta)
        }
        isDelta = rises || falls
        hasOneDelta = hasOneDelta && isDelta
        deltaBits = 64 - largest.leadingZeroBitCount
    }
}

/// Values of mostly few bits above a base, and patches for those that take more.
struct PatchedRun {
    let base: Int64
    let baseBytes: Int
    private(set) var width = 0
    private(set) var patchWidth = 0
    private(set) var gapWidth = 0
    /// Gap and patch of each, the gap above.
    private(set) var entries: [UInt64] = []
    private(set) var byteCount = 0

    private static let mostEntries = 31
    private static let longestGap = 255
    /// Bases of more bits are not to be had.
    private static let largestBase = Int64(1) << 55

    /// Finds patches for values whose differences fit 63 bits; nil where they are no use.
    init?(_ values: UnsafePointer<Int64>, count: Int, least: Int64) {
        guard least.magnitude < PatchedRun.largestBase.magnitude else { return nil }
        base = least
        baseBytes = (64 - least.magnitude.leadingZeroBitCount + 1 + 7) >> 3
        // How many values take each number of bits.
        var total = 0
        var widest = 0
        let allowed = count / 20
        let narrow = withUnsafeTemporaryAllocation(of: Int32.self, capacity: 65) { sizes -> Int in
            sizes.initialize(repeating: 0)
            for index in 0..<count {
                let bits = 64 - (values[index] &- least).leadingZeroBitCount
                sizes[bits] += 1
                widest = max(widest, bits)
            }
            var bits = widest
            while bits > 0, total + Int(sizes[bits]) <= allowed {
                total += Int(sizes[bits])
                bits -= 1
            }
            return bits
        }
        width = BitUnpacking.closestWidth(narrow)
        guard total > 0, widest > width else { return nil }
        patchWidth = BitUnpacking.closestWidth(widest - width)
        guard patchWidth <= 56, width < 64 else { return nil }
        findEntries(values, count)
        guard !entries.isEmpty, entries.count <= PatchedRun.mostEntries else { return nil }
        byteCount =
            4 + baseBytes + BitUnpacking.byteCount(count, width: width)
            + BitUnpacking.byteCount(entries.count, width: entryWidth)
    }

    /// Bits of an entry of the list.
    var entryWidth: Int { BitUnpacking.closestWidth(patchWidth + gapWidth) }

    /// The base's magnitude, its top bit telling that it is negative.
    var storedBase: UInt64 {
        let sign = UInt64(1) << UInt64(baseBytes * 8 - 1)
        return base < 0 ? base.magnitude | sign : base.magnitude
    }

    private mutating func findEntries(_ values: UnsafePointer<Int64>, _ count: Int) {
        var last = 0
        var largestGap = 0
        var found: [(gap: Int, patch: UInt64)] = []
        for index in 0..<count {
            let patch = UInt64(bitPattern: values[index] &- base) >> UInt64(width)
            guard patch != 0 else { continue }
            var gap = index - last
            // A patch of nothing goes part of a long way.
            while gap > PatchedRun.longestGap {
                found.append((PatchedRun.longestGap, 0))
                gap -= PatchedRun.longestGap
                largestGap = PatchedRun.longestGap
            }
            found.append((gap, patch))
            largestGap = max(largestGap, gap)
            last = index
        }
        gapWidth = max(Int.bitWidth - largestGap.leadingZeroBitCount, 1)
        entries = found.map { UInt64($0.gap) << UInt64(patchWidth) | $0.patch }
    }
}
