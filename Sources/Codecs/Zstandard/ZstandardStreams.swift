import CZstd
import HoneyCore

/// Decompresses Zstandard frames that come in pieces.
final class ZstandardStreamDecompressor: StreamDecompressor {
    private let stream: OpaquePointer
    private(set) var isAtBoundary = true

    init() throws {
        guard let stream = ZSTD_createDStream() else {
            throw HoneyError(.environment, "OUT_OF_MEMORY", "no memory for a zstd decompressor")
        }
        self.stream = stream
    }

    deinit { ZSTD_freeDStream(stream) }

    func decompress(
        _ input: UnsafeRawBufferPointer, into output: UnsafeMutableRawBufferPointer
    ) throws -> (consumed: Int, produced: Int) {
        var source = ZSTD_inBuffer(src: input.baseAddress, size: input.count, pos: 0)
        var target = ZSTD_outBuffer(dst: output.baseAddress, size: output.count, pos: 0)
        while target.pos < target.size, source.pos < source.size || !isAtBoundary {
            let before = (source.pos, target.pos)
            // A call stops at the end of a frame and says 0 then.
            let left = ZSTD_decompressStream(stream, &target, &source)
            guard ZSTD_isError(left) == 0 else {
                throw HoneyError.damagedStream("zstd", String(cString: ZSTD_getErrorName(left)))
            }
            isAtBoundary = left == 0
            if before == (source.pos, target.pos) { break }
        }
        return (source.pos, target.pos)
    }
}

/// Compresses one Zstandard frame piece by piece, at the library's usual level as Hadoop does.
final class ZstandardStreamCompressor: StreamCompressor {
    private let stream: OpaquePointer

    init() throws {
        guard let stream = ZSTD_createCStream() else {
            throw HoneyError(.environment, "OUT_OF_MEMORY", "no memory for a zstd compressor")
        }
        self.stream = stream
    }

    deinit { ZSTD_freeCStream(stream) }

    func compress(_ input: UnsafeRawBufferPointer, into target: inout [UInt8]) throws {
        var source = ZSTD_inBuffer(src: input.baseAddress, size: input.count, pos: 0)
        while source.pos < source.size { _ = try step(&source, ZSTD_e_continue, into: &target) }
    }

    func finish(into target: inout [UInt8]) throws {
        var source = ZSTD_inBuffer(src: nil, size: 0, pos: 0)
        while try step(&source, ZSTD_e_end, into: &target) > 0 {}
    }

    /// Compresses some and returns what is left to be given out, about.
    private func step(
        _ source: inout ZSTD_inBuffer, _ directive: ZSTD_EndDirective, into target: inout [UInt8]
    ) throws -> Int {
        var left = 0
        try target.appendFilled(room: ZSTD_CStreamOutSize()) { room in
            var chunk = ZSTD_outBuffer(dst: room.baseAddress, size: room.count, pos: 0)
            left = ZSTD_compressStream2(stream, &chunk, &source, directive)
            guard ZSTD_isError(left) == 0 else {
                throw HoneyError.unexpected("zstd compression failed: \(String(cString: ZSTD_getErrorName(left)))")
            }
            return chunk.pos
        }
        return left
    }
}
