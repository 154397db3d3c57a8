import HoneyCore
import HoneyHDFSMessages
import HoneyWorld
import NIOCore

/// The DataNode's side of a connection of data transfer.
final class TransferServerCodec: WireCodec {
    typealias Message = HDFSMessage

    /// What may come next.
    private enum Stage {
        case operation
        /// After a write, up to its last packet.
        case packets
        /// After a read; a reader that fails may go on without telling its status.
        case statusOrOperation
    }

    private var stage = Stage.operation

    func decode(_ bytes: inout ByteBuffer) throws -> HDFSMessage? {
        switch stage {
        case .operation: return try readOperation(&bytes)
        case .packets:
            guard let packet = try TransferPacket(&bytes) else { return nil }
            if packet.isLast { stage = .operation }
            return .transfer(.packet(packet))
        case .statusOrOperation:
            // A status has a first byte above 0, its length; an operation begins with the high byte of its version, 0.
            guard let first = bytes.getInteger(at: bytes.readerIndex, as: UInt8.self) else { return nil }
            if first == 0 { return try readOperation(&bytes) }
            guard let status = try bytes.readAnswer(WireClientReadStatus.self) else { return nil }
            stage = .operation
            return .transfer(.readStatus(status))
        }
    }

    func length(of bytes: ByteBuffer) -> Int? { stage == .packets ? TransferPacket.length(of: bytes) : nil }

    private func readOperation(_ bytes: inout ByteBuffer) throws -> HDFSMessage? {
        guard let operation = try TransferOperation(&bytes) else { return nil }
        stage =
            switch operation {
            case .write: .packets
            case .read: .statusOrOperation
            case .transfer, .replace, .copy, .checksum: .operation
            }
        return .transfer(.operation(operation))
    }

    func encode(_ message: HDFSMessage, to sink: (ByteBuffer) -> Void) throws {
        guard case .transfer(let message) = message else {
            throw HoneyError.unexpected("a message of RPC on a connection of data transfer")
        }
        switch message {
        case .response(let response): sink(try .delimited(response))
        case .acknowledgement(let acknowledgement): sink(try .delimited(acknowledgement))
        case .packet(let packet): try packet.write(to: sink)
        case .operation, .readStatus: throw HoneyError.unexpected("a DataNode that accepted a connection only answers")
        }
    }
}
