import HoneyCore
import HoneyFiles

/// Describes the structure of a SequenceFile: its header, and what its records or blocks take; decompresses nothing.
struct SequenceFileInspection {
    /// Blocks listed one by one; all are counted.
    private static let listedBlocks = 1000

    private let header: SequenceFileHeader
    private var window: FileWindow
    private var counters = ReadCounters()
    private var position: Int
    private var records = 0
    private var markers = 0
    private var keyBytes = 0
    private var valueBytes = 0
    private var longestBytes = 0
    private var blocks = 0
    private var listed: [StructureDescription] = []

    /// Walks through all of the file; fails with `FILE_DAMAGED`.
    init(of file: any ReadableFile) throws {
        header = try SequenceFileHeader.read(of: file, counters: &counters)
        window = FileWindow(file, splitEnd: file.size)
        position = header.byteCount
        while position < file.size {
            let start = position
            let path = window.path
            // Errors are placed here, where nothing else looks at the walk.
            do { try header.isBlockCompressed ? readBlock() : readRecord() } catch let error as HoneyError {
                throw error.placed(in: path, at: start)
            }
        }
    }

    func describe(keyword: String) -> StructureDescription {
        var parts: [(name: String, value: StructureDescription)] = [
            ("format", .text(keyword)), ("size_bytes", .integer(window.file.size)),
            ("version", .integer(Int(header.version))), ("key_class", .text(header.keyClass)),
            ("value_class", .text(header.valueClass)),
            ("compression", .text(header.isBlockCompressed ? "BLOCK" : header.isCompressed ? "RECORD" : "NONE")),
            ("codec", .text(header.codecClass ?? "none")),
            ("metadata", .record(header.metadata.map { ($0.key, .text($0.value)) })),
            ("header_bytes", .integer(header.byteCount)), ("records", .integer(records)),
            ("sync_markers", .integer(markers)), ("stored_key_bytes", .integer(keyBytes)),
            ("stored_value_bytes", .integer(valueBytes)),
        ]
        if header.isBlockCompressed {
            parts += [("blocks", .integer(blocks)), ("block_list", .list(listed))]
        } else {
            parts.append(("longest_stored_value_bytes", .integer(longestBytes)))
        }
        return .record(parts)
    }

    /// Steps over a marker, or a record and its key.
    private mutating func readRecord() throws {
        if try stepOverMarker() { return }
        try window.bring(8, from: position, counters: &counters)
        let length = Int(bigEndian32(window.pointer(at: position)))
        let key = Int(bigEndian32(window.pointer(at: position + 4)))
        guard length >= key, key >= 0 else {
            throw HoneyError.damaged("record's lengths are wrong: \(length), \(key)")
        }
        guard length <= window.file.size - position - 8 else { throw HoneyError.damaged("record is cut short") }
        records += 1
        keyBytes += key
        valueBytes += length - key
        longestBytes = max(longestBytes, length - key)
        position += 8 + length
    }

    /// Steps over a block, marker and all.
    private mutating func readBlock() throws {
        let start = position
        guard try stepOverMarker() else { throw HoneyError.damaged("no sync marker before the block") }
        if position == window.file.size { return }
        let count = try takeCount()
        var stored: [Int] = []
        for _ in 0..<4 {
            let bytes = try takeCount()
            guard bytes <= window.file.size - position else { throw HoneyError.damaged("block is cut short") }
            stored.append(bytes)
            position += bytes
        }
        blocks += 1
        records += count
        keyBytes += stored[1]
        valueBytes += stored[3]
        guard listed.count < SequenceFileInspection.listedBlocks else { return }
        let names = [
            "stored_key_length_bytes", "stored_key_bytes", "stored_value_length_bytes", "stored_value_bytes",
        ]
        listed.append(
            .record(
                [
                    ("offset_bytes", .integer(start)), ("size_bytes", .integer(position - start)),
                    ("records", .integer(count)),
                ] + zip(names, stored).map { ($0, .integer($1)) }))
    }

    /// Steps over an escaped marker; false when something else is there.
    private mutating func stepOverMarker() throws -> Bool {
        guard try window.stepOver(header.marker, at: &position, counters: &counters) else { return false }
        markers += 1
        return true
    }

    private mutating func takeCount() throws -> Int {
        let needed = min(VariableInteger.maximumByteCount, window.file.size - position)
        try window.bring(max(needed, 1), from: position, counters: &counters)
        var cursor = WritableCursor(window.pointer(at: position), to: window.end - position)
        let count = try cursor.readCount(of: "count")
        position += cursor.position
        return count
    }
}
