import Foundation
import HoneyCore
import HoneyHDFSMessages
import HoneyWorld
import NIOCore
import SwiftProtobuf

/// The server's side of a connection of Hadoop RPC: bytes to calls, replies to bytes.
final class RPCServerCodec: WireCodec {
    typealias Message = HDFSMessage

    /// What must come next.
    private enum Stage {
        case preamble, negotiation, context, calls
    }

    private let maximumRequestBytes: Int
    private let maximumResponseBytes: Int
    private var stage = Stage.preamble
    private var user = ""
    private var realUser: String?
    private var hasNegotiated = false
    private var answer = ByteBuffer()

    init(maximumRequestBytes: Int, maximumResponseBytes: Int) {
        self.maximumRequestBytes = maximumRequestBytes
        self.maximumResponseBytes = maximumResponseBytes
    }

    func decode(_ bytes: inout ByteBuffer) throws -> HDFSMessage? {
        if stage == .preamble {
            guard try readPreamble(&bytes) else { return nil }
        }
        while let frame = try readFrame(&bytes) {
            if let call = try read(frame) { return .call(call) }
        }
        return nil
    }

    func takeAnswer() -> ByteBuffer? {
        guard answer.readableBytes > 0 else { return nil }
        defer { answer = ByteBuffer() }
        return answer
    }

    /// Reads the seven bytes a connection begins with; false when they are not all there.
    private func readPreamble(_ bytes: inout ByteBuffer) throws -> Bool {
        guard bytes.readableBytes >= 7,
            let word = bytes.readBytes(length: 4).map({ String(decoding: $0, as: UTF8.self) }),
            let version = bytes.readInteger(as: UInt8.self), bytes.readInteger(as: UInt8.self) != nil,
            let authentication = bytes.readInteger(as: UInt8.self)
        else { return false }
        if word == "GET " { throw RPCRefusal.browser }
        guard word == "hrpc", version == RPCNumbers.version else { throw RPCRefusal.version(version) }
        switch authentication {
        case RPCNumbers.authenticationNone: stage = .context
        case RPCNumbers.authenticationSASL: stage = .negotiation
        default: throw RPCRefusal.authentication("Unknown auth protocol:\(Int8(bitPattern: authentication))")
        }
        return true
    }

    private func readFrame(_ bytes: inout ByteBuffer) throws -> ByteBuffer? {
        do {
            return try bytes.readFrame(limit: maximumRequestBytes)
        } catch {
            throw RPCRefusal.length(error.length, limit: maximumRequestBytes)
        }
    }

    /// Reads a frame: a call for the machine, or nil for what arranges the connection.
    private func read(_ frame: ByteBuffer) throws -> RPCCall? {
        var frame = frame
        var number = RPCNumbers.noCall
        do {
            let header = try frame.readDelimited(WireRpcRequestHeader.self)
            number = header.callID
            try check(header)
            switch number {
            case 0...: return try readCall(header, &frame)
            case RPCNumbers.connectionContextCall: try readContext(&frame)
            case RPCNumbers.saslCall: try negotiate(&frame)
            case RPCNumbers.pingCall: break
            default: throw RPCRefusal.header("Unknown out of band call #\(number)")
            }
            return nil
        } catch let error as MalformedMessage {
            throw RPCRefusal.malformed(error).wire(answering: number)
        } catch let error as RPCRefusal {
            throw error.wire(answering: number)
        }
    }

    private func check(_ header: WireRpcRequestHeader) throws(RPCRefusal) {
        guard header.hasRpcOp else { throw .header(" IPC Server: No rpc op in rpcRequestHeader") }
        guard header.rpcOp == .rpcFinalPacket else {
            throw .header("IPC Server does not implement rpc header operation\(header.rpcOp.rawValue)")
        }
        guard header.hasRpcKind else { throw .header(" IPC Server: No rpc kind in rpcRequestHeader") }
    }

    private func readCall(_ header: WireRpcRequestHeader, _ frame: inout ByteBuffer) throws -> RPCCall {
        guard stage == .calls else { throw RPCRefusal.header("Connection context not established") }
        guard header.rpcKind == .rpcProtocolBuffer else {
            throw RPCRefusal.header("Unknown rpc kind in rpc header\(header.rpcKind.rawValue)")
        }
        guard let client = RPCClientID(header.clientID) else {
            throw RPCRefusal.header("a client id has 16 bytes, not \(header.clientID.count)")
        }
        let request = try frame.readDelimited(WireRequestHeader.self)
        let body: ByteBuffer?
        do {
            body = try frame.readDelimited(limit: frame.readableBytes)
        } catch {
            throw RPCRefusal.parameters(error.reason)
        }
        guard let body else { throw RPCRefusal.parameters("the frame ends in the request") }
        return RPCCall(
            client: client, number: header.callID, retry: header.retryCount, user: user, realUser: realUser,
            protocolName: RPCProtocol(request.declaringClassProtocolName), method: request.methodName, body: body)
    }

    /// Learns who speaks, and for whom; whether he may is not the wire's matter.
    private func readContext(_ frame: inout ByteBuffer) throws {
        switch stage {
        case .negotiation: throw RPCRefusal.header("Connection header sent during SASL negotiation")
        case .calls: throw RPCRefusal.header("Connection context already processed")
        case .preamble, .context: break
        }
        let context = try frame.readDelimited(WireIpcConnectionContext.self)
        let info = context.userInfo
        user = Self.shortName(info.hasEffectiveUser ? info.effectiveUser : info.realUser)
        if info.hasEffectiveUser, info.hasRealUser { realUser = Self.shortName(info.realUser) }
        guard !user.isEmpty else { throw RPCRefusal.unauthorized("the connection does not tell its user") }
        stage = .calls
    }

    /// What is before the host or realm.
    private static func shortName(_ name: String) -> String { String(name.prefix { $0 != "/" && $0 != "@" }) }

    /// Answers a client that wants SASL that simple authentication is enough, which it takes or leaves.
    private func negotiate(_ frame: inout ByteBuffer) throws {
        guard stage == .negotiation else { throw RPCRefusal.header("SASL protocol not requested by client") }
        let message = try frame.readDelimited(WireRpcSasl.self)
        switch message.state {
        case .negotiate:
            try appendAnswer(.with { $0.state = .success }, to: RPCNumbers.saslCall)
        case .initiate:
            guard message.auths.count == 1 else {
                throw RPCRefusal.sasl("Client mechanism is malformed")
            }
            guard message.auths[0].method == "SIMPLE" else {
                guard !hasNegotiated else {
                    throw RPCRefusal.unauthorized(
                        "\(message.auths[0].method) authentication is not enabled.  Available:[SIMPLE]")
                }
                // A first wish that cannot be met is answered with what can, as if it had been asked for.
                hasNegotiated = true
                return try appendAnswer(.with { $0.state = .success }, to: RPCNumbers.saslCall)
            }
        default: throw RPCRefusal.sasl("Client sent unsupported state \(message.state)")
        }
        stage = .context
    }

    private func appendAnswer(_ message: WireRpcSasl, to call: Int32) throws {
        var body = ByteBuffer()
        try body.writeDelimited(message)
        let header = WireRpcResponseHeader.with {
            $0.callID = UInt32(bitPattern: call)
            $0.status = .success
            $0.serverIpcVersionNum = UInt32(RPCNumbers.version)
            $0.clientID = Data()
            $0.retryCount = RPCNumbers.noRetry
        }
        var head = ByteBuffer()
        try head.writeDelimited(header)
        answer.writeInteger(Int32(head.readableBytes + body.readableBytes))
        answer.writeImmutableBuffer(head)
        answer.writeImmutableBuffer(body)
    }

    func encode(_ message: HDFSMessage, to sink: (ByteBuffer) -> Void) throws {
        guard case .reply(let reply) = message else {
            throw HoneyError.unexpected("a server of RPC sends nothing but replies")
        }
        switch reply.outcome {
        case .success(let body) where body.readableBytes <= maximumResponseBytes - 1024:
            try encode(body, of: reply, to: sink)
        case .success(let body):
            let message = "the response of \(body.readableBytes) bytes is longer than ipc.maximum.response.length"
            sink(try failure(.inputOutput(message), .errorSerializingResponse, of: reply))
        case .failure(let exception):
            sink(try failure(exception, RPCServerCodec.detail(of: exception), of: reply))
        }
    }

    private func encode(_ body: ByteBuffer, of reply: RPCReply, to sink: (ByteBuffer) -> Void) throws {
        let header = try responseHeader(.success, of: reply).wireBytes()
        let headerBytes = header.readableBytes + ByteBuffer.varintBytes(header.readableBytes)
        let bodyBytes = body.readableBytes + ByteBuffer.varintBytes(body.readableBytes)
        let isCopied = body.readableBytes <= RPCNumbers.copiedBodyBytes
        var head = ByteBuffer()
        head.reserveCapacity(4 + headerBytes + 5 + (isCopied ? body.readableBytes : 0))
        head.writeInteger(Int32(headerBytes + bodyBytes))
        head.writeVarint(header.readableBytes)
        head.writeImmutableBuffer(header)
        head.writeVarint(body.readableBytes)
        if isCopied { head.writeImmutableBuffer(body) }
        sink(head)
        if !isCopied { sink(body) }
    }

    private func failure(
        _ exception: RemoteException, _ detail: WireRpcResponseHeader.RpcErrorCode, of reply: RPCReply
    ) throws -> ByteBuffer {
        var header = responseHeader(.error, of: reply)
        header.exceptionClassName = exception.className
        header.errorMsg = exception.message
        header.errorDetail = detail
        return try RPCRefusal.frame(header)
    }

    private func responseHeader(
        _ status: WireRpcResponseHeader.RpcStatus, of reply: RPCReply
    ) -> WireRpcResponseHeader {
        var header = WireRpcResponseHeader()
        header.callID = UInt32(bitPattern: reply.number)
        header.status = status
        header.serverIpcVersionNum = UInt32(RPCNumbers.version)
        header.clientID = reply.client.bytes
        header.retryCount = RPCNumbers.noRetry
        return header
    }

    private static func detail(of exception: RemoteException) -> WireRpcResponseHeader.RpcErrorCode {
        switch exception.shortName {
        case "RpcNoSuchMethodException": .errorNoSuchMethod
        case "RpcNoSuchProtocolException": .errorNoSuchProtocol
        default: .errorApplication
        }
    }
}
