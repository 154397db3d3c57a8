public import HoneyCatalog

extension AlterTable {
    /// What to change.
    public enum Change: Hashable, Sendable {
        /// `rename to`; a managed table's directory goes with it.
        case rename(to: TableName)
        /// `add columns (…)`; all partitions too when `cascade`.
        case addColumns([TableColumn], cascade: Bool)
        /// `replace columns (…)`
        case replaceColumns([TableColumn], cascade: Bool)
        /// `change [column] old new type [comment '…'] [first | after c]`
        case changeColumn(String, to: TableColumn, position: ColumnPosition?, cascade: Bool)
        /// `set tblproperties (…)`
        case setProperties([String: String])
        /// `unset tblproperties [if exists] (…)`
        case unsetProperties([String], ifExists: Bool)
        case storage(StorageChange)
    }

    /// Where a changed column goes.
    public enum ColumnPosition: Hashable, Sendable {
        case first
        case after(String)
    }
}

/// A change of how or where rows are stored, of a table or of a partition; files stay as they are.
public enum StorageChange: Hashable, Sendable {
    /// `set location '…'`
    case location(String)
    /// `set serde 'class' [with serdeproperties (…)]`
    case serde(String, properties: [String: String])
    /// `set serdeproperties (…)`
    case serdeProperties([String: String])
    /// `set fileformat …`
    case fileFormat(FileFormatClause)
    /// `clustered by … into n buckets`; nil for `not clustered`.
    case bucketing(BucketingClause?)
}
