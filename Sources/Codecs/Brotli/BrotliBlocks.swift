import CBrotli
import HoneyCore

/// Brotli streams.
final class BrotliBlocks: BlockDecompressor, BlockCompressor {
    private let level: Int32

    /// A level from 0 to 11; nil means 4, as fast as deflate's usual one.
    init(level: Int?) { self.level = Int32(clamping: level ?? 4) }

    func decompress(_ bytes: UnsafeRawBufferPointer, into output: UnsafeMutableRawBufferPointer) throws -> Int {
        var length = output.count
        let result = BrotliDecoderDecompress(
            bytes.count, bytes.bindMemory(to: UInt8.self).baseAddress, &length,
            output.bindMemory(to: UInt8.self).baseAddress)
        guard result == BROTLI_DECODER_RESULT_SUCCESS else {
            throw HoneyError.damagedStream("brotli", "is wrong, cut short or holds more than \(output.count) bytes")
        }
        return length
    }

    func compress(_ bytes: UnsafeRawBufferPointer, into target: inout [UInt8]) throws {
        try target.appendFilled(room: max(BrotliEncoderMaxCompressedSize(bytes.count), 16)) { room in
            var length = room.count
            let done = BrotliEncoderCompress(
                level, BROTLI_DEFAULT_WINDOW, BROTLI_MODE_GENERIC, bytes.count,
                bytes.bindMemory(to: UInt8.self).baseAddress, &length, room.bindMemory(to: UInt8.self).baseAddress)
            guard done == BROTLI_TRUE else { throw HoneyError.unexpected("brotli compression failed") }
            return length
        }
    }
}
