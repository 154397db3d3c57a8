import CLZ4
import HoneyCore

/// LZ4 blocks, which tell nothing of their length.
final class LZ4Blocks: BlockDecompressor, BlockCompressor {
    func decompress(_ bytes: UnsafeRawBufferPointer, into output: UnsafeMutableRawBufferPointer) throws -> Int {
        guard !bytes.isEmpty else { throw HoneyError.damagedStream("lz4", "is empty") }
        let length = LZ4_decompress_safe(
            bytes.bindMemory(to: CChar.self).baseAddress, output.bindMemory(to: CChar.self).baseAddress,
            Int32(clamping: bytes.count), Int32(clamping: output.count))
        guard length >= 0 else {
            throw HoneyError.damagedStream("lz4", "is wrong or holds more than \(output.count) bytes")
        }
        return Int(length)
    }

    func compress(_ bytes: UnsafeRawBufferPointer, into target: inout [UInt8]) throws {
        guard bytes.count <= Int(LZ4_MAX_INPUT_SIZE) else {
            throw HoneyError(.data, "BLOCK_TOO_LARGE", "block is too large for lz4: \(bytes.count) bytes")
        }
        target.appendFilled(room: Int(LZ4_compressBound(Int32(bytes.count)))) { room in
            Int(
                LZ4_compress_default(
                    bytes.bindMemory(to: CChar.self).baseAddress, room.bindMemory(to: CChar.self).baseAddress,
                    Int32(bytes.count), Int32(clamping: room.count)))
        }
    }
}
