import Foundation
import FileSystemContracts
import HoneyCore
import HoneyFiles
import Testing

@testable import HoneyHDFS

struct HDFSFileSystemTests {
    private static let cluster = Result { try TestCluster(datanodes: 2) }

    private static var worlds: [FileSystemWorld] {
        let cluster = try! cluster.get()
        return [["dfs.replication": "2"], ["dfs.replication": "1", "dfs.client.read.shortcircuit": "true"]].map {
            FileSystemWorld(
                fileSystem: try! cluster.fileSystem($0), root: cluster.location("/\($0.count)"),
                hosts: $0.count == 1 ? ["127.0.0.1", "127.0.0.1"] : ["127.0.0.1"])
        }
    }

    @Test(arguments: worlds, FileSystemContract.all) func holdsTheContract(
        _ world: FileSystemWorld, _ part: FileSystemContract
    ) async throws {
        try await part.check(world)
    }
}
