public import HoneyCatalog
public import HoneyCore
public import HoneyFiles

/// A part of a table's files that one reader reads.
public struct ScanSplit: Hashable, Sendable, Codable {
    public var location: FileLocation
    /// Bytes in the whole file.
    public var fileBytes: Int
    public var range: ByteRange
    /// Hosts that hold most of the range's bytes, with their racks; empty where every host reads them alike.
    public var hosts: [String]
    /// The rack of each of `hosts`; empty where nobody knows.
    public var racks: [String]
    /// Index into the scan's partitions; nil for a table without.
    public var partition: Int?

    public init(
        location: FileLocation, fileBytes: Int, range: ByteRange, hosts: [String] = [], racks: [String] = [],
        partition: Int? = nil
    ) {
        self.location = location
        self.fileBytes = fileBytes
        self.range = range
        self.hosts = hosts
        self.racks = racks
        self.partition = partition
    }

    /// Bytes the split covers.
    public var bytes: Int { range.end - range.start }
}

/// What a scan reads of a table kept in files.
public struct TableScan: Sendable {
    /// Where a column of the result comes from.
    public enum Source: Hashable, Sendable, Codable {
        /// Column `index` of `table.columns`: stored columns, then partition keys.
        case column(Int)
        /// `INPUT__FILE__NAME`
        case fileName
        /// `BLOCK__OFFSET__INSIDE__FILE`
        case rowOffset
    }

    public var table: Table
    /// The partitions to read; must be empty for a table without partition keys.
    public var partitions: [Partition]
    /// The columns of every batch, in order.
    public var sources: [Source]
    /// Conditions that may be used to skip parts of files; `column` indexes `table.columns`.
    public var predicates: [ColumnPredicate]
    /// Conditions that may be used to leave out buckets' files; columns index `table.columns`.
    public var bucketPredicates: [BucketPredicate]
    /// The session's settings.
    public var settings: [String: String]
    /// What the scan's readers share of files.
    let footers = ParsedFooters()
    let files = OpenFiles()

    public init(
        table: Table, partitions: [Partition] = [], sources: [Source], predicates: [ColumnPredicate] = [],
        bucketPredicates: [BucketPredicate] = [], settings: [String: String] = [:]
    ) {
        self.table = table
        self.partitions = partitions
        self.sources = sources
        self.predicates = predicates
        self.bucketPredicates = bucketPredicates
        self.settings = settings
    }

    /// The type of a source's column.
    func type(of source: Source) -> DataType {
        switch source {
        case .column(let index): table.columns[index].type
        case .fileName: .string
        case .rowOffset: .bigint
        }
    }

    /// How a split's file is stored.
    func storage(of split: ScanSplit) -> StorageDescriptor {
        split.partition.map { partitions[$0].storage } ?? table.storage
    }

    /// TBLPROPERTIES, overlaid by the split's partition's.
    func parameters(of split: ScanSplit) -> [String: String] {
        guard let partition = split.partition else { return table.parameters }
        return table.parameters.merging(partitions[partition].parameters) { $1 }
    }
}
