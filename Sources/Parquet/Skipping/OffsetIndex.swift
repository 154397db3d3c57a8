import Algorithms
import HoneyCore
import HoneyFiles
import HoneyStorage

/// Where each data page of a chunk is, and with which row it starts.
///
/// ```
/// 1 page locations {1 offset   2 compressed bytes with the header   3 first row}
/// ```
struct OffsetIndex {
    struct Location {
        var offset = 0
        var byteCount = 0
        var firstRow = 0
    }

    let pages: [Location]

    init(_ reader: inout CompactReader) throws {
        var last = 0
        var pages: [Location] = []
        while let field = try reader.field(after: &last) {
            if field.id == 1 && field.type == .list {
                pages = try reader.structures { try OffsetIndex.location(&$0) }
            } else {
                try reader.skip(field.type)
            }
        }
        self.pages = pages
    }

    private static func location(_ reader: inout CompactReader) throws -> Location {
        var last = 0
        var location = Location()
        while let field = try reader.field(after: &last) {
            switch (field.id, field.type) {
            case (1, .int64): location.offset = try reader.count()
            case (2, .int32): location.byteCount = try reader.count()
            case (3, .int64): location.firstRow = try reader.count()
            default: try reader.skip(field.type)
            }
        }
        return location
    }

    /// Tells whether pages follow each other, within a chunk and a group of `rowCount` rows; others are not used.
    func isSound(in chunk: Range<Int>, rowCount: Int) -> Bool {
        guard let first = pages.first, first.firstRow == 0 else { return false }
        var row = -1
        var end = chunk.lowerBound
        for page in pages {
            guard page.firstRow > row, page.firstRow < max(rowCount, 1), page.offset >= end,
                page.offset <= chunk.upperBound, page.byteCount <= chunk.upperBound - page.offset
            else { return false }
            row = page.firstRow
            end = page.offset + page.byteCount
        }
        return true
    }

    /// The page that holds a row.
    func page(of row: Int) -> Int { max(pages.partitioningIndex { $0.firstRow > row } - 1, 0) }

    /// The rows of a page.
    func rows(of page: Int, rowCount: Int) -> Range<Int> {
        pages[page].firstRow..<(page + 1 < pages.count ? pages[page + 1].firstRow : rowCount)
    }
}

extension ColumnChunk.Extent {
    /// Reads the bytes and parses them with `parse`; nil when they are not within the file's first `limit` bytes.
    func read<T>(
        _ file: any ReadableFile, before limit: Int, counters: inout ReadCounters,
        _ parse: (inout CompactReader, Buffer) throws -> T
    ) throws -> T? {
        guard offset <= limit, count <= limit - offset else { return nil }
        let bytes = try file.bytes(at: offset, count: count, counters: &counters)
        return try placingErrors(in: file.location.description, at: offset) {
            var reader = CompactReader(bytes.base, count: count)
            return try parse(&reader, bytes)
        }
    }
}
