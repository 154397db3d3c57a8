import HoneyCore
import HoneyStorage

/// What is known of a run of values; bounds are places in the memory that the metadata were read from.
///
/// ```
/// 1 max   2 min   3 null_count   4 distinct_count   5 max_value   6 min_value
/// ```
struct ColumnStatistics {
    var oldMaximum: Range<Int>?
    var oldMinimum: Range<Int>?
    var nullCount: Int?
    var maximum: Range<Int>?
    var minimum: Range<Int>?

    init(_ reader: inout CompactReader) throws {
        var last = 0
        while let field = try reader.field(after: &last) {
            switch (field.id, field.type) {
            case (1, .binary): oldMaximum = try reader.binary()
            case (2, .binary): oldMinimum = try reader.binary()
            case (3, .int64): nullCount = try reader.integer()
            case (5, .binary): maximum = try reader.binary()
            case (6, .binary): minimum = try reader.binary()
            default: try reader.skip(field.type)
            }
        }
    }
}

/// One column of one row group: where its pages are, and what is known of them.
///
/// ```
/// chunk: 1 file_path   3 metadata   4/5 offset index at, bytes   6/7 column index at, bytes   8/9 encryption
/// metadata: 1 type   2 encodings   3 path   4 codec   5 num_values   6 uncompressed bytes   7 compressed bytes
///           9 data pages at   10 index page at   11 dictionary page at   12 statistics
///           13 pages {1 kind, 2 encoding, 3 how many}   14/15 bloom filter at, bytes
/// ```
struct ColumnChunk {
    var isElsewhere = false
    var isEncrypted = false
    var hasMetadata = false
    var type: StoredType?
    /// A bit for each encoding that has been used.
    var encodings: UInt32 = 0
    /// A bit for each encoding of data pages, where that is told.
    var dataPageEncodings: UInt32?
    var codec = 0
    var valueCount = 0
    var uncompressedBytes = 0
    var compressedBytes = 0
    var dataPageOffset = 0
    var dictionaryPageOffset: Int?
    var statistics: ColumnStatistics?
    var bloomFilterOffset: Int?
    /// Bytes of the filter with its header; older files do not tell.
    var bloomFilterBytes: Int?
    var offsetIndex: Extent?
    var columnIndex: Extent?

    /// A range of the file's bytes as the metadata tell it, not yet believed.
    struct Extent {
        var offset: Int
        var count: Int

        /// Makes an extent of members that are there and not negative.
        init?(_ offset: Int?, _ count: Int?) {
            guard let offset, let count, offset > 0, count > 0 else { return nil }
            self.offset = offset
            self.count = count
        }
    }

    init(_ reader: inout CompactReader) throws {
        var last = 0
        var places = [Int?](repeating: nil, count: 4)
        while let field = try reader.field(after: &last) {
            switch (field.id, field.type) {
            case (1, .binary): isElsewhere = try !reader.binary().isEmpty
            case (3, .structure): try readMetadata(&reader)
            case (4, .int64), (5, .int32), (6, .int64), (7, .int32): places[field.id - 4] = try reader.integer()
            case (8, .structure), (9, .binary):
                isEncrypted = true
                try reader.skip(field.type)
            default: try reader.skip(field.type)
            }
        }
        offsetIndex = Extent(places[0], places[1])
        columnIndex = Extent(places[2], places[3])
    }

    private mutating func readMetadata(_ reader: inout CompactReader) throws {
        hasMetadata = true
        var last = 0
        while let field = try reader.field(after: &last) {
            switch (field.id, field.type) {
            case (1, .int32): type = StoredType(rawValue: try reader.integer())
            case (2, .list):
                let (type, count) = try reader.list()
                guard type == .int32 else { throw HoneyError.damaged("list of encodings is none") }
                for _ in 0..<count { encodings |= ColumnChunk.bit(ofEncoding: try reader.integer()) }
            case (4, .int32): codec = try reader.integer()
            case (5, .int64): valueCount = try reader.count()
            case (6, .int64): uncompressedBytes = try reader.count()
            case (7, .int64): compressedBytes = try reader.count()
            case (9, .int64): dataPageOffset = try reader.count()
            case (11, .int64): dictionaryPageOffset = try reader.integer()
            case (12, .structure): statistics = try ColumnStatistics(&reader)
            case (13, .list):
                let pages = try reader.structures { try ColumnChunk.pageEncoding(&$0) }
                dataPageEncodings = pages.reduce(0) { $0 | ($1 ?? 0) }
            case (14, .int64): bloomFilterOffset = try reader.integer()
            case (15, .int32): bloomFilterBytes = try reader.integer()
            default: try reader.skip(field.type)
            }
        }
    }

    private static func bit(ofEncoding code: Int) -> UInt32 { 1 << UInt32(min(max(code, 0), 31)) }

    /// The bit of the encoding of some data pages; nil for other pages.
    private static func pageEncoding(_ reader: inout CompactReader) throws -> UInt32? {
        var last = 0
        var kind = -1
        var encoding = 31
        while let field = try reader.field(after: &last) {
            switch (field.id, field.type) {
            case (1, .int32): kind = try reader.integer()
            case (2, .int32): encoding = try reader.integer()
            default: try reader.skip(field.type)
            }
        }
        let isData = kind == PageHeader.Kind.data.rawValue || kind == PageHeader.Kind.dataV2.rawValue
        return isData ? bit(ofEncoding: encoding) : nil
    }

    /// Where the chunk's first page, be it a dictionary, starts.
    var start: Int {
        // Some writers name a dictionary that is not there by 0, or by the data pages' own place.
        if let dictionaryPageOffset, dictionaryPageOffset > 0, dictionaryPageOffset < dataPageOffset {
            return dictionaryPageOffset
        }
        return dataPageOffset
    }

    /// The chunk's bytes; fails with `FILE_DAMAGED` when the file's first `limit` bytes do not hold them.
    func range(within limit: Int) throws -> Range<Int> {
        guard start >= 4, start <= limit, compressedBytes <= limit - start else {
            throw HoneyError.damaged("column chunk lies outside of its file: \(compressedBytes) bytes at \(start)")
        }
        return start..<start + compressedBytes
    }
}
