import CCrypto
import HoneyCore
package import HoneyFiles
import HoneyHDFSMessages
import HoneyWorld
import NIOCore
import SwiftProtobuf

/// The sum by which Hadoop compares files: the MD5 of the MD5s that DataNodes make of their blocks' checksums.
final class FileSum {
    private let client: HDFSClient
    private let located: WireLocatedBlocks
    private let path: String
    private let completion: (Result<FileChecksum, any Error>) -> Void
    private var sums = ByteBuffer()
    private var bytesPerChecksum = 0
    private var checksumsPerBlock = 0
    private var kind = WireChecksumType.checksumCrc32

    init(
        _ path: String, _ located: WireLocatedBlocks, _ client: HDFSClient,
        completion: @escaping (Result<FileChecksum, any Error>) -> Void
    ) {
        self.path = path
        self.located = located
        self.client = client
        self.completion = completion
        ask(0)
    }

    private func ask(_ index: Int) {
        guard index < located.blocks.count else { return finish() }
        ask(located.blocks[index].locs[...], about: index, "no DataNode has it")
    }

    private func ask(_ nodes: ArraySlice<WireDatanodeInfo>, about index: Int, _ reason: String) {
        let block = located.blocks[index]
        guard let node = nodes.first else {
            return completion(
                .failure(
                    HoneyError(
                        .environment, "IO_ERROR", "no DataNode sums up blk_\(block.b.blockID): \(reason)",
                        file: FilePosition(path, offset: Int(clamping: block.offset)))))
        }
        TransferExchange(
            .checksum(
                .with {
                    $0.header.block = block.b
                    $0.header.token = block.blockToken
                    $0.blockChecksumOptions.blockChecksumType = .md5Crc
                }), with: node.id, client
        ) { [self] result in
            switch result {
            case .success(let response):
                let sum = response.checksumResponse
                guard sum.blockChecksum.count == 16 else {
                    return ask(nodes.dropFirst(), about: index, "a sum of \(sum.blockChecksum.count) bytes")
                }
                add(sum, index)
                ask(index + 1)
            case .failure(let error): ask(nodes.dropFirst(), about: index, "\(error)")
            }
        }
    }

    private func add(_ sum: WireOpBlockChecksumResponse, _ index: Int) {
        sums.writeBytes(sum.blockChecksum)
        guard index == 0 else { return }
        bytesPerChecksum = Int(sum.bytesPerCrc)
        if located.blocks.count > 1 { checksumsPerBlock = Int(clamping: sum.crcPerBlock) }
        kind = sum.hasCrcType ? sum.crcType : .checksumCrc32
    }

    private func finish() {
        // Hadoop sums up its whole buffer, which has 32 bytes and doubles as it fills, with the zeros after the last sum.
        var size = 32
        while size < sums.readableBytes { size *= 2 }
        sums.writeRepeatingByte(0, count: size - sums.readableBytes)
        var digest = [UInt8](repeating: 0, count: 16)
        let isDone = sums.withUnsafeReadableBytes { bytes in
            EVP_Digest(bytes.baseAddress, bytes.count, &digest, nil, EVP_md5(), nil) == 1
        }
        guard isDone else { return completion(.failure(HoneyError.unexpected("MD5 is not there"))) }
        var bytes = ByteBuffer()
        bytes.writeInteger(Int32(clamping: bytesPerChecksum))
        bytes.writeInteger(Int64(checksumsPerBlock))
        bytes.writeBytes(digest)
        let name = kind == .checksumCrc32C ? "CRC32C" : "CRC32"
        completion(
            .success(
                FileChecksum(
                    algorithm: "MD5-of-\(checksumsPerBlock)MD5-of-\(bytesPerChecksum)\(name)",
                    bytes: Array(bytes.readableBytesView))))
    }
}

extension HDFSClient {
    /// Sums a file up as Hadoop does.
    package func checksum(of path: String, completion: @escaping (Result<FileChecksum, any Error>) -> Void) {
        call(
            "getBlockLocations",
            WireGetBlockLocationsRequest.with {
                $0.src = path
                $0.offset = 0
                $0.length = UInt64(Int64.max)
            }, as: WireGetBlockLocationsResponse.self
        ) { [self] result in
            switch result {
            case .success(let response):
                guard !response.locations.underConstruction else {
                    return later {
                        completion(
                            .failure(HoneyError(.environment, "IO_ERROR", "file is being written: \(path)")))
                    }
                }
                _ = FileSum(path, response.locations, self) { [self] sum in later { completion(sum) } }
            case .failure(let error): later { completion(.failure(error)) }
            }
        }
    }
}
