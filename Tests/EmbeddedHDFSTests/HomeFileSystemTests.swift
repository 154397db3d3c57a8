import FileSystemContracts
import Foundation
import HoneyCore
import HoneyFiles
import Testing

@testable import HoneyEmbeddedHDFS

/// The files of a home that several processes use, here several parts of one process.
@Suite struct HomeFileSystemTests {
    private static let folder = TemporaryFolder()
    private static let worlds = [
        FileSystemWorld(
            fileSystem: EmbeddedHDFS(directory: folder.path + "/hdfs", properties: [:], user: "bee").fileSystem,
            root: FileLocation("hdfs://home/contract")!, hosts: ["127.0.0.1"],
            keeping: folder)
    ]

    @Test(arguments: worlds, FileSystemContract.all) func holdsTheContract(
        _ world: FileSystemWorld, _ part: FileSystemContract
    ) async throws {
        try await part.check(world)
    }

    private let folder = TemporaryFolder()

    private func home(_ properties: [String: String] = [:]) -> EmbeddedHDFS {
        EmbeddedHDFS(directory: folder.path + "/hdfs", properties: properties, user: "bee")
    }

    private func place(_ path: String) -> FileLocation { FileLocation("hdfs://home" + path)! }

    @Test func filesHaveOneReplicaUnlessMoreAreAskedFor() throws {
        let one = home()
        try one.fileSystem.write(Array("a".utf8), to: place("/a"))
        #expect(try one.fileSystem.status(place("/a"))?.replication == 1)
        one.leave()
        let three = home(["dfs.replication": "3"])
        try three.fileSystem.write(Array("b".utf8), to: place("/b"))
        #expect(try three.fileSystem.locations(of: place("/b"), range: 0..<1).map(\.hosts.count) == [3])
        #expect(try three.fileSystem.contents(of: place("/a")) == Array("a".utf8))
        three.leave()
    }

    @Test func settingsOfAStatementMakeItsFiles() throws {
        let home = home()
        defer { home.leave() }
        let files = home.fileSystem
        let settings = ["dfs.replication": "2", "dfs.blocksize": "1m", "hive.exec.parallel": "true"]
        try files.create(place("/set"), overwrite: false, settings: settings).close()
        let made = try #require(try files.status(place("/set")))
        #expect(made.replication == 2 && made.blockBytes == 1 << 20)
        #expect("it is no number") {
            _ = try files.create(place("/not"), overwrite: false, settings: ["dfs.replication": "many"])
        } throws: { ($0 as? HoneyError)?.code == "INVALID_SETTING" }
        #expect(try files.status(place("/not")) == nil)
    }

    @Test func aWriterGoesOnWhenTheServingPartLeaves() throws {
        let (first, second) = (home(), home())
        try first.fileSystem.makeDirectory(place("/d"))
        let file = try second.fileSystem.create(place("/d/file"), overwrite: false)
        #expect(first.isServing && !second.isServing)
        let piece = (0..<1_000_003).map { UInt8(truncatingIfNeeded: $0 &* 31) }
        for _ in 0..<3 { try piece.withUnsafeBytes { try file.write($0) } }
        first.leave()
        for _ in 0..<3 { try piece.withUnsafeBytes { try file.write($0) } }
        try file.close()
        #expect(second.isServing)
        #expect(try second.fileSystem.contents(of: place("/d/file")) == Array(repeatElement(piece, count: 6).joined()))
        second.leave()
    }

    @Test func aReaderGoesOnWhenTheServingPartLeaves() throws {
        let (first, second) = (home(), home(["dfs.client.read.shortcircuit": "false"]))
        let bytes = (0..<3_000_000).map { UInt8(truncatingIfNeeded: $0 &* 17) }
        try first.fileSystem.write(bytes, to: place("/file"))
        let file = try second.fileSystem.open(place("/file"))
        var read = [UInt8](repeating: 0, count: bytes.count)
        for start in stride(from: 0, to: bytes.count, by: 500_000) {
            if start == 1_000_000 { first.leave() }
            let taken = try read.withUnsafeMutableBytes {
                try file.read(at: start, count: 500_000, into: $0.baseAddress! + start)
            }
            #expect(taken == 500_000)
        }
        #expect(read == bytes)
        second.leave()
    }

    @Test func theFilesOfAPartThatHasEndedAreClosed() throws {
        let (first, second) = (home(), home())
        try first.fileSystem.write([1], to: place("/other"))
        var left: (any WritableFile)? = try second.fileSystem.create(place("/left"), overwrite: false)
        try [UInt8](repeating: 7, count: 200_000).withUnsafeBytes { try left?.write($0) }
        second.leave()
        left = nil
        // Fails while the first writer has the file.
        let deadline = ContinuousClock.now + .seconds(30)
        while true {
            do {
                let again = try first.fileSystem.append(place("/left"))
                try ([9] as [UInt8]).withUnsafeBytes { try again.write($0) }
                try again.close()
                break
            } catch {
                guard ContinuousClock.now < deadline else { throw error }
                usleep(20_000)
            }
        }
        #expect(try first.fileSystem.contents(of: place("/left")).last == 9)
        first.leave()
    }
}
