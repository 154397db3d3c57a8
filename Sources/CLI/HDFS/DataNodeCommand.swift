import ArgumentParser
import Foundation
import HoneyHDFSService
import Logging

struct DataNodeCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "datanode", _superCommandName: "honeyguide",
        abstract: "Runs a DataNode of an HDFS.",
        discussion: """
            Its settings are Hadoop's: fs.defaultFS or dfs.namenode.rpc-address says which NameNode it serves, \
            dfs.datanode.data.dir where it keeps blocks, dfs.datanode.address, dfs.datanode.ipc.address and \
            dfs.datanode.http.address where it listens. SIGTERM and SIGINT end it in order.

            Examples:
              honeyguide datanode --config /etc/hadoop/conf
              honeyguide datanode -D fs.defaultFS=hdfs://master:8020 -D dfs.datanode.data.dir=/disk1,/disk2

            Exit status: 0 when it was told to end, 1 when it could not start or go on.
            """)

    @OptionGroup var options: ConfigurationOptions

    func run() throws {
        let log = options.log("DataNode")
        let options = options
        try DaemonProcess.run(log) { group in
            [try await DataNodeDaemon.start(try options.configuration(), on: group, log: log)]
        }
    }
}
