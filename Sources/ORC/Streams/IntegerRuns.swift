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
    /// Values before those of the spill and the bytes that are all the same; there are none where the spill has some.
    private var repeatedLeft = 0
    private var repeatedValue: Int64 = 0

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
        forgetRun()
    }

    func seek(to position: StreamPosition) throws {
        try bytes.seek(to: position)
        forgetRun()
        // A run may since have been broken in two, so that these are not always of one run.
        try skip(position.runValues)
    }

    private func forgetRun() {
        spillNext = 0
        spillEnd = 0
        repeatedLeft = 0
    }

    /// The next `count` values where runs tell, without being unpacked, that they are all the same; nil elsewhere.
    ///
    /// The cursor stays before them.
    func repeated(_ count: Int) throws -> Int64? {
        while repeatedLeft < count {
            guard spillNext == spillEnd, isVersion2 else { return nil }
            let length = try runLength()
            let start = bytes.next
            guard let value = try takeRepeated(), repeatedLeft == 0 || value == repeatedValue else {
                bytes.next = start
                return nil
            }
            repeatedValue = value
            repeatedLeft += length
        }
        return repeatedValue
    }

    /// Takes the run at the cursor, all of whose values are the same; nil, without taking it, when they may not be.
    private func takeRepeated() throws -> Int64? {
        guard isVersion2 else { return nil }
        var next = bytes.next
        guard let value = try IntegerRunsV2.readRepeated(&next, bytes.end, isSigned: isSigned) else { return nil }
        bytes.next = next
        return value
    }

    /// Takes a run of which not all is wanted yet.
    private func startRun(_ length: Int) throws {
        if let value = try takeRepeated() {
            repeatedValue = value
            repeatedLeft = length
        } else {
            try readRun(into: spill)
            spillNext = 0
            spillEnd = length
        }
    }

    /// Reads `count` values to `target`, which has room for `slack` more.
    func read(_ count: Int, into target: UnsafeMutablePointer<Int64>) throws {
        var done = 0
        while done < count {
            if repeatedLeft > 0 {
                let run = min(repeatedLeft, count - done)
                (target + done).update(repeating: repeatedValue, count: run)
                repeatedLeft -= run
                done += run
                continue
            }
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
                try startRun(length)
            }
        }
    }

    /// Steps over values; whole runs are not unpacked where that can be helped.
    func skip(_ count: Int) throws {
        var left = count
        while left > 0 {
            if repeatedLeft > 0 {
                let run = min(repeatedLeft, left)
                repeatedLeft -= run
                left -= run
                continue
            }
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
                try startRun(length)
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
