import CZstd
import HoneyCore

/// Decompresses Zstandard frames with one context.
final class ZstandardDecompressor: BlockDecompressor {
    private let context: OpaquePointer

    init() throws {
        guard let context = ZSTD_createDCtx() else {
            throw HoneyError(.environment, "OUT_OF_MEMORY", "no memory for a zstd decompressor")
        }
        self.context = context
    }

    deinit { ZSTD_freeDCtx(context) }

    func decompress(_ bytes: UnsafeRawBufferPointer, into output: UnsafeMutableRawBufferPointer) throws -> Int {
        let length = ZSTD_decompressDCtx(context, output.baseAddress, output.count, bytes.baseAddress, bytes.count)
        guard ZSTD_isError(length) == 0 else {
            throw HoneyError.damagedStream("zstd", String(cString: ZSTD_getErrorName(length)))
        }
        return length
    }
}

/// Compresses one Zstandard frame a block with one context.
final class ZstandardCompressor: BlockCompressor {
    private let context: OpaquePointer
    private let level: Int32

    init(level: Int?) throws {
        guard let context = ZSTD_createCCtx() else {
            throw HoneyError(.environment, "OUT_OF_MEMORY", "no memory for a zstd compressor")
        }
        self.context = context
        self.level = Int32(clamping: level ?? 3)
    }

    deinit { ZSTD_freeCCtx(context) }

    func compress(_ bytes: UnsafeRawBufferPointer, into target: inout [UInt8]) throws {
        try target.appendFilled(room: ZSTD_compressBound(bytes.count)) { room in
            let length = ZSTD_compressCCtx(
                context, room.baseAddress, room.count, bytes.baseAddress, bytes.count, level)
            guard ZSTD_isError(length) == 0 else {
                throw HoneyError.unexpected("zstd compression failed: \(String(cString: ZSTD_getErrorName(length)))")
            }
            return length
        }
    }
}
