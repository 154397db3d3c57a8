import HoneyCore
import HoneyStorage

/// What table properties and settings ask of a new file; properties go first.
struct WriterOptions {
    /// Bytes after which a row group ends.
    var blockBytes: Int
    /// Rows after which a row group ends.
    var blockRows: Int
    /// Bytes after which a page ends.
    var pageBytes: Int
    /// Rows after which a page ends.
    var pageRows: Int
    var usesDictionary: Bool
    /// Bytes of a dictionary after which values are written plain.
    var dictionaryBytes: Int
    var codec: PageCodec
    var level: Int?
    var isVersion2: Bool
    /// Whether days before 1582-10-15 are moved to the Julian calendar, as Hive does unless told otherwise.
    var hasHybridDates: Bool
    /// Nanoseconds of the unit in which timestamps are stored as int64; nil for int96.
    var timestampUnit: Annotation.Unit?
    /// Table properties and settings of Bloom filters, which may be of single columns.
    private let bloomSettings: [String: String]
    /// Whether decimals are stored as int32 and int64 where those hold them.
    var storesDecimalsAsIntegers: Bool

    /// Fails with `UNSUPPORTED_CODEC` or `INVALID_SETTING` on values that mean nothing.
    init(_ request: WriteRequest) throws {
        func text(_ name: String) -> String? { request.tableParameters[name] ?? request.settings[name] }
        func flag(_ name: String, _ usual: Bool) -> Bool { text(name).map { $0.lowercased() == "true" } ?? usual }
        func number(_ name: String, _ usual: Int) throws -> Int {
            guard let text = text(name) else { return usual }
            guard let number = Int(text), number > 0 else {
                throw HoneyError(.semantic, "INVALID_SETTING", "setting is not a positive number: \(name)=\(text)")
            }
            return number
        }
        blockBytes = try number("parquet.block.size", 128 << 20)
        blockRows = try number("parquet.block.row.count.limit", Int(Int32.max))
        pageBytes = try min(number("parquet.page.size", 1 << 20), 1 << 30)
        pageRows = try min(number("parquet.page.row.count.limit", 20_000), 1 << 30)
        usesDictionary = flag("parquet.enable.dictionary", true)
        dictionaryBytes = try min(number("parquet.dictionary.page.size", 1 << 20), 1 << 30)
        level = text("parquet.compression.codec.zstd.level").flatMap { Int($0) }
        hasHybridDates = !flag("hive.parquet.date.proleptic.gregorian", false)
        storesDecimalsAsIntegers = flag("honeyguide.parquet.decimals.as.integers", false)
        bloomSettings = request.settings.merging(request.tableParameters) { $1 }.filter {
            $0.key.hasPrefix("parquet.bloom.filter.")
        }
        timestampUnit = nil
        if flag("hive.parquet.write.int64.timestamp", false) {
            let unit = text("hive.parquet.timestamp.time.unit")?.lowercased() ?? "micros"
            let units: [String: Annotation.Unit] = [
                "millis": .milliseconds, "micros": .microseconds, "nanos": .nanoseconds,
            ]
            guard let known = units[unit] else {
                throw HoneyError(
                    .semantic, "INVALID_SETTING",
                    "hive.parquet.timestamp.time.unit is nanos, micros or millis, not \(unit)")
            }
            timestampUnit = known
        }
        let version = text("parquet.writer.version")?.lowercased() ?? "v1"
        guard ["v1", "v2", "parquet_1_0", "parquet_2_0"].contains(version) else {
            throw HoneyError(.semantic, "INVALID_SETTING", "parquet.writer.version is v1 or v2, not \(version)")
        }
        isVersion2 = version == "v2" || version == "parquet_2_0"
        codec = try WriterOptions.codec(text("parquet.compression") ?? "UNCOMPRESSED")
        if codec != .zstandard { level = nil }
    }

    /// The Bloom filter that a leaf of this path (`a.b`) gets; nil for none.
    func bloomFilter(ofColumn path: String) throws -> BloomFilterBuilder.Size? {
        try BloomFilterBuilder.Size(ofColumn: path) { bloomSettings[$0] }
    }

    private static func codec(_ name: String) throws -> PageCodec {
        let codecs: [PageCodec] = [.uncompressed, .snappy, .gzip, .zstandard, .lz4Raw, .lz4, .brotli]
        let wanted = name.uppercased()
        if wanted == "NONE" { return .uncompressed }
        if let codec = codecs.first(where: { $0.name == wanted }) { return codec }
        throw HoneyError(
            .semantic, "UNSUPPORTED_CODEC",
            "parquet.compression is unknown: \(name) (known: \(codecs.map(\.name).joined(separator: ", ")))")
    }
}
