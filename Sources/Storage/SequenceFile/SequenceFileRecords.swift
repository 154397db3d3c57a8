import HoneyCodecs
import HoneyCore
import HoneyFiles

/// Walks the records of a file without compression, or with each value compressed on its own.
///
/// ```
/// i32 record length      key and stored value; -1 escapes a sync marker
/// i32 key length
/// key, value
/// ```
final class SequenceFileRecords: RecordSource {
    private var window: FileWindow
    private let split: ByteRange
    private let marker: SyncMarker
    private let value: SequenceFileValue
    private let inflation: ValueInflation?
    private var position: Int
    private var isFinished = false
    private(set) var blockOffset: Int
    private let offsets = UnsafeMutablePointer<Int32>.allocate(capacity: Batch.targetRows)
    private let lengths = UnsafeMutablePointer<Int32>.allocate(capacity: Batch.targetRows)

    init(
        _ file: any ReadableFile, split: ByteRange, from start: Int, marker: SyncMarker, value: SequenceFileValue,
        codec: (any Codec)?
    ) throws {
        window = FileWindow(file, splitEnd: split.end)
        self.split = split
        self.marker = marker
        self.value = value
        inflation = try codec.map { try ValueInflation($0) }
        position = start
        blockOffset = start
        isFinished = start >= file.size
    }

    deinit {
        offsets.deallocate()
        lengths.deallocate()
    }

    /// What ended a walk through the window.
    private enum Stop {
        /// The block has enough rows.
        case full
        /// So many bytes are needed from the position on.
        case starved(Int)
        case splitEnd
    }

    func next(counters: inout ReadCounters) throws -> RecordBlock? {
        blockOffset = position
        while !isFinished {
            inflation?.begin()
            let walked = try walk(counters: &counters)
            switch walked.stop {
            case .full: break
            case .splitEnd: isFinished = true
            case .starved(let needed):
                // What is found so far points into this window and goes out first.
                if walked.rows == 0 {
                    if position == window.file.size {
                        isFinished = true
                        return nil
                    }
                    try window.bring(needed, from: position, counters: &counters)
                    continue
                }
            }
            if walked.rows > 0 { return block(rows: walked.rows) }
        }
        return nil
    }

    private func block(rows: Int) -> RecordBlock {
        RecordBlock(
            bytes: inflation?.buffer ?? window.buffer, offsets: Array(UnsafeBufferPointer(start: offsets, count: rows)),
            lengths: Array(UnsafeBufferPointer(start: lengths, count: rows)))
    }

    /// Finds records in the window from the position on.
    private func walk(counters: inout ReadCounters) throws -> (rows: Int, stop: Stop) {
        let base = window.pointer(at: window.start)
        let limit = window.count
        let (offsets, lengths, value) = (offsets, lengths, value)
        var here = position - window.start
        guard here >= 0, here <= limit else { return (0, .starved(8)) }
        let first = here
        var rows = 0
        defer {
            position = window.start + here
            counters.bytesRequested += here - first
            if inflation == nil { counters.bytesDecompressed += here - first }
        }
        while rows < Batch.targetRows {
            guard limit - here >= 8 else { return (rows, .starved(8)) }
            let recordLength = Int(bigEndian32(base + here))
            if recordLength == -1 {
                if let stop = try stepOverMarker(base, &here) { return (rows, stop) }
                continue
            }
            let keyLength = Int(bigEndian32(base + here + 4))
            guard recordLength >= keyLength, keyLength >= 0 else {
                throw damaged("record's lengths are wrong: \(recordLength), \(keyLength)", at: here)
            }
            guard recordLength <= limit - here - 8 else { return (rows, .starved(8 + recordLength)) }
            let start = base + here + 8 + keyLength
            let length = recordLength - keyLength
            if let inflation {
                let cell = try inflate(UnsafeRawBufferPointer(start: start, count: length), inflation, at: here)
                offsets[rows] = Int32(truncatingIfNeeded: cell.lowerBound)
                lengths[rows] = Int32(truncatingIfNeeded: cell.count)
                counters.bytesDecompressed += cell.count
            } else {
                guard let prefix = value.prefixBytes(start, length: length) else { throw wrongValue(at: here) }
                offsets[rows] = Int32(truncatingIfNeeded: start + prefix - base)
                lengths[rows] = Int32(truncatingIfNeeded: length - prefix)
            }
            rows += 1
            here += 8 + recordLength
            if let inflation, inflation.isFull { return (rows, .full) }
        }
        return (rows, .full)
    }

    /// Steps over the marker at `here`, or tells why it cannot.
    private func stepOverMarker(_ base: UnsafePointer<UInt8>, _ here: inout Int) throws -> Stop? {
        guard window.count - here >= SyncMarker.escapedByteCount else { return .starved(SyncMarker.escapedByteCount) }
        guard marker.isEscaped(at: base + here) else { throw damaged("sync marker is wrong", at: here) }
        if window.start + here >= split.end { return .splitEnd }
        here += SyncMarker.escapedByteCount
        // A file may end after a marker; fewer than eight bytes more are noticed by the walk.
        return window.start + here == window.file.size ? .splitEnd : nil
    }

    /// Decompresses a value and returns where its record is in the inflation's buffer.
    private func inflate(
        _ stream: UnsafeRawBufferPointer, _ inflation: ValueInflation, at here: Int
    ) throws -> Range<Int> {
        let range = try placingErrors(in: window.path, at: window.start + here) { try inflation.append(stream) }
        let start = UnsafePointer(inflation.buffer.pointer(to: UInt8.self) + range.lowerBound)
        guard let prefix = value.prefixBytes(start, length: range.count) else { throw wrongValue(at: here) }
        return range.lowerBound + prefix..<range.upperBound
    }

    private func wrongValue(at here: Int) -> HoneyError {
        SequenceFileValue.damage().placed(in: window.path, at: window.start + here)
    }

    private func damaged(_ message: String, at here: Int) -> HoneyError {
        HoneyError.damaged(message, path: window.path, offset: window.start + here)
    }
}

/// Reads a big-endian int32.
@inline(__always)
func bigEndian32(_ start: UnsafePointer<UInt8>) -> Int32 {
    Int32(bigEndian: UnsafeRawPointer(start).loadUnaligned(as: Int32.self))
}

/// Decompresses values one after another into one buffer.
final class ValueInflation {
    /// Bytes after which a block of records is full.
    static let targetBytes = 1 << 20
    /// The most that one value may hold.
    static let maximumValueBytes = 1 << 30

    private let decompressor: any StreamDecompressor
    private(set) var buffer = Buffer(capacity: 0)
    private var used = 0

    init(_ codec: any Codec) throws { decompressor = try codec.makeDecompressor() }

    var isFull: Bool { used >= ValueInflation.targetBytes }

    /// Starts another buffer; what was decompressed before keeps its own.
    func begin() {
        guard used > 0 || buffer.capacity == 0 else { return }
        buffer = Buffer(zeroed: 256 << 10)
        used = 0
    }

    /// Decompresses one whole stream and returns where its bytes are.
    func append(_ stream: UnsafeRawBufferPointer) throws -> Range<Int> {
        let start = used
        var consumed = 0
        repeat {
            if room == 0 { grow() }
            let step = try decompressor.decompress(
                UnsafeRawBufferPointer(rebasing: stream[consumed...]),
                into: UnsafeMutableRawBufferPointer(start: buffer.base + used, count: room))
            consumed += step.consumed
            used += step.produced
            if used - start > ValueInflation.maximumValueBytes {
                throw HoneyError.damaged("value holds more than \(ValueInflation.maximumValueBytes) bytes")
            }
            if step.consumed == 0 && step.produced == 0 { break }
        } while consumed < stream.count || !decompressor.isAtBoundary
        guard decompressor.isAtBoundary else { throw HoneyError.damaged("compressed value is cut short") }
        return start..<used
    }

    private var room: Int { buffer.capacity - RecordBlock.readablePastEnd - used }

    private func grow() {
        let larger = Buffer(zeroed: buffer.capacity * 2)
        larger.base.copyMemory(from: buffer.base, byteCount: used)
        buffer = larger
    }
}
