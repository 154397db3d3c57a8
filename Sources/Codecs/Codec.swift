// Codecs turns bytes into fewer bytes and back: one `Codec` a compression, known by Hadoop's class names, made of a `BlockCodec`
// or a stream of its own, and where Hadoop has one, a framing. It knows nothing of the files the bytes are in.

import HoneyCore

/// A compression as Hadoop names it; a *stream* is what one Hadoop compressor writes from start to finish.
public protocol Codec: Sendable {
    /// Java class names that mean it; the first is what we store.
    var classNames: [String] { get }
    /// With the dot: `.gz`.
    var fileExtension: String { get }
    /// Makes a decompressor that is fed a stream (or several joined) piece by piece.
    func makeDecompressor() throws -> any StreamDecompressor
    /// Makes a compressor that is fed piece by piece; fails with `UNSUPPORTED_CODEC` when the compression is only read.
    func makeCompressor() throws -> any StreamCompressor
    /// Makes a decompressor of whole streams, for one thread.
    func makeBlockDecompressor() throws -> any BlockDecompressor
    /// Makes a compressor of whole streams, for one thread; fails with `UNSUPPORTED_CODEC` when the compression is only read.
    func makeBlockCompressor() throws -> any BlockCompressor
}

extension Codec {
    public func makeBlockDecompressor() throws -> any BlockDecompressor { WholeStreamDecompressor(self) }

    public func makeBlockCompressor() throws -> any BlockCompressor { WholeStreamCompressor(try makeCompressor()) }

    /// Compresses `bytes` into one whole stream, appended to `target`.
    public func compress(_ bytes: UnsafeRawBufferPointer, into target: inout [UInt8]) throws {
        try makeBlockCompressor().compress(bytes, into: &target)
    }

    /// Decompresses one whole stream (or several joined) and appends to `target`, which grows with what comes out; fails with
    /// `FILE_DAMAGED` on a stream that is cut short or wrong, and when more than `limit` bytes come out.
    public func decompress(_ bytes: UnsafeRawBufferPointer, into target: inout [UInt8], limit: Int) throws {
        let decompressor = try makeDecompressor()
        var consumed = 0
        var total = 0
        while consumed < bytes.count || !decompressor.isAtBoundary {
            // One byte past the limit tells an exact fit from too much.
            let wanted = min(max(4096, min((bytes.count - consumed) * 4, 1 << 24), total), limit - total + 1)
            let input = UnsafeRawBufferPointer(rebasing: bytes[consumed...])
            var step = (consumed: 0, produced: 0)
            target.append(
                contentsOf: try [UInt8](unsafeUninitializedCapacity: wanted) { output, count in
                    step = try decompressor.decompress(input, into: UnsafeMutableRawBufferPointer(output))
                    count = step.produced
                })
            consumed += step.consumed
            total += step.produced
            if total > limit { throw HoneyError.damagedStream(fileExtension, "holds more than \(limit) bytes") }
            if step.consumed == 0 && step.produced == 0 && !decompressor.isAtBoundary {
                throw HoneyError.damagedStream(fileExtension, "is cut short")
            }
        }
    }
}

/// Decompresses a stream that comes in pieces.
public protocol StreamDecompressor: AnyObject {
    /// Consumes from `input` and fills `output`; returns how much of each. Needs more input when `produced` is 0.
    func decompress(
        _ input: UnsafeRawBufferPointer, into output: UnsafeMutableRawBufferPointer
    ) throws -> (consumed: Int, produced: Int)
    /// Tells whether the input may end here.
    var isAtBoundary: Bool { get }
}

/// Compresses a stream that comes in pieces.
public protocol StreamCompressor: AnyObject {
    /// Appends compressed bytes of `input` to `target`.
    func compress(_ input: UnsafeRawBufferPointer, into target: inout [UInt8]) throws
    /// Appends the rest; the next call of `compress` starts another stream.
    func finish(into target: inout [UInt8]) throws
}
