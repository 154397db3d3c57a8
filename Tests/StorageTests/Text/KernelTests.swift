import HoneyCatalog
import HoneyCore
import Testing

@testable import HoneyStorage

/// The fast ways must give what the plain ones do.
struct KernelTests {
    @Test(arguments: [0, 1, 2, 3, 4] as [Int32]) func everyLevelFindsTheSameFields(_ level: Int32) {
        let seed = UInt64.random(in: 0...UInt64.max)
        var random = SeededRandom(seed)
        for _ in 0..<60 {
            let alphabet = Array("|||ab\n\r12345678".utf8.prefix(Int.random(in: 4...16, using: &random)))
            let count = Int.random(in: 1...700, using: &random)
            let text = (0..<count).map { _ in alphabet.randomElement(using: &random)! }
            let map = FieldMap(columnCount: 3)
            map.level = level
            // Delimiters past the end must not count.
            let bytes = text + [UInt8](repeating: 0x7C, count: 128)
            bytes.withUnsafeBufferPointer { bytes in
                map.mapLines(bytes.baseAddress!, from: 0, to: count, separator: 0x7C, limit: 2048, isAll: true)
                let lines = LineTests.lines(text)
                #expect(map.rowCount == lines.count, "seed \(seed)")
                for (row, line) in lines.enumerated() where row < map.rowCount {
                    #expect(Array(bytes[map.start(ofRow: row)..<map.end(ofRow: row)]) == line, "seed \(seed)")
                    let fields = line.filter { $0 == 0x7C }.count + 1
                    #expect(Int(map.lasts[row] - map.firsts[row]) + 1 == fields, "seed \(seed)")
                }
            }
        }
    }

    /// Texts that are nearly numbers, in every length about the words' borders.
    private func texts(_ random: inout SeededRandom, _ alphabet: String) -> [String] {
        let bytes = Array(alphabet)
        return (0..<3000).map { _ in
            var text = String(
                (0..<Int.random(in: 0...18, using: &random)).map { _ in
                    Character(String(Int.random(in: 0...9, using: &random)))
                })
            for _ in 0..<Int.random(in: 0...2, using: &random) {
                let at = text.index(text.startIndex, offsetBy: Int.random(in: 0...text.count, using: &random))
                text.insert(bytes.randomElement(using: &random)!, at: at)
            }
            if Int.random(in: 0...3, using: &random) == 0 { text = "-" + text }
            return text
        }
    }

    private func check(
        _ texts: [String], _ type: DataType, seed: UInt64, parse: (UnsafeBufferPointer<UInt8>) -> Value?
    ) throws {
        let column = try TextTable([TableColumn("a", type)]).rows(
            TextTable.file(Array(texts.joined(separator: "\n").utf8) + [0x0A]))
        try #require(column.count == texts.count)
        for (text, row) in zip(texts, column) {
            let expected = Array(text.utf8).withUnsafeBufferPointer { parse($0) } ?? .null
            #expect(row[0] == expected, "\(text) as \(type), seed \(seed)")
        }
    }

    @Test func numbersAreReadAsTheirTextsAre() throws {
        let seed = UInt64.random(in: 0...UInt64.max)
        var random = SeededRandom(seed)
        let texts = texts(&random, "....-+e ")
        for type in [DataType.tinyint, .smallint, .int, .bigint] {
            let range: ClosedRange<Int64> =
                switch type {
                case .tinyint: -128...127
                case .smallint: -32768...32767
                case .int: Int64(Int32.min)...Int64(Int32.max)
                default: Int64.min...Int64.max
                }
            try check(texts, type, seed: seed) { text in
                IntegerText.parse(text).flatMap { range.contains($0) ? .integer($0) : nil }
            }
        }
        for (precision, scale) in [(15, 2), (5, 2), (3, 0), (18, 8), (18, 18), (38, 2), (20, 20), (38, 38), (1, 1)] {
            try check(texts, .decimal(precision: precision, scale: scale), seed: seed) { text in
                DecimalText.parse(text, precision: precision, scale: scale).map { .decimal($0) }
            }
        }
    }

    @Test func datesAreReadAsTheirTextsAre() throws {
        let seed = UInt64.random(in: 0...UInt64.max)
        var random = SeededRandom(seed)
        var texts: [String] = []
        for _ in 0..<3000 {
            var sink = ByteSink()
            DateText.append(Int32.random(in: -200_000...2_932_000, using: &random), to: &sink)
            var bytes = sink.bytes
            if Bool.random(using: &random) {
                bytes[Int.random(in: 0..<bytes.count, using: &random)] = Array("0123456789-/ ".utf8).randomElement(
                    using: &random)!
            }
            texts.append(String(decoding: bytes, as: UTF8.self))
        }
        try check(texts, .date, seed: seed) { text in DateText.parse(text).map { .date($0) } }
    }
}
