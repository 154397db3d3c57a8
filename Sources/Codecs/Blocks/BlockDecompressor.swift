/// Decompresses whole streams, one after another, into memory that the caller has; keeps its state between them.
///
/// For readers of many small streams whose sizes are known, such as the columns of an RCFile. For one thread.
public protocol BlockDecompressor: AnyObject {
    /// Decompresses one whole stream (or several joined) to the start of `output` and returns how many bytes came out; fails
    /// with `FILE_DAMAGED` on a stream that is cut short or wrong, and when more comes out than fits.
    func decompress(_ bytes: UnsafeRawBufferPointer, into output: UnsafeMutableRawBufferPointer) throws -> Int
}

/// Compresses whole streams, one after another, keeping its state between them. For one thread.
public protocol BlockCompressor: AnyObject {
    /// Appends one whole stream that holds `bytes`.
    func compress(_ bytes: UnsafeRawBufferPointer, into target: inout [UInt8]) throws
}
