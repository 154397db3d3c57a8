import HoneyHDFS
import HoneyHDFSMessages
import NIOCore

extension HDFSMessage {
    /// How many bytes a message counts on the simulated network.
    var simulatedBytes: Int {
        switch self {
        case .call(let call): 100 + call.body.readableBytes
        case .reply(let reply):
            if case .success(let body) = reply.outcome { 50 + body.readableBytes } else { 300 }
        case .transfer(.packet(let packet)): 40 + packet.checksums.readableBytes + packet.data.readableBytes
        default: 200
        }
    }

    /// What a history says of it; nil for what comes all the time and says little.
    var summary: String? {
        switch self {
        case .call(let call):
            ["sendHeartbeat", "renewLease"].contains(call.method)
                ? nil : "\(call.method) \(call.number)" + (call.retry > 0 ? " again" : "")
        case .reply(let reply):
            if case .failure(let refusal) = reply.outcome { "\(reply.number) is refused: \(refusal)" } else { nil }
        case .transfer(.operation(.write(let operation))):
            "writes \(operation.header.baseHeader.block.blockID), \(operation.stage) as \(operation.latestGenerationStamp), "
                + "\(operation.minBytesRcvd) to \(operation.maxBytesRcvd) bytes, to \(operation.targets.map(\.id.hostName))"
        case .transfer(.operation(.read(let operation))): "reads \(operation.header.baseHeader.block.blockID)"
        case .transfer(.operation(.replace(let operation))):
            "fetches \(operation.header.block.blockID) from \(operation.source.id.hostName)"
        case .transfer(.operation(.copy(let operation))): "copies \(operation.header.block.blockID)"
        case .transfer(.operation): "another operation"
        case .transfer(.response(let response)): "answers \(response.status) \(response.message)"
        case .transfer(.packet(let packet)):
            "packet \(packet.sequence) at \(packet.offsetInBlock), \(packet.data.readableBytes) bytes"
                + (packet.isLast ? ", the last" : "")
        case .transfer(.acknowledgement(let acknowledgement)):
            "acknowledges \(acknowledgement.seqno): \(acknowledgement.reply)"
        case .transfer(.readStatus): nil
        }
    }
}
