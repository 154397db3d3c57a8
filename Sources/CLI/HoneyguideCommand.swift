// CLI is the executable `honeyguide`: it reads statements from arguments, files or a terminal, and prints rows and errors
// as the Hive CLI does. What statements mean is the library's matter.

import ArgumentParser
import CLinux
import Foundation
import HoneyCore
import HoneyPlan
import Honeyguide

@main
struct HoneyguideCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "honeyguide",
        abstract: "Runs HiveQL over Hive tables in text, SequenceFile, RCFile, ORC, Parquet and Avro.",
        discussion: """
            Without -e and -f, an interactive shell, or the statements of standard input when that is not a terminal.
            Rows go to standard output, everything else to standard error.

            Examples:
              honeyguide -e 'select 1'
              honeyguide --hivevar day=2013-01-01 -f report.hql > report.tsv
              honeyguide --home /data/hive --database sales

            Exit status: 0 when every statement succeeded, 1 after a failed statement, \
            64 for wrong arguments, 130 after an interrupt, 141 when standard output \
            was closed.
            """,
        subcommands: [
            InspectCommand.self, ConvertCommand.self, DfsCommand.self, DfsAdminCommand.self, FsckSubcommand.self,
            BalancerSubcommand.self, HaAdminCommand.self,
        ] + daemons)

    private static let daemons: [any ParsableCommand.Type] = [
        NameNodeCommand.self, DataNodeCommand.self, SecondaryNameNodeCommand.self, ClusterCommand.self,
    ]

    /// Lets a daemon's command take all that follows it: its `-format` is not the shell's `-f`.
    static func main() {
        let arguments = Array(CommandLine.arguments.dropFirst())
        guard let name = arguments.first,
            let command = daemons.first(where: { $0.configuration.commandName == name })
        else { return main(nil) }
        command.main(Array(arguments.dropFirst()))
    }

    @Option(help: "Where the metastore and the warehouse are; $HONEYGUIDE_HOME, else ~/.honeyguide.")
    var home: String = Engine.defaultHome

    @Option(help: "The database to begin in.")
    var database: String?

    @Option(
        name: [.customShort("d"), .customLong("define"), .customLong("hivevar")], parsing: .unconditionalSingleValue,
        help: ArgumentHelp("Set a variable for ${hivevar:k} and ${k}; may be repeated.", valueName: "k=v"))
    var hivevar: [String] = []

    @Option(
        name: .customLong("hiveconf"), parsing: .unconditionalSingleValue,
        help: ArgumentHelp("Set a setting, as 'set k=v' does; may be repeated.", valueName: "k=v"))
    var hiveconf: [String] = []

    @Option(
        name: .customShort("e"), parsing: .unconditionalSingleValue,
        help: ArgumentHelp("Run these statements; may be repeated.", valueName: "sql"))
    var statements: [String] = []

    @Option(
        name: .customShort("f"),
        help: ArgumentHelp("Run the statements of a file; - is standard input.", valueName: "file"))
    var file: String?

    @Option(
        name: .customShort("i"), help: ArgumentHelp("Run the statements of a file first, quietly.", valueName: "file"))
    var initialization: String?

    @Flag(name: [.customShort("S"), .long], help: "Print rows and errors only.")
    var silent = false

    @Flag(name: [.customShort("v"), .long], help: "Print each statement before it runs.")
    var verbose = false

    func validate() throws {
        if file != nil && !statements.isEmpty { throw ValidationError("give either -e or -f, not both") }
        for pair in hivevar + hiveconf where !pair.contains("=") {
            throw ValidationError("expected k=v but found '\(pair)'")
        }
    }

    func run() throws {
        signal(SIGPIPE, SIG_IGN)
        keepFreedMemory()
        let console = Console(isSilent: silent, isVerbose: verbose)
        do {
            let session = try Engine(home: home, properties: properties, extensions: .commandLine).makeSession()
            try configure(session)
            let interrupts = Interrupts(session: session)
            let runner = ScriptRunner(session: session, console: console, interrupts: interrupts)
            if let database { try runner.run("use `\(database)`", quietly: true) }
            if let initialization { try runner.run(try ScriptFile.text(of: initialization), quietly: true) }
            try runStatements(runner)
            try console.flush()
        } catch let exit as ExitCode {
            try? console.flush()
            throw exit
        } catch {
            try? console.flush()
            console.fail(error)
            throw ExitCode(1)
        }
    }

    /// Has blocks of batch and read-buffer size stay with the process: giving them back and taking them again costs page faults.
    private func keepFreedMemory() {
        mallopt(M_MMAP_THRESHOLD, 64 << 20)
        mallopt(M_TRIM_THRESHOLD, 256 << 20)
    }

    /// What `--hiveconf` sets, for the engine too.
    var properties: [String: String] {
        Dictionary(hiveconf.map(HoneyguideCommand.keyAndValue)) { $1 }
    }

    private static func keyAndValue(_ pair: String) -> (key: String, value: String) {
        let equals = pair.firstIndex(of: "=") ?? pair.endIndex
        return (String(pair[..<equals]), String(pair[equals...].dropFirst()))
    }

    private func configure(_ session: Session) throws {
        for (pair, isVariable) in hivevar.map({ ($0, true) }) + hiveconf.map({ ($0, false) }) {
            let (key, value) = HoneyguideCommand.keyAndValue(pair)
            if isVariable { session.variables[key] = value } else { session.settings[key] = value }
        }
    }

    private func runStatements(_ runner: ScriptRunner) throws {
        if !statements.isEmpty {
            try ScriptFile.checkArguments()
            for text in statements { try runner.run(text) }
        } else if let file {
            try runner.run(try ScriptFile.text(of: file))
        } else if isatty(STDIN_FILENO) != 0 {
            try InteractiveShell(runner: runner, historyPath: home + "/history").run()
        } else {
            try runner.run(try ScriptFile.text(of: "-"))
        }
    }
}
