import HoneyCore
import HoneyHDFS
import HoneyHDFSMessages
import HoneyWorld
import SwiftProtobuf

/// `dfsadmin`: what administrators ask of a NameNode, with Hadoop's words and exit codes.
package enum DfsAdmin {
    /// Runs one command, such as `-safemode get`; tells the exit code.
    package static func run(_ arguments: [String], _ context: AdministrationContext) async -> Int32 {
        await AdministrationCommand.run(arguments, of: "dfsadmin", commands, context)
    }

    private static let commands: [AdministrationCommand] =
        [
            AdministrationCommand(
                "-report", "[-live] [-dead] [-decommissioning] [-enteringmaintenance] [-inmaintenance]",
                "Report space, blocks and DataNodes of the file system."
            ) { context, arguments in
                try await ClusterReport.run(context, arguments)
            },
            AdministrationCommand(
                "-safemode", "<enter | leave | get | wait | forceExit>",
                "Turn safe mode on or off, tell it, or wait until it is off."
            ) { try await safeMode($0, $1) },
            AdministrationCommand(
                "-saveNamespace", "[-beforeShutdown]", "Write an image of the name space in safe mode."
            ) {
                try await saveNamespace($0, $1)
            },
            AdministrationCommand("-rollEdits", "", "Begin a new segment of the log.") { context, arguments in
                try none(arguments)
                let response = try await context.ask(
                    "rollEdits", WireRollEditsRequest(), as: WireRollEditsResponse.self)
                context.say("Successfully rolled edit logs.")
                context.say("New segment starts at txid \(response.newSegmentTxID)")
                return 0
            },
            AdministrationCommand(
                "-refreshNodes", "", "Read dfs.hosts and dfs.hosts.exclude again, and act on what they list."
            ) { context, arguments in
                try none(arguments)
                try await each(context, says: "Refresh nodes successful") { address in
                    _ = try await context.ask(
                        at: address, .client, "refreshNodes", WireRefreshNodesRequest(),
                        as: WireRefreshNodesResponse.self)
                }
                return 0
            },
            AdministrationCommand(
                "-refreshUserToGroupsMappings", "", "Have the groups of users looked up again."
            ) { context, arguments in
                try none(arguments)
                try await each(context, says: "Refresh user to groups mapping successful") { address in
                    _ = try await context.ask(
                        at: address, .userMappings, "refreshUserToGroupsMappings",
                        WireRefreshUserToGroupsMappingsRequest(), as: WireRefreshUserToGroupsMappingsResponse.self)
                }
                return 0
            },
            AdministrationCommand(
                "-fetchImage", "<local directory>", "Copy the newest image of the name space to a directory."
            ) { try await ImageFetch.run($0, $1) },
            AdministrationCommand("-finalizeUpgrade", "", "Finalize an upgrade; there is never one to finalize.") {
                context, arguments in
                try none(arguments)
                _ = try await context.ask(
                    "finalizeUpgrade", WireFinalizeUpgradeRequest(), as: WireFinalizeUpgradeResponse.self)
                context.say("Finalize upgrade successful")
                return 0
            },
            AdministrationCommand("-printTopology", "", "Print the racks and the DataNodes on them.") {
                try await printTopology($0, $1)
            },
            AdministrationCommand(
                "-listOpenFiles", "[-path <path>]", "List the files that are being written, and by whom."
            ) { try await listOpenFiles($0, $1) },
            AdministrationCommand(
                "-setBalancerBandwidth", "<bytes per second>", "Limit what DataNodes spend on balancing."
            ) { context, arguments in
                guard arguments.count == 1, let bytes = Int64(arguments[0]), bytes >= 0 else { throw WrongUsage() }
                let request = WireSetBalancerBandwidthRequest.with { $0.bandwidth = bytes }
                try await each(context, says: "Balancer bandwidth is set to \(bytes)") { address in
                    _ = try await context.ask(
                        at: address, .client, "setBalancerBandwidth", request, as: WireSetBalancerBandwidthResponse.self
                    )
                }
                return 0
            },
        ] + QuotaCommands.all + DatanodeCommands.all

    static func none(_ arguments: [String]) throws {
        guard arguments.isEmpty else { throw WrongUsage() }
    }

    /// Asks each NameNode of the name service; with several, the line tells which.
    private static func each(
        _ context: AdministrationContext, says line: String, _ body: (NetworkAddress) async throws -> Void
    ) async throws {
        let nodes = try context.configuration.nameNodes()
        for node in nodes {
            try await body(node.address)
            context.say(nodes.count > 1 ? "\(line) for \(node.address)" : line)
        }
    }

    private static func safeMode(_ context: AdministrationContext, _ arguments: [String]) async throws -> Int32 {
        let actions: [String: WireSafeModeAction] = [
            "enter": .safemodeEnter, "leave": .safemodeLeave, "get": .safemodeGet, "wait": .safemodeGet,
            "forceexit": .safemodeForceExit,
        ]
        guard arguments.count == 1, let action = actions[arguments[0].lowercased()] else { throw WrongUsage() }
        let waits = arguments[0].lowercased() == "wait"
        let nodes = try context.configuration.nameNodes()
        for node in nodes {
            var isOn = try await setSafeMode(action, at: node.address, context)
            while waits, isOn {
                try await Task.sleep(for: .seconds(1))
                isOn = try await setSafeMode(.safemodeGet, at: node.address, context)
            }
            context.say("Safe mode is \(isOn ? "ON" : "OFF")" + (nodes.count > 1 ? " in \(node.address)" : ""))
        }
        return 0
    }

    static func setSafeMode(
        _ action: WireSafeModeAction, at address: NetworkAddress, _ context: AdministrationContext
    ) async throws -> Bool {
        let request = WireSetSafeModeRequest.with { $0.action = action }
        return try await context.ask(at: address, .client, "setSafeMode", request, as: WireSetSafeModeResponse.self)
            .result
    }

    private static func saveNamespace(_ context: AdministrationContext, _ arguments: [String]) async throws -> Int32 {
        guard arguments.isEmpty || arguments == ["-beforeShutdown"] else { throw WrongUsage() }
        let nodes = try context.configuration.nameNodes()
        for node in nodes {
            _ = try await context.ask(
                at: node.address, .client, "saveNamespace", WireSaveNamespaceRequest(),
                as: WireSaveNamespaceResponse.self)
            context.say("Save namespace successful" + (nodes.count > 1 ? " for \(node.address)" : ""))
        }
        return 0
    }

    private static func printTopology(_ context: AdministrationContext, _ arguments: [String]) async throws -> Int32 {
        try none(arguments)
        let request = WireGetDatanodeReportRequest.with { $0.type = .all }
        let nodes = try await context.ask("getDatanodeReport", request, as: WireGetDatanodeReportResponse.self).di
        for (rack, nodes) in Dictionary(grouping: nodes, by: \.location).sorted(by: { $0.key < $1.key }) {
            context.say("Rack: \(rack)")
            for line in nodes.map({ "   \($0.name) (\($0.id.hostName)) \($0.adminState.readable)" }).sorted() {
                context.say(line)
            }
            context.say("")
        }
        return 0
    }

    private static func listOpenFiles(_ context: AdministrationContext, _ arguments: [String]) async throws -> Int32 {
        var path = "/"
        switch arguments.count {
        case 0: break
        case 2 where arguments[0] == "-path": path = try context.path(arguments[1])
        default: throw WrongUsage()
        }
        context.say("Client Host\tClient Name\t\tOpen File Path")
        var last: Int64 = 0
        while true {
            let request = WireListOpenFilesRequest.with {
                $0.id = last
                $0.types = [.allOpenFiles]
                $0.path = path
            }
            let response = try await context.ask("listOpenFiles", request, as: WireListOpenFilesResponse.self)
            for file in response.entries {
                context.say("\(file.clientMachine)\t\(file.clientName)\t\(file.path)")
            }
            guard response.hasMore_p, let end = response.entries.last?.id, end > last else { return 0 }
            last = end
        }
    }
}

extension WireDatanodeInfo {
    /// The address by which reports name it, such as `10.0.0.7:9866`.
    var name: String { "\(id.ipAddr):\(id.xferPort)" }
}
