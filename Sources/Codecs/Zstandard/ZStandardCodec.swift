/// Zstandard frames, one after another.
public struct ZStandardCodec: Codec {
    public let classNames = ["org.apache.hadoop.io.compress.ZStandardCodec"]
    public let fileExtension = ".zst"

    public init() {}

    public func makeDecompressor() throws -> any StreamDecompressor { try ZstandardStreamDecompressor() }

    public func makeCompressor() throws -> any StreamCompressor { try ZstandardStreamCompressor() }

    public func makeBlockDecompressor() throws -> any BlockDecompressor { try BlockCodec.zstandard.makeDecompressor() }

    public func makeBlockCompressor() throws -> any BlockCompressor { try BlockCodec.zstandard.makeCompressor() }
}
