/// A codec whose streams are made of parts that a reader finds, and decompresses, from anywhere in a stream.
public protocol SplittableCodec: Codec {
    /// Makes a decompressor of the parts that begin at or after `offset`; fails with `FILE_DAMAGED` when `offset` is 0 and the
    /// bytes are no stream of this codec.
    func makePartDecompressor(of bytes: any RandomAccessBytes, from offset: Int) throws -> any PartDecompressor
}

/// Compressed bytes that can be read anywhere.
public protocol RandomAccessBytes: AnyObject {
    /// Bytes there are.
    var size: Int { get }
    /// Reads up to `count` bytes at `offset` into `target`; fewer only at the end. Returns how many.
    func read(at offset: Int, count: Int, into target: UnsafeMutableRawPointer) throws -> Int
}

/// Decompresses the parts of a stream in order, for one thread.
public protocol PartDecompressor: AnyObject {
    /// The offset of the byte in which the next part begins; nil when there is none.
    func nextOffset() throws -> Int?
    /// Decompresses the next part, or all of it that has not been given out, to `output`; returns how many bytes, 0 when there is
    /// no part left. Parts are never mixed: the bytes come from the part that `nextOffset` told before.
    func decompress(into output: UnsafeMutableRawBufferPointer) throws -> Int
}
