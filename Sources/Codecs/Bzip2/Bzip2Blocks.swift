import CBzip2
import HoneyCore

/// Whole bzip2 streams, joined ones too.
final class Bzip2Blocks: BlockDecompressor, BlockCompressor {
    func decompress(_ bytes: UnsafeRawBufferPointer, into output: UnsafeMutableRawBufferPointer) throws -> Int {
        var consumed = 0
        var produced = 0
        while consumed < bytes.count {
            let (taken, given) = try decompressStream(
                UnsafeRawBufferPointer(rebasing: bytes[consumed...]),
                into: UnsafeMutableRawBufferPointer(rebasing: output[produced...]))
            consumed += taken
            produced += given
        }
        return produced
    }

    private func decompressStream(
        _ bytes: UnsafeRawBufferPointer, into output: UnsafeMutableRawBufferPointer
    ) throws -> (consumed: Int, produced: Int) {
        var stream = bz_stream()
        guard BZ2_bzDecompressInit(&stream, 0, 0) == BZ_OK else {
            throw HoneyError(.environment, "OUT_OF_MEMORY", "no memory for a bzip2 decompressor")
        }
        defer { BZ2_bzDecompressEnd(&stream) }
        // bzip2 wants an address even for no room.
        var spare: CChar = 0
        return try withUnsafeMutablePointer(to: &spare) { spare in
            stream.next_in = UnsafeMutablePointer(mutating: bytes.bindMemory(to: CChar.self).baseAddress)
            stream.avail_in = UInt32(clamping: bytes.count)
            stream.next_out = output.isEmpty ? spare : output.bindMemory(to: CChar.self).baseAddress
            stream.avail_out = UInt32(clamping: output.count)
            let status = BZ2_bzDecompress(&stream)
            let consumed = min(bytes.count, Int(UInt32.max)) - Int(stream.avail_in)
            let produced = min(output.count, Int(UInt32.max)) - Int(stream.avail_out)
            switch status {
            case BZ_STREAM_END: return (consumed, produced)
            case BZ_OK:
                throw HoneyError.damagedStream(
                    "bzip2", stream.avail_out == 0 ? "holds more than \(output.count) bytes" : "is cut short")
            default: throw HoneyError.damagedStream("bzip2", "is wrong (status \(status))")
            }
        }
    }

    func compress(_ bytes: UnsafeRawBufferPointer, into target: inout [UInt8]) throws {
        try target.appendFilled(room: bytes.count + bytes.count / 100 + 600) { room in
            var length = UInt32(clamping: room.count)
            let status = BZ2_bzBuffToBuffCompress(
                room.bindMemory(to: CChar.self).baseAddress, &length,
                UnsafeMutablePointer(
                    mutating: bytes.bindMemory(to: CChar.self).baseAddress
                        ?? UnsafePointer(room.bindMemory(to: CChar.self).baseAddress!)),
                UInt32(clamping: bytes.count), 9, 0, 0)
            guard status == BZ_OK else {
                throw HoneyError.unexpected("bzip2 compression failed with status \(status)")
            }
            return Int(length)
        }
    }
}
