import FormatContracts
import HoneyCatalog
import HoneyCore
import HoneyStorage
import Testing

/// The SerDes of text records in the containers that carry them: lines and SequenceFile values.
struct TextSerDeTests {
    static let json = [
        ContainerTests.variant("text json") { FileTable.text($0, serde: JSONTests.hive) },
        ContainerTests.variant("text openx json") { FileTable.text($0, serde: JSONTests.openX) },
        ContainerTests.variant("sequencefile json") { FileTable.sequenceFile($0, serde: JSONTests.hive) },
    ]

    static let flat = [
        ContainerTests.variant("text multidelimit") {
            FileTable.text(
                $0, serde: MultiDelimitTests.serde,
                properties: ["field.delim": "~|~", "escape.delim": "\\", "serialization.escape.crlf": "true"])
        },
        ContainerTests.variant("text lazysimple") {
            FileTable.text($0, properties: ["escape.delim": "\\", "serialization.escape.crlf": "true"])
        },
        ContainerTests.variant("sequencefile multidelimit") {
            FileTable.sequenceFile($0, serde: MultiDelimitTests.serde).with([
                "field.delim": "~|~", "escape.delim": "\\",
            ])
        },
    ].map {
        var variant = $0
        variant.holdsNestedValues = false
        return variant
    }

    static let all = json + flat

    // Binary values are not base64 with several delimiters, and not read as they are.
    static let faithful = all.filter { !$0.name.contains("multidelimit") }

    @Test(arguments: faithful, 1...3) func whatIsWrittenIsRead(_ variant: FormatVariant, seed: Int) throws {
        try FormatContract.whatIsWrittenIsRead(variant, seed: seed)
    }

    @Test(arguments: all) func selectedRowsAreWritten(_ variant: FormatVariant) throws {
        try FormatContract.selectedRowsAreWritten(variant)
    }

    @Test(arguments: faithful) func everySubsetOfColumnsIsRead(_ variant: FormatVariant) throws {
        try FormatContract.everySubsetOfColumnsIsRead(variant)
    }

    @Test(arguments: all) func filtersKeepTheirRows(_ variant: FormatVariant) throws {
        try FormatContract.filtersKeepTheirRows(variant)
    }

    @Test(arguments: all) func schemasMayGrowAndShrink(_ variant: FormatVariant) throws {
        try FormatContract.schemasMayGrowAndShrink(variant)
    }

    @Test(arguments: all) func filesWithoutRowsOrBytesHaveNone(_ variant: FormatVariant) throws {
        try FormatContract.filesWithoutRowsOrBytesHaveNone(variant)
    }

    @Test(arguments: json.prefix(1)) func flippedBytesGiveAnErrorOrRows(_ variant: FormatVariant) throws {
        try FormatContract.flippedBytesGiveAnErrorOrRows(variant)
    }

    @Test(arguments: json, 1...2) func mutatedBytesGiveAnErrorOrRows(_ variant: FormatVariant, seed: Int) throws {
        try FormatContract.mutatedBytesGiveAnErrorOrRows(variant, seed: seed)
    }
}

extension FileTable {
    fileprivate func with(_ properties: [String: String]) -> FileTable {
        var copy = self
        copy.properties = properties
        return copy
    }
}
