import NIOCore
import SwiftProtobuf

/// Lets SwiftProtobuf read and write buffers of NIO without a copy.
struct ProtobufBytes: SwiftProtobufContiguousBytes {
    var buffer: ByteBuffer

    init(_ buffer: ByteBuffer) { self.buffer = buffer }

    init(repeating byte: UInt8, count: Int) { buffer = ByteBuffer(repeating: byte, count: count) }

    init<S: Sequence>(_ bytes: S) where S.Element == UInt8 { buffer = ByteBuffer(bytes: bytes) }

    var count: Int { buffer.readableBytes }

    func withUnsafeBytes<R>(_ body: (UnsafeRawBufferPointer) throws -> R) rethrows -> R {
        try buffer.withUnsafeReadableBytes(body)
    }

    mutating func withUnsafeMutableBytes<R>(_ body: (UnsafeMutableRawBufferPointer) throws -> R) rethrows -> R {
        try buffer.withUnsafeMutableReadableBytes(body)
    }
}

extension Message {
    /// Reads a message that fills `bytes`.
    init(wire bytes: ByteBuffer) throws(MalformedMessage) {
        do {
            self = try Self(serializedBytes: ProtobufBytes(bytes))
        } catch {
            throw MalformedMessage(name: Self.protoMessageName, reason: "\(error)")
        }
    }

    /// Writes the message without its length; fails when a required field is missing, which is our own mistake.
    func wireBytes() throws -> ByteBuffer {
        let bytes: ProtobufBytes = try serializedBytes()
        return bytes.buffer
    }
}

extension Message {
    /// Reads the request of a call, or says in Hadoop's way that it is none.
    init(request body: ByteBuffer) throws(RemoteException) {
        do {
            self = try Self(wire: body)
        } catch {
            throw RemoteException(
                "org.apache.hadoop.ipc.RpcServerException",
                "request is not a \(Self.protoMessageName): \(error.reason)")
        }
    }

    /// Writes the response to a call.
    func response() throws(RemoteException) -> ByteBuffer {
        do {
            return try wireBytes()
        } catch {
            throw .inputOutput("response cannot be written: \(error)")
        }
    }
}

/// Bytes that are not the message which must stand there.
struct MalformedMessage: Error, CustomStringConvertible {
    var name: String
    var reason: String

    var description: String { "cannot decode \(name): \(reason)" }
}
