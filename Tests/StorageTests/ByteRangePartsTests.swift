import FormatContracts
import HoneyStorage
import Testing

/// What ranges of a file own of a unit's parts.
struct ByteRangePartsTests {
    @Test func eachPartIsOneRangesHoweverAFileIsCut() {
        var random = RandomRows(seed: 3)
        for _ in 0..<500 {
            let fileBytes = Int.random(in: 1...10_000, using: &random)
            // Damaged files say that units lie anywhere.
            let start = [.random(in: 0..<fileBytes), Int.min, Int.max, -1].randomElement(using: &random)!
            let bytes = [.random(in: 1...fileBytes), 0, Int.max].randomElement(using: &random)!
            let count = [.random(in: 0...1000), Int.max].randomElement(using: &random)!
            let cuts = (0..<5).map { _ in Int.random(in: 0...fileBytes, using: &random) }.sorted()
            var next = 0
            for (first, end) in zip([0] + cuts, cuts + [fileBytes]) {
                let range = ByteRange(start: first, end: end)
                let owned = range.parts(count, from: start, bytes: bytes, fileBytes: fileBytes)
                #expect(
                    owned.lowerBound == next || owned.isEmpty, "\(range) of \(fileBytes): \(start), \(bytes), \(count)")
                next = max(next, owned.upperBound)
            }
            #expect(next == count, "file of \(fileBytes) bytes: \(start), \(bytes), \(count)")
        }
    }

    @Test func partsFollowTheBytes() {
        let halves = [ByteRange(start: 0, end: 600), ByteRange(start: 600, end: 1200)]
        #expect(halves.map { $0.parts(10, from: 100, bytes: 1000, fileBytes: 1200) } == [0..<5, 5..<10])
        #expect(halves.map { $0.parts(10, from: 0, bytes: 300, fileBytes: 1200) } == [0..<10, 10..<10])
        #expect(halves.map { $0.parts(10, from: 700, bytes: 300, fileBytes: 1200) } == [0..<0, 0..<10])
    }
}
