// Storage turns tables into splits and splits into batches, and batches into files: handlers, file formats, SerDes.
// In come definitions and byte ranges, out go columns; it knows no plan and no expression, only `RowFilter`s.

public import HoneyCatalog
public import HoneyCore
public import HoneyFiles

/// A kind of file, known by Hive's class names.
public protocol FileFormat: Sendable {
    /// The keyword of `STORED AS`, upper-case.
    var keyword: String { get }
    /// Java class names that mean this format; the first is what we store.
    var inputFormats: [String] { get }
    var outputFormats: [String] { get }
    /// The SerDe class stored when none is named.
    var defaultSerDe: String { get }
    /// Tells whether a reader can start in the middle of this file.
    func isSplittable(_ location: FileLocation) -> Bool
    /// Bytes that a reader may have to pass over to find where its first record begins, about (0: next to none);
    /// splits are many times that.
    var boundaryDistanceBytes: Int { get }
    /// Opens the part of a file that a split owns.
    func makeReader(for request: ReadRequest, split: ByteRange, of file: any ReadableFile) throws -> any BatchReader
    /// Starts a new file.
    func makeWriter(for request: WriteRequest, to file: any WritableFile) throws -> any BatchWriter
    /// The suffix of new files, such as `.gz`, by the request's compression; empty for most.
    func fileSuffix(for request: WriteRequest) throws -> String
    /// Tells whether readers fill in `TableColumn.rowOffset`.
    var providesRowOffsets: Bool { get }
    /// Properties that name a file whose text stands for another property's value, such as `avro.schema.url` for
    /// `avro.schema.literal`: handlers read the file and give requests the text.
    var textProperties: [String: String] { get }
    /// The columns of a table created without any, when its properties tell them (Avro's schema does); nil when they do
    /// not. `textProperties` are resolved.
    func columns(for serde: SerDeInfo, tableParameters: [String: String]) throws -> [TableColumn]?
    /// Tells whether a file that begins with these bytes (4096, or all when there are fewer) is of this format, by its
    /// magic number. Text has none.
    func recognizes(_ start: UnsafeRawBufferPointer) -> Bool
    /// The columns that a file itself tells of, for formats whose files hold their schema; nil for others.
    func columns(of file: any ReadableFile) throws -> [TableColumn]?
    /// Describes a file's structure: header, metadata, groups or stripes, encodings, sizes, statistics.
    func inspect(_ file: any ReadableFile) throws -> StructureDescription
}

extension FileFormat {
    public var boundaryDistanceBytes: Int { 0 }

    public var providesRowOffsets: Bool { false }

    public var textProperties: [String: String] { [:] }

    public func columns(for serde: SerDeInfo, tableParameters: [String: String]) throws -> [TableColumn]? { nil }

    public func columns(of file: any ReadableFile) throws -> [TableColumn]? { nil }
}

/// A range of a file's bytes that one reader owns.
public struct ByteRange: Hashable, Sendable, Codable {
    public var start: Int
    public var end: Int

    public init(start: Int, end: Int) {
        self.start = start
        self.end = end
    }
}

/// What to read of a file.
public struct ReadRequest {
    /// The columns the file holds, in order, with the types to read them as.
    public var columns: [TableColumn]
    /// Indexes into `columns`: what each batch's columns are, in order; may be empty (rows are only counted).
    public var projection: [Int]
    /// Conditions that may be used to skip parts of the file; `column` indexes `columns`.
    public var predicates: [ColumnPredicate]
    /// Conditions that every batch's rows have passed, in the order to apply them. One thread's own.
    public var filters: [any RowFilter]
    public var serde: SerDeInfo
    /// TBLPROPERTIES, overlaid by the partition's.
    public var tableParameters: [String: String]
    /// The session's settings.
    public var settings: [String: String]
    /// What readers of the same scan have parsed of files' ends.
    public var footers: ParsedFooters

    public init(
        columns: [TableColumn], projection: [Int], predicates: [ColumnPredicate] = [],
        filters: [any RowFilter] = [], serde: SerDeInfo, tableParameters: [String: String] = [:],
        settings: [String: String] = [:], footers: ParsedFooters = ParsedFooters()
    ) {
        self.footers = footers
        self.columns = columns
        self.projection = projection
        self.predicates = predicates
        self.filters = filters
        self.serde = serde
        self.tableParameters = tableParameters
        self.settings = settings
    }
}

/// A condition that a reader applies as soon as its columns are decoded, so that others are decoded for passing rows only.
public protocol RowFilter: AnyObject {
    /// Positions in the request's `projection`.
    var columns: [Int] { get }
    /// Chooses among `count` rows of the columns (in the order of `columns`); nil when all pass.
    func select(_ columns: [Column], count: Int) throws -> Selection?
}

/// Reads a split's rows in order.
public protocol BatchReader: AnyObject {
    /// The next rows, without a selection, at most a few thousand; nil at the end. An empty batch is possible.
    func next() throws -> Batch?
    /// What has been read so far.
    var counters: ReadCounters { get }
}

public struct ReadCounters: Hashable, Sendable {
    /// Bytes that the reader wanted, before it rounded up to whole blocks or read ahead.
    public var bytesRequested = 0
    /// Bytes taken from the file.
    public var bytesRead = 0
    /// Bytes after decompression (equal to `bytesRead` without a codec).
    public var bytesDecompressed = 0
    /// Rows seen, before filters.
    public var rowsRead = 0
    /// Damaged parts, such as row groups, that were passed over because the session tolerates them.
    public var partsSkipped = 0

    public init() {}
}

/// How to write a file.
public struct WriteRequest: Sendable {
    /// `database.table`; nil for files that are no table's.
    public var tableName: String?
    public var columns: [TableColumn]
    public var serde: SerDeInfo
    public var tableParameters: [String: String]
    public var settings: [String: String]

    public init(
        tableName: String? = nil, columns: [TableColumn], serde: SerDeInfo, tableParameters: [String: String] = [:],
        settings: [String: String] = [:]
    ) {
        self.tableName = tableName
        self.columns = columns
        self.serde = serde
        self.tableParameters = tableParameters
        self.settings = settings
    }
}

/// Writes rows to one file; the file is whole after `finish`.
public protocol BatchWriter: AnyObject {
    /// Writes the batch's (selected) rows; its columns have the request's types.
    func write(_ batch: Batch) throws
    /// Writes what is pending and closes the file.
    func finish() throws
    /// Bytes in the file so far, about.
    var bytesWritten: Int { get }
}
