import FormatContracts
import HoneyCatalog
import HoneyCore
import HoneyStorage
import Testing

@testable import HoneyParquet

/// Every encoding is read, whole and for chosen rows.
struct EncodingTests {
    @Test(arguments: 0...32) func runsAndPackedGroupsComeBack(width: Int) throws {
        var random = RandomRows(seed: UInt64(width))
        let most: UInt64 = 1 << UInt64(width) - 1
        var values: [Int32] = []
        while values.count < 3000 {
            let value = Int32(truncatingIfNeeded: random.next() & most)
            let run = Int.random(in: 0..<3, using: &random) == 0 ? Int.random(in: 1...40, using: &random) : 1
            values += Array(repeating: value, count: run)
        }
        let bytes = ByteStore()
        HybridEncoder.encode(values, count: values.count, width: width, into: bytes)
        for step in [1, 7, 64, 2048, values.count] {
            var decoder = HybridDecoder(bytes.base, count: bytes.count, width: width)
            var found = [Int32](repeating: -1, count: values.count)
            try found.withUnsafeMutableBufferPointer { target in
                for start in stride(from: 0, to: values.count, by: step) {
                    try decoder.read(min(step, values.count - start), into: target.baseAddress! + start)
                }
            }
            #expect(found == values, "width \(width), step \(step)")
        }
    }

    @Test func bitsAreReadAndSkipped() throws {
        var random = RandomRows(seed: 3)
        let bits: [UInt8] = (0..<5000).map { $0 / 100 % 3 == 0 ? 1 : UInt8(random.next() & 1) }
        let bytes = ByteStore()
        HybridEncoder.encode(bits, count: bits.count, width: 1, into: bytes)
        var decoder = HybridDecoder(bytes.base, count: bytes.count, width: 1)
        try decoder.skip(777)
        let mask = Bitmap(count: 4300, repeating: false)
        let ones = try decoder.readBits(1000, into: mask.words, at: 5) + decoder.readBits(3000, into: mask.words, at: 1005)
        #expect(ones == bits[777..<4777].reduce(0) { $0 + Int($1) })
        for index in 0..<4000 { #expect(mask[index + 5] == (bits[777 + index] == 1)) }
    }

    @Test func levelsPackedFromTheTopAreTurned() throws {
        // The format's own example: 0 to 7 in three bits.
        let packed: [UInt8] = [0b0000_0101, 0b0011_1001, 0b0111_0111]
        let turned = BitPackedLevels.hybrid(packed, count: 8, width: 3)
        var decoder = HybridDecoder(turned, count: turned.count - 8, width: 3)
        var levels = [UInt8](repeating: 9, count: 8)
        try decoder.read(8, into: &levels)
        #expect(levels == [0, 1, 2, 3, 4, 5, 6, 7])
    }

    @Test(arguments: 0...8) func differencesComeBack(seed: Int) throws {
        var random = RandomRows(seed: UInt64(seed))
        let shift = UInt64(seed * 8)
        let values = (0..<(seed == 0 ? 1 : 1000 + seed)).map { _ in
            Int64(bitPattern: shift == 64 ? UInt64.max : random.next() >> shift)
        }
        let bytes = ByteStore()
        DeltaEncoder.encode(values, count: values.count, into: bytes)
        for _ in 0..<16 { bytes.append(0) }
        var decoder = try DeltaDecoder(bytes.base, end: bytes.base + bytes.count - 16)
        var found = [Int64](repeating: 0, count: values.count)
        try found.withUnsafeMutableBufferPointer { target in
            var start = 0
            while start < values.count {
                let run = min(97, values.count - start)
                try decoder.read(run, into: target.baseAddress! + start)
                start += run
            }
        }
        #expect(found == values)
        var other = try DeltaDecoder(bytes.base, end: bytes.base + bytes.count - 16)
        #expect(try other.finish() == UnsafePointer(bytes.base + bytes.count - 16))
    }

    /// Reads a file of one required column, whole and for every third row.
    private func check(
        _ type: StoredType, length: Int = 0, _ encoding: Encoding, _ body: [UInt8], as column: DataType,
        _ expected: [Value], annotation: Annotation = .none, sourceLocation: SourceLocation = #_sourceLocation
    ) throws {
        var file = HandMadeFile(rows: expected.count)
        file.add("a", .required, type: type, length: length, annotation: annotation)
        file.chunks = [
            HandMadeFile.Chunk(
                type: type, codec: .snappy, valueCount: expected.count,
                pages: try HandMadeFile.page(encoding, values: expected.count, body, codec: .snappy))
        ]
        let table = FileTable([TableColumn("a", column), TableColumn("A", column)], format: ParquetFormat())
        let open = try FileTable.file(file.bytes())
        #expect(try table.rows(open, projection: [0]).map { $0[0] } == expected, sourceLocation: sourceLocation)
        var row = -1
        let thirds = TestFilter(0) { _ in
            row += 1
            return row % 3 == 1
        }
        let chosen = try table.rows(open, projection: [0, 1], filters: [thirds]).map { $0[1] }
        #expect(
            chosen == expected.enumerated().filter { $0.offset % 3 == 1 }.map(\.element), sourceLocation: sourceLocation)
    }

    private static let strings = (0..<300).map { "prefix \($0 / 7) \($0)" + String(repeating: "é", count: $0 % 5) }

    @Test func stringsWithTheirLengthsApartAreRead() throws {
        let body =
            HandMadeFile.deltas(Self.strings.map { Int64($0.utf8.count) }) + Self.strings.flatMap { Array($0.utf8) }
        try check(.byteArray, .deltaLengthByteArray, body, as: .string, Self.strings.map { .string($0) })
    }

    @Test func stringsThatShareTheirStartsAreRead() throws {
        var prefixes: [Int64] = []
        var suffixes: [[UInt8]] = []
        var last: [UInt8] = []
        for string in Self.strings {
            let bytes = Array(string.utf8)
            let shared = zip(bytes, last).prefix { $0 == $1 }.count
            prefixes.append(Int64(shared))
            suffixes.append(Array(bytes[shared...]))
            last = bytes
        }
        let body =
            HandMadeFile.deltas(prefixes) + HandMadeFile.deltas(suffixes.map { Int64($0.count) })
            + suffixes.flatMap { $0 }
        try check(.byteArray, .deltaByteArray, body, as: .string, Self.strings.map { .string($0) })
    }

    @Test func differencesOfBothWidthsAreRead() throws {
        let values = (0..<500).map { Int64($0 * $0 % 1009 - 500) }
        let body = HandMadeFile.deltas(values)
        try check(.int32, .deltaBinaryPacked, body, as: .int, values.map { .integer($0) })
        try check(.int64, .deltaBinaryPacked, body, as: .bigint, values.map { .integer($0) })
    }

    /// Byte k of all values, for each k.
    private func split(_ plain: [UInt8], width: Int) -> [UInt8] {
        (0..<width).flatMap { stream in stride(from: stream, to: plain.count, by: width).map { plain[$0] } }
    }

    @Test func splitStreamsOfEveryWidthAreRead() throws {
        let doubles = (0..<300).map { Double($0) * 1.25 - 7 }
        try check(
            .double, .byteStreamSplit, split(doubles.flatMap { HandMadeFile.plain($0) }, width: 8), as: .double,
            doubles.map { .real($0) })
        try check(
            .float, .byteStreamSplit, split(doubles.flatMap { HandMadeFile.plain(Float($0)) }, width: 4), as: .float,
            doubles.map { .real($0) })
        let integers = (0..<300).map { Int32($0 * 7919) }
        try check(
            .int32, .byteStreamSplit, split(integers.flatMap { HandMadeFile.plain($0) }, width: 4), as: .int,
            integers.map { .integer(Int64($0)) })
        try check(
            .fixedLengthByteArray, length: 3, .byteStreamSplit,
            split(integers.flatMap { [0, UInt8(truncatingIfNeeded: $0 >> 8), UInt8(truncatingIfNeeded: $0)] }, width: 3),
            as: .decimal(precision: 6, scale: 2), integers.map { .decimal(Int128($0 & 0xFFFF)) },
            annotation: .decimal(precision: 6, scale: 2))
    }

    @Test func booleansAreReadBothWays() throws {
        let flags = (0..<300).map { $0 % 3 == 0 || $0 > 250 }
        var packed = [UInt8](repeating: 0, count: 38)
        for (index, flag) in flags.enumerated() where flag { packed[index >> 3] |= 1 << UInt8(index & 7) }
        try check(.boolean, .plain, packed, as: .boolean, flags.map { .boolean($0) })
        try check(
            .boolean, .runLength, HandMadeFile.levels(flags.map { $0 ? 1 : 0 }, most: 1), as: .boolean,
            flags.map { .boolean($0) })
    }
}
