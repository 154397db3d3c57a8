// WireFuzz feeds bytes that libFuzzer makes up to the wires of HDFS and to a NameNode: messages or an error must come of them, and
// no crash, no hang and no memory without bound. `Tests/Fuzz/run.sh rpc|transfer|namenode SECONDS` builds and runs it.

import HoneyHDFS
import HoneyHDFSMessages
import HoneyWorld
import NIOCore
import SwiftProtobuf

#if canImport(Glibc)
    import Glibc
#else
    import Musl
#endif

/// What libFuzzer, whose `main` this program has, calls with each input.
@_cdecl("LLVMFuzzerTestOneInput")
func testOneInput(_ bytes: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    chosen(Array(UnsafeRawBufferPointer(start: bytes, count: count)))
    return 0
}

/// The target that the environment names.
private let chosen: @Sendable ([UInt8]) -> Void = {
    let targets: [String: @Sendable ([UInt8]) -> Void] = [
        "rpc": { WireFuzz.decode($0, RPCWire(maximumRequestBytes: 1 << 20, maximumResponseBytes: 1 << 20)) },
        "transfer": { WireFuzz.decode($0, TransferWire()) },
        "namenode": { NameNodeFuzz.run($0) },
    ]
    let name = getenv("HONEYGUIDE_FUZZ_FORMAT").map { String(cString: $0) } ?? ""
    if let target = targets[name] { return target }
    print("set HONEYGUIDE_FUZZ_FORMAT to one of: \(targets.keys.sorted().joined(separator: ", "))")
    exit(2)
}()

enum WireFuzz {
    /// Decodes bytes in pieces, on the side of the wire that the last byte chooses, and writes again what can be.
    static func decode(_ bytes: [UInt8], _ wire: some Wire<HDFSMessage>) {
        guard let choice = bytes.last else { return }
        let isServer = choice & 1 == 0
        let codec = wire.makeCodec(isServer: isServer)
        if !isServer { try? codec.encode(question(wire.name, choice >> 1)) { _ in } }
        let piece = [1, 7, 64, 100_000][Int(choice >> 6)]
        var rest = bytes.dropLast()
        var buffer = ByteBuffer()
        do {
            while !rest.isEmpty {
                buffer.writeBytes(rest.prefix(piece))
                rest = rest.dropFirst(piece)
                let before = buffer.readableBytes
                while let message = try codec.decode(&buffer) { again(message, wire, isServer) }
                _ = codec.takeAnswer()
                guard buffer.readableBytes <= before else { fatalError("a codec gave bytes back") }
            }
        } catch is MalformedWire {
        } catch { fatalError("a codec failed with \(error)") }
    }

    /// What a client asks, whose answer is read.
    private static func question(_ wire: WireName, _ choice: UInt8) -> HDFSMessage {
        if wire == .rpc {
            return .call(
                RPCCall(
                    client: RPCClientID(high: 1, low: 2), number: 0, retry: 0, user: "bee", protocolName: .client,
                    method: "getFileInfo", body: ByteBuffer()))
        }
        let base = WireBaseHeader.with { $0.block = Block(id: 1, generationStamp: 2, size: 3).extended(pool: "p") }
        switch choice % 3 {
        case 0: return .transfer(.operation(.copy(.with { $0.header = base })))
        case 1:
            return .transfer(
                .operation(
                    .read(
                        .with {
                            $0.header.baseHeader = base
                            $0.header.clientName = "c"
                            $0.offset = 0
                            $0.len = 3
                        })))
        default:
            return .transfer(
                .operation(
                    .write(
                        .with {
                            $0.header.baseHeader = base
                            $0.header.clientName = "c"
                            $0.stage = .pipelineSetupCreate
                            $0.pipelineSize = 1
                            $0.minBytesRcvd = 0
                            $0.maxBytesRcvd = 0
                            $0.latestGenerationStamp = 2
                            $0.requestedChecksum.type = .checksumCrc32C
                            $0.requestedChecksum.bytesPerChecksum = 512
                        })))
        }
    }

    /// What was read can be sent by the other side.
    private static func again(_ message: HDFSMessage, _ wire: some Wire<HDFSMessage>, _ isServer: Bool) {
        try? wire.makeCodec(isServer: !isServer).encode(message) { _ in }
    }
}
