import HoneyCore
import HoneyStorage

/// What is known of each data page of a chunk; bounds are places in the memory that the index was read from.
///
/// ```
/// 1 null_pages   2 min_values   3 max_values   4 boundary_order   5 null_counts
/// ```
struct ColumnIndex {
    private(set) var isNullPage: [Bool] = []
    private(set) var minima: [Range<Int>] = []
    private(set) var maxima: [Range<Int>] = []
    private(set) var nullCounts: [Int] = []
    private let bytes: Buffer

    /// Fails with `FILE_DAMAGED` when its lists are of different lengths.
    init(_ reader: inout CompactReader, bytes: Buffer) throws {
        self.bytes = bytes
        var last = 0
        while let field = try reader.field(after: &last) {
            switch (field.id, field.type) {
            case (1, .list):
                let (type, count) = try reader.list()
                guard type.isBoolean else { throw HoneyError.damaged("column index lists no booleans") }
                for _ in 0..<count { isNullPage.append(try reader.byte() == 1) }
            case (2, .list): minima = try ColumnIndex.bounds(&reader)
            case (3, .list): maxima = try ColumnIndex.bounds(&reader)
            case (5, .list):
                let (type, count) = try reader.list()
                guard type == .int64 else { throw HoneyError.damaged("column index lists no counts") }
                for _ in 0..<count { nullCounts.append(try reader.integer()) }
            default: try reader.skip(field.type)
            }
        }
        guard minima.count == isNullPage.count, maxima.count == isNullPage.count,
            nullCounts.isEmpty || nullCounts.count == isNullPage.count
        else { throw HoneyError.damaged("column index has lists of different lengths") }
    }

    private static func bounds(_ reader: inout CompactReader) throws -> [Range<Int>] {
        let (type, count) = try reader.list()
        guard type == .binary else { throw HoneyError.damaged("column index lists no bounds") }
        var bounds: [Range<Int>] = []
        for _ in 0..<count { bounds.append(try reader.binary()) }
        return bounds
    }

    var pageCount: Int { isNullPage.count }

    /// Tells whether a page may have a value that passes.
    func mayPass(_ predicate: LeafPredicate, page: Int) -> Bool {
        if isNullPage[page] { return predicate.mayPass(LeafPredicate.Knowledge(nullCount: 1, valueCount: 1)) }
        return predicate.mayPass(
            LeafPredicate.Knowledge(
                minimum: UnsafeRawBufferPointer(start: bytes.base + minima[page].lowerBound, count: minima[page].count),
                maximum: UnsafeRawBufferPointer(start: bytes.base + maxima[page].lowerBound, count: maxima[page].count),
                nullCount: nullCounts.isEmpty ? nil : nullCounts[page]))
    }
}
