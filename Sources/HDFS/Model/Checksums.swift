import CScan
package import NIOCore

/// CRC-32C of chunks of `Block.bytesPerChecksum` bytes, four bytes each, big-endian, as packets and meta files hold them.
package enum Checksums {
    /// Computes the checksums of `data`, whose last chunk may be shorter.
    package static func make(of data: ByteBuffer, bytesPerChecksum: Int = Block.bytesPerChecksum) -> ByteBuffer {
        let chunks = (data.readableBytes + bytesPerChecksum - 1) / bytesPerChecksum
        return withUnsafeTemporaryAllocation(of: UInt32.self, capacity: max(chunks, 1)) { sums in
            data.withUnsafeReadableBytes { bytes in
                if chunks > 0 {
                    honey_crc32c_chunks(
                        bytes.baseAddress!.assumingMemoryBound(to: UInt8.self), Int64(bytes.count),
                        Int64(bytesPerChecksum), sums.baseAddress!)
                }
            }
            for chunk in 0..<chunks { sums[chunk] = sums[chunk].bigEndian }
            return ByteBuffer(bytes: UnsafeRawBufferPointer(UnsafeBufferPointer(rebasing: sums[0..<chunks])))
        }
    }

    /// Goes on with the checksum of a chunk; 0 starts one.
    package static func extend(_ checksum: UInt32, with data: ByteBuffer) -> UInt32 {
        data.withUnsafeReadableBytes { bytes in
            guard let start = bytes.baseAddress else { return checksum }
            return honey_crc32c(checksum, start.assumingMemoryBound(to: UInt8.self), Int64(bytes.count))
        }
    }

    /// Tells the offset in `data` of the first chunk whose checksum is another; nil when all are right.
    ///
    /// There must be four bytes of checksums for each chunk.
    package static func firstMismatch(
        in data: ByteBuffer, checksums: ByteBuffer, bytesPerChecksum: Int = Block.bytesPerChecksum
    ) -> Int? {
        let computed = make(of: data, bytesPerChecksum: bytesPerChecksum)
        guard computed != checksums else { return nil }
        let chunk = zip(computed.readableBytesView, checksums.readableBytesView).prefix { $0 == $1 }.count / 4
        return chunk * bytesPerChecksum
    }
}
