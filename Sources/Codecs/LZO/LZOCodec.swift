import HoneyCore

/// LZO1X blocks in Hadoop's framing; only read.
public struct LZOCodec: FramedCodec {
    public let classNames = ["com.hadoop.compression.lzo.LzoCodec", "org.apache.hadoop.io.compress.LzoCodec"]
    public let fileExtension = ".lzo_deflate"
    let chunks = BlockCodec.lzo
    let blockBytes = (64 << 10) - ((64 << 10) / 16 + 67)

    public init() {}
}

/// LZO1X blocks in the container of the program `lzop`; only read.
public struct LzopCodec: Codec {
    public let classNames = ["com.hadoop.compression.lzo.LzopCodec"]
    public let fileExtension = ".lzo"

    public init() {}

    public func makeDecompressor() throws -> any StreamDecompressor {
        LzopDecompressor(try BlockCodec.lzo.makeDecompressor())
    }

    public func makeCompressor() throws -> any StreamCompressor { throw HoneyError.lzoIsOnlyRead }
}
