/// Deflate in zlib's wrapping: Hadoop's default codec.
public struct DeflateCodec: Codec {
    public let classNames = [
        "org.apache.hadoop.io.compress.DefaultCodec", "org.apache.hadoop.io.compress.DeflateCodec",
    ]
    public let fileExtension = ".deflate"

    public init() {}

    public func compress(_ bytes: UnsafeRawBufferPointer, into target: inout [UInt8]) throws {
        try BlockDeflater(.zlib).compress(bytes, into: &target)
    }

    public func decompress(_ bytes: UnsafeRawBufferPointer, into target: inout [UInt8], limit: Int) throws {
        try Inflater.decompress(bytes, as: .zlib, into: &target, limit: limit)
    }

    public func makeDecompressor() throws -> any StreamDecompressor { try Inflater(.zlib) }

    public func makeCompressor() throws -> any StreamCompressor { try Deflater(.zlib) }

    public func makeBlockDecompressor() throws -> any BlockDecompressor { try Inflater(.zlib) }

    public func makeBlockCompressor() throws -> any BlockCompressor { try BlockDeflater(.zlib) }
}

/// Deflate in gzip's wrapping; several members one after another read as one.
public struct GzipCodec: Codec {
    public let classNames = ["org.apache.hadoop.io.compress.GzipCodec"]
    public let fileExtension = ".gz"

    public init() {}

    public func compress(_ bytes: UnsafeRawBufferPointer, into target: inout [UInt8]) throws {
        try BlockDeflater(.gzip).compress(bytes, into: &target)
    }

    public func decompress(_ bytes: UnsafeRawBufferPointer, into target: inout [UInt8], limit: Int) throws {
        try Inflater.decompress(bytes, as: .gzip, into: &target, limit: limit)
    }

    public func makeDecompressor() throws -> any StreamDecompressor { try Inflater(.gzip) }

    public func makeCompressor() throws -> any StreamCompressor { try Deflater(.gzip) }

    public func makeBlockDecompressor() throws -> any BlockDecompressor { try Inflater(.gzip) }

    public func makeBlockCompressor() throws -> any BlockCompressor { try BlockDeflater(.gzip) }
}

extension CodecCatalog {
    /// The codecs that come with the house.
    public static let standard = CodecCatalog([DeflateCodec(), GzipCodec()])
}
