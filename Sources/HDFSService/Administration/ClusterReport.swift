import HoneyHDFS
import HoneyHDFSMessages
import SwiftProtobuf

/// What `dfsadmin -report` prints.
struct ClusterReport {
    private let context: AdministrationContext

    static func run(_ context: AdministrationContext, _ arguments: [String]) async throws -> Int32 {
        let kinds: [(option: String, type: WireDatanodeReportType, title: String)] = [
            ("-live", .live, "Live datanodes"), ("-dead", .dead, "Dead datanodes"),
            ("-decommissioning", .decommissioning, "Decommissioning datanodes"),
            ("-enteringmaintenance", .enteringMaintenance, "Entering maintenance datanodes"),
            ("-inmaintenance", .inMaintenance, "In maintenance datanodes"),
        ]
        guard arguments.allSatisfy({ argument in kinds.contains { $0.option == argument } }) else { throw WrongUsage() }
        let report = ClusterReport(context: context)
        try await report.summarize()
        for kind in kinds where arguments.isEmpty || arguments.contains(kind.option) {
            let request = WireGetDatanodeReportRequest.with { $0.type = kind.type }
            let nodes = try await context.ask("getDatanodeReport", request, as: WireGetDatanodeReportResponse.self).di
            if !nodes.isEmpty || arguments.contains(kind.option) { context.say("\(kind.title) (\(nodes.count)):\n") }
            for node in nodes { context.say(report.text(of: node) + "\n") }
        }
        return 0
    }

    private func summarize() async throws {
        let space = try await context.ask("getFsStats", WireGetFsStatusRequest(), as: WireGetFsStatsResponse.self)
        let blocks = try await context.ask(
            "getFsReplicatedBlockStats", WireGetFsReplicatedBlockStatsRequest(),
            as: WireGetFsReplicatedBlockStatsResponse.self)
        let request = WireSetSafeModeRequest.with { $0.action = .safemodeGet }
        if try await context.ask("setSafeMode", request, as: WireSetSafeModeResponse.self).result {
            context.say("Safe mode is ON")
        }
        let present = space.used.addingReportingOverflow(space.remaining).partialValue
        context.say(bytes("Configured Capacity", space.capacity))
        context.say(bytes("Present Capacity", present))
        context.say(bytes("DFS Remaining", space.remaining))
        context.say(bytes("DFS Used", space.used))
        context.say("DFS Used%: \(ByteText.percent(space.used, of: present))")
        context.say("Replicated Blocks:")
        context.say("\tUnder replicated blocks: \(blocks.lowRedundancy)")
        context.say("\tBlocks with corrupt replicas: \(blocks.corruptBlocks)")
        context.say("\tMissing blocks: \(blocks.missingBlocks)")
        context.say("\tMissing blocks (with replication factor 1): \(blocks.missingReplOneBlocks)")
        context.say("\tLow redundancy blocks with highest priority to recover: \(blocks.highestPrioLowRedundancyBlocks)")
        context.say("\tPending deletion blocks: \(blocks.pendingDeletionBlocks)")
        context.say("Erasure Coded Block Groups: ")
        context.say("\tLow redundancy block groups: 0")
        context.say("\tBlock groups with corrupt internal blocks: 0")
        context.say("\tMissing block groups: 0")
        context.say("\tLow redundancy blocks with highest priority to recover: 0")
        context.say("\tPending deletion blocks: 0")
        context.say("")
        context.say("-------------------------------------------------")
    }

    private func bytes(_ name: String, _ count: UInt64) -> String { "\(name): \(count) (\(ByteText.short(count)))" }

    /// Describes one node; what has no capacity counts as full.
    private func text(of node: WireDatanodeInfo) -> String {
        let state =
            switch node.adminState {
            case .normal: "Normal"
            case .decommissionInprogress: "Decommission in progress"
            case .decommissioned: "Decommissioned"
            case .enteringMaintenance: "Entering maintenance"
            case .inMaintenance: "In maintenance"
            }
        var lines = ["Name: \(node.name) (\(node.id.hostName))", "Hostname: \(node.id.hostName)"]
        if node.location != "/default-rack" { lines.append("Rack: \(node.location)") }
        lines += [
            "Decommission Status : \(state)", bytes("Configured Capacity", node.capacity),
            bytes("DFS Used", node.dfsUsed), bytes("Non DFS Used", node.nonDfsUsed),
            bytes("DFS Remaining", node.remaining),
            "DFS Used%: \(node.capacity == 0 ? "100.00%" : ByteText.percent(node.dfsUsed, of: node.capacity))",
            "DFS Remaining%: \(node.capacity == 0 ? "0.00%" : ByteText.percent(node.remaining, of: node.capacity))",
            bytes("Configured Cache Capacity", 0), bytes("Cache Used", 0), bytes("Cache Remaining", 0),
            "Cache Used%: 100.00%", "Cache Remaining%: 0.00%", "Xceivers: \(node.xceiverCount)",
            "Last contact: \(DateText.utc(Int(clamping: node.lastUpdate)))",
            "Last Block Report: "
                + (node.lastBlockReportTime == 0 ? "Never" : DateText.utc(Int(clamping: node.lastBlockReportTime))),
            "Num of Blocks: \(node.numBlocks)", "",
        ]
        return lines.joined(separator: "\n")
    }
}
