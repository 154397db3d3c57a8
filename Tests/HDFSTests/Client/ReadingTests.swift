import Foundation
import HoneyCore
import HoneyFiles
import HoneyHDFSMessages
import HoneyWorld
import SwiftProtobuf
import Testing

@testable import HoneyHDFS

struct ReadingTests {
    private static let cluster = Result { try TestCluster(datanodes: 2, properties: ["dfs.blocksize": "65536"]) }
    private let cluster: TestCluster
    private static let small = [
        "dfs.blocksize": "65536", "dfs.replication": "2", "dfs.client-write-packet-size": "8192",
    ]

    init() throws { cluster = try Self.cluster.get() }

    private static func bytes(_ count: Int, seed: UInt64) -> [UInt8] {
        var random = SeededRandom(seed: seed)
        return (0..<count).map { _ in UInt8.random(in: .min ... .max, using: &random) }
    }

    private func read(_ file: any ReadableFile, _ offset: Int, _ count: Int) throws -> [UInt8] {
        try [UInt8](unsafeUninitializedCapacity: max(count, 1)) { buffer, done in
            done = try file.read(at: offset, count: count, into: buffer.baseAddress!)
        }
    }

    @Test(arguments: [false, true]) func filesReadBackAtAnyOffset(shortCircuit: Bool) throws {
        let seed = UInt64.random(in: .min ... .max)
        print("seed \(seed)")
        var random = SeededRandom(seed: seed)
        let fileSystem = try cluster.fileSystem(
            Self.small.merging(["dfs.client.read.shortcircuit": "\(shortCircuit)"]) { $1 })
        let place = cluster.location("/any/\(shortCircuit)")
        let bytes = Self.bytes(5 * 65_536 + 1_234, seed: seed)
        try fileSystem.write(bytes, to: place)
        #expect(try fileSystem.contents(of: place) == bytes)
        let file = try fileSystem.open(place)
        var next = 0
        for _ in 0..<200 {
            // Often where the last read ended, or a little after it.
            let offset =
                switch Int.random(in: 0..<4, using: &random) {
                case 0: Int.random(in: 0...bytes.count, using: &random)
                case 1: min(next + Int.random(in: 0..<3_000, using: &random), bytes.count)
                default: next
                }
            let count = Int.random(in: 0...20_000, using: &random)
            let expected = Array(bytes[offset..<min(offset + count, bytes.count)])
            #expect(try read(file, offset, count) == expected, "\(count) bytes at \(offset)")
            next = offset + expected.count
        }
    }

    @Test func severalThreadsReadOneFile() async throws {
        let fileSystem = try cluster.fileSystem(Self.small)
        let place = cluster.location("/threads")
        let bytes = Self.bytes(300_000, seed: 5)
        try fileSystem.write(bytes, to: place)
        let file = try fileSystem.open(place)
        try await withThrowingTaskGroup(of: Void.self) { group in
            for part in 0..<6 {
                group.addTask {
                    for step in 0..<50 {
                        let offset = part * 50_000 + step * 1_000
                        let taken = try read(file, offset, 1_000)
                        #expect(taken == Array(bytes[offset..<offset + 1_000]))
                    }
                }
            }
            try await group.waitForAll()
        }
    }

    @Test(arguments: [false, true]) func damagedReplicasAreNotRead(shortCircuit: Bool) throws {
        let fileSystem = try cluster.fileSystem(
            Self.small.merging(["dfs.client.read.shortcircuit": "\(shortCircuit)"]) { $1 })
        let place = cluster.location("/damaged/\(shortCircuit)")
        let bytes = Self.bytes(60_000, seed: 6)
        try fileSystem.write(bytes, to: place)
        let block = try fileSystem.administration().blocks(of: place.path).blocks[0].b.blockID
        for node in 0..<2 {
            let path = try #require(cluster.blockFiles(node, prefix: "blk_\(block)").first { !$0.hasSuffix(".meta") })
            let handle = try #require(FileHandle(forUpdatingAtPath: path))
            // Another byte in each, so that no read is right by one replica alone when it does not go on.
            try handle.seek(toOffset: UInt64(10_000 + 30_000 * node))
            try handle.write(contentsOf: [bytes[10_000 + 30_000 * node] ^ 0x40])
            try handle.close()
        }
        let file = try fileSystem.open(place)
        for offset in [0, 20_000, 50_000] {
            #expect(try read(file, offset, 5_000) == Array(bytes[offset..<offset + 5_000]))
        }
        #expect(try read(file, 5_000, 20_000) == Array(bytes[5_000..<25_000]))
    }

    @Test func blocksOfThisHostAreReadWithoutTheirDataNode() throws {
        let cluster = try TestCluster(datanodes: 1)
        let fileSystem = try cluster.fileSystem(
            Self.small.merging(["dfs.client.read.shortcircuit": "true", "dfs.replication": "1"]) { $1 })
        let place = cluster.location("/near")
        let bytes = Self.bytes(200_000, seed: 9)
        try fileSystem.write(bytes, to: place)
        let file = try fileSystem.open(place)
        for block in 0..<4 { #expect(try read(file, block * 65_536, 1) == [bytes[block * 65_536]]) }
        try cluster.killDataNode(0)
        #expect(try read(file, 0, bytes.count) == bytes)
    }

    @Test func locationsTellTheRacksOfTheirHosts() throws {
        let fileSystem = try cluster.fileSystem(Self.small)
        let place = cluster.location("/racks")
        try fileSystem.write(Self.bytes(100_000, seed: 4), to: place)
        let blocks = try fileSystem.locations(of: place, range: 0..<100_000)
        #expect(blocks.map(\.range) == [0..<65_536, 65_536..<100_000])
        #expect(blocks.allSatisfy { $0.racks == ["/default-rack", "/default-rack"] && $0.hosts.count == 2 })
    }

    @Test func aFileThatWasReplacedIsNotMixedWithTheOther() throws {
        let fileSystem = try cluster.fileSystem(Self.small)
        let place = cluster.location("/replaced")
        let (old, new) = (Self.bytes(150_000, seed: 1), Self.bytes(150_000, seed: 2))
        try fileSystem.write(old, to: place)
        let file = try fileSystem.open(place)
        #expect(try read(file, 0, 1_000) == Array(old[..<1_000]))
        try fileSystem.delete(place, recursive: false)
        try fileSystem.write(new, to: place)
        // Its blocks are there until DataNodes are told to remove them.
        let deadline = ContinuousClock.now + .seconds(30)
        while true {
            do {
                #expect(try read(file, 70_000, 80_000) == Array(old[70_000...]))
                try #require(ContinuousClock.now < deadline, "the old blocks stay")
            } catch let error as HoneyError {
                #expect(error.message.contains("replaced"))
                break
            }
        }
        #expect(try fileSystem.contents(of: place) == new)
    }

    @Test func blocksBelowKnownDirectoriesAreReadWithoutAsking() throws {
        let writer = try cluster.fileSystem(Self.small)
        let place = cluster.location("/direct")
        let bytes = Self.bytes(200_000, seed: 11)
        try writer.write(bytes, to: place)
        let blocks = LocalBlocks(directories: [cluster.dataFolder(1), cluster.dataFolder(0)])
        let located: WireGetBlockLocationsResponse = try writer.ask(
            "getBlockLocations",
            WireGetBlockLocationsRequest.with {
                $0.src = place.path
                $0.offset = 0
                $0.length = 1 << 20
            }, at: place)
        #expect(located.locations.blocks.count == 4)
        for block in located.locations.blocks {
            var key = BlockPlace.Key(
                pool: block.b.poolID, id: block.b.blockID, stamp: block.b.generationStamp, size: Int(block.b.numBytes))
            let opened = try #require(blocks.block(key))
            let read = [UInt8](unsafeUninitializedCapacity: key.size) { buffer, count in
                count = opened.read(at: 0, into: UnsafeMutableRawBufferPointer(buffer)) ?? 0
            }
            let offset = Int(block.offset)
            #expect(read == Array(bytes[offset..<offset + key.size]))
            key.stamp += 1
            #expect(blocks.block(key) == nil)
            key.pool = "../" + key.pool
            #expect(blocks.block(key) == nil)
        }
    }

    @Test func listingsTellLocations() throws {
        let fileSystem = try cluster.fileSystem(Self.small)
        for number in 0..<3 {
            try fileSystem.write(Self.bytes(number * 70_000, seed: 3), to: cluster.location("/listed/\(number)"))
        }
        try fileSystem.makeDirectory(cluster.location("/listed/below"))
        let listed = try fileSystem.listForReading(cluster.location("/listed"))
        #expect(listed.map(\.status) == (try fileSystem.list(cluster.location("/listed"))))
        for file in listed where !file.status.isDirectory {
            let locations = try fileSystem.locations(of: file.status.location, range: 0..<file.status.size)
            #expect(file.blocks == locations)
        }
        #expect(listed.map(\.blocks?.count) == [0, 2, 3, nil])
    }

    @Test func listedFilesAreOpenedWithoutAsking() throws {
        let cluster = try TestCluster(datanodes: 1)
        let settings = Self.small.merging(["dfs.client.read.shortcircuit": "true", "dfs.replication": "1"]) { $1 }
        let fileSystem = try cluster.fileSystem(settings)
        let place = cluster.location("/listed/file")
        let bytes = Self.bytes(200_000, seed: 12)
        try fileSystem.write(bytes, to: place)
        try fileSystem.setPermissions(cluster.location("/listed"), to: 0o755)
        let near = try #require(try fileSystem.listForReading(cluster.location("/listed")).first)
        #expect(near.handle != nil)
        #expect(try read(try fileSystem.open(near), 0, bytes.count) == bytes)
        // One that has grown since is read as it was.
        let more = try fileSystem.append(place)
        try [UInt8](repeating: 1, count: 1_000).withUnsafeBytes { try more.write($0) }
        try more.close()
        let grown = try cluster.fileSystem(settings).open(near)
        #expect(grown.size == bytes.count)
        #expect(try read(grown, 0, 2 * bytes.count) == bytes)
        // A file that nobody but its owner may read is asked for at the NameNode.
        try fileSystem.setPermissions(place, to: 0o600)
        let other = try cluster.fileSystem(settings, user: "bob")
        let closed = try #require(try other.listForReading(cluster.location("/listed")).first)
        #expect(closed.handle == nil)
        #expect("he may not") { _ = try other.open(closed) } throws: {
            ($0 as? HoneyError)?.code == "PERMISSION_DENIED"
        }
        // What was listed was replaced by a file of the same size.
        try fileSystem.delete(place, recursive: false)
        try fileSystem.write(Self.bytes(200_000, seed: 13), to: place)
        let late = try cluster.fileSystem(settings).open(near)
        for path in cluster.blockFiles(0)
        where try !path.hasSuffix(".meta") && Data(contentsOf: URL(filePath: path)).elementsEqual(bytes.prefix(65_536))
        {
            try FileManager.default.removeItem(atPath: path)
        }
        #expect("it was replaced") { _ = try read(late, 0, 10) } throws: {
            ($0 as? HoneyError)?.message.contains("replaced") == true
        }
    }

    @Test func whatNobodyHasIsAnErrorWithItsOffset() throws {
        let fileSystem = try cluster.fileSystem(
            Self.small.merging(["dfs.replication": "1", "dfs.client.retry.window.base": "10"]) { $1 })
        let place = cluster.location("/lost")
        let bytes = Self.bytes(100_000, seed: 8)
        try fileSystem.write(bytes, to: place)
        let blocks = try fileSystem.administration().blocks(of: place.path).blocks
        for node in 0..<2 {
            for path in cluster.blockFiles(node, prefix: "blk_\(blocks[1].b.blockID)") where !path.hasSuffix(".meta") {
                try Data(repeating: 7, count: 100_000 - 65_536).write(to: URL(fileURLWithPath: path))
            }
        }
        let file = try fileSystem.open(place)
        #expect(try read(file, 0, 60_000) == Array(bytes[..<60_000]))
        #expect { _ = try read(file, 60_000, 10_000) } throws: { error in
            guard let error = error as? HoneyError else { return false }
            return error.code == "IO_ERROR" && error.file?.offset == 65_536
        }
    }

    @Test func checksumsAreHadoops() throws {
        let fileSystem = try cluster.fileSystem(Self.small)
        try fileSystem.write([], to: cluster.location("/sum/empty"))
        let empty = try #require(try fileSystem.checksum(cluster.location("/sum/empty")))
        #expect(empty.algorithm == "MD5-of-0MD5-of-0CRC32")
        let text = empty.bytes.map { String(format: "%02x", $0) }.joined()
        #expect(text == "00000000000000000000000070bc8f4b72a86921468bf8e8441dce51")
    }
}
