import Algorithms
import HoneyCore
import HoneyHDFSMessages
import HoneyWorld
import SwiftProtobuf

/// A file that was opened for reading, with what is known of where its blocks are.
///
/// Confined to its client; other threads only hold it.
package final class LocatedFile: @unchecked Sendable {
    package let path: String
    /// Bytes when it was opened.
    package let size: Int
    /// Bytes that whole blocks hold; what comes after is in a block that is being written.
    let completeBytes: Int
    private unowned let client: HDFSClient
    /// Blocks in the order of the file; there may be gaps.
    private var blocks: [WireLocatedBlock]
    /// The block that is being written, whose length NameNodes do not know.
    private let openBlock: WireLocatedBlock?
    /// Replicas that turned out to be damaged, by block id and node.
    var damaged: Set<Replica> = []

    struct Replica: Hashable {
        var block: UInt64
        var node: String
    }

    init(path: String, _ located: WireLocatedBlocks, openBytes: Int, client: HDFSClient) {
        self.path = path
        self.client = client
        completeBytes = Int(clamping: located.fileLength)
        size = completeBytes.addingClamped(openBytes)
        blocks = []
        openBlock = located.isLastBlockComplete || !located.hasLastBlock ? nil : located.lastBlock
        _ = insert(located)
    }

    /// Takes over what a NameNode tells; false when that is another file than before: its path was given to another.
    private func insert(_ located: WireLocatedBlocks) -> Bool {
        guard has(located.blocks.lazy.map { (offset: $0.offset, id: $0.b.blockID) }) else { return false }
        let new = located.blocks.filter { Int(clamping: $0.offset) < completeBytes && $0.b.numBytes > 0 }
        guard !new.isEmpty else { return true }
        let offsets = Set(new.map(\.offset))
        blocks = (blocks.filter { !offsets.contains($0.offset) } + new).sorted { $0.offset < $1.offset }
        return true
    }

    /// Tells whether it is the file that has blocks which were told of before.
    func has(_ places: [BlockPlace]) -> Bool {
        has(places.lazy.map { (offset: UInt64($0.range.lowerBound), id: $0.key.id) })
    }

    private func has(_ others: some Sequence<(offset: UInt64, id: UInt64)>) -> Bool {
        let known = Dictionary((blocks + [openBlock].compactMap(\.self)).map { ($0.offset, $0.b.blockID) }) { $1 }
        return others.allSatisfy { known[$0.offset] ?? $0.id == $0.id }
    }

    /// A block and the bytes of the file in it.
    struct Place {
        var block: WireLocatedBlock
        var range: Range<Int>
        var isComplete: Bool
    }

    static let replaced = HoneyError(.environment, "IO_ERROR", "the file was replaced while it was read")

    /// Finds the block that holds the byte at `offset`, which must be within the file; asks the NameNode where it must, or when what is
    /// known is `stale`.
    func locate(_ offset: Int, stale: Bool = false, completion: @escaping (Result<Place, any Error>) -> Void) {
        if let openBlock, offset >= completeBytes, !stale {
            return completion(
                .success(Place(block: openBlock, range: completeBytes..<size, isComplete: false)))
        }
        if !stale, let known = known(offset) { return completion(.success(known)) }
        client.call(
            "getBlockLocations",
            WireGetBlockLocationsRequest.with {
                $0.src = path
                $0.offset = UInt64(offset)
                $0.length = UInt64(client.prefetchBytes)
            }, as: WireGetBlockLocationsResponse.self
        ) { [self] result in
            completion(
                result.flatMap { response in
                    guard insert(response.locations) else { return .failure(Self.replaced) }
                    if let known = known(offset) { return .success(known) }
                    if let last = response.locations.hasLastBlock ? response.locations.lastBlock : nil,
                        offset >= completeBytes, Int(clamping: last.offset) == completeBytes
                    {
                        return .success(Place(block: last, range: completeBytes..<size, isComplete: false))
                    }
                    return .failure(
                        HoneyError(.environment, "IO_ERROR", "no block holds the byte at \(offset) any more"))
                })
        }
    }

    private func known(_ offset: Int) -> Place? {
        let next = blocks.partitioningIndex { Int(clamping: $0.offset) > offset }
        guard next > 0 else { return nil }
        let block = blocks[next - 1]
        let start = Int(clamping: block.offset)
        let range = start..<start.addingClamped(Int(clamping: block.b.numBytes))
        return range.contains(offset) ? Place(block: block, range: range, isComplete: true) : nil
    }
}

extension HDFSClient {
    /// How many bytes' locations are asked for at once: those of ten blocks, as Hadoop's clients do.
    var prefetchBytes: Int { configuration.blockBytes.multipliedClamped(by: 10) }

    /// Opens a file for reading; fails with `FILE_NOT_FOUND` or `NOT_A_FILE`.
    package func open(_ path: String, completion: @escaping (Result<LocatedFile, any Error>) -> Void) {
        open(path, tries: 0, completion: completion)
    }

    private func open(
        _ path: String, tries: Int, completion: @escaping (Result<LocatedFile, any Error>) -> Void
    ) {
        call(
            "getBlockLocations",
            WireGetBlockLocationsRequest.with {
                $0.src = path
                $0.offset = 0
                $0.length = UInt64(prefetchBytes)
            }, as: WireGetBlockLocationsResponse.self
        ) { [self] result in
            switch result {
            case .success(let response):
                guard response.hasLocations else {
                    return later { completion(.failure(RemoteException.fileNotFound("File does not exist: \(path)"))) }
                }
                measure(response.locations) { [self] length in
                    if case .failure = length, tries < HDFSClient.measuringTries {
                        // Its block may be being recovered, which ends with another length or another place.
                        board.after(.milliseconds(500)) { [self] in open(path, tries: tries + 1, completion: completion)
                        }
                        return
                    }
                    later { [self] in
                        completion(
                            length.map {
                                LocatedFile(path: path, response.locations, openBytes: $0, client: self)
                            })
                    }
                }
            case .failure(let error): later { completion(.failure(error)) }
            }
        }
    }

    /// How often the length of a file's last block is asked for again.
    private static let measuringTries = 40

    /// Finds how many bytes of the block that is being written can be read, which only its DataNodes know.
    private func measure(_ located: WireLocatedBlocks, completion: @escaping (Result<Int, any Error>) -> Void) {
        guard !located.isLastBlockComplete, located.hasLastBlock else { return completion(.success(0)) }
        let last = located.lastBlock
        if last.locs.isEmpty, last.b.numBytes == 0 {
            // It was added, and nobody has begun to write it.
            return completion(.success(0))
        }
        // A NameNode that has just started knows that there are bytes, but not where.
        ask(last.locs[...], of: last) { length in
            guard let length else {
                return completion(
                    .failure(
                        HoneyError(
                            .environment, "IO_ERROR",
                            "no DataNode tells the length of the last block: blk_\(last.b.blockID)")))
            }
            completion(.success(length))
        }
    }

    private func ask(
        _ nodes: ArraySlice<WireDatanodeInfo>, of block: WireLocatedBlock, wasReplicaMissing: Bool = false,
        completion: @escaping (Int?) -> Void
    ) {
        guard let node = nodes.first else {
            // A node that knows no such replica has not been written to.
            return completion(wasReplicaMissing ? 0 : nil)
        }
        call(
            "getReplicaVisibleLength", WireGetReplicaVisibleLengthRequest.with { $0.block = block.b }, of: node.id,
            as: WireGetReplicaVisibleLengthResponse.self
        ) { [self] result in
            switch result {
            case .success(let response):
                // Below 0 when the node has bytes, but cannot say how many are the writer's until the block is recovered.
                let length = Int64(bitPattern: response.length)
                guard length < 0 else { return completion(Int(length)) }
                ask(nodes.dropFirst(), of: block, completion: completion)
            case .failure(let error):
                let isMissing = (error as? RemoteException)?.shortName == "ReplicaNotFoundException"
                ask(
                    nodes.dropFirst(), of: block, wasReplicaMissing: wasReplicaMissing || isMissing,
                    completion: completion)
            }
        }
    }
}
