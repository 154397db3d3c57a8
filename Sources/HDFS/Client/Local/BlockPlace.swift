import HoneyCore
import HoneyHDFSMessages
import HoneyWorld
import SwiftProtobuf

/// A block of a file, and the files in which a DataNode on this host keeps it, if there are such.
package struct BlockPlace: Sendable {
    /// Bytes of the file that are in the block.
    package var range: Range<Int>
    var key: Key
    /// The DataNode on this host that has it; nil when none has, or when it is still being written.
    var node: WireDatanodeID?
    var token: WireToken

    /// What makes a block's bytes the same for ever.
    struct Key: Hashable, Sendable {
        var pool: String
        var id: UInt64
        var stamp: UInt64
        var size: Int
    }
}

extension BlockPlace {
    init(_ block: WireLocatedBlock, _ range: Range<Int>, isComplete: Bool, _ configuration: HDFSClientConfiguration) {
        self.range = range
        key = Key(
            pool: block.b.poolID, id: block.b.blockID, stamp: block.b.generationStamp, size: range.count)
        node = isComplete ? block.locs.first { configuration.isLocal($0.id) }?.id : nil
        token = block.blockToken
    }
}

/// Where a DataNode keeps a block on this host.
struct LocalPaths: Sendable {
    var data: String
    var checksums: String
}

extension LocalPaths {
    /// Where a DataNode whose directory is `directory` has a block that is complete, if it has it.
    init(of block: BlockPlace.Key, below directory: String) {
        let folder = "\(directory)/current/\(block.pool)/current/finalized" + Volume.finalizedFolder(block.id) + "/"
        data = folder + ReplicaName.data(block.id)
        checksums = folder + ReplicaName.meta(block.id, block.stamp)
    }
}

extension HDFSClient {
    /// How long a DataNode is not asked that refused to tell where its files are, such as to users who may not know.
    private static let closedTime = Int.seconds(600)
    /// How long one is not asked that did not answer.
    private static let silentTime = Int.seconds(60)

    /// Finds the block of a file that holds the byte at `offset`.
    package func place(
        in file: LocatedFile, at offset: Int, completion: @escaping (Result<BlockPlace, any Error>) -> Void
    ) {
        file.locate(offset) { [self] result in
            let place = result.map {
                BlockPlace($0.block, $0.range, isComplete: $0.isComplete, configuration)
            }
            later { completion(place) }
        }
    }

    /// Asks a DataNode of this host in which files it keeps a block; nil when it does not tell.
    func localPaths(of place: BlockPlace, completion: @escaping (Result<LocalPaths?, any Error>) -> Void) {
        guard let node = place.node, now.monotonicNanoseconds >= closedNodes[node.datanodeUuid] ?? 0 else {
            return later { completion(.success(nil)) }
        }
        call(
            "getBlockLocalPathInfo",
            WireGetBlockLocalPathInfoRequest.with {
                $0.block = .with {
                    $0.poolID = place.key.pool
                    $0.blockID = place.key.id
                    $0.generationStamp = place.key.stamp
                    $0.numBytes = UInt64(place.key.size)
                }
                $0.token = place.token
            }, of: node, as: WireGetBlockLocalPathInfoResponse.self
        ) { [self] result in
            let paths = (try? result.get()).map {
                LocalPaths(data: $0.localPath, checksums: $0.localMetaPath)
            }
            if case .failure(let error) = result {
                log(.debug, "blk_\(place.key.id) is not read from its file: \(error)")
                if (error as? RemoteException)?.shortName != "ReplicaNotFoundException" {
                    let pause = error is RemoteException ? Self.closedTime : Self.silentTime
                    closedNodes[node.datanodeUuid] = now.monotonicNanoseconds + pause
                }
            }
            later { completion(.success(paths)) }
        }
    }
}
