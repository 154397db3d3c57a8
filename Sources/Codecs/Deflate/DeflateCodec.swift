/// Deflate in zlib's wrapping: Hadoop's default codec.
public struct DeflateCodec: Codec {
    public let classNames = [
        "org.apache.hadoop.io.compress.DefaultCodec", "org.apache.hadoop.io.compress.DeflateCodec",
    ]
    public let fileExtension = ".deflate"

    public init() {}

    public func makeDecompressor() throws -> any StreamDecompressor { try Inflater(.zlib) }

    public func makeCompressor() throws -> any StreamCompressor { try Deflater(.zlib) }

    public func makeBlockDecompressor() throws -> any BlockDecompressor { try Inflater(.zlib) }
}

/// Deflate in gzip's wrapping; several members one after another read as one.
public struct GzipCodec: Codec {
    public let classNames = ["org.apache.hadoop.io.compress.GzipCodec"]
    public let fileExtension = ".gz"

    public init() {}

    public func makeDecompressor() throws -> any StreamDecompressor { try Inflater(.gzip) }

    public func makeCompressor() throws -> any StreamCompressor { try Deflater(.gzip) }

    public func makeBlockDecompressor() throws -> any BlockDecompressor { try Inflater(.gzip) }
}
