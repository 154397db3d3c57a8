import HoneyCore
import HoneyPlan
import Testing

@testable import HoneyExecution

private func naive(_ rows: [[Value]], _ keys: [(Int, KeyDirection)]) -> [[Value]] {
    rows.enumerated().sorted { a, b in
        for (index, direction) in keys {
            let x = a.element[index]
            let y = b.element[index]
            if x == y { continue }
            if x.isNull || y.isNull { return x.isNull == direction.nullsFirst }
            let order = Fakes.order(x, y)!
            return direction.isAscending ? order < 0 : order > 0
        }
        return a.offset < b.offset
    }.map(\.element)
}

private let types: [DataType] = [
    .string, .bigint, .double, .decimal(precision: 25, scale: 1), .date, .boolean, .timestamp, .tinyint, .bigint,
]

@Test func rowsComeInOrderOfEveryKeyTypeAndDirection() throws {
    var random = RandomRows(generator: .announced())
    let input = makeColumns(types)
    for round in 0..<40 {
        let rows = random.rows(types, 300)
        let first = round % 8
        let keys = [first, (first + 3) % 8, 8].map { index in
            (
                index,
                KeyDirection(
                    isAscending: Bool.random(using: &random.generator),
                    nullsFirst: Bool.random(using: &random.generator))
            )
        }
        let limit = round % 3 == 0 ? nil : [0, 1, 10, 299, 1000][round % 5]
        let step = try SortOperator(
            keys: keys.map {
                Sort.Key(.column(input[$0.0]), isAscending: $0.1.isAscending, nullsFirst: $0.1.nullsFirst)
            },
            limit: limit, over: input, in: Fakes.context, memory: reservation())
        let result = try run(random.batches(rows, types), through: step)
        let expected = Array(naive(rows, keys).prefix(limit ?? rows.count))
        #expect(result.count == expected.count)
        for (row, wanted) in zip(result, expected) {
            #expect(keys.map { row[$0.0] } == keys.map { wanted[$0.0] }, "round \(round)")
        }
        if limit == nil { #expect(sortedByText(result) == sortedByText(rows)) }
    }
}

@Test func topRowsOfManyAreTheFirstOfASort() throws {
    var random = RandomRows(generator: .announced())
    random.variety = 100_000
    let types: [DataType] = [.bigint, .string]
    let input = makeColumns(types)
    let rows = random.rows(types, 60_000)
    let key = Sort.Key(.call("+", .column(input[0]), .integer(5), type: .bigint), isAscending: false, nullsFirst: false)
    let step = try SortOperator(keys: [key], limit: 17, over: input, in: Fakes.context, memory: reservation())
    let result = try run(random.batches(rows, types, largest: 2000), through: step)
    let expected = naive(rows, [(0, KeyDirection(isAscending: false, nullsFirst: false))]).prefix(17)
    #expect(result.map { $0[0] } == expected.map { $0[0] })
}

@Test func sortedStreamsMergeIntoOne() throws {
    var random = RandomRows(generator: .announced())
    let types: [DataType] = [.string, .bigint]
    let input = makeColumns(types)
    let direction = KeyDirection(isAscending: false, nullsFirst: true)
    var all: [[Value]] = []
    var streams: [[Batch]] = []
    for count in [0, 1, 200, 33] {
        let rows = naive(random.rows(types, count), [(0, direction)])
        all += rows
        streams.append(random.batches(rows, types, largest: 12))
    }
    let key = Sort.Key(.column(input[0]), isAscending: false, nullsFirst: true)
    let merge = try SortedMerge(keys: [key], streams: streams.count, over: input, in: Fakes.context)
    var result: [[Value]] = []
    merging: while true {
        switch merge.next() {
        case .finished: break merging
        case .batch(let batch): result += batch.rows
        case .stream(let index):
            try merge.accept(streams[index].isEmpty ? nil : streams[index].removeFirst(), stream: index)
        }
    }
    #expect(result.map { $0[0] } == naive(all, [(0, direction)]).map { $0[0] })
    #expect(sortedByText(result) == sortedByText(all))
}
