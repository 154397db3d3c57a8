package import HoneyHDFSMessages
package import HoneyWorld
package import NIOCore
import SwiftProtobuf

// DatanodeProtocol: what DataNodes tell their NameNode.
extension BlockManager {
    /// Answers a call of `DatanodeProtocol`; its body is the response message.
    ///
    /// `host` is where the connection comes from: a node that listens on all its addresses does not know which one others see.
    package func answer(
        _ call: RPCCall, from host: String? = nil, at now: Moment
    ) throws(RemoteException) -> ByteBuffer {
        self.now = now
        switch call.method {
        case "versionRequest":
            return try WireVersionResponse.with { $0.info = namespaceInfo }.response()
        case "registerDatanode":
            var request = try WireRegisterDatanodeRequest(request: call.body)
            let address = request.registration.datanodeID.ipAddr
            if let host, address.isEmpty || address == "0.0.0.0" || address == "::" {
                request.registration.datanodeID.ipAddr = host
            }
            let registration = try register(request.registration)
            return try WireRegisterDatanodeResponse.with { $0.registration = registration }.response()
        case "sendHeartbeat":
            return try takeHeartbeat(try WireHeartbeatRequest(request: call.body)).response()
        case "blockReport":
            let request = try WireBlockReportRequest(request: call.body)
            try takeFullReport(request)
            return try finalizeResponse(to: request).response()
        case "blockReceivedAndDeleted":
            try takeIncrementalReport(WireBlockReceivedAndDeletedRequest(request: call.body))
            return try WireBlockReceivedAndDeletedResponse().response()
        case "errorReport":
            try takeErrorReport(WireErrorReportRequest(request: call.body))
            return try WireErrorReportResponse().response()
        case "reportBadBlocks":
            try reportBadBlocks(WireReportBadBlocksRequest(request: call.body))
            return try WireReportBadBlocksResponse().response()
        case "commitBlockSynchronization":
            try requireActive()
            try owner?.commitBlockSynchronization(WireCommitBlockSynchronizationRequest(request: call.body))
            return try WireCommitBlockSynchronizationResponse().response()
        default:
            throw .noSuchMethod("Unknown method \(call.method) called on \(call.protocolName.name) protocol.")
        }
    }

    /// Tells DataNodes who the name space is.
    package var namespaceInfo: WireNamespaceInfo {
        .with {
            $0.buildVersion = "Unknown"
            $0.unused = 0
            $0.blockPoolID = pool
            $0.storageInfo = identity.storageInfo
            $0.softwareVersion = "3.4.1"
            // Reports in buffers of varints are understood.
            $0.capabilities = 1
            $0.state = isActive ? .active : .standby
        }
    }

    /// Nothing is upgraded here, so nodes may always drop what an upgrade would have kept.
    private func finalizeResponse(to request: WireBlockReportRequest) -> WireBlockReportResponse {
        guard isActive, !request.hasContext || request.context.curRpc + 1 == request.context.totalRpcs else {
            return .init()
        }
        return .with {
            $0.cmd = .with {
                $0.cmdType = .finalizeCommand
                $0.finalizeCmd = .with { $0.blockPoolID = pool }
            }
        }
    }

    private func takeErrorReport(_ request: WireErrorReportRequest) throws(RemoteException) {
        let node = try registeredNode(request.registartion)
        guard let code = WireErrorReportRequest.ErrorCode(rawValue: Int(request.errorCode)) else { return }
        switch code {
        case .notify: log(.info, "\(node.address) says: \(request.msg)")
        case .diskError, .invalidBlock: log(.warning, "\(node.address) has an error: \(request.msg)")
        case .fatalDiskError:
            log(.error, "\(node.address) cannot go on: \(request.msg)")
            loseNode(node)
        }
    }

    private func requireActive() throws(RemoteException) {
        if !isActive {
            throw .standby(
                "Operation category WRITE is not supported in state standby. Visit https://s.apache.org/sbnn-error")
        }
    }
}
