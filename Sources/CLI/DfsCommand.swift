import ArgumentParser
import Foundation
import HoneyCore
import Honeyguide

/// `honeyguide dfs -ls /`
struct DfsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "dfs",
        abstract: "Runs a file command of Hadoop's shell, such as -ls, -put or -du.",
        discussion: """
            Paths without a scheme are on the default file system: -fs, else fs.defaultFS, else the warehouse's. \
            What all commands are called and do: honeyguide dfs -help.

            Settings: -D name=value by Hadoop's names, among them fs.defaultFS, dfs.replication, dfs.blocksize, and \
            fs.trash.interval, the minutes that removed files stay in .Trash.

            Examples:
              honeyguide dfs -ls -R /warehouse
              honeyguide dfs -fs hdfs://localhost:8020 -put part-00000 /data/
              honeyguide dfs -du -s -h /warehouse/'*'

            Exit status: 0, 1 when something failed, 255 when the command makes no sense.
            """)

    @ParentCommand var parent: HoneyguideCommand

    @Argument(parsing: .captureForPassthrough, help: "[-fs <uri>] [-D <name=value>] -command [options] [paths]")
    var arguments: [String] = []

    func run() throws {
        // `honeyguide dfs --help` is about this command; -help is Hadoop's.
        if arguments.first == "--help" || arguments.first == "-h" { throw CleanExit.helpRequest(self) }
        signal(SIGPIPE, SIG_IGN)
        let console = Console(isSilent: false, isVerbose: false)
        var status: Int32 = 0
        try console.reportingFailure {
            let settings = parent.properties.merging(try FileCommand.settings(of: arguments)) { $1 }
            let engine = try Engine(home: parent.home, properties: settings, extensions: .commandLine)
            status = try engine.runFileCommand(
                arguments: arguments, input: { try StandardStreams.read() },
                pause: { milliseconds in
                    try console.flush()
                    usleep(useconds_t(clamping: milliseconds.multipliedReportingOverflow(by: 1000).partialValue))
                },
                output: { try console.write($0) },
                errors: {
                    try? console.flush()
                    StandardStreams.complain($0 + "\n")
                })
        }
        if status != 0 { throw ExitCode(status) }
    }
}
