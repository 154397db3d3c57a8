package import HoneyHDFSMessages
import SwiftProtobuf

/// A piece of a file, as NameNode and DataNodes name it.
package struct Block: Hashable, Sendable, CustomStringConvertible {
    /// Never used twice; the first one is 2^30, as in Hadoop.
    package var id: UInt64
    /// Counts up whenever the writers of a block change, so that replicas left behind are known.
    package var generationStamp: UInt64
    /// Bytes in it.
    package var size: Int

    package init(id: UInt64, generationStamp: UInt64, size: Int) {
        self.id = id
        self.generationStamp = generationStamp
        self.size = size
    }

    /// Such as `blk_1073741825_1001`.
    package var description: String { "blk_\(id)_\(generationStamp)" }

    package static let firstID: UInt64 = 1 << 30
    package static let firstGenerationStamp: UInt64 = 1001
    /// Bytes of data for each checksum of four bytes.
    package static let bytesPerChecksum = 512

    package init(_ message: WireExtendedBlock) {
        self.init(
            id: message.blockID, generationStamp: message.generationStamp, size: Int(clamping: message.numBytes))
    }

    package init(_ message: WireBlock) {
        self.init(id: message.blockID, generationStamp: message.genStamp, size: Int(clamping: message.numBytes))
    }

    package func extended(pool: String) -> WireExtendedBlock {
        .with {
            $0.poolID = pool
            $0.blockID = id
            $0.generationStamp = generationStamp
            $0.numBytes = UInt64(size)
        }
    }

    package var message: WireBlock {
        .with {
            $0.blockID = id
            $0.genStamp = generationStamp
            $0.numBytes = UInt64(size)
        }
    }
}
