import CScan
import HoneyCore

/// Reads a split's lines, block by block, and maps their fields.
final class LineReader {
    private let source: any ByteSource
    private var range: LineRange
    private let separator: UInt8
    /// Lines at the end that are no rows, where the end is not known beforehand.
    private let heldBack: Int
    private let path: String

    /// The block whose lines were mapped last.
    private(set) var block = Buffer(capacity: 0)
    /// Where in the file (or in what it decompresses to) the block starts.
    private(set) var origin: Int
    /// The part of the block that holds lines not mapped yet.
    private var pending = 0..<0
    private var sourceIsAtEnd = false
    private var isFinished = false
    /// Blocks that batches may still point into.
    private var retired: [Buffer] = []

    /// Bytes in a block of lines of ordinary length.
    static let blockBytes = 1 << 19

    init(_ source: any ByteSource, _ range: LineRange, separator: UInt8, heldBack: Int = 0, path: String) {
        self.source = source
        self.range = range
        self.separator = separator
        self.heldBack = heldBack
        self.path = path
        origin = range.start
        isFinished = range.start > range.lastStart || range.start >= range.end
    }

    /// Prepares the first line: skips a byte order mark, or the rest of a line that belongs to the split before.
    func start() throws {
        guard !isFinished else { return }
        try fill()
        let bytes = block.pointer(to: UInt8.self)
        guard range.startsLine else { return try skipLine() }
        if range.start == 0 {
            if pending.count >= 3, bytes[0] == 0xEF, bytes[1] == 0xBB, bytes[2] == 0xBF {
                pending = 3..<pending.upperBound
                // The first line is this split's, however short the split.
                range.lastStart = max(range.lastStart, 3)
            }
        }
    }

    /// Bytes from the start that have been mapped or skipped.
    var bytesPassed: Int { origin - range.start + pending.lowerBound }

    private func skipLine() throws {
        while true {
            let bytes = block.pointer(to: UInt8.self)
            for index in pending where bytes[index] == 0x0A || bytes[index] == 0x0D {
                pending = (index + 1)..<pending.upperBound
                guard bytes[index] == 0x0D else { return }
                if pending.isEmpty { try fill() }
                if !pending.isEmpty, block.pointer(to: UInt8.self)[pending.lowerBound] == 0x0A {
                    pending = (pending.lowerBound + 1)..<pending.upperBound
                }
                return
            }
            pending = pending.upperBound..<pending.upperBound
            if sourceIsAtEnd { return }
            try fill()
        }
    }

    /// Maps the next lines, up to `limit`; false at the split's end.
    func next(into map: FieldMap, limit: Int = Batch.targetRows) throws -> Bool {
        while !isFinished {
            if pending.isEmpty {
                if sourceIsAtEnd { break }
                try fill()
                continue
            }
            let bytes = UnsafePointer(block.pointer(to: UInt8.self))
            map.mapLines(
                bytes, from: pending.lowerBound, to: pending.upperBound, separator: separator, limit: limit + heldBack,
                isAll: sourceIsAtEnd)
            map.truncate(to: min(limit, map.rowCount - heldBack))
            if map.rowCount == 0 {
                if sourceIsAtEnd { break }
                try fill()
                continue
            }
            pending = startOfNextLine(map, bytes)..<pending.upperBound
            dropForeignRows(map)
            return map.rowCount > 0
        }
        isFinished = true
        return false
    }

    private func startOfNextLine(_ map: FieldMap, _ bytes: UnsafePointer<UInt8>) -> Int {
        let next = map.startAfter(row: map.rowCount - 1)
        // A last line without an end seems to end one byte further.
        guard next < pending.upperBound else { return pending.upperBound }
        // The scan may have stopped between CR and LF.
        return bytes[next - 1] == 0x0D && bytes[next] == 0x0A ? next + 1 : next
    }

    /// Drops rows that start past the split; they are the next one's.
    private func dropForeignRows(_ map: FieldMap) {
        guard origin + map.start(ofRow: map.rowCount - 1) > range.lastStart else { return }
        isFinished = true
        var count = map.rowCount - 1
        while count > 0, origin + map.start(ofRow: count - 1) > range.lastStart { count -= 1 }
        map.truncate(to: count)
    }

    /// Counts the next lines without mapping them, a block at a time; nil at the split's end.
    func countNext() throws -> Int? {
        while !isFinished {
            if pending.count < 2, !sourceIsAtEnd { try fill() }
            if pending.isEmpty { break }
            // Counts the starts of lines: the first, and one after each line end but the last byte's.
            let isFirst = !hasCountedFirst && origin + pending.lowerBound <= range.lastStart
            hasCountedFirst = true
            let lastEnd = min(pending.upperBound - 1, range.lastStart - origin)
            var count = isFirst ? 1 : 0
            if lastEnd > pending.lowerBound {
                count += Int(
                    honey_count_line_ends(
                        block.pointer(to: UInt8.self), Int64(pending.lowerBound), Int64(lastEnd), 0))
                pending = lastEnd..<pending.upperBound
            }
            if origin + lastEnd >= range.lastStart || (sourceIsAtEnd && pending.count <= 1) { isFinished = true }
            return count
        }
        isFinished = true
        return nil
    }

    private var hasCountedFirst = false

    /// Reads more bytes behind those pending, into a block that nobody looks at.
    private func fill() throws {
        let left = pending.count
        var capacity = LineReader.blockBytes
        while capacity < left * 2 { capacity *= 2 }
        guard capacity <= FieldMap.maximumBytes else {
            throw HoneyError.damaged("line is too long: over \(left) bytes", path: path, offset: origin)
        }
        let target = freeBlock(capacity: capacity)
        target.base.copyMemory(from: block.base + pending.lowerBound, byteCount: left)
        origin += pending.lowerBound
        if target !== block, block.capacity > 0 { retired.append(block) }
        block = target
        let taken = try source.read(into: target.base + left, count: readSize(atMost: capacity - left, behind: left))
        sourceIsAtEnd = taken == 0
        pending = 0..<(left + taken)
        if let splitEnd = source.splitEnd { range.lastStart = splitEnd }
    }

    /// Bytes to read next: up to the end of a page of the file, since who verifies pages would read the rest of one as well; and not far
    /// past the split's end, where only the rest of a line is wanted.
    private func readSize(atMost room: Int, behind left: Int) -> Int {
        let page = 4096
        let start = origin + left
        var end = start + room
        if range.lastStart < range.end { end = min(end, max(range.lastStart + page, start + 1 << 16)) }
        let lastPage = end - end % page
        return (lastPage > start ? lastPage : end) - start
    }

    /// Finds a block of the capacity that no column points into, or makes one.
    private func freeBlock(capacity: Int) -> Buffer {
        let padding = 128
        if let index = retired.indices.first(where: {
            retired[$0].capacity >= capacity + padding && isKnownUniquelyReferenced(&retired[$0])
        }) {
            return retired.remove(at: index)
        }
        // Those still in use are left to their users.
        if retired.count > 8 { retired.removeFirst(retired.count - 8) }
        return Buffer(capacity: capacity + padding)
    }
}
