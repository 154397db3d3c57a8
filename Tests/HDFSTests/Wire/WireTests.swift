import HoneyHDFS
import HoneyHDFSMessages
import HoneyWorld
import NIOCore
import SwiftProtobuf
import Testing

/// Everything a codec says of bytes that come in pieces of the given sizes: messages, and what the connection ended with.
private func decode(
    _ bytes: [UInt8], isServer: Bool, _ wire: any Wire<HDFSMessage>, piece: Int = .max
) -> (messages: [HDFSMessage], failure: MalformedWire?) {
    let codec = wire.makeCodec(isServer: isServer)
    var messages: [HDFSMessage] = []
    var buffer = ByteBuffer()
    var rest = bytes[...]
    do {
        while !rest.isEmpty {
            buffer.writeBytes(rest.prefix(piece))
            rest = rest.dropFirst(piece)
            while let message = try codec.decode(&buffer) { messages.append(message) }
        }
    } catch let error as MalformedWire {
        return (messages, error)
    } catch {
        Issue.record("a codec failed with \(error)")
    }
    return (messages, nil)
}

private func encode(_ messages: [HDFSMessage], with codec: any WireCodec<HDFSMessage>) throws -> [UInt8] {
    var bytes: [UInt8] = []
    for message in messages { try codec.encode(message) { bytes += $0.readableBytesView } }
    return bytes
}

private func call(_ number: Int32, _ method: String, _ body: [UInt8]) -> HDFSMessage {
    .call(
        RPCCall(
            client: RPCClientID(high: 0x0102_0304_0506_0708, low: 0x090A_0B0C_0D0E_0F10), number: number, retry: 0,
            user: "bee", protocolName: .client, method: method, body: ByteBuffer(bytes: body)))
}

/// `hrpc`, version 9, no service class, no authentication; then a frame with call -3 and the user, and one with a call.
private let handshake: [UInt8] = {
    func delimited(_ bytes: [UInt8]) -> [UInt8] { [UInt8(bytes.count)] + bytes }
    func frame(_ bytes: [UInt8]) -> [UInt8] { [0, 0, 0, UInt8(bytes.count)] + bytes }
    let client: [UInt8] = [0x22, 16] + (1...16)
    let name = Array("org.apache.hadoop.hdfs.protocol.ClientProtocol".utf8)
    let context = delimited([0x08, 2, 0x10, 0, 0x18, 5] + client + [0x28, 1])
    let user = delimited([0x12, 5, 0x0A, 3] + Array("bee".utf8) + [0x1A, UInt8(name.count)] + name)
    let header = delimited([0x08, 2, 0x10, 0, 0x18, 0] + client + [0x28, 0])
    let request = delimited([0x0A, 11] + Array("getFileInfo".utf8) + [0x12, UInt8(name.count)] + name + [0x18, 1])
    return Array("hrpc".utf8) + [9, 0, 0] + frame(context + user) + frame(header + request + [3, 0x0A, 1, 0x2F])
}()

@Test(arguments: [1, 2, 7, 64, 10_000]) func aCallOfHadoopIsReadHoweverItComesInPieces(piece: Int) throws {
    let (messages, failure) = decode(handshake, isServer: true, RPCWire(), piece: piece)
    #expect(failure == nil)
    guard case .call(let call)? = messages.first, messages.count == 1 else {
        Issue.record("no call, but \(messages)")
        return
    }
    #expect(call.user == "bee" && call.method == "getFileInfo" && call.number == 0 && call.retry == 0)
    #expect(
        call.protocolName == .client
            && call.client == RPCClientID(high: 0x0102_0304_0506_0708, low: 0x090A_0B0C_0D0E_0F10))
    #expect(Array(call.body.readableBytesView) == [0x0A, 1, 0x2F])
}

@Test func ourClientBeginsAsHadoopsDoes() throws {
    let codec = RPCWire().makeCodec(isServer: false)
    #expect(try encode([call(0, "getFileInfo", [0x0A, 1, 0x2F])], with: codec) == handshake)
}

@Test func repliesComeBackToTheirCalls() throws {
    let client = RPCWire().makeCodec(isServer: false)
    let server = RPCWire().makeCodec(isServer: true)
    let big = [UInt8](repeating: 7, count: 300_000)
    var asked = ByteBuffer(bytes: try encode([call(0, "mkdirs", [1]), call(1, "delete", big)], with: client))
    var calls: [RPCCall] = []
    while case .call(let call)? = try server.decode(&asked) { calls.append(call) }
    #expect(calls.map(\.method) == ["mkdirs", "delete"] && Array(calls[1].body.readableBytesView) == big)
    let failure = RemoteException.fileNotFound("File does not exist: /a")
    let answers = try encode(
        [
            .reply(RPCReply(number: 1, client: calls[1].client, outcome: .failure(failure))),
            .reply(RPCReply(number: 0, client: calls[0].client, outcome: .success(ByteBuffer(bytes: [9, 9])))),
        ], with: server)
    var answered = ByteBuffer(bytes: answers)
    var outcomes: [String] = []
    while case .reply(let reply)? = try client.decode(&answered) {
        switch reply.outcome {
        case .success(let body): outcomes.append("\(reply.number) \(Array(body.readableBytesView))")
        case .failure(let exception): outcomes.append("\(reply.number) \(exception)")
        }
    }
    #expect(outcomes == ["1 java.io.FileNotFoundException: File does not exist: /a", "0 [9, 9]"])
}

@Test(
    arguments: [
        (Array("GET / HTTP/1.1\r\n".utf8), "HTTP"), (Array("hrpc".utf8) + [8, 0, 0], "version"),
        (Array("nonsense".utf8), ""), (Array("hrpc".utf8) + [9, 0, 0, 0x7F, 0xFF, 0xFF, 0xFF], ""),
        (Array("hrpc".utf8) + [9, 0, 0, 0xFF, 0xFF, 0xFF, 0xFF], ""), (Array("hrpc".utf8) + [9, 0, 0x33], ""),
        (Array("hrpc".utf8) + [9, 0, 0, 0, 0, 0, 3, 0xFF, 0xFF, 0xFF], ""),
    ] as [([UInt8], String)]
) func whatIsNoCallIsRefused(bytes: [UInt8], reason: String) {
    let (messages, failure) = decode(bytes, isServer: true, RPCWire())
    #expect(messages.isEmpty)
    #expect(failure?.reason.contains(reason) == true || (failure != nil && reason.isEmpty))
}

/// `hrpc`, version 9, SASL first; then frames with call -33 and these messages.
private func negotiation(_ messages: [WireRpcSasl]) throws -> [UInt8] {
    var bytes = Array("hrpc".utf8) + [9, 0, 0xDF]
    for message in messages {
        let header: [UInt8] = [0x08, 2, 0x10, 0, 0x18, 65, 0x22, 0, 0x28, 1]
        let body: [UInt8] = try message.serializedBytes()
        bytes += [0, 0, 0, UInt8(header.count + body.count + 2), UInt8(header.count)] + header
        bytes += [UInt8(body.count)] + body
    }
    return bytes
}

@Test func whoWantsSASLIsToldThatSimpleIsEnough() throws {
    func answers(to messages: [WireRpcSasl], then rest: [UInt8] = []) throws -> (
        states: [WireRpcSasl.SaslState], calls: Int
    ) {
        let codec = RPCWire().makeCodec(isServer: true)
        var bytes = ByteBuffer(bytes: try negotiation(messages) + rest)
        var calls = 0
        while try codec.decode(&bytes) != nil { calls += 1 }
        var states: [WireRpcSasl.SaslState] = []
        var answer = codec.takeAnswer() ?? ByteBuffer()
        while let frame = answer.readInteger(as: Int32.self).flatMap({ answer.readSlice(length: Int($0)) }) {
            var frame = frame
            let header = Int(frame.readInteger(as: UInt8.self) ?? 0)
            frame.moveReaderIndex(forwardBy: header)
            frame.moveReaderIndex(forwardBy: 1)
            states.append(try WireRpcSasl(serializedBytes: Array(frame.readableBytesView)).state)
        }
        return (states, calls)
    }
    func initiate(_ method: String) -> WireRpcSasl {
        .with {
            $0.state = .initiate
            $0.auths = [
                .with {
                    $0.method = method
                    $0.mechanism = ""
                }
            ]
        }
    }
    let negotiate = WireRpcSasl.with { $0.state = .negotiate }
    let frames = Array(handshake.dropFirst(7))
    #expect(try answers(to: [negotiate], then: frames) == ([.success], 1))
    #expect(try answers(to: [initiate("SIMPLE")], then: frames) == ([], 1))
    #expect(try answers(to: [initiate("KERBEROS")]) == ([.success], 0))
    for wrong in [
        [initiate("KERBEROS"), initiate("KERBEROS")], [negotiate, negotiate], [WireRpcSasl.with { $0.state = .wrap }],
        [WireRpcSasl.with { $0.state = .initiate }],
    ] {
        #expect(throws: MalformedWire.self) { _ = try answers(to: wrong) }
    }
}

@Test func packetsAndAnswersGoBothWays() throws {
    let write = WireOpWriteBlock.with {
        $0.header.baseHeader.block = Block(id: 1 << 30, generationStamp: 1001, size: 0).extended(pool: "BP-1")
        $0.header.clientName = "client"
        $0.stage = .pipelineSetupCreate
        $0.pipelineSize = 1
        $0.minBytesRcvd = 0
        $0.maxBytesRcvd = 0
        $0.latestGenerationStamp = 1001
        $0.requestedChecksum = .with {
            $0.type = .checksumCrc32C
            $0.bytesPerChecksum = 512
        }
    }
    let data = ByteBuffer(bytes: (0..<70_000).map { UInt8(truncatingIfNeeded: $0) })
    let packet = TransferPacket(
        sequence: 0, offsetInBlock: 0, isLast: false, sync: true, checksums: Checksums.make(of: data), data: data)
    let last = TransferPacket(
        sequence: 1, offsetInBlock: 70_000, isLast: true, sync: false, checksums: ByteBuffer(), data: ByteBuffer())
    let client = TransferWire().makeCodec(isServer: false)
    let bytes = try encode(
        [.transfer(.operation(.write(write))), .transfer(.packet(packet)), .transfer(.packet(last))], with: client)
    #expect(Array(bytes.prefix(3)) == [0, 28, 80])
    for piece in [1, 513, 1 << 20] {
        let (messages, failure) = decode(bytes, isServer: true, TransferWire(), piece: piece)
        #expect(failure == nil && messages.count == 3)
        guard case .transfer(.operation(.write(let read)))? = messages.first,
            case .transfer(.packet(let first)) = messages[1], case .transfer(.packet(let end)) = messages[2]
        else {
            Issue.record("other messages came back: \(messages)")
            return
        }
        #expect(read == write && first.data == data && first.checksums == packet.checksums)
        #expect(first.sync && !first.isLast && end.isLast && end.sequence == 1 && end.offsetInBlock == 70_000)
    }
}

/// Mutated conversations: whatever comes, a codec says so or waits, and takes no memory for what it was only promised.
@Test(arguments: [true, false]) func damagedBytesAreNeverMoreThanAnError(isServer: Bool) throws {
    let seed = UInt64.random(in: 0...UInt64.max)
    var random = SeededRandom(seed: seed)
    let data = ByteBuffer(bytes: [UInt8](repeating: 3, count: 1500))
    let transfer = try encode(
        [
            .transfer(
                .operation(
                    .read(
                        .with {
                            $0.header.baseHeader.block = Block(id: 5, generationStamp: 6, size: 7).extended(pool: "p")
                            $0.header.clientName = "c"
                            $0.offset = 0
                            $0.len = 1500
                        }))),
            .transfer(.readStatus(.with { $0.status = .checksumOk })),
        ], with: TransferWire().makeCodec(isServer: false))
    let server = TransferWire().makeCodec(isServer: true)
    let packets = try encode(
        [
            .transfer(.response(.with { $0.status = .success })),
            .transfer(
                .packet(
                    TransferPacket(
                        sequence: 0, offsetInBlock: 0, isLast: false, sync: false, checksums: Checksums.make(of: data),
                        data: data))),
        ], with: server)
    for round in 0..<20_000 {
        let isRPC = isServer && round % 2 == 0
        var bytes = isRPC ? handshake : isServer ? transfer : packets
        for _ in 0..<Int.random(in: 1...4, using: &random) {
            let place = Int.random(in: 0..<bytes.count, using: &random)
            switch Int.random(in: 0..<4, using: &random) {
            case 0: bytes[place] = UInt8.random(in: 0...255, using: &random)
            case 1: bytes[place] ^= 1 << UInt8.random(in: 0..<8, using: &random)
            case 2: bytes.remove(at: place)
            default: bytes.insert(UInt8.random(in: 0...255, using: &random), at: place)
            }
        }
        _ = decode(
            bytes, isServer: isServer, isRPC ? RPCWire() : TransferWire() as any Wire<HDFSMessage>,
            piece: Int.random(in: 1...bytes.count, using: &random))
    }
}
