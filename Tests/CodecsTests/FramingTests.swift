import HoneyCodecs
import HoneyCore
import Testing

/// Hadoop's framing of raw blocks.
struct FramingTests {
    static func number(_ value: Int) -> [UInt8] {
        withUnsafeBytes(of: Int32(truncatingIfNeeded: value).bigEndian) { Array($0) }
    }

    static func raw(_ bytes: [UInt8], _ codec: BlockCodec) throws -> [UInt8] {
        var target: [UInt8] = []
        try bytes.withUnsafeBytes { try codec.makeCompressor().compress($0, into: &target) }
        return target
    }

    static let framed: [(codec: any Codec, chunks: BlockCodec, blockBytes: Int)] = [
        (SnappyCodec(), .snappy, 218_422), (LZ4Codec(), .lz4, 261_100),
    ]

    @Test func blocksAreAsLargeAsHadoopsBuffersAllow() throws {
        for (codec, chunks, blockBytes) in FramingTests.framed {
            let bytes = CodecTests.sample(600_000, seed: 9)
            var expected: [UInt8] = []
            for start in stride(from: 0, to: bytes.count, by: blockBytes) {
                let block = Array(bytes[start..<min(start + blockBytes, bytes.count)])
                let chunk = try FramingTests.raw(block, chunks)
                expected += FramingTests.number(block.count) + FramingTests.number(chunk.count) + chunk
            }
            #expect(try CodecTests.compressed(bytes, by: codec) == expected)
            #expect(try CodecTests.compressed([], by: codec) == [0, 0, 0, 0])
        }
    }

    @Test func aBlockMayHaveManyChunks() throws {
        for (codec, chunks, _) in FramingTests.framed {
            let parts = [10, 1, 3000].map { CodecTests.sample($0, seed: UInt64($0)) }
            var stream = FramingTests.number(3011)
            for part in parts {
                let chunk = try FramingTests.raw(part, chunks)
                stream += FramingTests.number(chunk.count) + chunk
            }
            stream += FramingTests.number(0)
            #expect(try CodecTests.decompressed(stream, by: codec) == parts.flatMap { $0 })
            let block = try codec.makeBlockDecompressor()
            #expect(try CodecTests.block(stream, by: block, room: 3011) == parts.flatMap { $0 })
        }
    }

    @Test func lengthsThatCannotBeAreErrors() throws {
        let number = FramingTests.number
        for (codec, chunks, _) in FramingTests.framed {
            let chunk = try FramingTests.raw([1, 2, 3, 4], chunks)
            let wrong: [[UInt8]] = [
                number(-1), number(4) + number(-1), number(4) + number(0), number(3) + number(chunk.count) + chunk,
                // Announcements alone take no memory.
                number(Int(Int32.max)) + number(Int(Int32.max)) + chunk, number(Int(Int32.max)) + number(1) + [0x10],
                number(5) + number(chunk.count) + chunk,
            ]
            for stream in wrong {
                let error = #expect(throws: HoneyError.self) { try CodecTests.decompressed(stream, by: codec) }
                #expect(error?.code == "FILE_DAMAGED", "\(codec.fileExtension): \(stream)")
            }
        }
    }
}
