import HoneyCore
import Testing

@testable import HoneyExecution

@Test func rangesKeepWhatTwoComparisonsKeep() throws {
    var generator = SeededGenerator.announced()
    let edges: [Int64] = [.min, .min + 1, -1, 0, 1, 255, Int64(Int32.min), Int64(Int32.max), .max - 1, .max]
    for _ in 0..<300 {
        let isNarrow = Bool.random(using: &generator)
        let type: DataType = isNarrow ? .int : .bigint
        func number() -> Int64 {
            let wide =
                Bool.random(using: &generator)
                ? edges.randomElement(using: &generator)! : Int64.random(in: -9...9, using: &generator)
            return isNarrow ? Int64(Int32(truncatingIfNeeded: wide)) : wide
        }
        let values = (0..<40).map { _ in Bool.random(using: &generator) ? Value.integer(number()) : .null }
        let (low, high) = (number(), number())
        let (above, below) = (
            [">", ">="].randomElement(using: &generator)!, ["<", "<="].randomElement(using: &generator)!
        )
        let lower = ConstantComparison(sign: above, constant: .constant(.integer(low), type: type, count: 1))
        let upper = ConstantComparison(sign: below, constant: .constant(.integer(high), type: type, count: 1))
        guard let range = RangeComparison(upper, lower) else { continue }
        let chosen = range.select(.of(type, values), count: values.count, among: nil)
        let expected = values.indices.filter { index in
            guard case .integer(let value) = values[index] else { return false }
            return (above == ">" ? value > low : value >= low) && (below == "<" ? value < high : value <= high)
        }
        #expect((0..<chosen.count).map { chosen[$0] } == expected, "\(above) \(low) and \(below) \(high)")
    }
}

@Test func comparisonsThatMakeNoRangeStayApart() {
    func comparison(_ sign: String, _ value: Int64) -> ConstantComparison {
        ConstantComparison(sign: sign, constant: .constant(.integer(value), type: .bigint, count: 1))
    }
    #expect(RangeComparison(comparison(">", 1), comparison(">", 2)) == nil)
    #expect(RangeComparison(comparison("<>", 1), comparison(">", 2)) == nil)
    #expect(RangeComparison(comparison(">", 5), comparison("<", 5)) == nil)
    #expect(RangeComparison(comparison(">", .max), comparison("<=", .max)) == nil)
    #expect(RangeComparison(comparison(">=", .min), comparison("<", .min)) == nil)
}
