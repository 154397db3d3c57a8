import HoneyCore
import HoneyStorage

/// What the footer tells of a file.
///
/// ```
/// 1 version   2 schema   3 num_rows   4 row groups   5 key-value metadata {1 key, 2 value}   6 created_by
/// 7 column orders (union: 1 by type)   8 encryption
/// ```
struct FileMetadata {
    var version = 0
    var schema: [SchemaElement] = []
    var rowCount = 0
    var rowGroups: [RowGroup] = []
    var keyValues: [(key: String, value: String)] = []
    var createdBy: String?
    /// Which leaves' `min_value` and `max_value` are in the order of their type.
    var hasTypeOrder: [Bool] = []

    init(_ reader: inout CompactReader) throws {
        var last = 0
        while let field = try reader.field(after: &last) {
            switch (field.id, field.type) {
            case (1, .int32): version = try reader.integer()
            case (2, .list): schema = try reader.structures { try SchemaElement(&$0) }
            case (3, .int64): rowCount = try reader.count()
            case (4, .list): rowGroups = try reader.structures { try RowGroup(&$0) }
            case (5, .list): keyValues = try reader.structures { try FileMetadata.keyValue(&$0) }
            case (6, .binary): createdBy = try reader.string()
            case (7, .list): hasTypeOrder = try reader.structures { try FileMetadata.isTypeOrder(&$0) }
            default: try reader.skip(field.type)
            }
        }
    }

    private static func keyValue(_ reader: inout CompactReader) throws -> (key: String, value: String) {
        var pair = (key: "", value: "")
        var last = 0
        while let field = try reader.field(after: &last) {
            switch (field.id, field.type) {
            case (1, .binary): pair.key = try reader.string()
            case (2, .binary): pair.value = try reader.string()
            default: try reader.skip(field.type)
            }
        }
        return pair
    }

    private static func isTypeOrder(_ reader: inout CompactReader) throws -> Bool {
        var last = 0
        var isTypeOrder = false
        while let field = try reader.field(after: &last) {
            if field.id == 1 { isTypeOrder = true }
            try reader.skip(field.type)
        }
        return isTypeOrder
    }

    /// Bytes that chunks may be longer than they say: the first of Java's writers forgot the dictionary's header.
    var chunkSlack: Int { createdBy?.hasPrefix("parquet-mr version 1.2.") ?? false ? 100 : 0 }
}
