/// LZ4 blocks in Hadoop's framing.
public struct LZ4Codec: FramedCodec {
    public let classNames = ["org.apache.hadoop.io.compress.Lz4Codec"]
    public let fileExtension = ".lz4"
    let chunks = BlockCodec.lz4
    let blockBytes = (256 << 10) - ((256 << 10) / 255 + 16)

    public init() {}
}
