import FormatContracts
import HoneyAvro
import HoneyCatalog
import HoneyCore
import HoneyFiles
import HoneyStorage
import Testing

/// The contract of all formats, with each of Avro's compressions.
struct AvroContractTests {
    static func variant(_ codec: String?) -> FormatVariant {
        var variant = FormatVariant("avro \(codec ?? "plain")") { columns in
            var table = FileTable(columns, format: AvroFormat())
            if let codec {
                table.settings["hive.exec.compress.output"] = "true"
                table.settings["avro.output.codec"] = codec
            }
            return table
        }
        variant.settingsForSmallGroups = ["avro.mapred.sync.interval": "60"]
        variant.asRead = asRead
        variant.unions = .distinct
        return variant
    }

    /// Timestamps are stored in milliseconds.
    @Sendable static func asRead(_ value: Value, _ type: DataType) -> Value {
        switch (value, type) {
        case (.timestamp(let nanoseconds), _):
            let rest = nanoseconds % 1_000_000
            return .timestamp(nanoseconds - (rest < 0 ? rest + 1_000_000 : rest))
        case (.array(let elements), .array(let element)): return .array(elements.map { asRead($0, element) })
        case (.map(let entries), .map(let key, let item)):
            return .map(entries.map { Value.MapEntry(asRead($0.key, key), asRead($0.value, item)) })
        case (.structure(let members), .structure(let fields)):
            return .structure(zip(members, fields).map { asRead($0, $1.type) })
        case (.union(let tag, let inner), .union(let members)):
            return .union(tag: tag, asRead(inner, members[Int(tag)]))
        default: return value
        }
    }

    static let all = [variant(nil), variant("deflate"), variant("snappy"), variant("bzip2"), variant("zstandard")]
    /// Damage to the codecs' own bytes is tried where they are tested.
    static let damaged = [all[0], all[4]]

    @Test(arguments: all, 1...3) func whatIsWrittenIsRead(_ variant: FormatVariant, seed: Int) throws {
        try FormatContract.whatIsWrittenIsRead(variant, seed: seed)
    }

    @Test(arguments: all) func selectedRowsAreWritten(_ variant: FormatVariant) throws {
        try FormatContract.selectedRowsAreWritten(variant)
    }

    @Test(arguments: [all[2]]) func splitsAtEveryByteGiveEachRowOnce(_ variant: FormatVariant) throws {
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

    @Test(arguments: damaged) func filesCutAnywhereGiveAnErrorOrTheirFirstRows(_ variant: FormatVariant) throws {
        try FormatContract.filesCutAnywhereGiveAnErrorOrTheirFirstRows(variant)
    }

    @Test(arguments: damaged) func flippedBytesGiveAnErrorOrRows(_ variant: FormatVariant) throws {
        try FormatContract.flippedBytesGiveAnErrorOrRows(variant)
    }

    @Test(arguments: damaged, 1...2) func mutatedBytesGiveAnErrorOrRows(_ variant: FormatVariant, seed: Int) throws {
        try FormatContract.mutatedBytesGiveAnErrorOrRows(variant, seed: seed)
    }

    @Test func markersLetLargeFilesBeSplit() throws {
        let columns = [TableColumn("id", .int), TableColumn("text", .string)]
        let rows: [[Value]] = (0..<4000).map { [.integer($0), .string(String(repeating: "x", count: 200))] }
        let table = AvroContractTests.all[0].table(columns)
        let file = try FileTable.file(table.written(rows))
        let middle = file.size / 2
        let first = try table.rows(file, split: ByteRange(start: 0, end: middle))
        let second = try table.rows(file, split: ByteRange(start: middle, end: file.size))
        #expect(first + second == rows)
        #expect(first.count > 1000 && second.count > 1000)
    }

    @Test func countingReadsHardlyMoreThanTheBlocksHeads() throws {
        let columns = [TableColumn("id", .int), TableColumn("text", .string)]
        let rows: [[Value]] = (0..<4000).map { [.integer($0), .string(String(repeating: "x", count: 200))] }
        let table = AvroContractTests.all[0].table(columns)
        let file = try FileTable.file(table.written(rows))
        let reader = try table.reader(file, projection: [])
        var count = 0
        while let batch = try reader.next() { count += batch.count }
        #expect(count == 4000)
        #expect(reader.counters.bytesRead < file.size / 20)
    }
}
