import FormatContracts
import HoneyCore
import HoneyStorage
import Testing

@testable import HoneyORC

/// Runs of integers, bytes and bits, with the examples of the specification.
struct IntegerRunTests {
    static func stream(_ bytes: [UInt8]) throws -> StreamBytes {
        let context = ReadContext(
            try FileTable.file([]), compression: try ORCCompression(kind: .none, blockBytes: 1024))
        let stream = StreamBytes(context)
        stream.enter(0..<bytes.count)
        let buffer = Buffer(zeroed: bytes.count + 64)
        for (index, byte) in bytes.enumerated() { buffer.pointer(to: UInt8.self)[index] = byte }
        stream.load(buffer, at: 0)
        return stream
    }

    static func read(_ bytes: [UInt8], _ count: Int, isSigned: Bool, isVersion2: Bool = true) throws -> [Int64] {
        let runs = IntegerRuns(try stream(bytes), isSigned: isSigned)
        runs.restart(isVersion2: isVersion2)
        var values = [Int64](repeating: -1, count: count + IntegerRuns.slack)
        try runs.read(count, into: &values)
        return Array(values.prefix(count))
    }

    static func written(_ values: [Int64], isSigned: Bool) throws -> [UInt8] {
        let output = StreamOutput(try ChunkCompressor(kind: .none, level: nil, blockBytes: 1 << 20))
        let encoder = IntegerRunEncoder(output, isSigned: isSigned)
        try encoder.append(values, count: values.count)
        try encoder.flush()
        return Array(try output.finish())
    }

    static let patched: [Int64] =
        [2030, 2000, 2020, 1_000_000] + (0..<16).map { 2040 + $0 * 10 }
    static let examples: [(bytes: [UInt8], values: [Int64])] = [
        ([0x0A, 0x27, 0x10], [10000, 10000, 10000, 10000, 10000]),
        ([0x5E, 0x03, 0x5C, 0xA1, 0xAB, 0x1E, 0xDE, 0xAD, 0xBE, 0xEF], [23713, 43806, 57005, 48879]),
        (
            [
                0x8E, 0x13, 0x2B, 0x21, 0x07, 0xD0, 0x1E, 0x00, 0x14, 0x70, 0x28, 0x32, 0x3C, 0x46, 0x50, 0x5A, 0x64,
                0x6E, 0x78, 0x82, 0x8C, 0x96, 0xA0, 0xAA, 0xB4, 0xBE, 0xFC, 0xE8,
            ], patched
        ),
        ([0xC6, 0x09, 0x02, 0x02, 0x22, 0x42, 0x42, 0x46], [2, 3, 5, 7, 11, 13, 17, 19, 23, 29]),
    ]

    @Test func examplesOfTheSpecificationAreRead() throws {
        for (bytes, values) in IntegerRunTests.examples {
            #expect(try IntegerRunTests.read(bytes, values.count, isSigned: false) == values)
            #expect(throws: HoneyError.self) {
                try IntegerRunTests.read(Array(bytes.dropLast()), values.count, isSigned: false)
            }
            #expect(throws: HoneyError.self) { try IntegerRunTests.read(bytes, values.count + 1, isSigned: false) }
        }
    }

    @Test func examplesOfTheFirstVersionAreRead() throws {
        func read(_ bytes: [UInt8], _ count: Int) throws -> [Int64] {
            try IntegerRunTests.read(bytes, count, isSigned: false, isVersion2: false)
        }
        #expect(try read([0x61, 0x00, 0x07], 100) == [Int64](repeating: 7, count: 100))
        #expect(try read([0x61, 0xFF, 0x64], 100) == (1...100).reversed().map { Int64($0) })
        #expect(try read([0xFB, 0x02, 0x03, 0x06, 0x07, 0x0B], 5) == [2, 3, 6, 7, 11])
        #expect(try IntegerRunTests.read([0xFE, 0x01, 0x02], 2, isSigned: true, isVersion2: false) == [-1, 1])
    }

    @Test func eachKindOfRunIsWrittenWhereItIsShortest() throws {
        func kind(_ values: [Int64], isSigned: Bool = false) throws -> UInt8 {
            try IntegerRunTests.written(values, isSigned: isSigned)[0] >> 6
        }
        #expect(try IntegerRunTests.written(IntegerRunTests.examples[0].values, isSigned: false) == [0x0A, 0x27, 0x10])
        #expect(try kind([23713, 43806, 57005, 48879]) == 1)
        #expect(try kind(IntegerRunTests.patched) == 2)
        #expect(try kind((0..<100).map { $0 * $0 }) == 3)
        #expect(try IntegerRunTests.written((0..<512).map { 5 - $0 }, isSigned: true) == [0xC1, 0xFF, 0x0A, 0x01])
        #expect(
            try IntegerRunTests.written([Int64](repeating: 7, count: 512), isSigned: false) == [0xC1, 0xFF, 0x07, 0x00])
    }

    @Test(arguments: 1...40) func whatIsWrittenIsRead(seed: Int) throws {
        var random = RandomRows(seed: UInt64(seed))
        var values: [Int64] = []
        while values.count < 3000 {
            let count = Int.random(in: 1...700, using: &random)
            let width = Int64.random(in: 0...63, using: &random)
            let base = Int64(bitPattern: random.next()) >> Int64.random(in: 1...63, using: &random)
            switch Int.random(in: 0..<5, using: &random) {
            case 0: values += [Int64](repeating: base, count: count)
            case 1: values += (0..<count).map { base &+ Int64($0) &* 3 }
            case 2: values += (0..<count).map { _ in Int64(bitPattern: random.next()) >> width }
            case 3:
                values += (0..<count).map { _ in
                    random.next() % 40 == 0 ? base : Int64(random.next() % 100) &- 50
                }
            default:
                var value = base / 2
                values += (0..<count).map { _ in
                    value = value &+ Int64(random.next() % 1000)
                    return value
                }
            }
        }
        let bytes = try IntegerRunTests.written(values, isSigned: true)
        #expect(try IntegerRunTests.read(bytes, values.count, isSigned: true) == values, "seed \(seed)")
        // Some at a time, some skipped.
        let runs = IntegerRuns(try IntegerRunTests.stream(bytes), isSigned: true)
        runs.restart(isVersion2: true)
        var row = 0
        while row < values.count {
            let count = min(Int.random(in: 1...900, using: &random), values.count - row)
            if random.next() % 2 == 0, let repeated = try runs.repeated(count) {
                #expect(values[row..<row + count].allSatisfy { $0 == repeated }, "seed \(seed), row \(row)")
            }
            if random.next() % 2 == 0 {
                try runs.skip(count)
            } else {
                var part = [Int64](repeating: 0, count: count + IntegerRuns.slack)
                try runs.read(count, into: &part)
                #expect(Array(part.prefix(count)) == Array(values[row..<row + count]), "seed \(seed), row \(row)")
            }
            row += count
        }
    }

    @Test func runsOfOneValueAreToldWithoutBeingRead() throws {
        func runs(_ values: [Int64]) throws -> IntegerRuns {
            let runs = IntegerRuns(
                try IntegerRunTests.stream(IntegerRunTests.written(values, isSigned: true)), isSigned: true)
            runs.restart(isVersion2: true)
            return runs
        }
        let same = try runs([Int64](repeating: -2, count: 2000))
        #expect(try same.repeated(1500) == -2)
        try same.skip(1500)
        #expect(try same.repeated(500) == -2)
        #expect(throws: HoneyError.self) { try same.repeated(501) }
        var values = [Int64](repeating: 4, count: 600) + [Int64](repeating: 5, count: 600)
        let different = try runs(values)
        #expect(try different.repeated(600) == 4)
        #expect(try different.repeated(1200) == nil)
        values += [Int64](repeating: 0, count: IntegerRuns.slack)
        var read = [Int64](repeating: 0, count: values.count)
        try different.read(1200, into: &read)
        #expect(read == values)
    }

    @Test func bytesAndBitsAreRuns() throws {
        func bytes(_ stored: [UInt8], _ count: Int) throws -> [UInt8] {
            let runs = ByteRuns(try IntegerRunTests.stream(stored))
            var values = [UInt8](repeating: 1, count: count)
            try runs.read(count, into: &values)
            return values
        }
        #expect(try bytes([0x61, 0x00], 100) == [UInt8](repeating: 0, count: 100))
        #expect(try bytes([0xFE, 0x44, 0x45], 2) == [0x44, 0x45])
        let bits = BooleanRuns(try IntegerRunTests.stream([0xFE, 0x80, 0xC1]))
        let words = Bitmap(count: 64, repeating: false)
        #expect(try bits.read(3, into: words.words) == 1 && words.words[0] == 0b001)
        #expect(try bits.read(7, into: words.words) == 2 && words.words[0] == 0b110_0000)
        #expect(try bits.read(6, into: words.words) == 1 && words.words[0] == 0b10_0000)
        #expect(throws: HoneyError.self) { try bits.read(1, into: words.words) }
    }

    @Test(arguments: 1...10) func bitsThatAreWrittenAreRead(seed: Int) throws {
        var random = RandomRows(seed: UInt64(seed))
        let output = StreamOutput(try ChunkCompressor(kind: .none, level: nil, blockBytes: 1 << 20))
        let encoder = BooleanRunEncoder(output)
        var all: [Bool] = []
        while all.count < 5000 {
            let count = Int.random(in: 1...300, using: &random)
            let mask = Bitmap(count: count, repeating: false)
            let isPlain = random.next() % 2 == 0
            for row in 0..<count { mask[row] = isPlain || random.next() % 3 == 0 }
            try encoder.append(mask.words, count: count)
            all += (0..<count).map { mask[$0] }
        }
        try encoder.flush()
        let bits = BooleanRuns(try IntegerRunTests.stream(Array(try output.finish())))
        var row = 0
        while row < all.count {
            let count = min(Int.random(in: 1...200, using: &random), all.count - row)
            let mask = Bitmap(count: count, repeating: false)
            let set = try bits.read(count, into: mask.words)
            #expect(set == all[row..<row + count].filter { $0 }.count, "seed \(seed)")
            #expect((0..<count).allSatisfy { mask[$0] == all[row + $0] }, "seed \(seed), row \(row)")
            row += count
        }
    }
}
