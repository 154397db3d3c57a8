import HoneyCodecs
import HoneyCore
import HoneyFiles

/// A row group: its key, which tells where each column's bytes are and how long its cells.
///
/// ```
/// i32 -1, 16 sync marker         before some groups
/// i32   key length (uncompressed) + bytes of all columns on disk
/// i32   key length (uncompressed)
/// i32   key length on disk
/// key:  vint rows, then for each column: vint bytes on disk, vint bytes, vint n, n bytes of cell lengths
/// the columns' bytes, one after another
/// ```
struct RCFileGroup {
    struct ColumnExtent {
        /// In the file.
        var offset: Int
        var storedBytes: Int
        var bytes: Int
        /// In the key.
        var lengths: Range<Int>
    }

    /// Where the group starts in the file, after a marker.
    var offset: Int
    var rowCount: Int
    /// Empty when only rows are counted.
    var columns: [ColumnExtent]
    var key: Buffer
    var keyBytes = 0
    var storedKeyBytes = 0
    /// Where the next group, or its marker, starts.
    var end: Int
}

/// Walks the row groups of a split.
struct RCFileGroups {
    private static let recordHeaderBytes = 12

    let file: any ReadableFile
    let header: RCFileHeader
    let split: ByteRange
    let onlyCounts: Bool
    private let decompressor: (any BlockDecompressor)?
    private var position: Int

    init(
        _ file: any ReadableFile, header: RCFileHeader, split: ByteRange, decompressor: (any BlockDecompressor)?,
        onlyCounts: Bool, counters: inout ReadCounters
    ) throws {
        self.file = file
        self.header = header
        self.split = split
        self.onlyCounts = onlyCounts
        self.decompressor = decompressor
        position = try header.marker.boundary(
            in: file, from: split.start, headerEnd: header.byteCount, counters: &counters)
        // A split that ends inside the header, or whose first group is past its end, owns nothing.
        if position >= split.end { position = file.size }
    }

    /// Moves past damage at or after the start of the group at hand, to the next marker of the split.
    mutating func skipDamage(from offset: Int?, counters: inout ReadCounters) throws {
        let next = try header.marker.find(in: file, from: (offset ?? position) + 1, counters: &counters)
        position = next.map { $0 < split.end ? $0 : file.size } ?? file.size
    }

    /// The next group; nil at the end of the split.
    mutating func next(from pool: inout BufferPool, counters: inout ReadCounters) throws -> RCFileGroup? {
        let start = position
        return try placingErrors(in: file.location.description, at: start) {
            try read(from: &pool, counters: &counters)
        }
    }

    private mutating func read(from pool: inout BufferPool, counters: inout ReadCounters) throws -> RCFileGroup? {
        guard position < file.size else { return nil }
        let ahead = SyncMarker.escapedByteCount + RCFileGroups.recordHeaderBytes + VariableInteger.maximumByteCount
        let count = min(ahead, file.size - position)
        let start = try file.bytes(at: position, count: count, from: &pool, counters: &counters)
        defer { withExtendedLifetime(start) {} }
        let base = UnsafePointer(start.pointer(to: UInt8.self))
        var cursor = WritableCursor(base, to: count)
        var recordLength = try cursor.readInt32()
        if recordLength == -1 {
            guard count >= SyncMarker.escapedByteCount, header.marker.isEscaped(at: base) else {
                throw HoneyError.damaged("sync marker is wrong")
            }
            if position >= split.end || position + SyncMarker.escapedByteCount == file.size {
                position = file.size
                return nil
            }
            cursor.position = SyncMarker.escapedByteCount
            recordLength = try cursor.readInt32()
        }
        let keyLength = try cursor.readInt32()
        let storedKeyLength = try cursor.readInt32()
        return try readKey(
            at: position + cursor.position, recordLength: recordLength, keyLength: keyLength,
            storedKeyLength: storedKeyLength, firstBytes: cursor, from: &pool, counters: &counters)
    }

    private mutating func readKey(
        at keyOffset: Int, recordLength: Int, keyLength: Int, storedKeyLength: Int, firstBytes: WritableCursor,
        from pool: inout BufferPool, counters: inout ReadCounters
    ) throws -> RCFileGroup {
        guard keyLength > 0, storedKeyLength > 0, recordLength >= keyLength else {
            throw HoneyError.damaged(
                "row group's lengths are wrong: \(recordLength), \(keyLength), \(storedKeyLength)")
        }
        // Keys are counted uncompressed in the record's length, but take their compressed bytes.
        let dataOffset = keyOffset + storedKeyLength
        let end = dataOffset + recordLength - keyLength
        guard end <= file.size else { throw HoneyError.damaged("row group is cut short") }
        var group = RCFileGroup(
            offset: position, rowCount: 0, columns: [], key: Buffer(capacity: 0), keyBytes: keyLength,
            storedKeyBytes: storedKeyLength, end: end)
        position = end
        if onlyCounts && decompressor == nil {
            var cursor = firstBytes
            group.rowCount = try cursor.readCount(of: "row count")
            return group
        }
        group.key = try key(at: keyOffset, stored: storedKeyLength, count: keyLength, from: &pool, counters: &counters)
        var cursor = WritableCursor(group.key.pointer(to: UInt8.self), to: keyLength)
        group.rowCount = try cursor.readCount(of: "row count")
        if onlyCounts { return group }
        try readExtents(of: &group, dataOffset: dataOffset, &cursor)
        return group
    }

    private func key(
        at offset: Int, stored: Int, count: Int, from pool: inout BufferPool, counters: inout ReadCounters
    ) throws -> Buffer {
        let bytes = try file.bytes(at: offset, count: stored, from: &pool, counters: &counters)
        guard let decompressor else {
            guard stored == count else {
                throw HoneyError.damaged("key of the row group has two lengths: \(stored), \(count)")
            }
            counters.bytesDecompressed += count
            return bytes
        }
        counters.bytesDecompressed += count
        return try RCFileGroups.expand(bytes, at: 0, stored: stored, to: count, from: &pool, decompressor)
    }

    /// Decompresses one stream that must give exactly `count` bytes.
    static func expand(
        _ bytes: Buffer, at start: Int, stored: Int, to count: Int, from pool: inout BufferPool,
        _ decompressor: any BlockDecompressor
    ) throws -> Buffer {
        try ExpansionLimit.check(stored: stored, claimed: count)
        let buffer = pool.take(count + RecordBlock.readablePastEnd)
        let produced = try decompressor.decompress(
            UnsafeRawBufferPointer(start: bytes.base + start, count: stored),
            into: UnsafeMutableRawBufferPointer(start: buffer.base, count: count))
        guard produced == count else {
            throw HoneyError.damaged("compressed bytes hold \(produced) instead of \(count)")
        }
        (buffer.base + count).initializeMemory(as: UInt8.self, repeating: 0, count: RecordBlock.readablePastEnd)
        return buffer
    }

    private func readExtents(of group: inout RCFileGroup, dataOffset: Int, _ cursor: inout WritableCursor) throws {
        // Each column takes three bytes of the key at least.
        guard header.columnCount <= cursor.remaining / 3 else {
            throw HoneyError.damaged("key of the row group is too short for \(header.columnCount) columns")
        }
        group.columns.reserveCapacity(header.columnCount)
        var offset = dataOffset
        for _ in 0..<header.columnCount {
            let stored = try cursor.readCount(of: "column length")
            let count = try cursor.readCount(of: "column length")
            let lengthBytes = try cursor.readCount(of: "length of cell lengths")
            let lengths = try cursor.take(lengthBytes)
            guard stored <= group.end - offset else { throw HoneyError.damaged("column runs past its row group") }
            guard decompressor != nil || stored == count else {
                throw HoneyError.damaged("column has two lengths: \(stored), \(count)")
            }
            group.columns.append(
                RCFileGroup.ColumnExtent(
                    offset: offset, storedBytes: stored, bytes: count, lengths: lengths..<lengths + lengthBytes))
            offset += stored
        }
        guard cursor.isAtEnd else { throw HoneyError.damaged("key of the row group is longer than its columns") }
        guard offset == group.end else { throw HoneyError.damaged("columns do not fill their row group") }
    }
}
