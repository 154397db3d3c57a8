/// The file of checksums that Hadoop keeps beside a local file: `.name.crc`.
///
/// | bytes | what |
/// |---|---|
/// | 4 | `crc` and a zero byte |
/// | 4 | how many bytes of the file each sum covers: 512, most significant byte first |
/// | 4 each | CRC-32 of 512 bytes, the last of fewer |
struct ChecksumFile {
    private static let coveredBytes = 512
    private var written: [UInt8] = Array("crc".utf8) + [0, 0, 0, 2, 0]
    private var register: UInt32 = .max
    private var pending = 0

    private static let table: [UInt32] = (0..<256).map { index in
        (0..<8).reduce(UInt32(index)) { sum, _ in sum & 1 == 1 ? 0xEDB8_8320 ^ (sum >> 1) : sum >> 1 }
    }

    mutating func add(_ bytes: UnsafeRawBufferPointer) {
        for byte in bytes {
            register = ChecksumFile.table[Int((register ^ UInt32(byte)) & 0xFF)] ^ (register >> 8)
            pending += 1
            if pending == ChecksumFile.coveredBytes { endSum() }
        }
    }

    private mutating func endSum() {
        let sum = ~register
        written += [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: sum >> $0) }
        register = .max
        pending = 0
    }

    /// Ends the last sum and returns the whole file.
    mutating func bytes() -> [UInt8] {
        if pending > 0 { endSum() }
        return written
    }
}
