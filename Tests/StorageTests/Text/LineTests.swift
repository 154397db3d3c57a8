import HoneyCatalog
import HoneyCodecs
import HoneyCore
import HoneyFiles
import HoneyStorage
import Testing

struct LineTests {
    static let table = TextTable([TableColumn("a", .string), TableColumn("b", .int)], ["field.delim": ","])

    /// Texts with every kind of line end, with and without an end of the last line.
    static let texts = [
        "one,1\ntwo,2\nthree,3\n", "one,1\r\ntwo,2\r\nthree,3\r\n", "one,1\rtwo,2\rthree,3",
        "one,1\n\ntwo,2\r\r\n\nthree,3", "\n\n\n", "\r\n\r\n\r\r\r\n", "x", "", "\u{FEFF}one,1\nlast", "a\nb\r\nc\rd",
    ]

    /// Splits lines as the format's rule says, in the plainest way.
    static func lines(_ text: [UInt8]) -> [[UInt8]] {
        var text = text[...]
        if text.starts(with: [0xEF, 0xBB, 0xBF]) { text = text.dropFirst(3) }
        var lines: [[UInt8]] = []
        while !text.isEmpty {
            let end = text.firstIndex { $0 == 0x0A || $0 == 0x0D } ?? text.endIndex
            lines.append(Array(text[text.startIndex..<end]))
            var next = min(end + 1, text.endIndex)
            if end < text.endIndex, text[end] == 0x0D, next < text.endIndex, text[next] == 0x0A { next += 1 }
            text = text[next...]
        }
        return lines
    }

    static func firstField(_ line: [UInt8]) -> [Value] {
        let text = String(decoding: line.prefix { $0 != 0x2C }, as: UTF8.self)
        return [text == "\\N" ? .null : .string(text)]
    }

    @Test(arguments: texts) func readsLines(_ text: String) throws {
        let bytes = Array(text.utf8)
        let rows = try Self.table.rows(TextTable.file(bytes), projection: [0])
        #expect(rows == Self.lines(bytes).map(Self.firstField))
    }

    @Test(arguments: texts) func everySplitPositionGivesEachRowOnce(_ text: String) throws {
        let bytes = Array(text.utf8)
        let file = try TextTable.file(bytes)
        let whole = Self.lines(bytes).map(Self.firstField)
        for first in 0...bytes.count {
            for second in first...bytes.count {
                var rows: [[Value]] = []
                var count = 0
                let bounds = [0, first, second, bytes.count]
                for part in 0..<3 where bounds[part] < bounds[part + 1] {
                    let split = ByteRange(start: bounds[part], end: bounds[part + 1])
                    rows += try Self.table.rows(file, split: split, projection: [0])
                    count += try Self.table.batches(file, split: split, projection: []).reduce(0) { $0 + $1.count }
                }
                #expect(rows == whole, "cut at \(first) and \(second)")
                #expect(count == whole.count, "counted, cut at \(first) and \(second)")
            }
        }
    }

    @Test func countsWithoutColumns() throws {
        for text in Self.texts {
            let batches = try Self.table.batches(TextTable.file(Array(text.utf8)), projection: [])
            #expect(batches.allSatisfy { $0.columns.isEmpty })
            #expect(batches.reduce(0) { $0 + $1.count } == Self.lines(Array(text.utf8)).count)
        }
    }

    @Test(arguments: 0..<7) func skipsHeadersAndFootersHoweverSplit(_ headers: Int) throws {
        for footers in 0..<5 {
            var table = Self.table
            table.tableParameters = ["skip.header.line.count": "\(headers)", "skip.footer.line.count": "\(footers)"]
            for text in ["h1\r\nh2\nh3\rone,1\ntwo,2\r\nf1\nf2", "a\nb\nc\n", "one\r\n"] {
                let bytes = Array(text.utf8)
                let expected = Array(Self.lines(bytes).dropFirst(headers).dropLast(footers)).map(Self.firstField)
                let file = try TextTable.file(bytes)
                for cut in 0...bytes.count {
                    var rows: [[Value]] = []
                    var count = 0
                    for split in [ByteRange(start: 0, end: cut), ByteRange(start: cut, end: bytes.count)]
                    where split.start < split.end {
                        rows += try table.rows(file, split: split, projection: [0])
                        count += try table.batches(file, split: split, projection: []).reduce(0) { $0 + $1.count }
                    }
                    #expect(rows == expected, "\(headers) headers, \(footers) footers, cut at \(cut)")
                    #expect(count == expected.count, "\(headers) headers, \(footers) footers, cut at \(cut)")
                }
                var zipped: [UInt8] = []
                try bytes.withUnsafeBytes { try GzipCodec().compress($0, into: &zipped) }
                let compressed = try TextTable.file(zipped, name: "a.gz")
                #expect(try table.rows(compressed, projection: [0]) == expected)
                #expect(try table.batches(compressed, projection: []).reduce(0) { $0 + $1.count } == expected.count)
            }
        }
    }

    @Test func readsLinesLongerThanBlocks() throws {
        let long = String(repeating: "x", count: 3_000_000)
        let bytes = Array("short,1\n\(long),2\nlast,3\n".utf8)
        let file = try TextTable.file(bytes)
        for cut in [0, 5, 9, 1_500_000, bytes.count - 8, bytes.count] {
            var rows: [[Value]] = []
            for split in [ByteRange(start: 0, end: cut), ByteRange(start: cut, end: bytes.count)]
            where split.start < split.end { rows += try Self.table.rows(file, split: split) }
            #expect(rows.count == 3, "cut at \(cut)")
            #expect(rows.map { $0[1] } == [.integer(1), .integer(2), .integer(3)], "cut at \(cut)")
        }
    }

    @Test func readsRowsOfMoreFieldsThanAnyTable() throws {
        let many = (0..<200_000).map(String.init).joined(separator: ",")
        let rows = try Self.table.rows(TextTable.file(Array("\(many)\n\(many)\nz,7".utf8)))
        #expect(rows == [[.string("0"), .integer(1)], [.string("0"), .integer(1)], [.string("z"), .integer(7)]])
    }

    /// Texts of many blocks, with line ends where blocks end.
    @Test func randomLinesSurviveAnySplit() throws {
        let seed = UInt64.random(in: 0...UInt64.max)
        var random = SeededRandom(seed)
        let lengths = [2, 40, 800]
        var bytes: [UInt8] = []
        while bytes.count < 1_200_000 {
            for _ in 0..<Int.random(in: 0...lengths.randomElement(using: &random)!, using: &random) {
                bytes.append(UInt8.random(in: 0x20...0x7E, using: &random))
            }
            bytes += [[0x0A], [0x0D], [0x0D, 0x0A]].randomElement(using: &random)!
        }
        let plain = Self.lines(bytes).map(Self.firstField)
        let file = try TextTable.file(bytes)
        for _ in 0..<3 {
            let cut = Int.random(in: 1..<bytes.count, using: &random)
            var rows: [[Value]] = []
            var count = 0
            for split in [ByteRange(start: 0, end: cut), ByteRange(start: cut, end: bytes.count)] {
                rows += try Self.table.rows(file, split: split, projection: [0])
                count += try Self.table.batches(file, split: split, projection: []).reduce(0) { $0 + $1.count }
            }
            let firstWrong = zip(rows, plain).enumerated().first { $0.element.0 != $0.element.1 }
            #expect(firstWrong == nil && rows.count == plain.count, "seed \(seed), cut at \(cut)")
            #expect(count == plain.count, "seed \(seed), cut at \(cut)")
        }
    }

    @Test func countsBytes() throws {
        let bytes = Array("one,1\ntwo,2\n".utf8)
        var zipped: [UInt8] = []
        try bytes.withUnsafeBytes { try GzipCodec().compress($0, into: &zipped) }
        let file = try TextTable.file(zipped, name: "a.gz")
        let reader = try TextTable.format.makeReader(
            for: Self.table.request(), split: ByteRange(start: 0, end: file.size), of: file)
        while try reader.next() != nil {}
        #expect(reader.counters.bytesRead == zipped.count)
        #expect(reader.counters.bytesDecompressed == bytes.count)
        #expect(reader.counters.rowsRead == 2)
    }

    @Test func readsJoinedGzipMembers() throws {
        var zipped: [UInt8] = []
        for text in ["one,1\ntw", "o,2\n", ""] {
            try Array(text.utf8).withUnsafeBytes { try GzipCodec().compress($0, into: &zipped) }
        }
        let rows = try Self.table.rows(TextTable.file(zipped, name: "a.gz"))
        #expect(rows == [[.string("one"), .integer(1)], [.string("two"), .integer(2)]])
        #expect(try Self.table.rows(TextTable.file([], name: "a.gz")).isEmpty)
    }

    @Test func refusesWhatItWouldReadWrong() throws {
        var table = Self.table
        table.tableParameters = ["textinputformat.record.delimiter": ";"]
        #expect(throws: HoneyError.self) { try table.rows("a;b") }
        table.tableParameters = ["skip.header.line.count": "many"]
        #expect(throws: HoneyError.self) { try table.rows("a") }
        table.tableParameters = [:]
        table.properties["serialization.encoding"] = "EBCDIC"
        #expect(throws: HoneyError.self) { try table.rows("a") }
        table.properties["serialization.encoding"] = "latin1"
        table.columns.append(.rowOffset)
        #expect(throws: HoneyError.self) { try table.rows("a") }
    }

    @Test func reportsStreamsCutShort() throws {
        var zipped: [UInt8] = []
        try Array("one,1\ntwo,2\n".utf8).withUnsafeBytes { try GzipCodec().compress($0, into: &zipped) }
        let error = #expect(throws: HoneyError.self) {
            try Self.table.rows(TextTable.file(Array(zipped.dropLast(4)), name: "a.gz"))
        }
        #expect(error?.code == "FILE_DAMAGED")
    }
}

/// Random numbers that a seed repeats.
struct SeededRandom: RandomNumberGenerator {
    private var state: UInt64

    init(_ seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ mixed >> 30) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ mixed >> 27) &* 0x94D0_49BB_1331_11EB
        return mixed ^ mixed >> 31
    }
}
