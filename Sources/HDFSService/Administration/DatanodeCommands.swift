import HoneyHDFS
import HoneyHDFSMessages
import HoneyWorld
import SwiftProtobuf

/// Commands of `dfsadmin` to one DataNode, which is named by `host:port` of its RPC.
enum DatanodeCommands {
    static let all: [AdministrationCommand] = [
        AdministrationCommand("-getBalancerBandwidth", "<datanode_host:ipc_port>", "Tell what a DataNode may spend on balancing.") {
            context, arguments in
            let response = try await ask(
                context, arguments, "getBalancerBandwidth", WireGetBalancerBandwidthRequest(),
                as: WireGetBalancerBandwidthResponse.self)
            context.say("Balancer bandwidth is \(response.bandwidth) bytes per second.")
            return 0
        },
        AdministrationCommand("-getDatanodeInfo", "<datanode_host:ipc_port>", "Tell whether a DataNode is there, and how long.") {
            context, arguments in
            let information = try await ask(
                context, arguments, "getDatanodeInfo", WireGetDatanodeInfoRequest(), as: WireGetDatanodeInfoResponse.self
            ).localInfo
            context.say(
                "Uptime: \(information.uptime), Software version: \(information.softwareVersion), Config version: "
                    + information.configVersion)
            return 0
        },
        AdministrationCommand(
            "-triggerBlockReport", "[-incremental] <datanode_host:ipc_port>", "Have a DataNode report its blocks now."
        ) { context, arguments in
            let isIncremental = arguments.contains("-incremental")
            let rest = arguments.filter { $0 != "-incremental" }
            let request = WireTriggerBlockReportRequest.with { $0.incremental = isIncremental }
            _ = try await ask(
                context, rest, "triggerBlockReport", request, as: WireTriggerBlockReportResponse.self)
            context.say("Triggering \(isIncremental ? "an incremental" : "a full") block report on \(rest[0]).")
            return 0
        },
        AdministrationCommand("-shutdownDatanode", "<datanode_host:ipc_port> [upgrade]", "Have a DataNode end in order.") {
            context, arguments in
            guard arguments.count == 1 || arguments.count == 2 && arguments[1] == "upgrade" else { throw WrongUsage() }
            let request = WireShutdownDatanodeRequest.with { $0.forUpgrade = arguments.count == 2 }
            _ = try await ask(
                context, [arguments[0]], "shutdownDatanode", request, as: WireShutdownDatanodeResponse.self)
            context.say("Submitted a shutdown request to datanode \(arguments[0])")
            return 0
        },
    ]

    private static func ask<Response: Message>(
        _ context: AdministrationContext, _ arguments: [String], _ method: String, _ request: some Message,
        as type: Response.Type
    ) async throws -> Response {
        guard arguments.count == 1 else { throw WrongUsage() }
        let address = try HadoopConfiguration.address(
            arguments[0], port: HadoopConfiguration.datanodeRPCPort, of: "datanode_host:ipc_port")
        return try await context.ask(at: address, .clientDatanode, method, request, as: Response.self)
    }
}
