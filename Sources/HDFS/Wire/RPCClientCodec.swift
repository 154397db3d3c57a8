import Foundation
import HoneyCore
import HoneyHDFSMessages
import HoneyWorld
import NIOCore
import SwiftProtobuf

/// The client's side of a connection of Hadoop RPC: calls to bytes, bytes to replies.
///
/// The first call says who speaks and to which protocol, and both stay so for the whole connection.
final class RPCClientCodec: WireCodec {
    typealias Message = HDFSMessage

    private struct Context {
        var client: RPCClientID
        var user: String
        var protocolName: RPCProtocol
    }

    private let maximumResponseBytes: Int
    private var context: Context?
    private var unanswered: Set<Int32> = []
    /// What the server said when it gave the connection up.
    private var end: RemoteException?

    init(maximumResponseBytes: Int) { self.maximumResponseBytes = maximumResponseBytes }

    func encode(_ message: HDFSMessage, to sink: (ByteBuffer) -> Void) throws {
        guard case .call(let call) = message else {
            throw HoneyError.unexpected("a client of RPC sends nothing but calls")
        }
        var head = ByteBuffer()
        if let context {
            let isPing = call.number == RPCNumbers.pingCall
            guard isPing || context.user == call.user && context.protocolName == call.protocolName else {
                throw HoneyError.unexpected("a connection of RPC has one user and one protocol")
            }
        } else {
            context = Context(client: call.client, user: call.user, protocolName: call.protocolName)
            try RPCClientCodec.writePreamble(for: call, to: &head)
        }
        let client = call.client.bytes
        if call.number == RPCNumbers.pingCall {
            let ping = try RPCClientCodec.header(call.number, client: client, retry: call.retry).wireBytes()
            head.writeInteger(Int32(ping.readableBytes + ByteBuffer.varintBytes(ping.readableBytes)))
            head.writeVarint(ping.readableBytes)
            head.writeImmutableBuffer(ping)
            return sink(head)
        }
        let header = try RPCClientCodec.header(call.number, client: client, retry: call.retry).wireBytes()
        let request = try WireRequestHeader.with {
            $0.methodName = call.method
            $0.declaringClassProtocolName = call.protocolName.name
            $0.clientProtocolVersion = 1
        }.wireBytes()
        let parts = [header.readableBytes, request.readableBytes, call.body.readableBytes]
        let length = parts.reduce(0) { $0 + $1 + ByteBuffer.varintBytes($1) }
        guard let frameBytes = Int32(exactly: length) else {
            throw HoneyError.unexpected("a call of \(length) bytes is too long for RPC")
        }
        let isCopied = call.body.readableBytes <= RPCNumbers.copiedBodyBytes
        head.reserveCapacity(head.readableBytes + 4 + length - (isCopied ? 0 : call.body.readableBytes))
        head.writeInteger(frameBytes)
        head.writeVarint(header.readableBytes)
        head.writeImmutableBuffer(header)
        head.writeVarint(request.readableBytes)
        head.writeImmutableBuffer(request)
        head.writeVarint(call.body.readableBytes)
        if isCopied { head.writeImmutableBuffer(call.body) }
        unanswered.insert(call.number)
        sink(head)
        if !isCopied { sink(call.body) }
    }

    private static func writePreamble(for call: RPCCall, to bytes: inout ByteBuffer) throws {
        bytes.writeString("hrpc")
        bytes.writeInteger(RPCNumbers.version)
        bytes.writeInteger(UInt8(0))
        bytes.writeInteger(RPCNumbers.authenticationNone)
        var frame = ByteBuffer()
        try frame.writeDelimited(
            header(RPCNumbers.connectionContextCall, client: call.client.bytes, retry: RPCNumbers.noRetry))
        try frame.writeDelimited(
            WireIpcConnectionContext.with {
                $0.userInfo = .with { $0.effectiveUser = call.user }
                $0.protocol = call.protocolName.name
            })
        bytes.writeInteger(Int32(frame.readableBytes))
        bytes.writeImmutableBuffer(frame)
    }

    private static func header(_ number: Int32, client: Data, retry: Int32) -> WireRpcRequestHeader {
        .with {
            $0.rpcKind = .rpcProtocolBuffer
            $0.rpcOp = .rpcFinalPacket
            $0.callID = number
            $0.clientID = client
            $0.retryCount = retry
        }
    }

    func decode(_ bytes: inout ByteBuffer) throws -> HDFSMessage? {
        if let end { throw MalformedWire("the server gave up: \(end)") }
        let next: ByteBuffer?
        do {
            next = try bytes.readFrame(limit: maximumResponseBytes)
        } catch {
            throw MalformedWire("a response of \(error.length) bytes; at most \(maximumResponseBytes) are allowed")
        }
        guard var frame = next else { return nil }
        do {
            let header = try frame.readDelimited(WireRpcResponseHeader.self)
            return .reply(try reply(header, &frame))
        } catch let error as MalformedMessage {
            throw MalformedWire(error.description)
        }
    }

    private func reply(_ header: WireRpcResponseHeader, _ frame: inout ByteBuffer) throws -> RPCReply {
        let number = Int32(bitPattern: header.callID)
        if header.status == .fatal { end = RPCClientCodec.exception(in: header) }
        guard let context, unanswered.remove(number) != nil else {
            if let end { throw MalformedWire("the server gave up: \(end)") }
            throw MalformedWire("a reply to call \(number), which is not open")
        }
        if !header.clientID.isEmpty, header.clientID != context.client.bytes {
            throw MalformedWire("a reply to another client")
        }
        guard header.status == .success else {
            return RPCReply(
                number: number, client: context.client, outcome: .failure(RPCClientCodec.exception(in: header)))
        }
        guard let body = try frame.readDelimited(limit: frame.readableBytes) else {
            throw MalformedWire("the frame ends in the response")
        }
        return RPCReply(number: number, client: context.client, outcome: .success(body))
    }

    private static func exception(in header: WireRpcResponseHeader) -> RemoteException {
        RemoteException(
            header.hasExceptionClassName ? header.exceptionClassName : "java.io.IOException",
            header.hasErrorMsg ? header.errorMsg : "ServerDidNotSetErrorMsg")
    }
}
