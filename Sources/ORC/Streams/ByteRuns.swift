import HoneyCore
import HoneyStorage

/// Run-length coded bytes.
///
/// ```
/// i8 n >= 0, u8 value           n + 3 times the value
/// i8 n < 0, -n bytes            those
/// ```
final class ByteRuns: IndexedStream {
    let bytes: StreamBytes
    /// What is left of the run at hand; `isRepeat`: all of them `value`.
    private var left = 0
    private var isRepeat = false
    private var value: UInt8 = 0

    init(_ bytes: StreamBytes) { self.bytes = bytes }

    var extraPositions: Int { 1 }

    func restart() { left = 0 }

    func seek(to position: StreamPosition) throws {
        try bytes.seek(to: position)
        left = 0
        try skip(position.runValues)
    }

    private func startRun() throws {
        guard try bytes.has(2) else { throw StreamBytes.endsEarly() }
        let header = Int8(bitPattern: bytes.next[0])
        isRepeat = header >= 0
        if isRepeat {
            left = Int(header) + 3
            value = bytes.next[1]
            bytes.next += 2
        } else {
            left = -Int(header)
            bytes.next += 1
        }
    }

    func read(_ count: Int, into target: UnsafeMutablePointer<UInt8>) throws {
        var done = 0
        while done < count {
            if left == 0 { try startRun() }
            var run = min(left, count - done)
            if isRepeat {
                (target + done).update(repeating: value, count: run)
            } else {
                guard try bytes.has(1) else { throw StreamBytes.endsEarly() }
                run = min(run, bytes.end - bytes.next)
                (target + done).update(from: bytes.next, count: run)
                bytes.next += run
            }
            left -= run
            done += run
        }
    }

    func skip(_ count: Int) throws {
        var remaining = count
        while remaining > 0 {
            if left == 0 { try startRun() }
            let run = min(left, remaining)
            if !isRepeat { try bytes.skip(run) }
            left -= run
            remaining -= run
        }
    }
}
