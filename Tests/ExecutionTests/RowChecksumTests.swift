import HoneyCore
import Testing

@testable import HoneyExecution

struct RowChecksumTests {
    private func sum(_ rows: [(Int64, String)]) -> RowChecksum {
        var sum = RowChecksum()
        sum.add(
            Batch(
                columns: [
                    Column.of(.bigint, rows.map { .integer($0.0) }), Column.of(.string, rows.map { .string($0.1) }),
                ], count: rows.count))
        return sum
    }

    @Test func orderDoesNotCountButNumberAndContentDo() {
        let rows: [(Int64, String)] = [(1, "a"), (2, "a text of some length"), (2, "a text of some length"), (3, "")]
        #expect(sum(rows) == sum(rows.reversed()))
        #expect(sum(rows).sum != sum([rows[0], rows[1], rows[3]]).sum)
        #expect(sum([(1, "a"), (2, "b")]).sum != sum([(1, "b"), (2, "a")]).sum)
        var parts = sum([rows[0], rows[3]])
        parts += sum([rows[1], rows[2]])
        #expect(parts == sum(rows))
    }

    @Test func sumsDifferInAllTheirBits() {
        var ones = UInt128.max
        var zeros = UInt128.max
        for number in 0..<200 {
            let value = sum([(Int64(number), "x")]).sum
            ones &= value
            zeros &= ~value
        }
        #expect(ones == 0 && zeros == 0)
        #expect(Set((0..<1000).map { sum([($0, "")]).sum }).count == 1000)
    }

    @Test func sumsAreWrittenWithAllTheirDigits() {
        #expect(RowChecksum().description == String(repeating: "0", count: 32))
        #expect(RowChecksum(sum: 255, rows: 1).description.hasSuffix("00ff"))
    }
}
