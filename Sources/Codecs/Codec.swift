// Codecs turns bytes into fewer bytes and back: one `Codec` a compression, known by Hadoop's class names.
// It knows nothing of the files the bytes are in.

import HoneyCore

/// A compression as Hadoop names it; a *stream* is what one Hadoop compressor writes from start to finish.
public protocol Codec: Sendable {
    /// Java class names that mean it; the first is what we store.
    var classNames: [String] { get }
    /// With the dot: `.gz`.
    var fileExtension: String { get }
    /// Compresses `bytes` into one whole stream, appended to `target`.
    func compress(_ bytes: UnsafeRawBufferPointer, into target: inout [UInt8]) throws
    /// Decompresses one whole stream (or several joined) and appends to `target`; fails with `FILE_DAMAGED` on a stream that is
    /// cut short or wrong, and when more than `limit` bytes come out.
    func decompress(_ bytes: UnsafeRawBufferPointer, into target: inout [UInt8], limit: Int) throws
    /// Makes a decompressor that is fed a stream piece by piece.
    func makeDecompressor() throws -> any StreamDecompressor
    /// Makes a compressor that is fed piece by piece.
    func makeCompressor() throws -> any StreamCompressor
    /// Makes a decompressor of whole streams, for one thread.
    func makeBlockDecompressor() throws -> any BlockDecompressor
    /// Makes a compressor of whole streams, for one thread.
    func makeBlockCompressor() throws -> any BlockCompressor
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
    /// Appends the rest.
    func finish(into target: inout [UInt8]) throws
}

/// The codecs an engine has, by class name and by file suffix.
public struct CodecCatalog: Sendable {
    public let codecs: [any Codec]

    public init(_ codecs: [any Codec]) { self.codecs = codecs }

    /// Finds a codec by class; fails with `UNKNOWN_CODEC`.
    public func codec(className: String) throws -> any Codec {
        if let codec = codecs.first(where: { $0.classNames.contains(className) }) { return codec }
        let known = codecs.flatMap(\.classNames).sorted().joined(separator: ", ")
        throw HoneyError(.data, "UNKNOWN_CODEC", "unknown compression codec: \(className) (known: \(known))")
    }

    /// Finds the codec that a file's name asks for; nil for a plain file.
    public func codec(forFileNamed name: String) -> (any Codec)? {
        codecs.first { name.hasSuffix($0.fileExtension) }
    }
}
