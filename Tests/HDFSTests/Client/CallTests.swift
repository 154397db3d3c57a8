import Foundation
import HoneyCore
import HoneyHDFSMessages
import HoneyWorld
import NIOCore
import SwiftProtobuf
import Testing

@testable import HoneyHDFS

/// How calls go on when servers do not answer as they should.
struct CallTests {
    private func servers(_ count: Int, _ change: (inout HDFSClientConfiguration) -> Void = { _ in }) -> ScriptedServers
    {
        var configuration = HDFSClientConfiguration(
            nameNodes: (0..<count).map(ScriptedServers.address), user: "ann")
        change(&configuration)
        return ScriptedServers(configuration)
    }

    private func isAnswered(_ outcome: Result<WireGetFileInfoResponse, any Error>?) -> Bool {
        if case .success = outcome { true } else { false }
    }

    @Test func aCallThatIsRepeatedKeepsItsNumber() {
        let servers = servers(1)
        servers.answer = { call, _ in call.retry < 3 ? .close(.ended) : ScriptedServers.empty() }
        #expect(isAnswered(servers.askForNothing()))
        #expect(servers.calls.map(\.call.retry) == [0, 1, 2, 3])
        #expect(Set(servers.calls.map(\.call.number)).count == 1)
        #expect(Set(servers.calls.map(\.call.client)).count == 1)
        #expect(isAnswered(servers.askForNothing()))
        #expect(Set(servers.calls.map(\.call.number)).count == 2)
    }

    @Test func aNameNodeThatIsNotThereIsTriedForAWhile() throws {
        let servers = servers(1)
        servers.answer = { _, _ in .close(.refused) }
        let outcome = servers.askForNothing()
        #expect { try outcome?.get() } throws: { ($0 as? HoneyError)?.message.contains("connection refused") == true }
        #expect(servers.elapsed >= .seconds(10) && servers.elapsed < .seconds(40))
        #expect(servers.calls.count > 5)
    }

    @Test func callsGoToTheNameNodeThatIsActive() {
        let servers = servers(3)
        servers.answer = { _, address in
            address == ScriptedServers.address(2)
                ? ScriptedServers.empty() : .reply(.failure(.standby("Operation category READ is not supported")))
        }
        #expect(isAnswered(servers.askForNothing()))
        #expect(servers.calls.map(\.at) == (0..<3).map(ScriptedServers.address))
        #expect(isAnswered(servers.askForNothing()))
        #expect(servers.calls.last?.at == ScriptedServers.address(2) && servers.calls.count == 4)
    }

    @Test func noNameNodeIsActiveForEver() {
        let servers = servers(2)
        servers.answer = { _, _ in .reply(.failure(.standby("not active"))) }
        let outcome = servers.askForNothing()
        #expect { try outcome?.get() } throws: { ($0 as? RemoteException)?.shortName == "StandbyException" }
        #expect(servers.calls.count == 16)
    }

    @Test func aServerThatIsStartingIsAskedAgain() {
        let servers = servers(1)
        servers.answer = { call, _ in
            call.retry < 4
                ? .reply(.failure(RemoteException("org.apache.hadoop.ipc.RetriableException", "still starting")))
                : ScriptedServers.empty()
        }
        #expect(isAnswered(servers.askForNothing()))
        #expect(servers.elapsed > .seconds(1))
    }

    @Test(arguments: [0, 60]) func safeModeIsWaitedForWhereAsked(seconds: Int) {
        let servers = servers(1) { $0.safeModePatience = .seconds(seconds) }
        servers.answer = { call, _ in
            call.retry < 5 ? .reply(.failure(.safeMode("Name node is in safe mode."))) : ScriptedServers.empty()
        }
        #expect(isAnswered(servers.askForNothing()) == (seconds > 0))
    }

    @Test func aServerThatSaysNothingIsPingedAndGivenUp() {
        let servers = servers(1) { $0.connectPatience = 0 }
        let outcome = servers.askForNothing(limit: .seconds(600))
        #expect { try outcome?.get() } throws: { ($0 as? HoneyError)?.message.contains("timed out") == true }
        #expect(servers.calls.contains { $0.call.number == RPCNumbers.pingCall })
        #expect(servers.elapsed >= .seconds(120) && servers.elapsed < .seconds(200))
        #expect(servers.closed.count == 1)
    }

    @Test func aDataNodeThatSaysNothingOfItsFilesIsNotWaitedForLong() {
        let servers = servers(1)
        let node = WireDatanodeID.with {
            $0.ipAddr = "127.0.0.1"
            $0.ipcPort = 9867
            $0.datanodeUuid = "silent"
        }
        let place = BlockPlace(
            range: 0..<10, key: BlockPlace.Key(pool: "BP-1", id: 1, stamp: 1, size: 10), node: node,
            token: .empty)
        for tries in 1...3 {
            var outcomes: [LocalPaths?] = []
            servers.run(for: .seconds(6)) { client in
                client.localPaths(of: place) { outcomes.append(try? $0.get()) }
            }
            #expect(outcomes.count == 1 && outcomes.allSatisfy { $0 == nil })
            #expect(servers.calls.count == 1, "try \(tries)")
        }
    }

    @Test func aFileWhoseLastBlockNobodyHasCannotBeAppendedTo() throws {
        let servers = servers(1)
        let block = WireLocatedBlock.with {
            $0.b = Block(id: 1, generationStamp: 1, size: 100).extended(pool: "BP-1")
            $0.offset = 0
            $0.corrupt = false
            $0.blockToken = .empty
        }
        servers.answer = { call, _ in
            var found = block
            found.locs = [
                .with {
                    $0.id = .with {
                        $0.ipAddr = "127.0.0.1"
                        $0.hostName = "one"
                        $0.datanodeUuid = "one"
                        $0.xferPort = 9866
                        $0.infoPort = 9864
                        $0.ipcPort = 9867
                    }
                }
            ]
            let status = WireHdfsFileStatus.with {
                $0.fileType = .isFile
                $0.path = Data()
                $0.length = 100
                $0.permission = .with { $0.perm = 0o644 }
                $0.owner = "ann"
                $0.group = "ann"
                $0.modificationTime = 0
                $0.accessTime = 0
                $0.blockReplication = 3
                $0.blocksize = 1000
            }
            let body =
                switch call.method {
                case "append":
                    try? WireAppendResponse.with {
                        $0.block = block
                        $0.stat = status
                    }.response()
                case "updateBlockForPipeline":
                    try? WireUpdateBlockForPipelineResponse.with { $0.block = block }.response()
                case "getBlockLocations":
                    try? WireGetBlockLocationsResponse.with {
                        $0.locations = .with {
                            $0.fileLength = 100
                            $0.blocks = [block]
                            $0.lastBlock = block
                            $0.underConstruction = true
                            $0.isLastBlockComplete = false
                        }
                    }.response()
                default: try? WireGetAdditionalDatanodeResponse.with { $0.block = found }.response()
                }
            return .reply(.success(body ?? ByteBuffer()))
        }
        var failure: (any Error)?
        servers.run(for: .seconds(60)) { client in
            client.append("/a") { result in
                guard let writer = try? result.get() else { return }
                writer.failed = { failure = $0 }
                writer.write([
                    OutgoingPacket(
                        offset: 100, data: ByteBuffer(string: "x"), checksums: ByteBuffer(), isLast: false, sync: false)
                ])
            }
        }
        #expect((failure as? HoneyError)?.message.contains("no DataNode is known") == true)
    }

    @Test func aConnectionNobodyUsesIsClosed() {
        let servers = servers(1)
        servers.answer = { _, _ in ScriptedServers.empty() }
        #expect(isAnswered(servers.askForNothing(limit: .seconds(1))))
        #expect(servers.closed.isEmpty)
        servers.run(for: .seconds(30)) { _ in }
        #expect(servers.closed.count == 1)
        #expect(isAnswered(servers.askForNothing(limit: .seconds(1))))
    }

    @Test func anAnswerThatIsNoneIsAnError() {
        let servers = servers(1)
        servers.answer = { _, _ in .reply(.success(ByteBuffer(bytes: [0xFF, 0xFF, 0xFF]))) }
        let outcome = servers.askForNothing()
        #expect { try outcome?.get() } throws: { ($0 as? HoneyError)?.message.contains("damaged") == true }
    }

    @Test func callsOfAClientThatEndsFail() {
        let servers = servers(1)
        var outcomes = 0
        servers.run(for: .seconds(1)) { client in
            client.call(
                "getFileInfo", WireGetFileInfoRequest.with { $0.src = "/" }, as: WireGetFileInfoResponse.self
            ) { if case .failure = $0 { outcomes += 1 } }
        }
        servers.stop()
        #expect(outcomes == 1)
        #expect(!isAnswered(servers.askForNothing()))
    }

    @Test func aPingIsWhatHadoopSends() throws {
        let codec = RPCWire().makeCodec(isServer: false)
        var bytes = ByteBuffer()
        let call = RPCCall(
            client: RPCClientID(high: 1, low: 2), number: 5, retry: 0, user: "ann", protocolName: .client,
            method: "getFileInfo", body: ByteBuffer(string: "x"))
        var ping = call
        ping.number = RPCNumbers.pingCall
        ping.method = ""
        try codec.encode(.call(call)) { bytes.writeImmutableBuffer($0) }
        try codec.encode(.call(ping)) { bytes.writeImmutableBuffer($0) }
        try codec.encode(.call(call)) { bytes.writeImmutableBuffer($0) }
        let server = RPCWire().makeCodec(isServer: true)
        var numbers: [Int32] = []
        while case .call(let read) = try server.decode(&bytes) { numbers.append(read.number) }
        #expect(numbers == [5, 5])
        #expect(bytes.readableBytes == 0)
    }
}
