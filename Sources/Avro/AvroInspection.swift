import HoneyCore
import HoneyFiles
import HoneyStorage

/// Describes Avro files.
enum AvroInspection {
    /// Blocks that are described one by one; of longer files only the totals are told.
    private static let maximumBlocks = 10_000

    static func describe(_ file: any ReadableFile, keyword: String) throws -> StructureDescription {
        guard file.size > 0 else { return .record([("format", .text(keyword)), ("size_bytes", .integer(0))]) }
        var counters = ReadCounters()
        let header = try AvroHeader.read(of: file, counters: &counters)
        var blocks = try AvroBlocks(
            file, header: header, split: ByteRange(start: 0, end: file.size), onlyCounts: true, counters: &counters)
        var described: [StructureDescription] = []
        var rows = 0
        var blockCount = 0
        while let block = try blocks.next(counters: &counters) {
            blockCount += 1
            rows &+= block.rowCount
            guard described.count < maximumBlocks else { continue }
            described.append(
                .record([
                    ("offset_bytes", .integer(block.offset)), ("rows", .integer(block.rowCount)),
                    ("stored_bytes", .integer(block.storedBytes)),
                ]))
        }
        return .record([
            ("format", .text(keyword)), ("size_bytes", .integer(file.size)), ("codec", .text(header.codecName)),
            ("rows", .integer(rows)), ("header_bytes", .integer(header.byteCount)),
            ("schema", .text(header.schemaText)),
            ("metadata", .record(header.metadata.map { ($0.name, .text($0.value)) })),
            ("block_count", .integer(blockCount)), ("blocks", .list(described)),
        ])
    }
}
