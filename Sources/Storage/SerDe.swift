public import HoneyCatalog
public import HoneyCore

/// How a container's records become columns and back: one of Hive's SerDe classes.
public protocol SerDe: Sendable {
    /// Java class names that mean this SerDe; the first is what we store.
    var names: [String] { get }
    /// Makes a decoder for one thread.
    func makeDecoder(for request: ReadRequest) throws -> any RecordDecoder
    /// Makes an encoder for one file.
    func makeEncoder(for request: WriteRequest) throws -> any RecordEncoder
    /// The Writable class in which a SequenceFile carries its records.
    var writableClass: String { get }
    /// The columns that a new table has, when the SerDe does not take those declared as they are (OpenCSVSerde makes all
    /// of them strings); nil when it does.
    func columns(declared: [TableColumn], properties: [String: String]) throws -> [TableColumn]?
}

extension SerDe {
    public func columns(declared: [TableColumn], properties: [String: String]) throws -> [TableColumn]? { nil }
}

/// A run of records in memory: record `i` is bytes `offsets[i] ..< offsets[i] + lengths[i]` of `bytes`.
///
/// The memory is readable for 64 bytes past the last record.
public struct RecordBlock {
    public var bytes: Buffer
    public var offsets: [Int32]
    public var lengths: [Int32]
    /// Where `bytes` begins in the file, or in what the file decompresses to; nil when the bytes do not lie there as they are.
    public var origin: FilePosition?

    public var count: Int { offsets.count }

    public init(bytes: Buffer, offsets: [Int32], lengths: [Int32], origin: FilePosition? = nil) {
        self.bytes = bytes
        self.offsets = offsets
        self.lengths = lengths
        self.origin = origin
    }
}

/// Turns records into columns, for one thread.
public protocol RecordDecoder: AnyObject {
    /// Decodes the request's projection and applies its filters. Long strings may point into the block.
    func decode(_ block: RecordBlock) throws -> Batch
}

/// Turns columns into records, for one file.
public protocol RecordEncoder: AnyObject {
    /// Encodes the (selected) rows: calls `emit` with each record's bytes, in order; without the line end.
    func encode(_ batch: Batch, emit: (UnsafeRawBufferPointer) throws -> Void) throws
}
