import FormatContracts
import HoneyCatalog
import HoneyCore
import HoneyParquet
import Testing

/// Parquet, with each codec, page version, and with and without dictionaries, does what every format must.
struct ParquetContractTests {
    static func variant(_ name: String, _ settings: [String: String]) -> FormatVariant {
        var variant = FormatVariant(name) { FileTable($0, format: ParquetFormat(), settings: settings) }
        variant.settingsForSmallGroups = ["parquet.block.row.count.limit": "3", "parquet.page.row.count.limit": "2"]
        return variant
    }

    static let codecs = ["UNCOMPRESSED", "SNAPPY", "GZIP", "ZSTD", "LZ4_RAW", "LZ4", "BROTLI"]

    static let all =
        codecs.flatMap { codec in
            ["v1", "v2"].map { version in
                variant(
                    "parquet \(codec.lowercased()) \(version)",
                    ["parquet.compression": codec, "parquet.writer.version": version])
            }
        }
        + ["v1", "v2"].flatMap { version in
            ["UNCOMPRESSED", "SNAPPY"].map { codec in
                variant(
                    "parquet \(codec.lowercased()) \(version) without dictionary",
                    [
                        "parquet.compression": codec, "parquet.writer.version": version,
                        "parquet.enable.dictionary": "false",
                    ])
            }
        } + [filtered]

    /// Bloom filters of what the chunks hold.
    static let filtered: FormatVariant = {
        var variant = ParquetContractTests.variant(
            "parquet zstd v1 with filters",
            [
                "parquet.compression": "ZSTD", "parquet.bloom.filter.enabled": "true",
                "parquet.bloom.filter.max.bytes": "4096",
            ])
        variant.settingsForSmallGroups["parquet.block.row.count.limit"] = "20"
        return variant
    }()

    /// Damage to the codecs' own bytes is tried where they are tested; some of them are enough here.
    static let damaged = all.filter { ["parquet uncompressed v1", "parquet snappy v2"].contains($0.name) }

    @Test(arguments: all, 1...2) func whatIsWrittenIsRead(_ variant: FormatVariant, seed: Int) throws {
        try FormatContract.whatIsWrittenIsRead(variant, seed: seed)
    }

    @Test(arguments: all) func selectedRowsAreWritten(_ variant: FormatVariant) throws {
        try FormatContract.selectedRowsAreWritten(variant)
    }

    @Test func splitsAtEveryByteGiveEachRowOnce() throws {
        // Each byte is tried twice: few row groups keep the file small.
        var variant = Self.damaged[1]
        variant.settingsForSmallGroups["parquet.block.row.count.limit"] = "12"
        try FormatContract.splitsAtEveryByteGiveEachRowOnce(variant)
    }

    @Test(arguments: all.filter { !$0.name.contains("lz4") && !$0.name.contains("gzip") })
    func everySubsetOfColumnsIsRead(_ variant: FormatVariant) throws {
        try FormatContract.everySubsetOfColumnsIsRead(variant)
    }

    @Test(arguments: all) func filtersKeepTheirRows(_ variant: FormatVariant) throws {
        try FormatContract.filtersKeepTheirRows(variant)
    }

    @Test(arguments: all) func predicatesDropNoRowThatPasses(_ variant: FormatVariant) throws {
        try FormatContract.predicatesDropNoRowThatPasses(variant)
    }

    @Test(arguments: all) func schemasMayGrowAndShrink(_ variant: FormatVariant) throws {
        try FormatContract.schemasMayGrowAndShrink(variant)
    }

    @Test(arguments: all) func filesWithoutRowsOrBytesHaveNone(_ variant: FormatVariant) throws {
        try FormatContract.filesWithoutRowsOrBytesHaveNone(variant)
    }

    @Test(arguments: all) func countersTellRowsAndBytes(_ variant: FormatVariant) throws {
        try FormatContract.countersTellRowsAndBytes(variant)
    }

    @Test(arguments: all) func filesAreRecognizedAndDescribed(_ variant: FormatVariant) throws {
        try FormatContract.filesAreRecognizedAndDescribed(variant)
    }

    @Test(arguments: damaged) func filesCutAnywhereGiveAnErrorOrTheirFirstRows(_ variant: FormatVariant) throws {
        try FormatContract.filesCutAnywhereGiveAnErrorOrTheirFirstRows(variant)
    }

    @Test(arguments: damaged.prefix(1)) func flippedBytesGiveAnErrorOrRows(_ variant: FormatVariant) throws {
        try FormatContract.flippedBytesGiveAnErrorOrRows(variant)
    }

    @Test(arguments: damaged, 1...2) func mutatedBytesGiveAnErrorOrRows(_ variant: FormatVariant, seed: Int) throws {
        try FormatContract.mutatedBytesGiveAnErrorOrRows(variant, seed: seed)
    }
}
