import ArgumentParser
import Foundation
import HoneyCore
import HoneyHDFSService
import Logging

struct NameNodeCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "namenode", _superCommandName: "honeyguide",
        abstract: "Runs the NameNode of an HDFS.",
        discussion: """
            Its settings are Hadoop's: fs.defaultFS or dfs.namenode.rpc-address says where it listens, dfs.namenode.name.dir \
            where it keeps the name space, dfs.namenode.http-address where its page and WebHDFS are. SIGTERM and SIGINT \
            end it in order.

            Examples:
              honeyguide namenode --config /etc/hadoop/conf -format
              honeyguide namenode --config /etc/hadoop/conf
              honeyguide namenode -D fs.defaultFS=hdfs://localhost:8020 -D dfs.namenode.name.dir=/data/name

            Exit status: 0 when it was told to end, 1 when it could not start or go on.
            """)

    @OptionGroup var options: ConfigurationOptions

    @Flag(name: [.long, .customLong("format", withSingleDash: true)], help: "Make a new name space and end.")
    var format = false

    @Flag(
        name: [.long, .customLong("force", withSingleDash: true)],
        help: "With -format: remove the name space that is there.")
    var force = false

    @Flag(
        name: [.customLong("non-interactive"), .customLong("nonInteractive", withSingleDash: true)],
        help: "With -format: fail rather than ask; it never asks.")
    var nonInteractive = false

    @Option(
        name: [.customLong("id")],
        help: ArgumentHelp("Which of dfs.ha.namenodes this is; dfs.ha.namenode.id otherwise.", valueName: "nn1"))
    var id: String?

    @Flag(help: .hidden)
    var absent: [AbsentStartup] = []

    /// What Hadoop's NameNode can be started with, too, and what to do here instead.
    enum AbsentStartup: String, EnumerableFlag {
        case upgrade, upgradeOnly, rollback, rollingUpgrade, importCheckpoint, initializeSharedEdits, bootstrapStandby,
            recover, metadataVersion, checkpoint, backup

        static func name(for value: AbsentStartup) -> NameSpecification {
            .customLong(value.rawValue, withSingleDash: true)
        }

        fileprivate var advice: String {
            switch self {
            case .upgrade, .upgradeOnly, .rollback, .rollingUpgrade:
                "there is one layout of the storage, and nothing to upgrade or to roll back"
            case .importCheckpoint, .checkpoint, .backup:
                "the secondary NameNode puts its images into dfs.namenode.name.dir itself"
            case .initializeSharedEdits, .bootstrapStandby:
                "the first NameNode that becomes active fills dfs.namenode.shared.edits.dir, and the others read it"
            case .recover: "a torn end of the log is left off by itself; other damage is told and not repaired"
            case .metadataVersion: "current/VERSION in dfs.namenode.name.dir tells it"
            }
        }
    }

    func run() throws {
        let log = options.log("NameNode")
        if let option = absent.first {
            log.error("-\(option.rawValue) is not part of this NameNode: \(option.advice)")
            throw ExitCode(1)
        }
        let configuration: HadoopConfiguration
        do {
            configuration = try options.configuration()
            if format {
                try NameNodeFormat.run(configuration, force: force, log: log)
                return
            }
        } catch {
            log.error("\(error)")
            throw ExitCode(1)
        }
        var choice = NameNodeDaemon.Options()
        choice.id = id ?? configuration["dfs.ha.namenode.id"]
        let options = choice
        try DaemonProcess.run(log) { group in
            [try await NameNodeDaemon.start(configuration, options, on: group, log: log)]
        }
    }
}
