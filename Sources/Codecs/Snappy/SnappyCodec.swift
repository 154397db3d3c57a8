/// Snappy blocks in Hadoop's framing.
public struct SnappyCodec: FramedCodec {
    public let classNames = ["org.apache.hadoop.io.compress.SnappyCodec"]
    public let fileExtension = ".snappy"
    let chunks = BlockCodec.snappy
    let blockBytes = (256 << 10) - ((256 << 10) / 6 + 32)

    public init() {}
}
