import CLZO
import HoneyCore

/// LZO1X blocks, which tell nothing of their length; only read.
final class LZOBlocks: BlockDecompressor {
    func decompress(_ bytes: UnsafeRawBufferPointer, into output: UnsafeMutableRawBufferPointer) throws -> Int {
        var length = lzo_uint(output.count)
        let status = lzo1x_decompress_safe(
            bytes.bindMemory(to: UInt8.self).baseAddress, lzo_uint(bytes.count),
            output.bindMemory(to: UInt8.self).baseAddress, &length, nil)
        guard status == LZO_E_OK else {
            throw HoneyError.damagedStream(
                "lzo",
                status == LZO_E_OUTPUT_OVERRUN ? "holds more than \(output.count) bytes" : "is wrong (status \(status))"
            )
        }
        return Int(length)
    }
}
