package import HoneyCodecs
import HoneyCore
package import HoneyFiles

extension ReadableFile {
    /// Writes what a compressed file holds, some bytes at a time; fails with `FILE_DAMAGED`.
    package func writeDecompressed(by codec: any Codec, to output: ([UInt8]) throws -> Void) throws {
        let source = try DecompressedBytes(self, codec)
        while true {
            let piece = try [UInt8](unsafeUninitializedCapacity: 1 << 16) { buffer, count in
                count = try source.read(into: buffer.baseAddress!, count: buffer.count)
            }
            if piece.isEmpty { return }
            try output(piece)
        }
    }
}
