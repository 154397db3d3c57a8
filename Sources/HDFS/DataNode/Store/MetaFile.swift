import HoneyCore
import HoneyWorld
import NIOCore

// The file beside each block that holds its checksums, `blk_ID_STAMP.meta`:
//
// | bytes | what                                       |
// |-------|--------------------------------------------|
// | 2     | version: 1, big-endian                     |
// | 1     | checksum: 1 CRC-32, 2 CRC-32C              |
// | 4     | bytes of data a checksum, big-endian       |
// | 4 n   | the checksums, big-endian                  |

/// The layout of meta files.
enum MetaFile {
    static let headerBytes = 7

    static func header(_ kind: ChecksumKind) -> ByteBuffer {
        var bytes = ByteBuffer()
        bytes.writeInteger(Int16(1))
        bytes.writeInteger(kind.algorithm.rawValue)
        bytes.writeInteger(Int32(kind.bytesPerChecksum))
        return bytes
    }

    static func readKind(_ file: any DiskFile, name: String) throws -> ChecksumKind {
        var bytes = ByteBuffer()
        try file.read(at: 0, count: headerBytes, into: &bytes)
        guard let version = bytes.readInteger(as: Int16.self), let number = bytes.readInteger(as: UInt8.self),
            let size = bytes.readInteger(as: Int32.self)
        else { throw HoneyError.damaged("meta file ends in its header", path: name) }
        guard version == 1, let algorithm = ChecksumKind.Algorithm(rawValue: number),
            (1...ChecksumKind.greatestBytesPerChecksum).contains(Int(size))
        else { throw HoneyError.damaged("meta file has an unknown header", path: name) }
        return ChecksumKind(algorithm: algorithm, bytesPerChecksum: Int(size))
    }

    /// Where the checksum of a chunk is.
    static func offset(ofChunk chunk: Int) -> Int { headerBytes + 4 * chunk }

    /// The bytes of the meta file of a block of so many bytes.
    static func size(of bytes: Int, _ kind: ChecksumKind) -> Int { offset(ofChunk: kind.chunks(in: bytes)) }

    static func readChecksums(_ file: any DiskFile, chunks: Range<Int>) throws -> ByteBuffer {
        var bytes = ByteBuffer()
        try file.read(at: offset(ofChunk: chunks.lowerBound), count: 4 * chunks.count, into: &bytes)
        return bytes
    }
}

/// How much of a block's data its checksums vouch for.
struct VerifiedPrefix {
    var bytes: Int
    /// The checksum of the last chunk when it is not a whole one.
    var lastChecksum: UInt32

    /// Reads data and checksums from the start up to the first chunk that does not fit.
    ///
    /// A chunk of which more bytes came to the disk than its checksum speaks of counts as far as the checksum goes.
    static func read(data: any DiskFile, meta: any DiskFile, kind: ChecksumKind) throws -> VerifiedPrefix {
        let pieceChunks = max(1, (1 << 20) / kind.bytesPerChecksum)
        let chunkCount = max(0, (meta.size - MetaFile.headerBytes) / 4)
        var chunk = 0
        while chunk < chunkCount {
            let end = min(chunk + pieceChunks, chunkCount)
            var bytes = ByteBuffer()
            try data.read(
                at: chunk * kind.bytesPerChecksum, count: (end - chunk) * kind.bytesPerChecksum, into: &bytes)
            var sums = try MetaFile.readChecksums(
                meta, chunks: chunk..<min(end, chunk + kind.chunks(in: bytes.readableBytes)))
            let isAll = bytes.readableBytes == (end - chunk) * kind.bytesPerChecksum
            if let bad = kind.firstMismatch(in: bytes, checksums: sums) {
                return mismatch(at: bad, of: bytes, from: chunk * kind.bytesPerChecksum, &sums, kind)
            }
            guard isAll else {
                let partial = bytes.readableBytes % kind.bytesPerChecksum
                sums.moveReaderIndex(forwardBy: max(0, sums.readableBytes - 4))
                return VerifiedPrefix(
                    bytes: chunk * kind.bytesPerChecksum + bytes.readableBytes,
                    lastChecksum: partial == 0 ? 0 : sums.readInteger() ?? 0)
            }
            chunk = end
        }
        return VerifiedPrefix(bytes: chunkCount * kind.bytesPerChecksum, lastChecksum: 0)
    }

    private static func mismatch(
        at mismatch: Int, of data: ByteBuffer, from start: Int, _ sums: inout ByteBuffer, _ kind: ChecksumKind
    ) -> VerifiedPrefix {
        var prefix = VerifiedPrefix(bytes: start + mismatch, lastChecksum: 0)
        sums.moveReaderIndex(forwardBy: mismatch / kind.bytesPerChecksum * 4)
        guard let wanted = sums.readInteger(as: UInt32.self) else { return prefix }
        var rest = data
        rest.moveReaderIndex(forwardBy: mismatch)
        var checksum: UInt32 = 0
        for length in 1..<max(2, min(kind.bytesPerChecksum, rest.readableBytes + 1)) {
            guard let byte = rest.readSlice(length: 1) else { break }
            checksum = kind.extend(checksum, with: byte)
            if checksum == wanted {
                prefix = VerifiedPrefix(bytes: start + mismatch + length, lastChecksum: checksum)
            }
        }
        return prefix
    }
}
