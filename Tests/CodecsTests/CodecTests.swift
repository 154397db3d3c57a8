import HoneyCodecs
import HoneyCore
import Testing

/// What every codec must do.
struct CodecTests {
    /// LZO is only read.
    static let codecs: [any Codec] = CodecCatalog.standard.codecs.filter { !$0.fileExtension.hasPrefix(".lzo") }

    static func compressed(_ bytes: [UInt8], by codec: any Codec) throws -> [UInt8] {
        var target: [UInt8] = []
        try bytes.withUnsafeBytes { try codec.compress($0, into: &target) }
        return target
    }

    static func decompressed(_ bytes: [UInt8], by codec: any Codec, limit: Int = 1 << 30) throws -> [UInt8] {
        var target: [UInt8] = []
        try bytes.withUnsafeBytes { try codec.decompress($0, into: &target, limit: limit) }
        return target
    }

    static func block(_ bytes: [UInt8], by decompressor: any BlockDecompressor, room: Int) throws -> [UInt8] {
        var target = [UInt8](repeating: 0, count: room)
        let count = try bytes.withUnsafeBytes { input in
            try target.withUnsafeMutableBytes { try decompressor.decompress(input, into: $0) }
        }
        return Array(target[..<count])
    }

    /// Bytes that neither vanish nor stay as they are under compression.
    static func sample(_ count: Int, seed: UInt64) -> [UInt8] {
        var state = seed
        return (0..<count).map { _ in
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return UInt8((state >> 59) * 7)
        }
    }

    @Test(arguments: [0, 1, 100, 65_535, 300_000])
    func whatIsCompressedComesBack(count: Int) throws {
        let bytes = CodecTests.sample(count, seed: 1)
        for codec in CodecTests.codecs {
            let stream = try CodecTests.compressed(bytes, by: codec)
            #expect(try CodecTests.decompressed(stream, by: codec) == bytes)
            #expect(try CodecTests.decompressed(stream, by: codec, limit: count) == bytes)
            let block = try codec.makeBlockDecompressor()
            for _ in 0..<2 { #expect(try CodecTests.block(stream, by: block, room: count) == bytes) }
        }
    }

    @Test func joinedStreamsReadAsOne() throws {
        for codec in CodecTests.codecs {
            let first = try CodecTests.compressed([1, 2, 3], by: codec)
            let joined = try first + CodecTests.compressed([], by: codec) + CodecTests.compressed([4], by: codec)
            #expect(try CodecTests.decompressed(joined, by: codec) == [1, 2, 3, 4])
            #expect(try CodecTests.block(joined, by: codec.makeBlockDecompressor(), room: 4) == [1, 2, 3, 4])
        }
    }

    @Test func zerosAfterGzipMembersAreSkipped() throws {
        for codec in [DeflateCodec(), GzipCodec()] as [any Codec] {
            let stream = try CodecTests.compressed([1, 2], by: codec)
            #expect(try CodecTests.decompressed(stream + [0, 0, 0], by: codec) == [1, 2])
        }
    }

    @Test func noBytesAreAnEmptyStream() throws {
        for codec in CodecCatalog.standard.codecs {
            #expect(try CodecTests.decompressed([], by: codec).isEmpty)
            #expect(try CodecTests.block([], by: codec.makeBlockDecompressor(), room: 10).isEmpty)
        }
    }

    @Test func knownStreamsOfOtherWritersAreRead() throws {
        let zlib: [UInt8] = [0x78, 0x9c, 0x4b, 0x4c, 0x4a, 0x06, 0x00, 0x02, 0x4d, 0x01, 0x27]
        #expect(try CodecTests.decompressed(zlib, by: DeflateCodec()) == Array("abc".utf8))
        let gzip: [UInt8] = [
            0x1f, 0x8b, 0x08, 0, 0, 0, 0, 0, 0, 0x03, 0x4b, 0x4c, 0x4a, 0x06, 0, 0xc2, 0x41, 0x24, 0x35, 3, 0, 0, 0,
        ]
        #expect(try CodecTests.decompressed(gzip, by: GzipCodec()) == Array("abc".utf8))
        let bzip2: [UInt8] = [
            0x42, 0x5a, 0x68, 0x39, 0x31, 0x41, 0x59, 0x26, 0x53, 0x59, 0x64, 0x8c, 0xbb, 0x73, 0, 0, 0, 1, 0, 0x38, 0,
            0x20, 0, 0x21, 0x98, 0x19, 0x84, 0x61, 0x77, 0x24, 0x53, 0x85, 0x09, 0x06, 0x48, 0xcb, 0xb7, 0x30,
        ]
        #expect(try CodecTests.decompressed(bzip2, by: BZip2Codec()) == Array("abc".utf8))
        let zstd: [UInt8] = [0x28, 0xb5, 0x2f, 0xfd, 0x20, 0x03, 0x19, 0, 0, 0x61, 0x62, 0x63]
        #expect(try CodecTests.decompressed(zstd, by: ZStandardCodec()) == Array("abc".utf8))
    }

    @Test func moreThanTheLimitIsAnError() throws {
        for codec in CodecTests.codecs {
            let stream = try CodecTests.compressed([UInt8](repeating: 0, count: 1_000_000), by: codec)
            for limit in [0, 10, 999_999] {
                #expect(throws: HoneyError.self) { try CodecTests.decompressed(stream, by: codec, limit: limit) }
                #expect(throws: HoneyError.self) {
                    try CodecTests.block(stream, by: codec.makeBlockDecompressor(), room: limit)
                }
            }
        }
    }

    @Test func aStreamCutAnywhereIsAnError() throws {
        for codec in CodecTests.codecs {
            let stream = try CodecTests.compressed(CodecTests.sample(500, seed: 2), by: codec)
            let block = try codec.makeBlockDecompressor()
            for end in 1..<stream.count {
                let cut = Array(stream[..<end])
                #expect(throws: HoneyError.self) { try CodecTests.decompressed(cut, by: codec) }
                #expect(throws: HoneyError.self) { try CodecTests.block(cut, by: block, room: 500) }
            }
        }
    }

    @Test func aFlippedByteIsNoticed() throws {
        // gzip's header holds a time and other bytes that no one checks; raw blocks check nothing.
        let codec = DeflateCodec()
        let bytes = CodecTests.sample(500, seed: 3)
        let stream = try CodecTests.compressed(bytes, by: codec)
        for index in stream.indices {
            var wrong = stream
            wrong[index] ^= 0x55
            #expect(throws: HoneyError.self) { try CodecTests.decompressed(wrong, by: codec, limit: 1000) }
        }
    }

    @Test(arguments: [1, 7, 4096])
    func piecesOfAnySizeGiveTheSameBytes(piece: Int) throws {
        let bytes = CodecTests.sample(20_000, seed: 4)
        for codec in CodecTests.codecs {
            let compressor = try codec.makeCompressor()
            var stream: [UInt8] = []
            for start in stride(from: 0, to: bytes.count, by: piece) {
                try bytes[start..<min(start + piece, bytes.count)].withUnsafeBytes {
                    try compressor.compress($0, into: &stream)
                }
            }
            try compressor.finish(into: &stream)
            let decompressor = try codec.makeDecompressor()
            #expect(decompressor.isAtBoundary)
            var output: [UInt8] = []
            var consumed = 0
            while true {
                var chunk = [UInt8](repeating: 0, count: piece)
                let end = min(consumed + piece, stream.count)
                let step = try stream[consumed..<end].withUnsafeBytes { input in
                    try chunk.withUnsafeMutableBytes { try decompressor.decompress(input, into: $0) }
                }
                output += chunk[..<step.produced]
                consumed += step.consumed
                if consumed == stream.count && step.produced == 0 { break }
                #expect(!decompressor.isAtBoundary || consumed == stream.count)
            }
            #expect(decompressor.isAtBoundary)
            #expect(output == bytes)
        }
    }

    @Test func codecsAreFoundByClassAndByFileName() throws {
        let catalog = CodecCatalog.standard
        #expect(try catalog.codec(className: "org.apache.hadoop.io.compress.DefaultCodec").fileExtension == ".deflate")
        #expect(try catalog.codec(className: "org.apache.hadoop.io.compress.GzipCodec").fileExtension == ".gz")
        for (name, suffix) in [
            ("BZip2Codec", ".bz2"), ("SnappyCodec", ".snappy"), ("Lz4Codec", ".lz4"), ("ZStandardCodec", ".zst"),
        ] {
            let codec = try catalog.codec(className: "org.apache.hadoop.io.compress.\(name)")
            #expect(codec.fileExtension == suffix)
        }
        for (name, suffix) in [("LzoCodec", ".lzo_deflate"), ("LzopCodec", ".lzo")] {
            #expect(try catalog.codec(className: "com.hadoop.compression.lzo.\(name)").fileExtension == suffix)
        }
        for codec in catalog.codecs {
            #expect(catalog.codec(forFileNamed: "part-0" + codec.fileExtension)?.classNames == codec.classNames)
        }
        #expect(catalog.codec(forFileNamed: "part-0") == nil)
        #expect(throws: HoneyError.self) { try catalog.codec(className: "org.example.NoCodec") }
    }
}
