import HoneyCore
import HoneyStorage

/// How values of a page are written.
enum Encoding: Int {
    case plain = 0
    case plainDictionary = 2
    case runLength = 3
    case bitPacked = 4
    case deltaBinaryPacked = 5
    case deltaLengthByteArray = 6
    case deltaByteArray = 7
    case runLengthDictionary = 8
    case byteStreamSplit = 9

    var name: String {
        switch self {
        case .plain: "PLAIN"
        case .plainDictionary: "PLAIN_DICTIONARY"
        case .runLength: "RLE"
        case .bitPacked: "BIT_PACKED"
        case .deltaBinaryPacked: "DELTA_BINARY_PACKED"
        case .deltaLengthByteArray: "DELTA_LENGTH_BYTE_ARRAY"
        case .deltaByteArray: "DELTA_BYTE_ARRAY"
        case .runLengthDictionary: "RLE_DICTIONARY"
        case .byteStreamSplit: "BYTE_STREAM_SPLIT"
        }
    }

    /// Fails with `UNSUPPORTED_FILE` on codes that mean none.
    static func known(_ code: Int) throws -> Encoding {
        if let encoding = Encoding(rawValue: code) { return encoding }
        throw HoneyError(
            .data, "UNSUPPORTED_FILE", "unknown encoding of a Parquet page (0 and 2 to 9 are known): \(code)")
    }
}

/// What stands before each page.
///
/// ```
/// 1 type (0 data, 1 index, 2 dictionary, 3 data v2)   2 uncompressed bytes   3 compressed bytes   4 crc
/// 5 data: 1 num_values   2 encoding   3 definition levels' encoding   4 repetition levels' encoding   5 statistics
/// 7 dictionary: 1 num_values   2 encoding   3 is_sorted
/// 8 data v2: 1 num_values   2 num_nulls   3 num_rows   4 encoding   5 definition and 6 repetition levels' bytes
///            7 is_compressed (true when missing)
/// ```
struct PageHeader {
    enum Kind: Int { case data = 0, index, dictionary, dataV2 }

    var kind: Kind?
    var uncompressedBytes = 0
    var compressedBytes = 0
    var valueCount = 0
    /// Told by v2 pages only.
    var rowCount: Int?
    var nullCount = 0
    var encoding = Encoding.plain.rawValue
    var definitionEncoding = Encoding.runLength.rawValue
    var repetitionEncoding = Encoding.runLength.rawValue
    var definitionBytes = 0
    var repetitionBytes = 0
    var isCompressed = true
    /// Bytes of the header itself.
    var byteCount = 0

    init(_ reader: inout CompactReader) throws {
        let start = reader.offset
        var last = 0
        while let field = try reader.field(after: &last) {
            switch (field.id, field.type) {
            case (1, .int32): kind = Kind(rawValue: try reader.integer())
            case (2, .int32): uncompressedBytes = try reader.count()
            case (3, .int32): compressedBytes = try reader.count()
            case (5, .structure): try readData(&reader)
            case (7, .structure): try readData(&reader)
            case (8, .structure): try readDataV2(&reader)
            default: try reader.skip(field.type)
            }
        }
        byteCount = reader.offset - start
        let most = Int(Int32.max)
        guard uncompressedBytes <= most, compressedBytes <= most, valueCount <= most else {
            throw HoneyError.damaged("page is larger than pages can be")
        }
    }

    private mutating func readData(_ reader: inout CompactReader) throws {
        var last = 0
        while let field = try reader.field(after: &last) {
            switch (field.id, field.type) {
            case (1, .int32): valueCount = try reader.count()
            case (2, .int32): encoding = try reader.integer()
            case (3, .int32): definitionEncoding = try reader.integer()
            case (4, .int32): repetitionEncoding = try reader.integer()
            default: try reader.skip(field.type)
            }
        }
    }

    private mutating func readDataV2(_ reader: inout CompactReader) throws {
        var last = 0
        while let field = try reader.field(after: &last) {
            switch (field.id, field.type) {
            case (1, .int32): valueCount = try reader.count()
            case (2, .int32): nullCount = try reader.count()
            case (3, .int32): rowCount = try reader.count()
            case (4, .int32): encoding = try reader.integer()
            case (5, .int32): definitionBytes = try reader.count()
            case (6, .int32): repetitionBytes = try reader.count()
            case (7, .isTrue): isCompressed = true
            case (7, .isFalse): isCompressed = false
            default: try reader.skip(field.type)
            }
        }
    }
}
