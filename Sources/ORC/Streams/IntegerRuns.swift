import HoneyCore
import HoneyStorage

/// Run-length coded integers of either version, as 64 bits.
///
/// Values of unsigned streams come with their bits as they are.
final class IntegerRuns: IndexedStream {
    /// The most values a run has.
    static let longestRun = 512
    /// No run takes more bytes: 512 values of 64 bits, a base, and 31 patches.
    private static let longestRunBytes = 4400

    let bytes: StreamBytes
    private let isSigned: Bool
    private var isVersion2 = true
    /// A run that goes past what was asked for.
    private let spill = UnsafeMutablePointer<Int64>.allocate(capacity: longestRun + BitUnpacking.slack)
    private var spillNext = 0
    private var spillEnd = 0

    /// Values that may be written past those asked for.
    static let slack = BitUnpacking.slack

    init(_ bytes: StreamBytes, isSigned: Bool) {
        self.bytes = bytes
        self.isSigned = isSigned
    }

    deinit { spill.deallocate() }

    var extraPositions: Int { 1 }

    func restart(isVersion2: Bool) {
        self.isVersion2 = isVersion2
        spillNext = 0
        spillEnd = 0
    }

    func seek(to position: StreamPosition) throws {
        try bytes.seek(to: position)
        spillNext = 0
        spillEnd = 0
        // A run may since have been broken in two, so that these are not always of one run.
        try skip(position.runValues)
    }

    /// Reads `count` values to `target`, which has room for `slack` more.
    func read(_ count: Int, into target: UnsafeMutablePointer<Int64>) throws {
        var done = 0
        while done < count {
            if spillNext < spillEnd {
                let run = min(spillEnd - spillNext, count - done)
                (target + done).update(from: spill + spillNext, count: run)
                spillNext += run
                done += run
                continue
            }
            let length = try runLength()
            if length <= count - done {
                try readRun(into: target + done)
                done += length
            } else {
                try readRun(into: spill)
                spillNext = 0
                spillEnd = length
            }
        }
    }

    /// Steps over values; whole runs are not unpacked where that can be helped.
    func skip(_ count: Int) throws {
        var left = count
        while left > 0 {
            if spillNext < spillEnd {
                let run = min(spillEnd - spillNext, left)
                spillNext += run
                left -= run
                continue
            }
            let length = try runLength()
            if length <= left, isVersion2, let size = IntegerRunsV2.fixedByteCount(bytes.next) {
                try bytes.skip(size)
                left -= length
            } else {
                try readRun(into: spill)
                spillNext = 0
                spillEnd = length
            }
        }
    }

    /// The length of the run at the cursor, all of whose bytes are made contiguous.
    @inline(__always)
    private func runLength() throws -> Int {
        if bytes.end - bytes.next < IntegerRuns.longestRunBytes {
            _ = try bytes.has(IntegerRuns.longestRunBytes)
            guard bytes.end - bytes.next >= 2 else { throw StreamBytes.endsEarly() }
        }
        return isVersion2 ? IntegerRunsV2.length(bytes.next) : IntegerRunsV1.length(bytes.next)
    }

    private func readRun(into target: UnsafeMutablePointer<Int64>) throws {
        var next = bytes.next
        if isVersion2 {
            try IntegerRunsV2.read(&next, bytes.end, isSigned: isSigned, into: target)
        } else {
            try IntegerRunsV1.read(&next, bytes.end, isSigned: isSigned, into: target)
        }
        bytes.next = next
    }
}
