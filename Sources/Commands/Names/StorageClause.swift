/// How a statement asks for rows to be stored; what it leaves out is chosen by format and settings.
public struct StorageClause: Hashable, Sendable {
    public var rowFormat: RowFormat?
    public var fileFormat: FileFormatClause?

    public init(rowFormat: RowFormat? = nil, fileFormat: FileFormatClause? = nil) {
        self.rowFormat = rowFormat
        self.fileFormat = fileFormat
    }
}

/// `row format …`
public enum RowFormat: Hashable, Sendable {
    case delimited(DelimitedRowFormat)
    /// `row format serde 'class' with serdeproperties (…)`
    case serde(String, properties: [String: String])
}

/// `row format delimited …`: each the literal's text, unescaped.
public struct DelimitedRowFormat: Hashable, Sendable {
    /// `fields terminated by`
    public var fieldDelimiter: String?
    /// `escaped by`
    public var escape: String?
    /// `collection items terminated by`
    public var collectionDelimiter: String?
    /// `map keys terminated by`
    public var mapKeyDelimiter: String?
    /// `lines terminated by`
    public var lineDelimiter: String?
    /// `null defined as`
    public var nullFormat: String?

    public init(
        fieldDelimiter: String? = nil, escape: String? = nil, collectionDelimiter: String? = nil,
        mapKeyDelimiter: String? = nil, lineDelimiter: String? = nil, nullFormat: String? = nil
    ) {
        self.fieldDelimiter = fieldDelimiter
        self.escape = escape
        self.collectionDelimiter = collectionDelimiter
        self.mapKeyDelimiter = mapKeyDelimiter
        self.lineDelimiter = lineDelimiter
        self.nullFormat = nullFormat
    }
}

/// `stored as …`
public enum FileFormatClause: Hashable, Sendable {
    /// `stored as textfile`
    case keyword(String)
    /// `stored as inputformat 'class' outputformat 'class' [serde 'class']`
    case classes(input: String, output: String, serde: String?)
}

/// `clustered by (…) [sorted by (…)] into n buckets`
public struct BucketingClause: Hashable, Sendable {
    public struct SortKey: Hashable, Sendable {
        public var column: String
        public var isAscending: Bool

        public init(_ column: String, isAscending: Bool) {
            self.column = column.lowercased()
            self.isAscending = isAscending
        }
    }

    public var columns: [String]
    public var sortKeys: [SortKey]
    public var count: Int

    public init(columns: [String], sortKeys: [SortKey] = [], count: Int) {
        self.columns = columns.map { $0.lowercased() }
        self.sortKeys = sortKeys
        self.count = count
    }
}
