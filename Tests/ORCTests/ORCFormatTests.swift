import FormatContracts
import HoneyCatalog
import HoneyCore
import HoneyFiles
import HoneyORC
import HoneyStorage
import Testing

/// What every format must do, with each of ORC's compressions.
struct ORCFormatTests {
    static func variant(_ compression: String, _ parameters: [String: String] = [:]) -> FormatVariant {
        var name = "orc \(compression)"
        if !parameters.isEmpty { name += " \(parameters)" }
        var variant = FormatVariant(name) {
            FileTable(
                $0, format: ORCFormat(),
                tableParameters: ["orc.compress": compression].merging(parameters) { $1 })
        }
        variant.unions = .any
        variant.parametersForSmallGroups = ["orc.row.index.stride": "3", "orc.stripe.size": "1"]
        return variant
    }

    static let compressions = ["NONE", "ZLIB", "SNAPPY", "LZ4", "ZSTD", "BROTLI"].map { variant($0) }
    static let all =
        compressions + [
            variant("ZLIB", ["orc.compress.size": "100"]), variant("NONE", ["orc.create.index": "false"]),
            variant("SNAPPY", ["orc.row.index.stride": "10", "orc.bloom.filter.columns": "id,text,rare,k,c0,c1,c2"]),
            variant("NONE", ["orc.row.index.stride": "7", "orc.bloom.filter.columns": "id,text,rare,k,c0,c1,c2"]),
            variant("LZ4", ["hive.exec.orc.dictionary.key.size.threshold": "0", "orc.row.index.stride": "100"]),
        ]
    /// Damage to the codecs' own bytes is tried where they are tested.
    static let damaged = all.filter { ["orc NONE", "orc ZLIB"].contains($0.name) }

    @Test(arguments: all, 1...6) func whatIsWrittenIsRead(_ variant: FormatVariant, seed: Int) throws {
        try FormatContract.whatIsWrittenIsRead(variant, seed: seed)
    }

    @Test(arguments: all) func selectedRowsAreWritten(_ variant: FormatVariant) throws {
        try FormatContract.selectedRowsAreWritten(variant)
    }

    @Test(arguments: compressions.prefix(2)) func splitsAtEveryByteGiveEachRowOnce(_ variant: FormatVariant) throws {
        try FormatContract.splitsAtEveryByteGiveEachRowOnce(variant)
    }

    @Test(arguments: all) func everySubsetOfColumnsIsRead(_ variant: FormatVariant) throws {
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

    // Where a file ends is noticed alike in all, and the shorter file has fewer places.
    @Test(arguments: damaged.suffix(1)) func filesCutAnywhereGiveAnErrorOrTheirFirstRows(_ variant: FormatVariant)
        throws
    {
        try FormatContract.filesCutAnywhereGiveAnErrorOrTheirFirstRows(variant)
    }

    // A codec would notice most of these before they get anywhere.
    @Test(arguments: damaged.prefix(1)) func flippedBytesGiveAnErrorOrRows(_ variant: FormatVariant) throws {
        try FormatContract.flippedBytesGiveAnErrorOrRows(variant)
    }

    @Test(arguments: damaged, 1...4) func mutatedBytesGiveAnErrorOrRows(_ variant: FormatVariant, seed: Int) throws {
        try FormatContract.mutatedBytesGiveAnErrorOrRows(variant, seed: seed)
    }

    @Test func readersOfOneScanParseTheFooterOnce() throws {
        let table = FileTable([TableColumn("a", .int)], format: ORCFormat())
        let bytes = try table.written((0..<100).map { [.integer($0)] })
        let file = try FileTable.file(bytes)
        let footers = ParsedFooters()
        var read: [Int] = []
        for _ in 0..<2 {
            let reader = try table.reader(file, projection: [], footers: footers)
            var rows = 0
            while let batch = try reader.next() { rows += batch.count }
            #expect(rows == 100)
            read.append(reader.counters.bytesRead)
        }
        #expect(read[0] > 0 && read[1] == 0, "\(read)")
    }
}
