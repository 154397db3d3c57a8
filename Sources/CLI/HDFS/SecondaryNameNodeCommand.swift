import ArgumentParser
import Foundation
import HoneyHDFSService
import Logging

struct SecondaryNameNodeCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "secondarynamenode", _superCommandName: "honeyguide",
        abstract: "Makes checkpoints for the NameNode of an HDFS.",
        discussion: """
            Its settings are Hadoop's: fs.defaultFS or dfs.namenode.rpc-address says which NameNode it serves, \
            dfs.namenode.checkpoint.dir where it merges, dfs.namenode.checkpoint.period and dfs.namenode.checkpoint.txns \
            when. SIGTERM and SIGINT end it in order.

            Examples:
              honeyguide secondarynamenode --config /etc/hadoop/conf

            Exit status: 0 when it was told to end, 1 when it could not start or go on.
            """)

    @OptionGroup var options: ConfigurationOptions

    func run() throws {
        let log = options.log("SecondaryNameNode")
        let options = options
        try DaemonProcess.run(log) { group in
            [try await SecondaryNameNodeDaemon.start(try options.configuration(), on: group, log: log)]
        }
    }
}
