public import HoneyCatalog
import HoneyCore

extension TableColumn {
    /// A column that stands for the byte offset of a row in its file; formats that provide it fill it in.
    ///
    /// Stored columns are called in lower case, so that none is mistaken for it.
    public static let rowOffset = TableColumn("BLOCK__OFFSET__INSIDE__FILE", .bigint)

    var isRowOffset: Bool { name == TableColumn.rowOffset.name }
}
