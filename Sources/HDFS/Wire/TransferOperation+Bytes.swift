import HoneyHDFSMessages
import HoneyWorld
import NIOCore
import SwiftProtobuf

/// The numbers of operations.
private enum Opcode: UInt8 {
    case write = 80
    case read = 81
    case replace = 83
    case copy = 84
    case checksum = 85
    case transfer = 86
}

extension TransferOperation {
    /// Takes an operation off the front; nil, with nothing taken, when it is not all there.
    init?(_ bytes: inout ByteBuffer) throws {
        let start = bytes.readerIndex
        guard let version = bytes.getInteger(at: start, as: Int16.self) else { return nil }
        guard version == TransferNumbers.version else {
            throw MalformedWire("version \(version) of data transfer, not \(TransferNumbers.version)")
        }
        guard let number = bytes.getInteger(at: start + 2, as: UInt8.self) else { return nil }
        guard let opcode = Opcode(rawValue: number) else {
            throw MalformedWire("unknown operation \(number) of data transfer")
        }
        var rest = bytes
        rest.moveReaderIndex(forwardBy: 3)
        guard let message = try rest.readDelimited(limit: TransferNumbers.maximumOperationBytes) else { return nil }
        bytes.moveReaderIndex(to: rest.readerIndex)
        do {
            self = try TransferOperation(opcode, message)
        } catch {
            throw MalformedWire(error.description)
        }
    }

    private init(_ opcode: Opcode, _ message: ByteBuffer) throws(MalformedMessage) {
        switch opcode {
        case .write: self = .write(try WireOpWriteBlock(wire: message))
        case .read: self = .read(try WireOpReadBlock(wire: message))
        case .replace: self = .replace(try WireOpReplaceBlock(wire: message))
        case .copy: self = .copy(try WireOpCopyBlock(wire: message))
        case .checksum: self = .checksum(try WireOpBlockChecksum(wire: message))
        case .transfer: self = .transfer(try WireOpTransferBlock(wire: message))
        }
    }

    func bytes() throws -> ByteBuffer {
        let (opcode, message): (Opcode, any Message) =
            switch self {
            case .write(let message): (.write, message)
            case .read(let message): (.read, message)
            case .replace(let message): (.replace, message)
            case .copy(let message): (.copy, message)
            case .checksum(let message): (.checksum, message)
            case .transfer(let message): (.transfer, message)
            }
        var bytes = ByteBuffer()
        bytes.writeInteger(TransferNumbers.version)
        bytes.writeInteger(opcode.rawValue)
        try bytes.writeDelimited(message)
        return bytes
    }
}

extension ByteBuffer {
    /// Takes a delimited answer off the front; nil when it is not all there.
    mutating func readAnswer<M: Message>(_ type: M.Type) throws -> M? {
        guard let bytes = try readDelimited(limit: TransferNumbers.maximumAnswerBytes) else { return nil }
        do {
            return try M(wire: bytes)
        } catch {
            throw MalformedWire(error.description)
        }
    }

    /// A delimited message on its own.
    static func delimited(_ message: some Message) throws -> ByteBuffer {
        var bytes = ByteBuffer()
        try bytes.writeDelimited(message)
        return bytes
    }
}
