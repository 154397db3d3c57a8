import Foundation
import HoneyCore
import HoneyHDFSMessages
import HoneyWorld
import NIOCore
import SwiftProtobuf
import Testing

@testable import HoneyHDFS

/// Appending to a block of which the NameNode, which has just started, has heard nothing yet.
struct AppendingTests {
    private static func block(known: Bool) -> WireLocatedBlock {
        .with {
            $0.b = Block(id: 7, generationStamp: 1001, size: 700).extended(pool: "BP-1")
            $0.offset = 0
            $0.corrupt = false
            $0.blockToken = token
            guard known else { return }
            $0.locs = [
                .with {
                    $0.id.ipAddr = "dn1"
                    $0.id.hostName = "dn1"
                    $0.id.datanodeUuid = "1"
                    $0.id.xferPort = 9866
                    $0.id.infoPort = 9864
                    $0.id.ipcPort = 9867
                }
            ]
        }
    }

    private static let token = WireToken.with {
        $0.identifier = Data()
        $0.password = Data()
        $0.kind = ""
        $0.service = ""
    }

    private static let status = WireHdfsFileStatus.with {
        $0.fileType = .isFile
        $0.path = Data()
        $0.length = 700
        $0.permission.perm = 0o644
        $0.owner = "ann"
        $0.group = "ann"
        $0.modificationTime = 0
        $0.accessTime = 0
        $0.blocksize = 1 << 20
        $0.blockReplication = 1
        $0.fileID = 5
    }

    private static func reply(_ message: some SwiftProtobuf.Message) -> ScriptedServers.Answer? {
        (try? message.wireBytes()).map { .reply(.success($0)) }
    }

    /// Appends to a file whose block the NameNode knows after having been asked so often.
    private func append(knownAfter count: Int) throws -> (servers: ScriptedServers, failure: (any Error)?) {
        let servers = ScriptedServers(
            HDFSClientConfiguration(nameNodes: [ScriptedServers.address(0)], user: "ann"))
        var asked = 0
        servers.answer = { call, _ in
            switch call.method {
            case "append":
                return Self.reply(
                    WireAppendResponse.with {
                        $0.block = Self.block(known: false)
                        $0.stat = Self.status
                    })
            case "getBlockLocations":
                asked += 1
                return Self.reply(
                    WireGetBlockLocationsResponse.with {
                        $0.locations.fileLength = 0
                        $0.locations.underConstruction = true
                        $0.locations.isLastBlockComplete = false
                        $0.locations.lastBlock = Self.block(known: asked > count)
                    })
            case "updateBlockForPipeline":
                return Self.reply(WireUpdateBlockForPipelineResponse.with { $0.block = Self.block(known: true) })
            default: return nil
            }
        }
        var failure: (any Error)?
        var writer: FileWriter?
        servers.run(for: .seconds(50)) { client in
            client.append("/file") { result in
                guard case .success(let opened) = result else { return }
                writer = opened
                opened.failed = { failure = $0 }
                var maker = PacketMaker(blockBytes: 1 << 20, packetBytes: 65_536, offset: 700)
                [UInt8](repeating: 1, count: 100).withUnsafeBytes { bytes in
                    maker.append(bytes) { opened.write([$0]) }
                }
                maker.flush(sync: false) { opened.write([$0]) }
            }
        }
        #expect(writer != nil)
        return (servers, failure)
    }

    @Test func itIsAskedForUntilItIsKnown() throws {
        let (servers, failure) = try append(knownAfter: 4)
        #expect(failure == nil)
        #expect(servers.calls.filter { $0.call.method == "getBlockLocations" }.count == 5)
        #expect(servers.connected.contains(.tcp(host: "dn1", port: 9866)))
    }

    @Test func itIsNotAskedForForEver() throws {
        let (servers, failure) = try append(knownAfter: .max)
        #expect((failure as? HoneyError)?.code == "IO_ERROR")
        #expect(!servers.connected.contains(.tcp(host: "dn1", port: 9866)))
    }
}
