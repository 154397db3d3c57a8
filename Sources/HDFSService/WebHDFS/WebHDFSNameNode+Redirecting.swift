import HTTPTypes
import HoneyHDFS
import HoneyHDFSMessages
import HummingbirdCore
import SwiftProtobuf

extension WebHDFSNameNode {
    /// Sends who reads or appends to a DataNode that has the bytes, or to any for a file without blocks.
    func redirectToBytes(_ call: WebHDFSCall) async throws -> Response {
        let file = try await status(call)
        guard file.fileType == .isFile else {
            throw RemoteException.fileNotFound("Path is not a file: \(call.path)")
        }
        let size = Int(clamping: file.length)
        var place = 0
        switch call.operation {
        case "OPEN":
            place = try call.parameters.int("offset") ?? 0
            // An empty file may be read from its start.
            guard place < size || place == 0 && size == 0 else {
                throw RemoteException.inputOutput(
                    "Offset=\(place) out of the range [0, \(size)); OPEN, path=\(call.path)")
            }
        case "APPEND": place = max(0, size - 1)
        default: break
        }
        guard size > 0 else { return try await redirectToAnyDatanode(call) }
        let request = WireGetBlockLocationsRequest.with {
            $0.src = call.path
            $0.offset = UInt64(place)
            $0.length = 1
        }
        let located = try await ask("getBlockLocations", call, request, as: WireGetBlockLocationsResponse.self)
        let nodes = located.locations.blocks.first?.locs ?? []
        if let node = choose(nodes, call) { return redirect(call, to: node) }
        return try await redirectToAnyDatanode(call)
    }

    func redirectToAnyDatanode(_ call: WebHDFSCall) async throws -> Response {
        let request = WireGetDatanodeReportRequest.with { $0.type = .live }
        let report = try await ask("getDatanodeReport", call, request, as: WireGetDatanodeReportResponse.self)
        let nodes = report.di.filter { $0.adminState == .normal }.shuffled()
        guard let node = choose(nodes, call) else {
            throw RemoteException.inputOutput("Failed to find datanode, suggest to check cluster health.")
        }
        return redirect(call, to: node)
    }

    /// Takes the node on the caller's own machine, else the first that is not excluded.
    private func choose(_ nodes: [WireDatanodeInfo], _ call: WebHDFSCall) -> WireDatanodeInfo? {
        let excluded = Set((call.parameters["excludedatanodes"] ?? "").split(separator: ",").map(String.init))
        let fit = nodes.filter { node in
            node.id.infoPort > 0 && !excluded.contains("\(node.id.hostName):\(node.id.xferPort)")
                && !excluded.contains("\(node.id.ipAddr):\(node.id.xferPort)")
        }
        return fit.first { $0.id.ipAddr == call.host } ?? fit.first
    }

    private func redirect(_ call: WebHDFSCall, to node: WireDatanodeInfo) -> Response {
        let host = node.id.hostName.isEmpty ? node.id.ipAddr : node.id.hostName
        var query = "op=\(call.operation)&user.name=\(call.user.queryEncoded)"
        query += "&namenoderpcaddress=\(authority.queryEncoded)"
        for (name, value) in call.parameters.all
        where !["op", "user.name", "noredirect", "namenoderpcaddress"].contains(name.lowercased()) {
            query += "&\(name.queryEncoded)=\(value.queryEncoded)"
        }
        let place =
            "http://\(host.contains(":") ? "[\(host)]" : host):\(node.id.infoPort)"
            + WebHDFSCall.prefix + call.path.pathEncoded + "?" + query
        if let stays = try? call.parameters.bool("noredirect"), stays {
            return .json(["Location": .text(place)], isTyped: call.isTyped)
        }
        return Response(status: .temporaryRedirect, headers: [.location: place])
    }
}
