import HoneyCodecs
import HoneyCore
import HoneyFiles

/// Describes the structure of an RCFile: its header, its row groups and what each column takes.
enum RCFileInspection {
    /// Row groups listed one by one; all are counted.
    private static let listedGroups = 1000

    static func describe(
        _ file: any ReadableFile, keyword: String, codecs: CodecCatalog
    ) throws -> StructureDescription {
        var counters = ReadCounters()
        let header = try RCFileHeader.read(of: file, counters: &counters)
        let decompressor = try placingErrors(in: file.location.description, at: 0) {
            try header.codecClass.map { try codecs.codec(className: $0).makeBlockDecompressor() }
        }
        var walk = try RCFileGroups(
            file, header: header, split: ByteRange(start: 0, end: file.size), decompressor: decompressor,
            onlyCounts: false, counters: &counters)
        var totals = [(stored: Int, bytes: Int)](repeating: (0, 0), count: header.columnCount)
        var listed: [StructureDescription] = []
        var (groups, rows, keys, storedKeys) = (0, 0, 0, 0)
        var pool = BufferPool()
        while let group = try walk.next(from: &pool, counters: &counters) {
            groups += 1
            rows += group.rowCount
            keys += group.keyBytes
            storedKeys += group.storedKeyBytes
            for (index, column) in group.columns.enumerated() {
                totals[index].stored += column.storedBytes
                totals[index].bytes += column.bytes
            }
            if groups <= listedGroups { listed.append(describe(group)) }
            pool.recycle()
        }
        return .record([
            ("format", .text(keyword)), ("size_bytes", .integer(file.size)),
            ("version", .text(header.isOld ? "SEQ6" : "RCF1")), ("codec", .text(header.codecClass ?? "none")),
            ("metadata", .record(header.metadata.map { ($0.key, .text($0.value)) })),
            ("header_bytes", .integer(header.byteCount)), ("rows", .integer(rows)), ("row_groups", .integer(groups)),
            ("key_bytes", .integer(keys)), ("stored_key_bytes", .integer(storedKeys)),
            ("columns", .list(totals.map { describe(stored: $0.stored, bytes: $0.bytes) })), ("groups", .list(listed)),
        ])
    }

    private static func describe(_ group: RCFileGroup) -> StructureDescription {
        .record([
            ("offset_bytes", .integer(group.offset)), ("size_bytes", .integer(group.end - group.offset)),
            ("rows", .integer(group.rowCount)), ("key_bytes", .integer(group.keyBytes)),
            ("stored_key_bytes", .integer(group.storedKeyBytes)),
            ("columns", .list(group.columns.map { describe(stored: $0.storedBytes, bytes: $0.bytes) })),
        ])
    }

    private static func describe(stored: Int, bytes: Int) -> StructureDescription {
        .record([("stored_bytes", .integer(stored)), ("bytes", .integer(bytes))])
    }
}
