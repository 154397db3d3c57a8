import Foundation
import HoneyCore
import HoneyFiles
import HoneyHDFSMessages
import HoneyWorld
import Testing

@testable import HoneyHDFS

struct WritingTests {
    private static let settings = [
        "dfs.blocksize": "262144", "dfs.replication": "3", "dfs.client-write-packet-size": "8192",
        "honeyguide.dfs.client.safemode.patience": "60000", "ipc.client.connect.max.retries": "60",
    ]

    private static func bytes(_ count: Int, seed: UInt64) -> [UInt8] {
        var random = SeededRandom(seed: seed)
        return (0..<count).map { _ in UInt8.random(in: .min ... .max, using: &random) }
    }

    private func write(_ bytes: ArraySlice<UInt8>, to file: any WritableFile) throws {
        for start in stride(from: bytes.startIndex, to: bytes.endIndex, by: 5_000) {
            try bytes[start..<min(start + 5_000, bytes.endIndex)].withUnsafeBytes { try file.write($0) }
        }
    }

    @Test func readersSeeWhatWasFlushed() throws {
        let cluster = try TestCluster(datanodes: 2)
        let fileSystem = try cluster.fileSystem(Self.settings.merging(["dfs.replication": "2"]) { $1 })
        let place = cluster.location("/log")
        let bytes = Self.bytes(400_000, seed: 1)
        let file = try fileSystem.create(place, FileCreation())
        var written = 0
        for count in [10, 600, 1_014, 100_000, 200_000, 76] {
            try write(bytes[written..<written + count], to: file)
            written += count
            try file.flush(sync: count > 1_000)
            #expect(try fileSystem.contents(of: place) == Array(bytes[..<written]))
        }
        try write(bytes[written...], to: file)
        try file.close()
        #expect(try fileSystem.contents(of: place) == bytes)
    }

    @Test func appendingGoesOnWhereTheFileEnds() throws {
        let cluster = try TestCluster(datanodes: 2)
        let fileSystem = try cluster.fileSystem(Self.settings.merging(["dfs.replication": "2"]) { $1 })
        let place = cluster.location("/appended")
        let bytes = Self.bytes(600_000, seed: 2)
        var written = 0
        for count in [1, 510, 2, 0, 100_000, 161_631, 300_000] {
            let file = try written == 0 ? fileSystem.create(place, overwrite: false) : fileSystem.append(place)
            #expect(file.size == written)
            try write(bytes[written..<written + count], to: file)
            written += count
            #expect(file.size == written)
            try file.close()
            #expect(try fileSystem.contents(of: place) == Array(bytes[..<written]))
        }
        // Flushes in mid chunk after appending.
        let file = try #require(try fileSystem.append(place) as? HDFSWritableFile)
        for count in [3, 200, 700] {
            try write(bytes[written..<written + count], to: file)
            written += count
            try file.flush()
            #expect(try fileSystem.contents(of: place) == Array(bytes[..<written]))
        }
        try file.close()
        #expect(try fileSystem.contents(of: place) == Array(bytes[..<written]))
    }

    @Test func writingGoesOnWithoutADataNode() throws {
        let cluster = try TestCluster(datanodes: 3)
        let fileSystem = try cluster.fileSystem(Self.settings)
        let place = cluster.location("/killed")
        let bytes = Self.bytes(1_200_000, seed: 3)
        let file = try fileSystem.create(place, overwrite: false)
        try write(bytes[..<100_000], to: file)
        try cluster.killDataNode(1)
        try write(bytes[100_000..<700_000], to: file)
        try cluster.killDataNode(0)
        try write(bytes[700_000...], to: file)
        try file.close()
        #expect(try fileSystem.contents(of: place) == bytes)
    }

    @Test func nodesOfABlockThatReadersHaveSeenAreReplaced() throws {
        let cluster = try TestCluster(datanodes: 4)
        let fileSystem = try cluster.fileSystem(Self.settings)
        let place = cluster.location("/replaced")
        let bytes = Self.bytes(200_000, seed: 7)
        let file = try fileSystem.create(place, FileCreation())
        try write(bytes[..<50_000], to: file)
        try file.flush()
        let used = (0..<4).filter { !cluster.blockFiles($0).isEmpty }
        #expect(used.count == 3)
        try cluster.killDataNode(used[1])
        try write(bytes[50_000...], to: file)
        try file.close()
        let fourth = try #require((0..<4).first { !used.contains($0) })
        let replica = try #require(cluster.blockFiles(fourth).first { !$0.hasSuffix(".meta") })
        #expect(try Array(Data(contentsOf: URL(fileURLWithPath: replica))) == bytes)
        #expect(try fileSystem.contents(of: place) == bytes)
    }

    @Test func writingWaitsForDataNodesThatAllComeBack() throws {
        let cluster = try TestCluster(datanodes: 3)
        let fileSystem = try cluster.fileSystem(Self.settings)
        let place = cluster.location("/restarted")
        let bytes = Self.bytes(700_000, seed: 4)
        let file = try fileSystem.create(place, FileCreation())
        try write(bytes[..<100_000], to: file)
        try file.flush()
        for node in 0..<3 { try cluster.killDataNode(node) }
        let others = Thread {
            for node in 0..<3 { try? cluster.startDataNode(node) }
        }
        others.start()
        try write(bytes[100_000...], to: file)
        try file.close()
        #expect(try fileSystem.contents(of: place) == bytes)
    }

    @Test func writingOutlivesTheWholeCluster() throws {
        let cluster = try TestCluster(datanodes: 3)
        let fileSystem = try cluster.fileSystem(Self.settings.merging(["dfs.replication": "1"]) { $1 })
        let place = cluster.location("/outlived")
        let bytes = Self.bytes(1_000_000, seed: 8)
        let file = try fileSystem.create(place, FileCreation())
        try write(bytes[..<600_000], to: file)
        try file.flush()
        try cluster.killNameNode()
        for node in 0..<3 { try cluster.killDataNode(node) }
        let others = Thread {
            try? cluster.startNameNode()
            for node in 0..<3 { try? cluster.startDataNode(node) }
        }
        others.start()
        try write(bytes[600_000...], to: file)
        try file.close()
        #expect(try fileSystem.contents(of: place) == bytes)
    }

    @Test func writingWaitsForANameNodeThatComesBack() throws {
        let cluster = try TestCluster(datanodes: 2)
        let fileSystem = try cluster.fileSystem(Self.settings.merging(["dfs.replication": "2"]) { $1 })
        let place = cluster.location("/restarted")
        let bytes = Self.bytes(700_000, seed: 5)
        let file = try fileSystem.create(place, FileCreation())
        try write(bytes[..<300_000], to: file)
        try cluster.killNameNode()
        let other = Thread { try? cluster.startNameNode() }
        other.start()
        try write(bytes[300_000...], to: file)
        try file.close()
        #expect(try fileSystem.contents(of: place) == bytes)
        #expect(try fileSystem.delete(place, recursive: false))
    }

    @Test func aFileThatIsDroppedIsEndedWithWhatWasWritten() throws {
        let cluster = try TestCluster(datanodes: 1)
        let fileSystem = try cluster.fileSystem(Self.settings.merging(["dfs.replication": "1"]) { $1 })
        let place = cluster.location("/dropped")
        let bytes = Self.bytes(300_000, seed: 7)
        // A file that the same client goes on writing keeps its lease alive.
        let other = try fileSystem.create(cluster.location("/other"), overwrite: false)
        do {
            let file = try fileSystem.create(place, overwrite: false)
            try write(bytes[...], to: file)
        }
        let deadline = ContinuousClock.now + .seconds(20)
        while try fileSystem.administration().blocks(of: place.path).underConstruction, ContinuousClock.now < deadline {
            usleep(5_000)
        }
        #expect(try !fileSystem.administration().blocks(of: place.path).underConstruction)
        #expect(try fileSystem.contents(of: place) == bytes)
        try other.close()
    }

    @Test func anErrorOfWritingComesToItsWriter() throws {
        let cluster = try TestCluster(datanodes: 1)
        let fileSystem = try cluster.fileSystem(
            Self.settings.merging(["dfs.replication": "1", "dfs.client.datanode-restart.timeout": "0"]) { $1 })
        let place = cluster.location("/gone")
        let file = try fileSystem.create(place, overwrite: false)
        try write(Self.bytes(100_000, seed: 6)[...], to: file)
        try cluster.killDataNode(0)
        #expect { try file.close() } throws: { ($0 as? HoneyError)?.file?.path == place.description }
        #expect(throws: HoneyError.self) { try write([1], to: file) }
    }
}
