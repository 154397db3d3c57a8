import CSnappy
import HoneyCore

/// Snappy blocks, each of which begins with the length of what it holds.
final class SnappyBlocks: BlockDecompressor, BlockCompressor {
    func decompress(_ bytes: UnsafeRawBufferPointer, into output: UnsafeMutableRawBufferPointer) throws -> Int {
        let input = bytes.bindMemory(to: CChar.self).baseAddress
        var length = 0
        guard snappy_uncompressed_length(input, bytes.count, &length) == SNAPPY_OK else {
            throw HoneyError.damagedStream("snappy", "has no length")
        }
        guard length <= output.count else {
            throw HoneyError.damagedStream("snappy", "holds \(length) bytes, more than \(output.count)")
        }
        let status = snappy_uncompress(input, bytes.count, output.bindMemory(to: CChar.self).baseAddress, &length)
        guard status == SNAPPY_OK else { throw HoneyError.damagedStream("snappy", "is wrong") }
        return length
    }

    func compress(_ bytes: UnsafeRawBufferPointer, into target: inout [UInt8]) throws {
        target.appendFilled(room: snappy_max_compressed_length(bytes.count)) { room in
            var length = room.count
            snappy_compress(
                bytes.bindMemory(to: CChar.self).baseAddress, bytes.count,
                room.bindMemory(to: CChar.self).baseAddress, &length)
            return length
        }
    }
}
