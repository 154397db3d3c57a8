import HoneyCore

/// Makes random values with a taste for extremes.
struct RandomColumns {
    var generator: SeededGenerator

    init(_ generator: SeededGenerator = SeededGenerator()) { self.generator = generator }

    var seed: UInt64 { generator.seed }

    mutating func number(_ range: ClosedRange<Int>) -> Int { Int.random(in: range, using: &generator) }

    mutating func value(_ type: DataType) -> Value {
        switch type {
        case .boolean: return .boolean(Bool.random(using: &generator))
        case .tinyint: return .integer(integer(Int64(Int8.min), Int64(Int8.max)))
        case .smallint: return .integer(integer(Int64(Int16.min), Int64(Int16.max)))
        case .int: return .integer(integer(Int64(Int32.min), Int64(Int32.max)))
        case .bigint: return .integer(integer(.min, .max))
        case .float: return .real(Double(Float(real())))
        case .double: return .real(real())
        case .decimal(let precision, _):
            let bound = DecimalMath.powerOfTen(number(0...precision)) - 1
            return .decimal(Int128.random(in: -bound...bound, using: &generator))
        case .date: return .date(Int32(number(-719_162...2_932_896)))
        case .timestamp: return .timestamp(Int128(number(-4_000_000_000...4_000_000_000)) * 1_000_000_007)
        case .array(let element): return .array((0..<number(0...3)).map { _ in optional(element) })
        default: return .string(text())
        }
    }

    private mutating func integer(_ least: Int64, _ greatest: Int64) -> Int64 {
        switch number(0...5) {
        case 0: least
        case 1: greatest
        case 2: 0
        case 3: Int64(number(-3...3))
        default: Int64.random(in: least...greatest, using: &generator)
        }
    }

    private mutating func real() -> Double {
        switch number(0...7) {
        case 0: .nan
        case 1: .infinity
        case 2: -0.0
        case 3: 0
        case 4: Double(number(-5...5))
        default: Double.random(in: -1e6...1e6, using: &generator)
        }
    }

    mutating func text() -> String {
        let alphabet = Array("aab%_é \\")
        let length = number(0...3) == 0 ? number(10...20) : number(0...6)
        return String((0..<length).map { _ in alphabet[number(0...alphabet.count - 1)] })
    }

    mutating func optional(_ type: DataType, nullsIn tenths: Int = 2) -> Value {
        number(0...9) < tenths ? .null : value(type)
    }

    /// A column of `count` rows: without nulls, with some, constant or constant null, as it falls.
    mutating func column(_ type: DataType, _ count: Int) -> Column {
        switch number(0...7) {
        case 0: .constant(value(type), type: type, count: count)
        case 1: .constant(.null, type: type, count: count)
        case 2, 3: .of(type, (0..<count).map { _ in value(type) })
        default: .of(type, (0..<count).map { _ in optional(type, nullsIn: 3) })
        }
    }
}

extension Column {
    /// All rows as values.
    var allValues: [Value] { (0..<count).map { value(at: $0) } }
}
