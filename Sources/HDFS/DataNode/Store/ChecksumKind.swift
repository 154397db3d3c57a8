// The DataNode keeps blocks as files and serves them: `Store/` is what lies on its disks, `Transfer/` what comes and goes by the
// data-transfer protocol, `NameNodes/` what it tells its NameNodes and does by their order, `Recovery/` how replicas are made
// equal, `Scanning/` how damage is found, `Service/` the machine and the calls it takes. It knows no file's name.

import CZlib
import HoneyHDFSMessages
import NIOCore

/// How the checksums of a block are made: which one, and of how many bytes each.
struct ChecksumKind: Hashable, Sendable {
    enum Algorithm: UInt8, Sendable {
        case crc32 = 1
        case crc32C = 2
    }

    var algorithm: Algorithm
    var bytesPerChecksum: Int

    static let standard = ChecksumKind(algorithm: .crc32C, bytesPerChecksum: Block.bytesPerChecksum)
    /// More would make the reader of one byte read too much.
    static let greatestBytesPerChecksum = 1 << 20

    init(algorithm: Algorithm, bytesPerChecksum: Int) {
        self.algorithm = algorithm
        self.bytesPerChecksum = bytesPerChecksum
    }

    /// Takes what a writer asks for; nil when it is nothing that can be kept.
    init?(_ wire: WireChecksum) {
        guard (1...Self.greatestBytesPerChecksum).contains(Int(wire.bytesPerChecksum)) else { return nil }
        switch wire.type {
        case .checksumCrc32: algorithm = .crc32
        case .checksumCrc32C: algorithm = .crc32C
        case .checksumNull: return nil
        }
        bytesPerChecksum = Int(wire.bytesPerChecksum)
    }

    var wire: WireChecksum {
        var message = WireChecksum()
        message.type = algorithm == .crc32 ? .checksumCrc32 : .checksumCrc32C
        message.bytesPerChecksum = UInt32(bytesPerChecksum)
        return message
    }

    /// The chunks that so many bytes have.
    func chunks(in bytes: Int) -> Int { bytes / bytesPerChecksum + (bytes % bytesPerChecksum == 0 ? 0 : 1) }

    /// Computes the checksums of `data`, four bytes each, big-endian.
    func checksums(of data: ByteBuffer) -> ByteBuffer {
        switch algorithm {
        case .crc32C: return Checksums.make(of: data, bytesPerChecksum: bytesPerChecksum)
        case .crc32:
            var rest = data
            var sums = ByteBuffer()
            while let chunk = rest.readSlice(length: min(bytesPerChecksum, rest.readableBytes)),
                chunk.readableBytes > 0
            {
                sums.writeInteger(extend(0, with: chunk))
            }
            return sums
        }
    }

    /// Goes on with the checksum of a chunk; 0 starts one.
    func extend(_ checksum: UInt32, with data: ByteBuffer) -> UInt32 {
        switch algorithm {
        case .crc32C: return Checksums.extend(checksum, with: data)
        case .crc32:
            return data.withUnsafeReadableBytes { bytes in
                guard let start = bytes.baseAddress else { return checksum }
                return UInt32(
                    truncatingIfNeeded: crc32_z(
                        UInt(checksum), start.assumingMemoryBound(to: UInt8.self), bytes.count))
            }
        }
    }

    /// Tells the offset in `data` of the first chunk whose checksum is another or missing; nil when all are right.
    func firstMismatch(in data: ByteBuffer, checksums stored: ByteBuffer) -> Int? {
        let computed = checksums(of: data)
        guard computed != stored else { return nil }
        let chunk = zip(computed.readableBytesView, stored.readableBytesView).prefix { $0 == $1 }.count / 4
        return chunk * bytesPerChecksum
    }
}
