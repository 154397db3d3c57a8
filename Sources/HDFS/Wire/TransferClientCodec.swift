import HoneyCore
import HoneyHDFSMessages
import HoneyWorld
import NIOCore

/// The side of a connection of data transfer that asks: a client, or a DataNode that passes a block on.
final class TransferClientCodec: WireCodec {
    typealias Message = HDFSMessage

    /// What the other side may say next.
    private enum Stage {
        case nothing
        /// Responses only: to a block's checksum, and to writes without a pipeline.
        case response
        /// A response, then packets up to the last one.
        case responseThenPackets
        case packets
        /// A response, then an acknowledgement for each packet.
        case responseThenAcknowledgements
        case acknowledgements
    }

    private var stage = Stage.nothing

    func encode(_ message: HDFSMessage, to sink: (ByteBuffer) -> Void) throws {
        guard case .transfer(let message) = message else {
            throw HoneyError.unexpected("a message of RPC on a connection of data transfer")
        }
        switch message {
        case .operation(let operation):
            stage = TransferClientCodec.answer(to: operation)
            sink(try operation.bytes())
        case .packet(let packet): try packet.write(to: sink)
        case .readStatus(let status): sink(try .delimited(status))
        case .response, .acknowledgement: throw HoneyError.unexpected("who asked for a transfer does not answer")
        }
    }

    /// A write has acknowledgements when a client made its pipeline; a copy of a whole block from one DataNode to another, for
    /// itself (no client's name) or for a client (stages TRANSFER), has at most a response at its end.
    private static func answer(to operation: TransferOperation) -> Stage {
        switch operation {
        case .read, .copy: return .responseThenPackets
        case .transfer, .replace, .checksum: return .response
        case .write(let write):
            let isCopy =
                write.header.clientName.isEmpty || write.stage == .transferRbw
                || write.stage == .transferFinalized
            return isCopy ? .response : .responseThenAcknowledgements
        }
    }

    func decode(_ bytes: inout ByteBuffer) throws -> HDFSMessage? {
        switch stage {
        case .nothing:
            guard bytes.readableBytes == 0 else { throw MalformedWire("an answer that nobody asked for") }
            return nil
        case .response, .responseThenPackets, .responseThenAcknowledgements:
            guard let response = try bytes.readAnswer(WireBlockOpResponse.self) else { return nil }
            advance(after: response)
            return .transfer(.response(response))
        case .packets:
            guard let packet = try TransferPacket(&bytes) else { return nil }
            if packet.isLast { stage = .nothing }
            return .transfer(.packet(packet))
        case .acknowledgements:
            return try bytes.readAnswer(WirePipelineAck.self).map { .transfer(.acknowledgement($0)) }
        }
    }

    func length(of bytes: ByteBuffer) -> Int? { stage == .packets ? TransferPacket.length(of: bytes) : nil }

    private func advance(after response: WireBlockOpResponse) {
        switch (stage, response.status) {
        case (_, .inProgress): break
        case (.responseThenPackets, .success): stage = .packets
        case (.responseThenAcknowledgements, .success): stage = .acknowledgements
        default: stage = .nothing
        }
    }
}
