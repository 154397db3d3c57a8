import HoneyCodecs
import HoneyCore
import Testing

/// LZO in both of its containers; what is stored here was compressed by liblzo2.
struct LZOTests {
    static let text = Array((0..<40).map { "row \($0) of forty, row \($0 * $0);" }.joined().utf8)

    /// `text` as an LZO1X block.
    static let block: [UInt8] = {
        let hex = """
            0d726f772030206f6620666f7274792c209d013b7500312d5500319502322d5500349502332d5500399502342d560031369902352d5a003235
            9902362d590033b505372d590034ad0b382d590036a111392d590038b61631302d5f00313030910e312f950332c4062ea2033134a50c312eae
            033136a512312fb90339a518312fc003c51e312eca033235c4062ed2033238cc0c2eda033332d4122ee2033336bd18322ee50334c51f322ee6
            033434c4062ee6033438ad0c322ee6033532b512322ee6033537bd18322ee50336c51f322ee50336e4062ee50337ec0c2ee50337f4122ee503
            38dd18332ee50339c51f332ee50339cd25332ee6033130d92b332eea033130c532332eee033131d138332ef2033132d51f332ef6033132c945
            332efa033133d54b332efe033134c152332a000406726f7720313532313b110000
            """.filter { !$0.isWhitespace }
        return stride(from: 0, to: hex.count, by: 2).map {
            let start = hex.index(hex.startIndex, offsetBy: $0)
            return UInt8(hex[start..<hex.index(start, offsetBy: 2)], radix: 16)!
        }
    }()

    /// An LZO1X block of literals alone.
    static func literals(_ bytes: [UInt8]) -> [UInt8] {
        guard !bytes.isEmpty else { return [0x11, 0, 0] }
        if bytes.count <= 238 { return [UInt8(17 + bytes.count)] + bytes + [0x11, 0, 0] }
        let rest = bytes.count - 18
        return [UInt8](repeating: 0, count: 1 + (rest - 1) / 255) + [UInt8((rest - 1) % 255 + 1)] + bytes + [
            0x11, 0, 0,
        ]
    }

    static func adler(_ bytes: [UInt8]) -> [UInt8] {
        var (a, b) = (1, 0)
        for byte in bytes {
            a = (a + Int(byte)) % 65_521
            b = (b + a) % 65_521
        }
        return FramingTests.number(b << 16 | a)
    }

    /// A file of lzop with these blocks, each plain where it would not shrink, with Adler-32 of both forms.
    static func lzop(_ blocks: [(bytes: [UInt8], stored: [UInt8])], name: String = "a.txt") -> [UInt8] {
        var header: [UInt8] = [0x10, 0x30, 0x20, 0xA0, 0x09, 0x40, 1, 5] + FramingTests.number(0x3)
        header += [0, 0, 0x81, 0xA4, 0x5F, 0, 0, 0, 0, 0, 0, 0, UInt8(name.utf8.count)] + Array(name.utf8)
        var file: [UInt8] = [0x89, 0x4C, 0x5A, 0x4F, 0, 0x0D, 0x0A, 0x1A, 0x0A] + header + adler(header)
        for (bytes, stored) in blocks {
            let isPlain = stored.count >= bytes.count
            file += FramingTests.number(bytes.count) + FramingTests.number(isPlain ? bytes.count : stored.count)
            file += adler(bytes) + (isPlain ? bytes : adler(stored) + stored)
        }
        return file + FramingTests.number(0)
    }

    @Test func streamsInHadoopsFramingAreRead() throws {
        let number = FramingTests.number
        let stream =
            number(LZOTests.text.count) + number(LZOTests.block.count) + LZOTests.block + number(300) + number(306)
            + LZOTests.literals(Array(LZOTests.text[..<300]))
        #expect(try CodecTests.decompressed(stream, by: LZOCodec()) == LZOTests.text + LZOTests.text[..<300])
        for end in 1..<stream.count where end != LZOTests.block.count + 8 {
            #expect(throws: HoneyError.self) { try CodecTests.decompressed(Array(stream[..<end]), by: LZOCodec()) }
        }
    }

    @Test(arguments: [1, 7, 10_000]) func filesOfLzopAreRead(piece: Int) throws {
        let short = Array("short".utf8)
        let file =
            LZOTests.lzop([(LZOTests.text, LZOTests.block), (short, LZOTests.literals(short))])
            + LZOTests.lzop([(short, short)], name: "")
        let decompressor = try LzopCodec().makeDecompressor()
        var output: [UInt8] = []
        var consumed = 0
        var room = [UInt8](repeating: 0, count: piece)
        while true {
            let step = try file[consumed..<min(consumed + piece, file.count)].withUnsafeBytes { input in
                try room.withUnsafeMutableBytes { try decompressor.decompress(input, into: $0) }
            }
            output += room[..<step.produced]
            consumed += step.consumed
            if step.produced == 0 && consumed == file.count { break }
        }
        #expect(output == LZOTests.text + short + short)
        #expect(decompressor.isAtBoundary)
        #expect(try CodecTests.decompressed(file, by: LzopCodec()) == output)
    }

    @Test func damagedFilesOfLzopAreErrors() throws {
        let file = LZOTests.lzop([(LZOTests.text, LZOTests.block)])
        for end in 1..<file.count {
            #expect(throws: HoneyError.self) { try CodecTests.decompressed(Array(file[..<end]), by: LzopCodec()) }
        }
        // The time has a checksum as all the header has; every byte of the blocks has one too.
        for index in file.indices {
            var wrong = file
            wrong[index] ^= 0x21
            #expect(throws: HoneyError.self, "byte \(index)") { try CodecTests.decompressed(wrong, by: LzopCodec()) }
        }
    }

    @Test func lzoIsNotWritten() throws {
        for codec in [LZOCodec(), LzopCodec()] as [any Codec] {
            let error = #expect(throws: HoneyError.self) { try CodecTests.compressed([1], by: codec) }
            #expect(error?.code == "UNSUPPORTED_CODEC")
        }
    }
}
