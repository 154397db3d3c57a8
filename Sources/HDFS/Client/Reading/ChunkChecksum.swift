import CScan
import CZlib
import HoneyHDFSMessages
import NIOCore

/// How a block's bytes are summed: CRC-32C, CRC-32 of older Hadoops, or not.
struct ChunkChecksum: Hashable, Sendable {
    enum Algorithm: Hashable, Sendable {
        case none, crc32, crc32C
    }

    var algorithm: Algorithm
    var bytesPerChecksum: Int

    var isNone: Bool { algorithm == .none }

    /// Reads what a DataNode says; nil when it cannot be.
    init?(_ message: WireChecksum) {
        let algorithm: Algorithm =
            switch message.type {
            case .checksumNull: .none
            case .checksumCrc32: .crc32
            case .checksumCrc32C: .crc32C
            }
        self.init(algorithm, bytesPerChecksum: Int(clamping: message.bytesPerChecksum))
    }

    init?(_ algorithm: Algorithm, bytesPerChecksum: Int) {
        guard 1...(16 << 20) ~= bytesPerChecksum || algorithm == .none else { return nil }
        self.algorithm = algorithm
        self.bytesPerChecksum = bytesPerChecksum
    }

    /// Tells the offset in `data`, which starts a chunk, of the first chunk whose checksum is another or missing; nil when all are right.
    func firstMismatch(in data: ByteBuffer, checksums: ByteBuffer) -> Int? {
        data.withUnsafeReadableBytes { data in
            checksums.withUnsafeReadableBytes { firstMismatch(in: data, checksums: $0) }
        }
    }

    func firstMismatch(in data: UnsafeRawBufferPointer, checksums: UnsafeRawBufferPointer) -> Int? {
        guard algorithm != .none, let start = data.baseAddress else { return nil }
        let chunks = (data.count + bytesPerChecksum - 1) / bytesPerChecksum
        guard checksums.count == 4 * chunks else { return 0 }
        // A part at a time, so that the sums stay on the stack.
        let part = 256
        return withUnsafeTemporaryAllocation(of: UInt32.self, capacity: part) { sums in
            for first in stride(from: 0, to: chunks, by: part) {
                let count = min(part, chunks - first)
                let offset = first * bytesPerChecksum
                let bytes = min(count * bytesPerChecksum, data.count - offset)
                compute(start + offset, bytes, into: sums.baseAddress!)
                for index in 0..<count {
                    let stored = checksums.loadUnaligned(fromByteOffset: 4 * (first + index), as: UInt32.self)
                    if sums[index] != UInt32(bigEndian: stored) { return (first + index) * bytesPerChecksum }
                }
            }
            return nil
        }
    }

    private func compute(_ data: UnsafeRawPointer, _ count: Int, into sums: UnsafeMutablePointer<UInt32>) {
        let bytes = data.assumingMemoryBound(to: UInt8.self)
        if algorithm == .crc32C {
            honey_crc32c_chunks(bytes, Int64(count), Int64(bytesPerChecksum), sums)
            return
        }
        var offset = 0
        var index = 0
        while offset < count {
            let size = min(bytesPerChecksum, count - offset)
            sums[index] = UInt32(truncatingIfNeeded: crc32(0, bytes + offset, UInt32(size)))
            offset += size
            index += 1
        }
    }
}
