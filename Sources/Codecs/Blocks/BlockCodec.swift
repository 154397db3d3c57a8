import HoneyCore

/// A compression on its own, of one block of bytes in memory at a time: without Hadoop's class names, suffixes and framing.
///
/// Column formats name these in their own metadata; Hadoop's codecs are made of them and a framing.
public struct BlockCodec: Sendable {
    /// The field's name, lower-case: `snappy`.
    public let name: String
    private let decompressor: @Sendable () throws -> any BlockDecompressor
    private let compressor: @Sendable (_ level: Int?) throws -> any BlockCompressor

    init(
        _ name: String, decompressor: @escaping @Sendable () throws -> any BlockDecompressor,
        compressor: @escaping @Sendable (_ level: Int?) throws -> any BlockCompressor
    ) {
        self.name = name
        self.decompressor = decompressor
        self.compressor = compressor
    }

    /// Makes a decompressor for one thread.
    public func makeDecompressor() throws -> any BlockDecompressor { try decompressor() }

    /// Makes a compressor for one thread; `level` is the compression's own, nil its usual one.
    public func makeCompressor(level: Int? = nil) throws -> any BlockCompressor { try compressor(level) }
}

extension BlockCodec {
    /// RFC 1951 without a wrapper.
    public static let deflate = BlockCodec(
        "deflate", decompressor: { try Inflater(.none) },
        compressor: { WholeStreamCompressor(try Deflater(.none, level: $0)) })
    /// RFC 1950.
    public static let zlib = BlockCodec(
        "zlib", decompressor: { try Inflater(.zlib) },
        compressor: { WholeStreamCompressor(try Deflater(.zlib, level: $0)) })
    /// RFC 1952.
    public static let gzip = BlockCodec(
        "gzip", decompressor: { try Inflater(.gzip) },
        compressor: { WholeStreamCompressor(try Deflater(.gzip, level: $0)) })
    /// A Snappy block without Snappy's stream framing.
    public static let snappy = BlockCodec(
        "snappy", decompressor: { SnappyBlocks() }, compressor: { _ in SnappyBlocks() })
    /// An LZ4 block without LZ4's frame.
    public static let lz4 = BlockCodec("lz4", decompressor: { LZ4Blocks() }, compressor: { _ in LZ4Blocks() })
    /// One Zstandard frame or several.
    public static let zstandard = BlockCodec(
        "zstd", decompressor: { try ZstandardDecompressor() }, compressor: { try ZstandardCompressor(level: $0) })
    /// bzip2 streams.
    public static let bzip2 = BlockCodec(
        "bzip2", decompressor: { Bzip2Blocks() }, compressor: { _ in Bzip2Blocks() })
    public static let brotli = BlockCodec(
        "brotli", decompressor: { BrotliBlocks(level: nil) }, compressor: { BrotliBlocks(level: $0) })
    /// An LZO1X block; only read.
    public static let lzo = BlockCodec(
        "lzo", decompressor: { LZOBlocks() },
        compressor: { _ in throw HoneyError.lzoIsOnlyRead })
}

extension HoneyError {
    /// The error of writing LZO, which is here for tables that have it: others compress better as fast.
    static let lzoIsOnlyRead = HoneyError(
        .semantic, "UNSUPPORTED_CODEC", "lzo is read, but not written (write snappy, lz4 or zstd)")

    /// Makes the error of compressed bytes that break their compression's rules.
    static func damagedStream(_ name: String, _ what: String) -> HoneyError {
        HoneyError(.data, "FILE_DAMAGED", "damaged \(name) stream: \(what)")
    }
}

extension Array where Element == UInt8 {
    /// Appends up to `room` bytes that `fill` writes; it returns how many.
    mutating func appendFilled(room: Int, _ fill: (UnsafeMutableRawBufferPointer) throws -> Int) rethrows {
        append(
            contentsOf: try [UInt8](unsafeUninitializedCapacity: room) { bytes, count in
                count = try fill(UnsafeMutableRawBufferPointer(bytes))
            })
    }
}
