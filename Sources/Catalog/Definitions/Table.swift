public import HoneyCore

/// A table as the metastore knows it; names are lower-case.
public struct Table: Hashable, Sendable, Codable {
    public enum Kind: String, Hashable, Sendable, Codable {
        case managed = "MANAGED_TABLE"
        case external = "EXTERNAL_TABLE"
        case view = "VIRTUAL_VIEW"
    }

    /// Given by the metastore; 0 before.
    public var id: Int64
    public var database: String
    public var name: String
    public var kind: Kind
    public var owner: String
    /// Seconds since 1970-01-01 UTC.
    public var createdSeconds: Int
    public var lastAccessedSeconds: Int
    /// Columns stored in the files, in order, and where and how they are stored.
    public var storage: StorageDescriptor
    /// Columns stored in directory names.
    public var partitionKeys: [TableColumn]
    public var parameters: [String: String]
    /// A view's text as written, and with every name spelled out.
    public var viewOriginalText: String?
    public var viewExpandedText: String?

    public init(
        id: Int64 = 0, database: String, name: String, kind: Kind = .managed, owner: String = "",
        createdSeconds: Int = 0, lastAccessedSeconds: Int = 0, storage: StorageDescriptor,
        partitionKeys: [TableColumn] = [], parameters: [String: String] = [:], viewOriginalText: String? = nil,
        viewExpandedText: String? = nil
    ) {
        self.id = id
        self.database = database
        self.name = name
        self.kind = kind
        self.owner = owner
        self.createdSeconds = createdSeconds
        self.lastAccessedSeconds = lastAccessedSeconds
        self.storage = storage
        self.partitionKeys = partitionKeys
        self.parameters = parameters
        self.viewOriginalText = viewOriginalText
        self.viewExpandedText = viewExpandedText
    }

    public var qualifiedName: String { "\(database).\(name)" }
    public var isPartitioned: Bool { !partitionKeys.isEmpty }

    /// A property: buckets were declared when there were files already, whose names do not tell their rows' bucket.
    public static let unprovenBuckets = "honeyguide.buckets.unproven"

    /// Stored columns, then partition columns: what `select *` gives.
    public var columns: [TableColumn] { storage.columns + partitionKeys }
}

public struct TableColumn: Hashable, Sendable, Codable {
    public var name: String
    public var type: DataType
    public var comment: String?

    public init(_ name: String, _ type: DataType, comment: String? = nil) {
        self.name = name
        self.type = type
        self.comment = comment
    }
}

/// Where and how a table's or a partition's rows are stored (the metastore's SDS row with its parts).
public struct StorageDescriptor: Hashable, Sendable, Codable {
    public var columns: [TableColumn]
    public var location: String
    /// Java class names, stored verbatim.
    public var inputFormat: String
    public var outputFormat: String
    public var serde: SerDeInfo
    public var isCompressed: Bool
    /// -1 for none.
    public var bucketCount: Int
    public var bucketColumns: [String]
    public var sortColumns: [SortColumn]
    public var parameters: [String: String]

    public init(
        columns: [TableColumn], location: String, inputFormat: String, outputFormat: String, serde: SerDeInfo,
        isCompressed: Bool = false, bucketCount: Int = -1, bucketColumns: [String] = [],
        sortColumns: [SortColumn] = [], parameters: [String: String] = [:]
    ) {
        self.columns = columns
        self.location = location
        self.inputFormat = inputFormat
        self.outputFormat = outputFormat
        self.serde = serde
        self.isCompressed = isCompressed
        self.bucketCount = bucketCount
        self.bucketColumns = bucketColumns
        self.sortColumns = sortColumns
        self.parameters = parameters
    }
}

/// How records are turned into columns: a Java class name and its properties.
public struct SerDeInfo: Hashable, Sendable, Codable {
    public var name: String?
    public var library: String
    public var properties: [String: String]

    public init(name: String? = nil, library: String, properties: [String: String] = [:]) {
        self.name = name
        self.library = library
        self.properties = properties
    }
}

public struct SortColumn: Hashable, Sendable, Codable {
    public var name: String
    public var isAscending: Bool

    public init(_ name: String, isAscending: Bool) {
        self.name = name
        self.isAscending = isAscending
    }
}

/// The rows of a table that share values of its partition keys.
public struct Partition: Hashable, Sendable, Codable {
    public var id: Int64
    /// One a partition key, unescaped; `__HIVE_DEFAULT_PARTITION__` for null.
    public var values: [String]
    public var createdSeconds: Int
    public var lastAccessedSeconds: Int
    public var storage: StorageDescriptor
    public var parameters: [String: String]

    /// The directory name's value that stands for null and for the empty string.
    public static let nullValue = "__HIVE_DEFAULT_PARTITION__"

    public init(
        id: Int64 = 0, values: [String], createdSeconds: Int = 0, lastAccessedSeconds: Int = 0,
        storage: StorageDescriptor, parameters: [String: String] = [:]
    ) {
        self.id = id
        self.values = values
        self.createdSeconds = createdSeconds
        self.lastAccessedSeconds = lastAccessedSeconds
        self.storage = storage
        self.parameters = parameters
    }
}
