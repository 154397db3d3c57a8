import HoneyCore
import HoneyFiles
import HoneyStorage

/// Tells which rows of a row group can pass the request's predicates, by statistics, page indexes and Bloom filters.
final class RowGroupSkipping {
    init?(_ request: ReadRequest, _ matching: ColumnMatching, _ footer: Footer) {
        return nil
    }
    func rows(of group: RowGroup, _ reading: FileReading) throws -> [Range<Int>] { [0..<group.rowCount] }
    func offsetIndex(of chunk: ColumnChunk, _ group: RowGroup, _ reading: FileReading) throws -> OffsetIndex? { nil }
}
