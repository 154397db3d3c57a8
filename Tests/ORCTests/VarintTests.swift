import CScan
import FormatContracts
import HoneyCore
import Testing

@testable import HoneyORC

/// Reading, picking and skipping many varints at once, at each level of what processors have.
struct VarintTests {
    static let levels = [
        honey_level_best, honey_level_portable, honey_level_sse2, honey_level_avx2, honey_level_avx512,
    ]

    /// Varints of some values, with bytes after them that tell nothing.
    struct Stored {
        var values: [Int64] = []
        var ends: [Int] = []
        let bytes: Buffer

        init(_ values: [Int64], after: UInt8) {
            self.values = values
            bytes = Buffer(capacity: values.count * 10 + 64)
            bytes.pointer(to: UInt8.self).update(repeating: after, count: bytes.capacity)
            var end = 0
            for value in values {
                end += Varints.write(Varints.zigzag(value), to: bytes.pointer(to: UInt8.self) + end)
                ends.append(end)
            }
        }

        var byteCount: Int { ends.last ?? 0 }

        /// Tells whether all of some values take at most eight bytes and are at most `largest`.
        func areShort(_ rows: [Int], _ largest: Int64) -> Bool {
            rows.allSatisfy { row in
                ends[row] - (row == 0 ? 0 : ends[row - 1]) <= 8 && values[row].magnitude <= largest.magnitude
            }
        }

        /// `limit` bytes of them and the 64 after that kernels may read, in memory that has no more.
        func cut(to limit: Int) -> Buffer {
            let copy = Buffer(capacity: limit + 64)
            copy.base.copyMemory(from: bytes.base, byteCount: limit + 64)
            return copy
        }
    }

    static func stored(_ random: inout RandomRows) -> Stored {
        let count = Int.random(in: 1...400, using: &random)
        let widths = [4...4, 12...12, 6...8, 1...55, 1...64].randomElement(using: &random)!
        let values = (0..<count).map { _ in
            Int64(bitPattern: random.next()) >> Int64(64 - Int.random(in: widths, using: &random))
        }
        return Stored(values, after: UInt8(truncatingIfNeeded: random.next()))
    }

    @Test(arguments: 1...60) func manyAreReadAsOneByOne(seed: Int) {
        var random = RandomRows(seed: UInt64(seed))
        let stored = VarintTests.stored(&random)
        let limit = seed % 3 == 0 ? Int.random(in: 0...stored.byteCount, using: &random) : stored.byteCount
        let largest = seed % 4 == 0 ? Int64(1) << Int64.random(in: 3...50, using: &random) : 1 << 60
        let bytes = stored.cut(to: limit)
        let count = stored.values.count
        let isReadable = limit == stored.byteCount && stored.areShort(Array(0..<count), largest)
        for level in VarintTests.levels {
            var values = [Int64](repeating: 0, count: count + 8)
            let taken = honey_read_varints(
                bytes.pointer(), Int64(limit), Int64(count), largest, &values, Int32(level.rawValue))
            #expect(taken == (isReadable ? Int64(limit) : -1), "seed \(seed), \(level)")
            if isReadable { #expect(Array(values.prefix(count)) == stored.values, "seed \(seed), \(level)") }
        }
    }

    @Test(arguments: 1...60) func chosenOnesArePicked(seed: Int) {
        var random = RandomRows(seed: UInt64(seed))
        let stored = VarintTests.stored(&random)
        let limit = seed % 3 == 0 ? Int.random(in: 0...stored.byteCount, using: &random) : stored.byteCount
        let largest = seed % 4 == 0 ? Int64(1) << Int64.random(in: 3...50, using: &random) : 1 << 60
        let bytes = stored.cut(to: limit)
        let step = UInt64.random(in: 1...30, using: &random)
        var rows = stored.values.indices.filter { _ in random.next() % step == 0 }
        if rows.isEmpty { rows = [stored.values.count - 1] }
        let end = stored.ends[rows.last!]
        let isReadable = end <= limit && stored.areShort(rows, largest)
        for level in VarintTests.levels {
            var values = [Int64](repeating: 0, count: rows.count)
            let taken = honey_pick_varints(
                bytes.pointer(), Int64(limit), rows.map { Int32($0) }, Int64(rows.count), largest, &values,
                Int32(level.rawValue))
            #expect(taken == (isReadable ? Int64(end) : -1), "seed \(seed), \(level)")
            if isReadable { #expect(values == rows.map { stored.values[$0] }, "seed \(seed), \(level)") }
        }
    }

    @Test(arguments: 1...30) func someAreSkipped(seed: Int) {
        var random = RandomRows(seed: UInt64(seed))
        let stored = VarintTests.stored(&random)
        let limit = Int.random(in: 0...stored.byteCount, using: &random)
        let bytes = stored.cut(to: limit)
        let count = Int.random(in: 1...stored.values.count + 3, using: &random)
        let ended = stored.ends.prefix { $0 <= limit }
        let passed = count <= ended.count ? ended[count - 1] : limit
        for level in VarintTests.levels {
            var left = Int64(count)
            let taken = honey_skip_varints(bytes.pointer(), Int64(limit), &left, Int32(level.rawValue))
            #expect(taken == Int64(passed) && left == Int64(max(count - ended.count, 0)), "seed \(seed), \(level)")
        }
    }
}
