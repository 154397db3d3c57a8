import HoneyCodecs
import HoneyCore
import HoneyStorage

/// The compression of a chunk's pages, by the format's own numbers.
enum PageCodec: Int {
    case uncompressed = 0, snappy, gzip, lzo, brotli, lz4, zstandard, lz4Raw

    /// The name in the format's own words, which is also that of settings.
    var name: String {
        switch self {
        case .uncompressed: "UNCOMPRESSED"
        case .snappy: "SNAPPY"
        case .gzip: "GZIP"
        case .lzo: "LZO"
        case .brotli: "BROTLI"
        case .lz4: "LZ4"
        case .zstandard: "ZSTD"
        case .lz4Raw: "LZ4_RAW"
        }
    }

    /// Fails with `UNSUPPORTED_FILE` on numbers that mean none.
    static func known(_ code: Int) throws -> PageCodec {
        if let codec = PageCodec(rawValue: code) { return codec }
        throw HoneyError(
            .data, "UNSUPPORTED_FILE", "unknown compression of a Parquet column (0 to 7 are known): \(code)")
    }

    /// Nil for uncompressed pages.
    var blocks: BlockCodec? {
        switch self {
        case .uncompressed: nil
        case .snappy: .snappy
        case .gzip: .gzip
        case .lzo: .lzo
        case .brotli: .brotli
        case .lz4, .lz4Raw: .lz4
        case .zstandard: .zstandard
        }
    }

    /// Makes a decompressor for one thread; nil for uncompressed pages.
    func makeDecompressor() throws -> (any BlockDecompressor)? {
        guard let blocks = try self.blocks?.makeDecompressor() else { return nil }
        return self == .lz4 || self == .lzo ? HadoopBlocks(blocks) : blocks
    }
}

/// Hadoop's framing of blocks, in which older writers put LZ4 and LZO; and pages without it, which others wrote.
///
/// ```
/// u32 big-endian bytes of what follows, decompressed   chunks: u32 big-endian bytes compressed, the chunk    and again
/// ```
final class HadoopBlocks: BlockDecompressor {
    private let blocks: any BlockDecompressor

    init(_ blocks: any BlockDecompressor) { self.blocks = blocks }

    func decompress(_ bytes: UnsafeRawBufferPointer, into output: UnsafeMutableRawBufferPointer) throws -> Int {
        if let count = try? framed(bytes, into: output) { return count }
        return try blocks.decompress(bytes, into: output)
    }

    private func framed(_ bytes: UnsafeRawBufferPointer, into output: UnsafeMutableRawBufferPointer) throws -> Int {
        var next = 0
        var written = 0
        func number() throws -> Int {
            guard bytes.count - next >= 4 else { throw HoneyError.damaged("compressed block is cut short") }
            defer { next += 4 }
            return Int(UInt32(bigEndian: bytes.loadUnaligned(fromByteOffset: next, as: UInt32.self)))
        }
        while next < bytes.count {
            let whole = try number()
            guard whole <= output.count - written else { throw HoneyError.damaged("compressed block is too large") }
            let end = written + whole
            while written < end {
                let count = try number()
                guard count <= bytes.count - next else { throw HoneyError.damaged("compressed block is cut short") }
                let got = try blocks.decompress(
                    UnsafeRawBufferPointer(rebasing: bytes[next..<next + count]),
                    into: UnsafeMutableRawBufferPointer(rebasing: output[written..<end]))
                guard got > 0 else { throw HoneyError.damaged("compressed block is empty") }
                next += count
                written += got
            }
        }
        return written
    }
}
