public import HoneyCatalog
public import HoneyCommands
public import HoneyFiles

/// What to convert, and into what: a table with all its partitions, or a directory of files.
///
/// ```swift
/// var conversion = Conversion(of: .table(TableName("flights")), to: "orc")
/// conversion.verifies = true
/// let report = try session.convert(conversion)
/// ```
public struct Conversion: Sendable {
    /// Rows that are kept in files.
    public enum Place: Hashable, Sendable, CustomStringConvertible {
        case table(TableName)
        case directory(FileLocation)

        public var description: String {
            switch self {
            case .table(let name): "table \(name)"
            case .directory(let location): location.description
            }
        }
    }

    public var source: Place
    /// The keyword of `STORED AS`, in any case; `text` is `TEXTFILE` too.
    public var format: String
    /// Nil for a table or directory beside the source, with the format's name at the end of its own.
    public var target: Place?
    /// A compression's name: `none`, `deflate`, `gzip`, `snappy`, `lz4`, `zstd`, `bzip2` and so on; nil for the format's usual one.
    public var codec: String?
    /// Whether the target is read again and its rows are compared with the source's.
    public var verifies = false
    /// The columns of a source directory; nil when its files tell them.
    public var columns: [TableColumn]?
    /// What separates the fields of text files in a source directory; nil for Hive's usual byte 1.
    public var delimiter: String?
    /// The SerDe class of a source directory's files; nil for the usual one of their format.
    public var serde: String?
    /// The SerDe class of the target's files; nil for the usual one of their format.
    public var targetSerDe: String?

    public init(of source: Place, to format: String, into target: Place? = nil) {
        self.source = source
        self.format = format
        self.target = target
    }
}

/// How far a conversion is.
public struct ConversionProgress: Hashable, Sendable {
    public var finishedFiles = 0
    public var totalFiles = 0
    public var rows = 0
    /// Bytes of the finished files, as stored.
    public var finishedBytes = 0
    public var totalBytes = 0
}

/// What a conversion did.
public struct ConversionReport: Hashable, Sendable {
    public var target: Conversion.Place
    public var files = 0
    /// Files among them that an earlier run had finished.
    public var filesFinishedBefore = 0
    public var rows = 0
    /// Bytes stored.
    public var sourceBytes = 0
    public var targetBytes = 0
    /// Sums of all rows' hashes, in hexadecimal digits; nil unless verified.
    public var sourceChecksum: String?
    public var targetChecksum: String?
}
