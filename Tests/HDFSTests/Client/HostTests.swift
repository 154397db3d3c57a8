import Foundation
import HoneyCore
import HoneyFiles
import HoneyWorld
import NIOCore
import Testing

@testable import HoneyHDFS

/// What a host makes of addresses that cannot be had.
struct HostTests {
    @Test(arguments: [-1, 0, 65_536, 4_294_967_295]) func aPortThatIsNoneIsAnError(port: Int) throws {
        let fileSystem = try HDFSFileSystem(
            properties: ["ipc.client.connect.max.retries": "0"],
            services: ["odd": [.tcp(host: "127.0.0.1", port: port)]])
        #expect {
            _ = try fileSystem.status(FileLocation(scheme: "hdfs", authority: "odd", path: "/"))
        } throws: { ($0 as? HoneyError)?.message.contains("no port has the number") == true }
    }

    @Test func whoCannotListenEverywhereListensNowhere() throws {
        let socket = NSTemporaryDirectory() + "honey-\(UUID().uuidString.prefix(8)).sock"
        let host = MachineHost<HDFSClient>(on: EventLoops.shared.next(), wires: [RPCWire(), TransferWire()]) { _, _ in }
        let starting = host.start(listening: [
            (.local(path: socket), .rpc), (.local(path: "/nowhere/at/all.sock"), .transfer),
        ]) { _ in
            HDFSClient(
                configuration: HDFSClientConfiguration(nameNodes: [], user: "ann"), random: SeededRandom(seed: 1))
        }
        #expect { try starting.wait() } throws: { "\($0)".contains("cannot listen on") }
        let deadline = ContinuousClock.now + .seconds(10)
        while FileManager.default.fileExists(atPath: socket), ContinuousClock.now < deadline { usleep(1_000) }
        #expect(!FileManager.default.fileExists(atPath: socket))
    }
}
