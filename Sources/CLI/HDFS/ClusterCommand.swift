import ArgumentParser
import Foundation
import HoneyHDFSService
import Logging

struct ClusterCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "cluster", _superCommandName: "honeyguide",
        abstract: "Runs a whole HDFS on this machine, for trying things.", subcommands: [StartCommand.self])
}

extension ClusterCommand {
    struct StartCommand: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "start",
            abstract: "Runs a NameNode and DataNodes in one process on loopback, until Ctrl-C.",
            discussion: """
                What is stored stays in the directory for the next start. The directory's conf/ has a core-site.xml for clients.

                Examples:
                  honeyguide cluster start --datanodes 5
                  honeyguide cluster start --directory /tmp/hdfs --port 0

                Exit status: 0 when it was told to end, 1 when it could not start or go on.
                """)

        @OptionGroup var options: ConfigurationOptions

        @Option(help: "How many DataNodes run.")
        var datanodes = 3

        @Option(help: "Where name space and blocks are kept.")
        var directory = "honeyguide-cluster"

        @Option(help: "The port of the NameNode; 0 lets the system choose.")
        var port = HadoopConfiguration.namenodePort

        @Option(name: .customLong("http-port"), help: "The port of the NameNode's HTTP; 0 lets the system choose.")
        var httpPort = HadoopConfiguration.namenodeHTTPPort

        func run() throws {
            var choice = Cluster.Options(directory: directory)
            choice.dataNodes = datanodes
            choice.port = port
            choice.httpPort = httpPort
            let cluster = choice
            let options = options
            try DaemonProcess.run(options.log("cluster")) { group in
                let running = try await Cluster.start(try options.configuration(), cluster, on: group) { name in
                    .daemon(name, level: options.debug ? .debug : .warning)
                }
                do {
                    try await running.waitUntilReady()
                } catch {
                    await running.stop()
                    throw error
                }
                print("NameNode   hdfs://\(running.nameNode.address)  page http://\(running.nameNode.httpAddress)/")
                for node in running.dataNodes {
                    print("DataNode   \(node.transferAddress)  page http://\(node.httpAddress)/")
                }
                print("clients    --config \(running.configurationDirectory)  (or HADOOP_CONF_DIR)")
                print("Ctrl-C ends it.")
                fflush(nil)
                return running.daemons
            }
        }
    }
}
