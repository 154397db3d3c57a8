import HoneyHDFS
import HoneyWorld
package import NIOCore

/// `balancer`: moves replicas until DataNodes are about equally full.
package enum BalancerCommand {
    package static let usage =
        "Usage: honeyguide balancer [-threshold <percent>] [-idleiterations <count>] [-D name=value]"

    /// Tells the exit code: 0 when balanced, else Hadoop's negative ones as the system has them.
    package static func run(
        _ arguments: [String], _ context: AdministrationContext, on group: any EventLoopGroup
    ) async throws -> Int32 {
        guard let settings = try await settings(arguments, context) else {
            context.complain(usage)
            return 255
        }
        let host = MachineHost<Balancer>(on: group.next(), wires: [RPCWire(), TransferWire()]) { level, message in
            if level >= .warning { context.complain(message) }
        }
        let random = SeededRandom(seed: .random(in: 0 ... .max))
        let running = RunningBalancer()
        let say = context.say
        _ = try await host.start { _ in
            let balancer = Balancer(configuration: settings, random: random, print: say)
            running.balancer = balancer
            return balancer
        }.get()
        let end = try await host.ended.get()
        if case .failed(let reason) = end { context.complain(reason) }
        return Int32((running.balancer?.exit ?? .failed).rawValue & 0xFF)
    }

    /// Keeps the machine to be asked how it ended; touched on the event loop while it runs, by its owner after that.
    private final class RunningBalancer: @unchecked Sendable {
        var balancer: Balancer?
    }

    private static func settings(
        _ arguments: [String], _ context: AdministrationContext
    ) async throws -> BalancerConfiguration? {
        var settings = BalancerConfiguration(namenode: .tcp(host: "", port: 0), namenodeName: "")
        var index = 0
        while index < arguments.count {
            guard index + 1 < arguments.count else { return nil }
            let value = arguments[index + 1]
            switch arguments[index] {
            case "-threshold":
                guard let number = Double(value), (1...100).contains(number) else {
                    context.complain("Expecting a number in the range of [1.0, 100.0]: \(value)")
                    return nil
                }
                settings.threshold = number
            case "-idleiterations":
                guard let number = Int(value), number >= -1 else { return nil }
                settings.idleIterations = number
            default: return nil
            }
            index += 2
        }
        let address = try await context.activeNameNode().address
        settings.namenode = address
        settings.namenodeName = "hdfs://\(address)"
        settings.user = context.user
        return settings
    }
}
