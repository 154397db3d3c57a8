import ArgumentParser
import Foundation
import HoneyCore
import Honeyguide

/// `honeyguide inspect FILE`
struct InspectCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "inspect", _superCommandName: "honeyguide",
        abstract: "Prints the structure of a file: its header, metadata, groups and sizes.",
        discussion: """
            The format is known by how the file begins; what no format knows is text.

            Examples:
              honeyguide inspect /data/flights/part-00000
              honeyguide inspect --json part-00000 | jq .schema

            Exit status: 0, 1 when the file cannot be read or is damaged, 64 for wrong arguments.
            """)

    @ParentCommand var parent: HoneyguideCommand

    @Argument(help: "A path, or a location such as file:/a/b.")
    var file: String

    @Flag(help: "Print JSON on one line.")
    var json = false

    @Option(help: "Where the metastore and the warehouse are; $HONEYGUIDE_HOME, else ~/.honeyguide.")
    var home: String?

    func run() throws {
        let console = Console(isSilent: false, isVerbose: false)
        try console.reportingFailure {
            let engine = try Engine(home: home ?? parent.home, properties: parent.properties, extensions: .commandLine)
            let description = try engine.inspect(Engine.location(of: file))
            try console.write(json ? description.json + "\n" : description.text)
        }
    }
}

extension Console {
    /// Runs a command, reports its error and ends the program with status 1 when it has one.
    func reportingFailure(_ body: () throws -> Void) throws {
        signal(SIGPIPE, SIG_IGN)
        do {
            try body()
            try flush()
        } catch let exit as ExitCode {
            throw exit
        } catch {
            try? flush()
            fail(error)
            throw ExitCode(1)
        }
    }
}
