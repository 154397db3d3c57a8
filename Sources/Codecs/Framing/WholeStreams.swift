import HoneyCore

/// Decompresses whole streams by a decompressor of pieces.
final class WholeStreamDecompressor: BlockDecompressor {
    private let codec: any Codec
    private var kept: (any StreamDecompressor)?

    init(_ codec: any Codec) { self.codec = codec }

    func decompress(_ bytes: UnsafeRawBufferPointer, into output: UnsafeMutableRawBufferPointer) throws -> Int {
        let decompressor = try kept ?? codec.makeDecompressor()
        // One that failed in the middle of a stream is of no further use.
        kept = nil
        var consumed = 0
        var produced = 0
        var spare: UInt8 = 0
        while consumed < bytes.count || !decompressor.isAtBoundary {
            let input = UnsafeRawBufferPointer(rebasing: bytes[consumed...])
            let step: (consumed: Int, produced: Int)
            if produced < output.count {
                step = try decompressor.decompress(
                    input, into: UnsafeMutableRawBufferPointer(rebasing: output[produced...]))
            } else {
                // The stream's end may still be in front of us when the output is just full; more bytes are too many.
                step = try withUnsafeMutableBytes(of: &spare) { try decompressor.decompress(input, into: $0) }
            }
            consumed += step.consumed
            produced += step.produced
            if produced > output.count {
                throw HoneyError.damagedStream(codec.fileExtension, "holds more than \(output.count) bytes")
            }
            if step.consumed == 0 && step.produced == 0 {
                if decompressor.isAtBoundary && consumed == bytes.count { break }
                throw HoneyError.damagedStream(codec.fileExtension, "is cut short")
            }
        }
        kept = decompressor
        return produced
    }
}

/// Compresses whole streams by a compressor of pieces, which is kept from stream to stream.
final class WholeStreamCompressor: BlockCompressor {
    private let compressor: any StreamCompressor

    init(_ compressor: any StreamCompressor) { self.compressor = compressor }

    func compress(_ bytes: UnsafeRawBufferPointer, into target: inout [UInt8]) throws {
        try compressor.compress(bytes, into: &target)
        try compressor.finish(into: &target)
    }
}
