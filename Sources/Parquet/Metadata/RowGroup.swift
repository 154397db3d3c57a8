import HoneyCore
import HoneyStorage

/// Some rows of a file: a chunk a column.
///
/// ```
/// 1 columns   2 total_byte_size   3 num_rows   4 sorting columns   5 file_offset   6 total_compressed_size   7 ordinal
/// ```
struct RowGroup {
    var columns: [ColumnChunk] = []
    var byteCount = 0
    var rowCount = 0
    private var storedBytes: Int?

    init(_ reader: inout CompactReader) throws {
        var last = 0
        while let field = try reader.field(after: &last) {
            switch (field.id, field.type) {
            case (1, .list): columns = try reader.structures { try ColumnChunk(&$0) }
            case (2, .int64): byteCount = try reader.integer()
            case (3, .int64): rowCount = try reader.count()
            case (6, .int64): storedBytes = try reader.integer()
            default: try reader.skip(field.type)
            }
        }
    }

    /// Bytes of all chunks in the file.
    var compressedBytes: Int {
        if let storedBytes, storedBytes > 0 { return storedBytes }
        return columns.reduce(0) { $0 &+ $1.compressedBytes }
    }

    /// Where the first chunk starts.
    var start: Int { columns.first?.start ?? 0 }

    /// The rows that a split of the file owns: each row is one split's, however the file is cut.
    ///
    /// Where page indexes make starting at any row cheap, a split owns as much of the rows as it has of the group's bytes, so that
    /// several threads can read a large group; other groups are owned whole, by the split that has their middle.
    func ownedRows(_ split: ByteRange, fileBytes: Int) -> Range<Int> {
        let bytes = compressedBytes
        if !columns.isEmpty, bytes > 0, columns.allSatisfy({ $0.offsetIndex != nil }) {
            return split.parts(rowCount, from: start, bytes: bytes, fileBytes: fileBytes)
        }
        let middle = min(max(start &+ bytes / 2, 0), max(fileBytes - 1, 0))
        return middle >= split.start && middle < split.end ? 0..<rowCount : 0..<0
    }
}
