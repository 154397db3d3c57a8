import ArgumentParser
import Foundation
import HoneyCore
import Honeyguide
import Synchronization

/// `honeyguide convert --from … --to …`
struct ConvertCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "convert", _superCommandName: "honeyguide",
        abstract: "Converts a table or a directory of files into another format.",
        discussion: """
            All partitions are converted, file by file; the source is never changed. A conversion that was stopped goes on \
            where it was when it is run again. A target table appears when all its files are there.

            What has a slash in it is a directory (or a file), all else a table.

            Examples:
              honeyguide convert --from flights --to orc --verify
              honeyguide convert --from sales.orders --to avro --codec snappy --into sales.orders_avro
              honeyguide convert --from ./csv --columns 'a int, b string' --delimiter ',' --to parquet --into ./parquet

            Exit status: 0, 1 when the conversion failed or rows differ, 64 for wrong arguments.
            """)

    @ParentCommand var parent: HoneyguideCommand

    @Option(help: ArgumentHelp("What to convert.", valueName: "table|dir"))
    var from: String

    @Option(help: ArgumentHelp("orc, parquet, rcfile, text, sequencefile or avro.", valueName: "format"))
    var to: String

    @Option(
        help: ArgumentHelp(
            "none, deflate, gzip, snappy, lz4, zstd or bzip2, as far as the format has it.", valueName: "name"))
    var codec: String?

    @Option(
        help: ArgumentHelp(
            "Where to; beside the source, with the format's name at the end, when not given.", valueName: "table|dir"))
    var into: String?

    @Flag(help: "Read the target again and compare all rows with the source's.")
    var verify = false

    @Option(
        help: ArgumentHelp("The columns of a directory's files that do not tell them.", valueName: "a int, b string"))
    var columns: String?

    @Option(
        help: ArgumentHelp("What separates the fields of a directory's text files; \\t is a tab.", valueName: "text"))
    var delimiter: String?

    @Option(
        help: ArgumentHelp("The SerDe of a directory's files, when not their format's usual one.", valueName: "class"))
    var serde: String?

    @Option(
        help: ArgumentHelp("The SerDe of the new files, when not their format's usual one.", valueName: "class"))
    var toSerde: String?

    @Option(help: "Where the metastore and the warehouse are; $HONEYGUIDE_HOME, else ~/.honeyguide.")
    var home: String?

    @Option(help: "The database of tables named without one.")
    var database: String?

    func run() throws {
        let console = Console(isSilent: false, isVerbose: false)
        try console.reportingFailure {
            let session = try Engine(home: home ?? parent.home, properties: parent.properties, extensions: .commandLine)
                .makeSession()
            if let database = database ?? parent.database { session.currentDatabase = database.lowercased() }
            let bar = ConversionBar()
            defer { bar.end() }
            let report = try session.convert(try conversion()) { bar.show($0) }
            bar.end()
            try console.write(ConvertCommand.text(of: report))
        }
    }

    private func conversion() throws -> Conversion {
        var conversion = Conversion(of: try place(from), to: to, into: try into.map { try place($0) })
        conversion.codec = codec
        conversion.verifies = verify
        conversion.columns = try columns.map { try Conversion.columns(in: $0) }
        conversion.delimiter = delimiter == "\\t" ? "\t" : delimiter
        conversion.serde = serde
        conversion.targetSerDe = toSerde
        return conversion
    }

    private func place(_ text: String) throws -> Conversion.Place {
        text.contains("/") ? .directory(Engine.location(of: text)) : .table(try Conversion.tableName(text))
    }

    private static func text(of report: ConversionReport) -> String {
        var text = "converted \(report.rows) rows in \(report.files) files into \(report.target)"
        if report.filesFinishedBefore > 0 { text += " (\(report.filesFinishedBefore) files were finished before)" }
        text += "\n\(SummaryTable.bytes(report.sourceBytes)) became \(SummaryTable.bytes(report.targetBytes))\n"
        if let source = report.sourceChecksum, let target = report.targetChecksum {
            text += "source checksum \(source)\ntarget checksum \(target)\n"
            text += source == target ? "rows are the same\n" : "rows differ\n"
        }
        return text
    }
}

/// A bar on the terminal that grows with the bytes converted.
final class ConversionBar: Sendable {
    private struct State {
        var lastShown = -1
        var isEnded = false
    }

    private let isShown = isatty(STDERR_FILENO) != 0
    private let state = Mutex(State())
    private static let cells = 30

    func show(_ progress: ConversionProgress) {
        guard isShown else { return }
        let share = progress.totalBytes > 0 ? Double(progress.finishedBytes) / Double(progress.totalBytes) : 1
        // As often as something changes that can be seen.
        let visible = progress.finishedFiles << 20 + progress.rows >> 16
        state.withLock { state in
            guard !state.isEnded, visible != state.lastShown else { return }
            state.lastShown = visible
            let full = Int(share * Double(ConversionBar.cells))
            let bar = String(repeating: "#", count: full) + String(repeating: ".", count: ConversionBar.cells - full)
            write("[\(bar)] \(progress.finishedFiles)/\(progress.totalFiles) files, \(progress.rows) rows")
        }
    }

    /// Clears the line.
    func end() {
        guard isShown else { return }
        state.withLock { state in
            if !state.isEnded { write("") }
            state.isEnded = true
        }
    }

    private func write(_ text: String) { StandardStreams.complain("\r\u{1B}[K\(text)") }
}
