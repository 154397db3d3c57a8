import HoneyCodecs
import HoneyCore
import Testing

/// bzip2 streams read from their middle.
struct Bzip2PartTests {
    final class Bytes: RandomAccessBytes {
        let bytes: [UInt8]

        init(_ bytes: [UInt8]) { self.bytes = bytes }

        var size: Int { bytes.count }

        func read(at offset: Int, count: Int, into target: UnsafeMutableRawPointer) throws -> Int {
            let part = bytes[min(offset, bytes.count)..<min(offset + count, bytes.count)]
            part.withUnsafeBytes { if !$0.isEmpty { target.copyMemory(from: $0.baseAddress!, byteCount: $0.count) } }
            return part.count
        }
    }

    /// Two streams, the first of two blocks: one of 900 kB, the most there is, and a rest.
    static let plain = CodecTests.sample(950_000, seed: 12) + Array("the end".utf8)
    static let file = Result {
        try CodecTests.compressed(Array(plain[..<940_000]), by: BZip2Codec())
            + CodecTests.compressed(Array(plain[940_000...]), by: BZip2Codec())
    }

    static func parts(_ file: [UInt8], from offset: Int) throws -> [(offset: Int, bytes: [UInt8])] {
        let parts = try BZip2Codec().makePartDecompressor(of: Bytes(file), from: offset)
        var found: [(offset: Int, bytes: [UInt8])] = []
        var room = [UInt8](repeating: 0, count: 400_000)
        while let next = try parts.nextOffset() {
            let count = try room.withUnsafeMutableBytes { try parts.decompress(into: $0) }
            if found.last?.offset != next { found.append((next, [])) }
            found[found.count - 1].bytes += room[..<count]
        }
        return found
    }

    @Test func blocksAreFoundFromAnyByte() throws {
        let file = try Bzip2PartTests.file.get()
        let all = try Bzip2PartTests.parts(file, from: 0)
        #expect(all.count == 3)
        #expect(all.first?.offset == 4)
        #expect(all.flatMap(\.bytes) == Bzip2PartTests.plain)
        for (index, part) in all.enumerated() {
            // From just behind a block's first byte on, the next one is found.
            for (offset, first) in [(part.offset, index), (part.offset + 1, index + 1)] {
                let found = try BZip2Codec().makePartDecompressor(of: Bytes(file), from: offset).nextOffset()
                // A block that begins within a byte belongs to whoever starts at that byte.
                #expect(found == (first < all.count ? all[first].offset : nil), "from \(offset)")
            }
        }
        #expect(try Bzip2PartTests.parts(file, from: all[1].offset).flatMap(\.bytes) == all[1...].flatMap(\.bytes))
    }

    @Test func aFileCutShortIsAnError() throws {
        let stream = try CodecTests.compressed(CodecTests.sample(1000, seed: 1), by: BZip2Codec())
        // The last bytes are the CRC of all blocks, which no single block needs.
        for end in [1, 3, 20, 100, stream.count - 11] {
            #expect(throws: HoneyError.self, "\(end)") { try Bzip2PartTests.parts(Array(stream[..<end]), from: 0) }
        }
        #expect(throws: HoneyError.self) { try Bzip2PartTests.parts(Array("plain text".utf8), from: 0) }
        #expect(try Bzip2PartTests.parts([], from: 0).isEmpty)
        #expect(try Bzip2PartTests.parts(Array("plain text".utf8), from: 3).isEmpty)
    }
}
