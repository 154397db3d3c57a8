import HoneyCodecs
import HoneyCore
import HoneyStorage

/// The compression of a container's blocks, by its name in the file's metadata.
struct AvroCompression {
    /// `null`, `deflate`, `snappy`, `bzip2` or `zstandard`.
    let name: String
    private let codec: BlockCodec?
    /// Snappy's blocks are followed by four bytes: the CRC-32 of what they hold, big-endian.
    private let hasChecksum: Bool

    private static let codecs: [String: BlockCodec] = [
        "deflate": .deflate, "snappy": .snappy, "bzip2": .bzip2, "zstandard": .zstandard,
    ]

    /// Finds a compression; nil when it is unknown.
    init?(named name: String) {
        codec = AvroCompression.codecs[name]
        guard codec != nil || name == "null" else { return nil }
        self.name = name
        hasChecksum = name == "snappy"
    }

    static let known = "null, deflate, snappy, bzip2, zstandard"

    /// Makes what decompresses blocks, for one thread; nil when there is nothing to do.
    func makeDecompressor() throws -> AvroDecompressor? {
        try codec.map { AvroDecompressor(try $0.makeDecompressor(), hasChecksum: hasChecksum) }
    }

    /// Makes what compresses blocks, for one file; nil when there is nothing to do.
    func makeCompressor(level: Int?) throws -> AvroCompressor? {
        try codec.map { AvroCompressor(try $0.makeCompressor(level: level), hasChecksum: hasChecksum) }
    }
}

/// Decompresses blocks, whose size when decompressed is told nowhere but in Snappy.
final class AvroDecompressor {
    private let decompressor: any BlockDecompressor
    private let hasChecksum: Bool
    /// What the last blocks came to: the next will be about as large.
    private var usualBytes = 64 << 10

    /// The most that a block may hold.
    private static let maximumBytes = 256 << 20
    /// More than any of the compressions makes of a byte.
    private static let maximumRatio = 50_000

    init(_ decompressor: any BlockDecompressor, hasChecksum: Bool) {
        self.decompressor = decompressor
        self.hasChecksum = hasChecksum
    }

    /// Decompresses one block into memory of a pool, readable for some bytes past its end.
    func decompress(
        _ bytes: UnsafeRawBufferPointer, take: (_ capacity: Int) -> Buffer
    ) throws -> (buffer: Buffer, count: Int) {
        var stream = bytes
        if hasChecksum {
            guard bytes.count >= 4 else { throw HoneyError.damaged("block has no room for its checksum") }
            stream = UnsafeRawBufferPointer(rebasing: bytes[..<(bytes.count - 4)])
        }
        let limit = min(AvroDecompressor.maximumBytes, 4096 + stream.count * AvroDecompressor.maximumRatio)
        var capacity = min(limit, max(usualBytes, 4 * stream.count))
        while true {
            let buffer = take(capacity + AvroCursor.readablePastEnd)
            let room = UnsafeMutableRawBufferPointer(start: buffer.base, count: capacity)
            do {
                let count = try decompressor.decompress(stream, into: room)
                if hasChecksum { try check(UnsafeRawBufferPointer(rebasing: room[..<count]), bytes) }
                (buffer.base + count)
                    .initializeMemory(as: UInt8.self, repeating: 0, count: AvroCursor.readablePastEnd)
                usualBytes = max(usualBytes, count + count / 4)
                return (buffer, count)
            } catch let error as HoneyError {
                // Room that is too small and damage look alike from here.
                guard error.kind == .data, capacity < limit else { throw error }
                capacity = min(limit, 4 * capacity)
            }
        }
    }

    private func check(_ content: UnsafeRawBufferPointer, _ bytes: UnsafeRawBufferPointer) throws {
        let stored = UInt32(bigEndian: bytes.loadUnaligned(fromByteOffset: bytes.count - 4, as: UInt32.self))
        guard CRC32.checksum(content) == stored else { throw HoneyError.damaged("checksum of a block is wrong") }
    }
}

/// Compresses blocks.
final class AvroCompressor {
    private let compressor: any BlockCompressor
    private let hasChecksum: Bool

    init(_ compressor: any BlockCompressor, hasChecksum: Bool) {
        self.compressor = compressor
        self.hasChecksum = hasChecksum
    }

    /// Appends the block that holds `bytes`.
    func compress(_ bytes: UnsafeRawBufferPointer, into target: inout [UInt8]) throws {
        try compressor.compress(bytes, into: &target)
        guard hasChecksum else { return }
        withUnsafeBytes(of: CRC32.checksum(bytes).bigEndian) { target.append(contentsOf: $0) }
    }
}
