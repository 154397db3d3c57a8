import HoneyWorld
import NIOCore

// The last chunk of a replica that grows has its checksum written over again and again. A power failure may keep the new checksum
// and lose the bytes it speaks of, and then nothing would vouch for bytes of the chunk that were durable before. So what is durable of
// such a chunk is noted in a file of its own, `blk_ID.tail`, of two records written in turn:
//
// | bytes | what                                                |
// |-------|-----------------------------------------------------|
// | 8     | bytes of the block up to which the note goes        |
// | 4     | checksum of the last chunk up to there              |
// | 4     | CRC-32C of the twelve bytes before                  |

/// What was durable of a replica whose last chunk was not whole.
struct ReplicaTail: Equatable {
    var bytes: Int
    var checksum: UInt32

    private static let recordBytes = 16

    private var record: ByteBuffer {
        var record = ByteBuffer()
        record.writeInteger(UInt64(bytes))
        record.writeInteger(checksum)
        record.writeInteger(Checksums.extend(0, with: record))
        return record
    }

    /// Reads both records; one that is torn is nil.
    static func read(_ file: any DiskFile) throws -> [ReplicaTail?] {
        try (0..<2).map { slot in
            var record = ByteBuffer()
            try file.read(at: slot * recordBytes, count: recordBytes, into: &record)
            guard let body = record.readSlice(length: recordBytes - 4), let sum = record.readInteger(as: UInt32.self),
                sum == Checksums.extend(0, with: body),
                let bytes = body.getInteger(at: body.readerIndex, as: UInt64.self),
                let checksum = body.getInteger(at: body.readerIndex + 8, as: UInt32.self)
            else { return nil }
            return Int(exactly: bytes).map { ReplicaTail(bytes: $0, checksum: checksum) }
        }
    }

    /// Writes the note over the one that says less.
    func write(to file: any DiskFile) throws {
        let old = try Self.read(file)
        guard !old.contains(self) else { return }
        let slot = (old[0]?.bytes ?? -1) <= (old[1]?.bytes ?? -1) ? 0 : 1
        try file.write(record, at: slot * Self.recordBytes)
    }

    /// Whether the data are what the note says; what is before the chunk was found right up to `prefix`.
    func fits(_ data: any DiskFile, after prefix: VerifiedPrefix, kind: ChecksumKind) throws -> Bool {
        let start = bytes - bytes % kind.bytesPerChecksum
        guard bytes > prefix.bytes, start <= prefix.bytes, bytes <= data.size else { return false }
        var chunk = ByteBuffer()
        try data.read(at: start, count: bytes - start, into: &chunk)
        return kind.extend(0, with: chunk) == checksum
    }
}
