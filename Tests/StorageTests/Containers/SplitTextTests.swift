import HoneyCatalog
import HoneyCodecs
import HoneyCore
import HoneyFiles
import HoneyStorage
import Testing

/// Text compressed by bzip2, cut into splits: each stream here is a block of its own.
struct SplitTextTests {
    static let table = TextTable([TableColumn("a", .string), TableColumn("b", .int)], ["field.delim": ","])

    /// Texts in the blocks they are compressed in: lines cross them, end with them, and have ends cut in two.
    static let texts: [[String]] = [
        ["one,1\ntw", "o,2\nthree,3\n", "four,4\n", "five", ",5", "\nsix,6\n"],
        ["one,1\r", "\ntwo,2\r\n", "three,3\r", "four,4", "\r\nfive,5"], ["\n", "\n", "\n"], ["x,1"],
        ["\u{FEFF}one,1\nla", "st,2"], ["a line over all,", "", "of them", " without an end"],
    ]

    static func file(_ blocks: [String], name: String = "a.bz2") throws -> any ReadableFile {
        var bytes: [UInt8] = []
        for block in blocks { try Array(block.utf8).withUnsafeBytes { try BZip2Codec().compress($0, into: &bytes) } }
        return try TextTable.file(bytes, name: name)
    }

    @Test(arguments: texts) func everySplitPositionGivesEachRowOnce(_ blocks: [String]) throws {
        let file = try SplitTextTests.file(blocks)
        #expect(TextTable.format.isSplittable(file.location))
        let whole = LineTests.lines(Array(blocks.joined().utf8)).map(LineTests.firstField)
        for cut in 0...file.size {
            // A second cut some way behind makes a middle split, which may own nothing.
            let bounds = [0, cut, min(cut + 43, file.size), file.size]
            var rows: [[Value]] = []
            var count = 0
            for part in 0..<3 where bounds[part] < bounds[part + 1] {
                let split = ByteRange(start: bounds[part], end: bounds[part + 1])
                rows += try Self.table.rows(file, split: split, projection: [0])
                count += try Self.table.batches(file, split: split, projection: []).reduce(0) { $0 + $1.count }
            }
            #expect(rows == whole, "cut at \(cut)")
            #expect(count == whole.count, "counted, cut at \(cut)")
        }
    }

    @Test func headersAndFootersAreThoseOfTheFile() throws {
        var table = Self.table
        table.tableParameters = ["skip.header.line.count": "2", "skip.footer.line.count": "1"]
        let file = try SplitTextTests.file(["h1\nh", "2\none,1\n", "two,2\n", "footer\n"])
        for cut in 1..<file.size {
            let rows: [[Value]] = try [ByteRange(start: 0, end: cut), ByteRange(start: cut, end: file.size)].flatMap {
                try table.rows(file, split: $0)
            }
            #expect(rows == [[Value.string("one"), .integer(1)], [.string("two"), .integer(2)]], "cut at \(cut)")
        }
    }

    @Test func filesOfOtherCodecsAreOneSplit() throws {
        var gzip: [UInt8] = []
        try Array("one,1\n".utf8).withUnsafeBytes { try GzipCodec().compress($0, into: &gzip) }
        let file = try TextTable.file(gzip, name: "a.gz")
        #expect(!TextTable.format.isSplittable(file.location))
        #expect(try Self.table.rows(file, split: ByteRange(start: 5, end: file.size)).isEmpty)
    }

    @Test func lzoIsReadBySuffix() throws {
        // A block of six literals, and lzop's container of one plain block.
        let block: [UInt8] = [0, 0, 0, 6, 0, 0, 0, 10, 23] + Array("one,1\n".utf8) + [0x11, 0, 0]
        let lzop: [UInt8] =
            [0x89, 0x4C, 0x5A, 0x4F, 0, 0x0D, 0x0A, 0x1A, 0x0A, 0x10, 0x30, 0x20, 0xA0, 0x09, 0x40, 1, 5]
            + [UInt8](repeating: 0, count: 17) + [0x1F, 0x93, 0x01, 0x70]
        #expect(try Self.table.rows(TextTable.file(block, name: "a.lzo_deflate")) == [[.string("one"), .integer(1)]])
        let error = #expect(throws: HoneyError.self) { try Self.table.rows(TextTable.file(lzop, name: "a.lzo")) }
        #expect(error?.message.hasPrefix("damaged lzop stream") == true)
    }

    @Test func damageInTheMiddleIsPlaced() throws {
        let file = try SplitTextTests.file(["one,1\n", "two,2\n"])
        var bytes = [UInt8](repeating: 0, count: file.size)
        _ = try bytes.withUnsafeMutableBytes { try file.read(at: 0, count: $0.count, into: $0.baseAddress!) }
        bytes[file.size - 20] ^= 0x10
        let damaged = try TextTable.file(bytes, name: "a.bz2")
        for split in [ByteRange(start: 0, end: file.size), ByteRange(start: 20, end: file.size)] {
            let error = #expect(throws: HoneyError.self) { try Self.table.rows(damaged, split: split) }
            #expect(error?.code == "FILE_DAMAGED" && error?.file?.path == "memory:/a.bz2")
        }
    }

    @Test func aTextIsDescribed() throws {
        let text = "\u{FEFF}one,1\r\ntwo,2\rthree,33\n\nlast"
        for name in ["a", "a.bz2"] {
            let file = name == "a" ? try TextTable.file(Array(text.utf8)) : try SplitTextTests.file([text])
            guard case .record(let parts) = try TextTable.format.inspect(file) else { return }
            func part(_ name: String) -> StructureDescription? { parts.first { $0.name == name }?.value }
            #expect(part("lines") == .integer(5))
            #expect(part("longest_line_bytes") == .integer(8))
            #expect(part("text_bytes") == .integer(text.utf8.count))
            #expect(part("size_bytes") == .integer(file.size))
            #expect(part("line_ends") == .record([("lf", .integer(2)), ("cr_lf", .integer(1)), ("cr", .integer(1))]))
            #expect(part("has_final_line_end") == .boolean(false))
            #expect(part("has_byte_order_mark") == .boolean(true))
            #expect(part("codec") == .text(name == "a" ? "none" : "org.apache.hadoop.io.compress.BZip2Codec"))
        }
    }
}
