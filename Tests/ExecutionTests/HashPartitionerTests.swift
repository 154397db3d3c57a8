import HoneyCore
import HoneyPlan
import Testing

@testable import HoneyExecution

@Test(arguments: [2, 3, 16, 300])
func partsAreOfLikeSizeAndEqualKeysMeet(partCount: Int) throws {
    let input = makeColumns([.bigint])
    let partitioner = try HashPartitioner([.column(input[0])], parts: partCount, over: input, in: Fakes.context)
    let rows = 20_000
    let distinct = 10_000
    let column = Column.of(.bigint, (0..<rows).map { .integer(Int64($0 % distinct)) })
    let parts = try partitioner.parts(of: Batch(columns: [column], count: rows))
    #expect(parts.count == partCount)
    #expect(parts.reduce(0) { $0 + $1.rowCount } == rows)
    var partOfKey: [Int64: Int] = [:]
    let values = column.values(as: Int64.self)
    for (number, part) in parts.enumerated() {
        let share = rows / partCount
        #expect(
            (share / 2...share * 2).contains(part.rowCount), "part \(number) of \(partCount) has \(part.rowCount) rows")
        for position in 0..<part.rowCount {
            let key = values[part.selection![position]]
            #expect(partOfKey[key, default: number] == number)
            partOfKey[key] = number
        }
    }
}
