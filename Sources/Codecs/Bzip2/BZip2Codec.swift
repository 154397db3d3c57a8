/// bzip2 streams, one after another; the only ones that can be read from their middle.
public struct BZip2Codec: SplittableCodec {
    public let classNames = ["org.apache.hadoop.io.compress.BZip2Codec"]
    public let fileExtension = ".bz2"

    public init() {}

    public func makeDecompressor() throws -> any StreamDecompressor { Bzip2Decompressor() }

    public func makeCompressor() throws -> any StreamCompressor { try Bzip2Compressor() }

    public func makeBlockDecompressor() throws -> any BlockDecompressor { try BlockCodec.bzip2.makeDecompressor() }

    public func makePartDecompressor(
        of bytes: any RandomAccessBytes, from offset: Int
    ) throws -> any PartDecompressor {
        try Bzip2BlockWalker(bytes, from: offset)
    }
}
