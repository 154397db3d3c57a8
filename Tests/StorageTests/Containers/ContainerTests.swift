import FormatContracts
import HoneyCatalog
import HoneyCodecs
import HoneyCore
import HoneyFiles
import HoneyStorage
import Testing

/// The containers of this room with each of their SerDes and codecs.
struct ContainerTests {
    static let small = ["hive.io.rcfile.record.interval": "3", "io.seqfile.compress.blocksize": "400"]

    static func variant(_ name: String, _ make: @escaping @Sendable ([TableColumn]) -> FileTable) -> FormatVariant {
        var variant = FormatVariant(name, table: make)
        variant.settingsForSmallGroups = small
        return variant
    }

    /// Containers that hold any value.
    static let binary = [
        variant("rcfile") { FileTable.rcfile($0) },
        variant("rcfile deflate") { FileTable.rcfile($0).compressed(by: "DefaultCodec") },
        variant("rcfile gzip") { FileTable.rcfile($0).compressed(by: "GzipCodec") },
        variant("sequencefile") { FileTable.sequenceFile($0, serde: FileTable.lazyBinarySerDe) },
        variant("sequencefile records deflate") {
            FileTable.sequenceFile($0, serde: FileTable.lazyBinarySerDe).compressed(by: "DefaultCodec", type: "RECORD")
        },
        variant("sequencefile records gzip") {
            FileTable.sequenceFile($0, serde: FileTable.lazyBinarySerDe).compressed(by: "GzipCodec", type: "RECORD")
        },
        variant("sequencefile blocks deflate") {
            FileTable.sequenceFile($0, serde: FileTable.lazyBinarySerDe).compressed(by: "DefaultCodec")
        },
        variant("sequencefile blocks gzip") {
            FileTable.sequenceFile($0, serde: FileTable.lazyBinarySerDe).compressed(by: "GzipCodec")
        },
    ].map {
        var variant = $0
        variant.unions = .any
        return variant
    }

    /// Those of text, which cannot tell an empty list from null elements and the like.
    static let text = [
        variant("rcfile text") { FileTable.rcfile($0, serde: FileTable.columnarSerDe) },
        variant("rcfile text deflate") {
            FileTable.rcfile($0, serde: FileTable.columnarSerDe).compressed(by: "DefaultCodec")
        },
        variant("sequencefile text") { FileTable.sequenceFile($0) },
        variant("sequencefile text blocks") { FileTable.sequenceFile($0).compressed(by: "GzipCodec") },
        variant("sequencefile text records") {
            FileTable.sequenceFile($0).compressed(by: "GzipCodec", type: "RECORD")
        },
    ].map {
        var variant = $0
        variant.holdsNestedValues = false
        return variant
    }

    /// Text files themselves.
    static let lines: [FormatVariant] = {
        var variants = [variant("textfile") { FileTable.text($0) }]
        for codec in codecs {
            variants.append(
                variant("textfile \(codec.classNames[0].split(separator: ".").last!)") { FileTable.text($0, codec) })
        }
        return variants.map {
            var variant = $0
            variant.holdsNestedValues = false
            return variant
        }
    }()

    /// Every codec that is written.
    static let codecs = CodecCatalog.standard.codecs.filter { !$0.fileExtension.hasPrefix(".lzo") }

    /// Each container with each codec that is not among `binary`.
    static let otherCodecs = ["BZip2Codec", "SnappyCodec", "Lz4Codec", "ZStandardCodec"].flatMap { codec in
        [
            variant("rcfile \(codec)") { FileTable.rcfile($0).compressed(by: codec) },
            variant("sequencefile records \(codec)") {
                FileTable.sequenceFile($0, serde: FileTable.lazyBinarySerDe).compressed(by: codec, type: "RECORD")
            },
            variant("sequencefile blocks \(codec)") {
                FileTable.sequenceFile($0, serde: FileTable.lazyBinarySerDe).compressed(by: codec)
            },
        ]
    }

    static let all = binary + text + lines.prefix(2)
    /// What a codec may change of a container's work is little, so that few demands are made of each.
    static let withEveryCodec = all + otherCodecs + lines.dropFirst(2)
    /// One codec is enough here of those that check their bytes; others give wrong bytes to the containers.
    static let damaged =
        all.filter { !$0.name.contains("gzip") && $0.name != "rcfile text deflate" && $0.name != "textfile" }
        + otherCodecs.filter { $0.name == "rcfile SnappyCodec" || $0.name == "sequencefile blocks Lz4Codec" }

    @Test(arguments: all, 1...3) func whatIsWrittenIsRead(_ variant: FormatVariant, seed: Int) throws {
        try FormatContract.whatIsWrittenIsRead(variant, seed: seed)
    }

    @Test(arguments: otherCodecs + lines.dropFirst(2))
    func whatIsWrittenWithOtherCodecsIsRead(_ variant: FormatVariant) throws {
        try FormatContract.whatIsWrittenIsRead(variant, seed: 7)
    }

    @Test(arguments: withEveryCodec) func filesAreRecognizedAndDescribed(_ variant: FormatVariant) throws {
        try FormatContract.filesAreRecognizedAndDescribed(variant)
    }

    /// What is asked for is no more than what is read, and the same however far a file is read ahead.
    @Test(arguments: withEveryCodec) func countersTellWhatWasAskedFor(_ variant: FormatVariant) throws {
        let table = variant.smallGroups([TableColumn("a", .int), TableColumn("b", .string)])
        let rows: [[Value]] = (0..<100).map { [.integer($0), .string("text \($0)")] }
        let file = try FileTable.file(table.written(rows))
        let reader = try table.reader(file)
        while try reader.next() != nil {}
        let counters = reader.counters
        #expect(counters.bytesRequested > 0 && counters.bytesRequested <= counters.bytesRead, "\(variant): \(counters)")
        #expect(counters.bytesDecompressed > 600, "\(variant): \(counters)")
        #expect(counters.rowsRead == 100 && counters.partsSkipped == 0, "\(variant)")
        guard table.format.isSplittable(file.location) else { return }
        let half = try table.reader(file, split: ByteRange(start: 0, end: file.size / 2))
        while try half.next() != nil {}
        #expect(half.counters.bytesRequested <= counters.bytesRequested, "\(variant): \(half.counters), \(counters)")
    }

    @Test(arguments: all) func selectedRowsAreWritten(_ variant: FormatVariant) throws {
        try FormatContract.selectedRowsAreWritten(variant)
    }

    // Neither the second codec nor the SerDe has a part in where records start.
    @Test(
        arguments: binary.filter { !$0.name.contains("gzip") }
            + lines.filter { $0.name.hasSuffix("e") || $0.name.contains("BZip2") })
    func splitsAtEveryByteGiveEachRowOnce(_ variant: FormatVariant) throws {
        try FormatContract.splitsAtEveryByteGiveEachRowOnce(variant)
    }

    @Test(arguments: binary) func everySubsetOfColumnsIsRead(_ variant: FormatVariant) throws {
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

    @Test(arguments: withEveryCodec) func filesWithoutRowsOrBytesHaveNone(_ variant: FormatVariant) throws {
        try FormatContract.filesWithoutRowsOrBytesHaveNone(variant)
    }

    @Test(arguments: withEveryCodec) func countersTellRowsAndBytes(_ variant: FormatVariant) throws {
        try FormatContract.countersTellRowsAndBytes(variant)
    }

    @Test(arguments: damaged) func filesCutAnywhereGiveAnErrorOrTheirFirstRows(_ variant: FormatVariant) throws {
        try FormatContract.filesCutAnywhereGiveAnErrorOrTheirFirstRows(variant)
    }

    @Test(arguments: damaged) func flippedBytesGiveAnErrorOrRows(_ variant: FormatVariant) throws {
        try FormatContract.flippedBytesGiveAnErrorOrRows(variant)
    }

    @Test(arguments: damaged, 1...4) func mutatedBytesGiveAnErrorOrRows(_ variant: FormatVariant, seed: Int) throws {
        try FormatContract.mutatedBytesGiveAnErrorOrRows(variant, seed: seed)
    }

    @Test(arguments: binary) func markersLetLargeFilesBeSplit(_ variant: FormatVariant) throws {
        let columns = [TableColumn("id", .int), TableColumn("text", .string)]
        let rows: [[Value]] = (0..<4000).map { [.integer($0), .string(String(repeating: "x", count: 200))] }
        var table = variant.table(columns)
        table.settings["hive.io.rcfile.record.buffer.size"] = "50000"
        table.settings["io.seqfile.compress.blocksize"] = "50000"
        let file = try FileTable.file(table.written(rows))
        let middle = file.size / 2
        let first = try table.rows(file, split: ByteRange(start: 0, end: middle))
        let second = try table.rows(file, split: ByteRange(start: middle, end: file.size))
        #expect(first + second == rows, "\(variant)")
        #expect(first.count > 0 && second.count > 0, "\(variant)")
    }
}
