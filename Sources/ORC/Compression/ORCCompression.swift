import HoneyCodecs
import HoneyCore
import HoneyStorage

/// How a file's sections are compressed, for one thread.
///
/// A compressed section is a row of chunks, each on its own:
/// ```
/// u24   bytes that follow × 2 + (1 when they are stored as they are), little-endian
/// bytes
/// ```
/// An uncompressed section has no chunks.
final class ORCCompression {
    static let headerBytes = 3
    /// What a chunk holds unless the file says otherwise.
    static let usualBlockBytes = 256 << 10
    /// The most that the 23 bits of a chunk's length allow.
    static let maximumBlockBytes = 1 << 23

    let kind: ORCCompressionKind
    /// Bytes that no chunk's content exceeds.
    let blockBytes: Int
    /// Nil when sections are not compressed.
    let decompressor: (any BlockDecompressor)?

    init(kind: ORCCompressionKind, blockBytes: Int) throws {
        self.kind = kind
        self.blockBytes = blockBytes
        decompressor = try ORCCompression.codec(kind)?.makeDecompressor()
    }

    /// The codec of a kind; nil for none.
    static func codec(_ kind: ORCCompressionKind) -> BlockCodec? {
        switch kind {
        case .none: nil
        case .zlib: .deflate
        case .snappy: .snappy
        case .lzo: .lzo
        case .lz4: .lz4
        case .zstd: .zstandard
        case .brotli: .brotli
        }
    }

    /// A chunk's header.
    struct Header {
        var byteCount: Int
        var isOriginal: Bool

        init(_ start: UnsafePointer<UInt8>) {
            let bits = Int(start[0]) | Int(start[1]) << 8 | Int(start[2]) << 16
            byteCount = bits >> 1
            isOriginal = bits & 1 != 0
        }
    }

    /// Bytes that a chunk of `stored` bytes may expand to.
    func room(for stored: Int) -> Int {
        switch kind {
        // No input of these expands more than about a thousand times.
        case .zlib, .snappy, .lz4, .lzo: min(blockBytes, stored * 1100 + 64)
        default: blockBytes
        }
    }

    /// Expands a whole section, such as a footer.
    func expand(_ section: UnsafeRawBufferPointer) throws -> [UInt8] {
        guard let decompressor else { return Array(section) }
        var expanded: [UInt8] = []
        var offset = 0
        while offset < section.count {
            guard section.count - offset >= ORCCompression.headerBytes else { throw ORCCompression.cutShort() }
            let start = section.baseAddress!.assumingMemoryBound(to: UInt8.self) + offset
            let header = Header(start)
            offset += ORCCompression.headerBytes
            guard header.byteCount <= section.count - offset else { throw ORCCompression.cutShort() }
            let stored = UnsafeRawBufferPointer(rebasing: section[offset..<offset + header.byteCount])
            if header.isOriginal {
                expanded.append(contentsOf: stored)
            } else {
                expanded += try [UInt8](unsafeUninitializedCapacity: room(for: header.byteCount)) { target, count in
                    count = try decompressor.decompress(stored, into: UnsafeMutableRawBufferPointer(target))
                }
            }
            offset += header.byteCount
        }
        return expanded
    }

    static func cutShort() -> HoneyError { HoneyError.damaged("compressed chunk is longer than its stream") }
}
