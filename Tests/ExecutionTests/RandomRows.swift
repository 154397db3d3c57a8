import HoneyCore
import HoneyPlan
import Testing

@testable import HoneyExecution

/// Numbers that a seed decides (SplitMix64).
struct SeededGenerator: RandomNumberGenerator {
    private var state: UInt64
    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var z = state
        z = (z ^ z >> 30) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ z >> 27) &* 0x94D0_49BB_1331_11EB
        return z ^ z >> 31
    }

    /// A generator with a seed of the day's making, which it prints.
    static func announced(_ test: String = #function) -> SeededGenerator {
        let seed = UInt64.random(in: 0...UInt64.max)
        print("\(test): seed \(seed)")
        return SeededGenerator(seed: seed)
    }
}

/// Random rows of some types.
struct RandomRows {
    var generator: SeededGenerator
    /// Distinct values to draw from, about.
    var variety = 20
    var nullEvery = 7

    mutating func value(_ type: DataType, depth: Int = 0) -> Value {
        if nullEvery > 0, Int.random(in: 0..<nullEvery, using: &generator) == 0 { return .null }
        let number = Int64.random(in: 0..<Int64(variety), using: &generator) - Int64(variety / 2)
        switch type {
        case .void: return .null
        case .boolean: return .boolean(number & 1 == 0)
        case .tinyint, .smallint, .int, .bigint:
            return .integer(type == .bigint ? number &* 3_000_000_007 : number % 100)
        case .float: return .real(Double(Float(number) / 4))
        case .double: return .real(Double(number) / 8)
        case .decimal(let precision, _): return .decimal(precision > 18 ? Int128(number) << 70 : Int128(number))
        case .string, .varchar: return .string(text(number))
        case .char(let length):
            return .string(String((text(number) + String(repeating: " ", count: length)).prefix(length)))
        case .binary:
            return .binary([UInt8](repeating: UInt8(truncatingIfNeeded: number), count: Int(abs(number)) % 30))
        case .date: return .date(Int32(number))
        case .timestamp: return .timestamp(Int128(number) << 66)
        case .intervalYearMonth: return .months(Int32(number))
        case .intervalDayTime: return .nanoseconds(Int128(number) * 86_400_000_000_000)
        case .array(let element):
            return .array((0..<Int.random(in: 0...3, using: &generator)).map { _ in value(element, depth: depth + 1) })
        case .map(let key, let value):
            return .map(
                (0..<Int.random(in: 0...3, using: &generator)).map { _ in
                    Value.MapEntry(self.value(key, depth: depth + 1), self.value(value, depth: depth + 1))
                })
        case .structure(let fields): return .structure(fields.map { value($0.type, depth: depth + 1) })
        case .union(let branches):
            let tag = Int.random(in: branches.indices, using: &generator)
            return .union(tag: Int8(tag), value(branches[tag], depth: depth + 1))
        }
    }

    /// Short texts, long ones, and such as differ only after their first dozen bytes.
    private func text(_ number: Int64) -> String {
        switch number % 4 {
        case 0: "\(number)"
        case 1, -1: "a rather long text that ends in \(number)"
        case 2: ""
        default: "ünïcödé \(number)"
        }
    }

    mutating func rows(_ types: [DataType], _ count: Int) -> [[Value]] {
        (0..<count).map { _ in types.map { value($0) } }
    }

    /// Cuts rows into batches of random sizes, some with a selection that hides other rows between.
    mutating func batches(_ rows: [[Value]], _ types: [DataType], largest: Int = 50) -> [Batch] {
        var batches: [Batch] = []
        var rest = rows[...]
        while !rest.isEmpty {
            let part = Array(rest.prefix(Int.random(in: 1...largest, using: &generator)))
            rest = rest.dropFirst(part.count)
            batches.append(batch(part, types))
        }
        return batches
    }

    private mutating func batch(_ rows: [[Value]], _ types: [DataType]) -> Batch {
        guard Bool.random(using: &generator) else { return .of(rows, types) }
        var mixed: [[Value]] = []
        var selected: [Int32] = []
        for row in rows {
            for _ in 0..<Int.random(in: 0...2, using: &generator) { mixed.append(types.map { value($0) }) }
            selected.append(Int32(mixed.count))
            mixed.append(row)
        }
        var batch = Batch.of(mixed, types)
        batch.selection = Selection(capacity: selected.count) { target in
            for (position, row) in selected.enumerated() { target[position] = row }
            return selected.count
        }
        return batch
    }
}

extension Batch {
    static func of(_ rows: [[Value]], _ types: [DataType]) -> Batch {
        Batch(columns: types.indices.map { index in .of(types[index], rows.map { $0[index] }) }, count: rows.count)
    }

    /// The (selected) rows as values.
    var rows: [[Value]] {
        (0..<rowCount).map { position in
            let row = selection.map { $0[position] } ?? position
            return columns.map { $0.value(at: row) }
        }
    }
}

/// Runs operators one after another in this thread.
func run(_ source: [Batch], through operators: any Operator...) throws -> [[Value]] {
    var batches = source
    for step in operators { batches = try drain(batches, through: step) }
    return batches.flatMap(\.rows)
}

func drain(_ source: [Batch], through step: any Operator) throws -> [Batch] {
    var input = source[...]
    var output: [Batch] = []
    var isFinished = false
    while true {
        switch try step.next() {
        case .batch(let batch): output.append(batch)
        case .finished: return output
        case .needsInput:
            if let batch = input.popFirst() {
                try step.accept(batch)
            } else {
                #expect(!isFinished, "an operator wants input after its end")
                isFinished = true
                try step.finish()
            }
        case .blocked: throw HoneyError.unexpected("blocked in a test without threads")
        }
    }
}

/// Columns named c0, c1, … with numbers from `first`.
func makeColumns(_ types: [DataType], first: Int = 1) -> [ColumnReference] {
    types.enumerated().map { ColumnReference(id: ColumnID(first + $0.offset), name: "c\($0.offset)", type: $0.element) }
}

extension Expression {
    static func column(_ columns: [ColumnReference], _ index: Int) -> Expression { .column(columns[index]) }
    static func call(_ name: String, _ arguments: Expression..., type: DataType = .boolean) -> Expression {
        .call(Call(name, arguments, type: type))
    }
    static func integer(_ value: Int64, _ type: DataType = .bigint) -> Expression { .literal(.integer(value), type) }
}

/// Rows in an order that only their content decides.
func sortedByText(_ rows: [[Value]]) -> [String] { rows.map { "\($0)" }.sorted() }

let anyMemory = MemoryTracker()
func reservation(_ tracker: MemoryTracker = anyMemory) -> MemoryReservation { MemoryReservation(tracker, for: "TEST") }
