import Foundation
import HoneyHDFSMessages
import HoneyWorld
import NIOCore
import SwiftProtobuf

/// Why a server ends a connection of RPC, and what it tells the client before, in Hadoop's words where Hadoop has some.
struct RPCRefusal: Error {
    var exception: RemoteException
    var detail: WireRpcResponseHeader.RpcErrorCode

    static func header(_ message: String) -> RPCRefusal {
        RPCRefusal(exception: .rpcServer(message), detail: .fatalInvalidRpcHeader)
    }

    static func malformed(_ error: MalformedMessage) -> RPCRefusal {
        RPCRefusal(
            exception: .rpcServer("Error decoding \(error.name)Proto: \(error.reason)"),
            detail: .fatalDeserializingRequest)
    }

    static func parameters(_ reason: String) -> RPCRefusal {
        RPCRefusal(
            exception: .rpcServer("IPC server unable to read call parameters: \(reason)"),
            detail: .fatalDeserializingRequest)
    }

    static func unauthorized(_ message: String) -> RPCRefusal {
        RPCRefusal(exception: .accessControl(message), detail: .fatalUnauthorized)
    }

    static func sasl(_ message: String) -> RPCRefusal {
        RPCRefusal(exception: RemoteException("javax.security.sasl.SaslException", message), detail: .fatalUnauthorized)
    }

    static func authentication(_ message: String) -> MalformedWire {
        RPCRefusal(
            exception: RemoteException("org.apache.hadoop.ipc.IpcException", message), detail: .fatalUnauthorized
        ).wire(answering: RPCNumbers.noCall)
    }

    static func length(_ length: Int, limit: Int) -> MalformedWire {
        let message =
            length < 0
            ? "Unexpected data length \(length)!!"
            : "Requested data length \(length) is longer than maximum configured RPC length \(limit)."
        return RPCRefusal(exception: .inputOutput(message), detail: .fatalInvalidRpcHeader)
            .wire(answering: RPCNumbers.noCall)
    }

    /// What a browser that came to the wrong port is told.
    static var browser: MalformedWire {
        let text =
            "HTTP/1.1 404 Not Found\r\nContent-type: text/plain\r\n\r\n"
            + "It looks like you are making an HTTP request to a Hadoop IPC port. "
            + "This is not the correct port for the web interface on this daemon.\r\n"
        return MalformedWire("an HTTP request came to a port of RPC", farewell: ByteBuffer(string: text))
    }

    /// What a client of another version is told, in the words of its own version as far as there is one.
    static func version(_ version: UInt8) -> MalformedWire {
        let version = Int8(bitPattern: version)
        let exception = RemoteException(
            "org.apache.hadoop.ipc.RPC$VersionMismatch",
            "Server IPC version 9 cannot communicate with client version \(version)")
        var farewell = ByteBuffer()
        switch version {
        case 9...:
            return RPCRefusal(exception: exception, detail: .fatalVersionMismatch).wire(answering: RPCNumbers.noCall)
        case 3...8:
            farewell.writeInteger(Int32(-1))  // no call
            farewell.writeInteger(Int32(-1))  // fatal
            farewell.writeJavaText(exception.className)
            farewell.writeJavaText(exception.message)
        case 2:
            farewell.writeInteger(Int32(0))
            farewell.writeInteger(UInt8(1))  // an error
            farewell.writeJavaText(exception.className)
            farewell.writeJavaText(exception.message)
        default: break
        }
        return MalformedWire("the client speaks version \(version) of RPC, not 9", farewell: farewell)
    }

    /// Makes the fatal response to a call, after which the connection closes.
    func wire(answering number: Int32) -> MalformedWire {
        let header = WireRpcResponseHeader.with {
            $0.callID = UInt32(bitPattern: number)
            $0.status = .fatal
            $0.serverIpcVersionNum = UInt32(RPCNumbers.version)
            $0.exceptionClassName = exception.className
            $0.errorMsg = exception.message
            $0.errorDetail = detail
            $0.clientID = Data()
            $0.retryCount = RPCNumbers.noRetry
        }
        return MalformedWire(exception.message, farewell: (try? RPCRefusal.frame(header)) ?? ByteBuffer())
    }

    /// A frame of nothing but a header.
    static func frame(_ header: WireRpcResponseHeader) throws -> ByteBuffer {
        let bytes = try header.wireBytes()
        var frame = ByteBuffer()
        frame.reserveCapacity(bytes.readableBytes + 9)
        frame.writeInteger(Int32(bytes.readableBytes + ByteBuffer.varintBytes(bytes.readableBytes)))
        frame.writeVarint(bytes.readableBytes)
        frame.writeImmutableBuffer(bytes)
        return frame
    }
}

extension RemoteException {
    fileprivate static func rpcServer(_ message: String) -> RemoteException {
        RemoteException("org.apache.hadoop.ipc.RpcServerException", message)
    }
}

extension ByteBuffer {
    /// Writes a text as Hadoop's `Writable`s do: its length in four bytes, then UTF-8.
    fileprivate mutating func writeJavaText(_ text: String) {
        writeInteger(Int32(text.utf8.count))
        writeString(text)
    }
}
