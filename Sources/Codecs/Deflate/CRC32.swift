import CZlib

/// The checksum that gzip, zip and others use.
public enum CRC32 {
    /// Computes the checksum of bytes.
    public static func checksum(_ bytes: UnsafeRawBufferPointer) -> UInt32 {
        UInt32(truncatingIfNeeded: crc32_z(0, bytes.bindMemory(to: UInt8.self).baseAddress, bytes.count))
    }
}
