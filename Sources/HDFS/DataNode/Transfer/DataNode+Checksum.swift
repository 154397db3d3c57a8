import CCrypto
import Foundation
import HoneyHDFSMessages
import HoneyWorld
import NIOCore
import SwiftProtobuf

extension DataNode {
    /// Tells the checksum of a block, or of its beginning, made of those of its chunks.
    func tellChecksum(_ operation: WireOpBlockChecksum, on connection: Connection) {
        do {
            try checkPool(operation.header.block)
            let block = Block(operation.header.block)
            let reader = try store.reader(of: block)
            let bytes = min(block.size, reader.block.size)
            let isComposite = operation.blockChecksumOptions.blockChecksumType == .compositeCrc
            let sum = isComposite ? try reader.compositeChecksum(of: bytes) : try reader.digest(of: bytes)
            let response = WireBlockOpResponse.with {
                $0.status = .success
                $0.checksumResponse = .with {
                    $0.bytesPerCrc = UInt32(reader.checksum.bytesPerChecksum)
                    $0.crcPerBlock = UInt64(reader.checksum.chunks(in: bytes))
                    $0.blockChecksum = sum
                    $0.crcType = reader.checksum.wire.type
                    $0.blockChecksumOptions = .with { $0.blockChecksumType = isComposite ? .compositeCrc : .md5Crc }
                }
            }
            board.send(.response(response), on: connection)
            TransferConnection(connection, of: self).goOn()
        } catch {
            log(.info, "no checksum of \(Block(operation.header.block)): \(error)")
            board.send(.response(.make(.error, "\(error)")), on: connection)
            board.close(connection)
        }
    }
}

extension ReplicaReader {
    /// Calls `body` with the checksums of the first `bytes` bytes, in pieces, and how many bytes each but the last speaks of.
    private func forEachPiece(of bytes: Int, _ body: (ByteBuffer) throws -> Void) throws {
        let size = checksum.bytesPerChecksum
        // The last one speaks of a whole chunk, of which only a part may be asked for.
        let isCut = bytes < block.size && bytes % size != 0
        let whole = isCut ? bytes / size : checksum.chunks(in: bytes)
        var chunk = 0
        while chunk < whole {
            let end = min(chunk + 16_384, whole)
            let sums = try MetaFile.readChecksums(meta, chunks: chunk..<end)
            guard sums.readableBytes == 4 * (end - chunk) else {
                throw RemoteException.inputOutput("the meta file of \(block) ends too early")
            }
            try body(sums)
            chunk = end
        }
        guard isCut else { return }
        var tail = ByteBuffer()
        try data.read(at: whole * size, count: bytes % size, into: &tail)
        try body(ByteBuffer(integer: checksum.extend(0, with: tail)))
    }

    /// The MD5 of the checksums.
    func digest(of bytes: Int) throws -> Data {
        guard let context = EVP_MD_CTX_new() else { throw RemoteException.inputOutput("no memory for a digest") }
        defer { EVP_MD_CTX_free(context) }
        guard EVP_DigestInit_ex(context, EVP_md5(), nil) == 1 else {
            throw RemoteException.inputOutput("MD5 is not available")
        }
        try forEachPiece(of: bytes) { sums in
            _ = sums.withUnsafeReadableBytes { EVP_DigestUpdate(context, $0.baseAddress, $0.count) }
        }
        var digest = Data(count: 16)
        _ = digest.withUnsafeMutableBytes { bytes in
            EVP_DigestFinal_ex(context, bytes.baseAddress?.assumingMemoryBound(to: UInt8.self), nil)
        }
        return digest
    }

    /// The checksum that the bytes would have as one chunk, four bytes, big-endian.
    func compositeChecksum(of bytes: Int) throws -> Data {
        let size = checksum.bytesPerChecksum
        let shift = checksum.shift(over: size)
        var (sum, left): (UInt32, Int) = (0, bytes)
        try forEachPiece(of: bytes) { sums in
            var sums = sums
            while let next = sums.readInteger(as: UInt32.self) {
                sum = checksum.combine(sum, next, shift: left >= size ? shift : checksum.shift(over: left))
                left -= min(left, size)
            }
        }
        return withUnsafeBytes(of: sum.bigEndian) { Data($0) }
    }
}
