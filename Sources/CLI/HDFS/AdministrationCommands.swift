import ArgumentParser
import Foundation
import HoneyCore
import HoneyHDFSService
import NIOCore
import NIOPosix

/// A command that takes its arguments as Hadoop's command of the same name does.
protocol AdministratorsCommand: ParsableCommand {
    var arguments: [String] { get }
    static func run(
        _ arguments: [String], _ context: AdministrationContext, on group: any EventLoopGroup
    ) async throws -> Int32
}

extension AdministratorsCommand {
    func run() throws {
        if arguments.contains("--help") || arguments.contains("-h") {
            print(HoneyguideCommand.helpMessage(for: Self.self))
            return
        }
        signal(SIGPIPE, SIG_IGN)
        let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
        let arguments = arguments
        let code = try waitFor { () -> Int32 in
            do {
                let generic = try GenericOptions(arguments)
                let context = AdministrationContext(
                    generic.configuration, on: group.next(), say: { print($0) },
                    complain: { StandardStreams.complain($0 + "\n") })
                do {
                    let code = try await Self.run(generic.arguments, context, on: group)
                    await context.finish()
                    return code
                } catch {
                    await context.finish()
                    throw error
                }
            } catch {
                StandardStreams.complain("\(Self._commandName): \(error)\n")
                return 255
            }
        }
        try? group.syncShutdownGracefully()
        throw ExitCode(code)
    }
}

struct DfsAdminCommand: AdministratorsCommand {
    static let configuration = CommandConfiguration(
        commandName: "dfsadmin", _superCommandName: "honeyguide",
        abstract: "Looks after an HDFS: reports, safe mode, quotas.",
        discussion: """
            Takes the commands of Hadoop's dfsadmin; -help lists them.

            Examples:
              honeyguide dfsadmin -fs hdfs://localhost:8020 -report
              honeyguide dfsadmin --config /etc/hadoop/conf -safemode get
              honeyguide dfsadmin -setSpaceQuota 50g /user/ann

            Exit status: 0 when it is done, 255 otherwise.
            """)

    @Argument(parsing: .captureForPassthrough) var arguments: [String] = []

    static func run(
        _ arguments: [String], _ context: AdministrationContext, on group: any EventLoopGroup
    ) async throws -> Int32 { await DfsAdmin.run(arguments, context) }
}

struct HaAdminCommand: AdministratorsCommand {
    static let configuration = CommandConfiguration(
        commandName: "haadmin", _superCommandName: "honeyguide",
        abstract: "Tells and changes which NameNode is active.",
        discussion: """
            Takes the commands of Hadoop's haadmin; -help lists them. NameNodes are named by their ids in dfs.ha.namenodes, or \
            by host:port.

            Examples:
              honeyguide haadmin --config /etc/hadoop/conf -getAllServiceState
              honeyguide haadmin --config /etc/hadoop/conf -failover nn1 nn2

            Exit status: 0 when it is done, 255 otherwise.
            """)

    @Argument(parsing: .captureForPassthrough) var arguments: [String] = []

    static func run(
        _ arguments: [String], _ context: AdministrationContext, on group: any EventLoopGroup
    ) async throws -> Int32 { await HaAdmin.run(arguments, context) }
}

struct FsckSubcommand: AdministratorsCommand {
    static let configuration = CommandConfiguration(
        commandName: "fsck", _superCommandName: "honeyguide",
        abstract: "Checks the files of an HDFS and where their blocks are.",
        discussion: """
            \(FsckCommand.usage)

            Examples:
              honeyguide fsck --config /etc/hadoop/conf / -files -blocks -locations
              honeyguide fsck -fs hdfs://localhost:8020 / -list-corruptfileblocks

            Exit status: 0 for a healthy file system, 1 for a corrupt one, 255 when it could not be checked.
            """)

    @Argument(parsing: .captureForPassthrough) var arguments: [String] = []

    static func run(
        _ arguments: [String], _ context: AdministrationContext, on group: any EventLoopGroup
    ) async throws -> Int32 { try await FsckCommand.run(arguments, context, on: group) }
}

struct BalancerSubcommand: AdministratorsCommand {
    static let configuration = CommandConfiguration(
        commandName: "balancer", _superCommandName: "honeyguide",
        abstract: "Moves blocks until the DataNodes of an HDFS are about equally full.",
        discussion: """
            \(BalancerCommand.usage)

            Examples:
              honeyguide balancer --config /etc/hadoop/conf -threshold 5

            Exit status: 0 when the DataNodes are balanced; 254 when no block can be moved, 253 when none was for five rounds, \
            252 after an error, as Hadoop's -2, -3 and -4 come out.
            """)

    @Argument(parsing: .captureForPassthrough) var arguments: [String] = []

    static func run(
        _ arguments: [String], _ context: AdministrationContext, on group: any EventLoopGroup
    ) async throws -> Int32 { try await BalancerCommand.run(arguments, context, on: group) }
}
