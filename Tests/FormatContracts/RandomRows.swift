package import HoneyCatalog
package import HoneyCore

/// Makes random tables and rows from a seed.
package struct RandomRows: RandomNumberGenerator {
    /// Which uniontypes are made.
    package enum Unions: Sendable {
        case none
        /// Of members that Avro tells apart: no two stored alike, none a union, none null.
        case distinct
        case any
    }

    private var state: UInt64
    private let unions: Unions

    package init(seed: UInt64, unions: Unions = .none) {
        state = seed
        self.unions = unions
    }

    package mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ mixed >> 30) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ mixed >> 27) &* 0x94D0_49BB_1331_11EB
        return mixed ^ mixed >> 31
    }

    private mutating func chance(_ percent: Int) -> Bool { Int.random(in: 0..<100, using: &self) < percent }

    package mutating func columns(_ count: Int, nested: Bool = true) -> [TableColumn] {
        (0..<count).map { TableColumn("c\($0)", type(depth: nested ? 2 : 0)) }
    }

    package mutating func type(depth: Int) -> DataType {
        let nested = depth == 0 ? 15 : unions == .none ? 18 : 20
        switch Int.random(in: 0..<nested, using: &self) {
        case 0: return .boolean
        case 1: return .tinyint
        case 2: return .smallint
        case 3: return .int
        case 4: return .bigint
        case 5: return .float
        case 6: return .double
        case 7: return .string
        case 8: return .binary
        case 9: return .date
        case 10: return .timestamp
        case 11: return .varchar(Int.random(in: 1...12, using: &self))
        case 12: return .char(Int.random(in: 1...12, using: &self))
        case 13, 14:
            let precision = Int.random(in: 1...38, using: &self)
            return .decimal(precision: precision, scale: Int.random(in: 0...precision, using: &self))
        case 15: return .array(type(depth: depth - 1))
        case 16: return .map(key: .string, value: type(depth: depth - 1))
        case 18, 19: return union(depth: depth)
        default:
            return .structure(
                (0..<Int.random(in: 1...10, using: &self)).map { Field("f\($0)", type(depth: depth - 1)) })
        }
    }

    private mutating func union(depth: Int) -> DataType {
        var members: [DataType] = []
        var kinds: Set<String> = []
        for _ in 0..<Int.random(in: 1...5, using: &self) {
            let member = type(depth: depth - 1)
            guard unions == .distinct else {
                members.append(member)
                continue
            }
            if case .union = member { continue }
            if kinds.insert(RandomRows.kind(member)).inserted { members.append(member) }
        }
        return .union(members.isEmpty ? [.int] : members)
    }

    /// What stands for types that Avro stores alike.
    private static func kind(_ type: DataType) -> String {
        switch type {
        case .tinyint, .smallint, .int, .date: "int"
        case .bigint, .timestamp: "long"
        case .string, .varchar, .char: "string"
        case .binary, .decimal: "bytes"
        case .array: "array"
        case .map: "map"
        default: type.name
        }
    }

    /// Rows of values that every SerDe can store as they are.
    package mutating func rows(_ columns: [TableColumn], count: Int) -> [[Value]] {
        (0..<count).map { _ in columns.map { value($0.type, nullPercent: 15) } }
    }

    package mutating func value(_ type: DataType, nullPercent: Int = 10) -> Value {
        if chance(nullPercent) { return .null }
        switch type {
        case .boolean: return .boolean(chance(50))
        case .tinyint: return .integer(Int64(Int8(truncatingIfNeeded: integer())))
        case .smallint: return .integer(Int64(Int16(truncatingIfNeeded: integer())))
        case .int: return .integer(Int64(Int32(truncatingIfNeeded: integer())))
        case .bigint: return .integer(integer())
        case .float: return .real(Double(Float(Double(integer()) / 1024)))
        case .double: return .real(Double(integer()) / 1024)
        case .decimal(let precision, _): return .decimal(decimal(precision))
        case .string: return .string(text(Int.random(in: 0...30, using: &self)))
        case .varchar(let length): return .string(text(Int.random(in: 1...length, using: &self)))
        case .char(let length): return .string(padded(text(Int.random(in: 0...length, using: &self)), length))
        case .binary:
            return .binary((0..<Int.random(in: 1...20, using: &self)).map { _ in UInt8(truncatingIfNeeded: next()) })
        case .date: return .date(Int32.random(in: -141_000...2_900_000, using: &self))
        case .timestamp: return timestamp()
        case .array(let element):
            return .array((0..<Int.random(in: 0...10, using: &self)).map { _ in value(element) })
        case .map(let key, let element):
            return .map(
                (0..<Int.random(in: 0...5, using: &self)).map { index in
                    Value.MapEntry(key == .string ? .string("k\(index)") : value(key, nullPercent: 0), value(element))
                })
        case .structure(let fields): return .structure(fields.map { value($0.type) })
        case .union(let members):
            let tag = Int.random(in: 0..<members.count, using: &self)
            return .union(tag: Int8(tag), value(members[tag], nullPercent: unions == .distinct ? 0 : 10))
        default: return .null
        }
    }

    /// Numbers of all magnitudes.
    private mutating func integer() -> Int64 {
        Int64(bitPattern: next()) >> Int64.random(in: 0...63, using: &self)
    }

    private mutating func decimal(_ precision: Int) -> Int128 {
        let digits = Int.random(in: 1...precision, using: &self)
        let limit = DecimalMath.powerOfTen(digits) - 1
        let wide = Int128(integer()) * Int128(Int64(bitPattern: next() >> 1))
        return chance(20) ? (chance(50) ? limit : -limit) : wide % (limit + 1)
    }

    private mutating func timestamp() -> Value {
        let seconds = Int64.random(in: -12_000_000_000...250_000_000_000, using: &self)
        let fractions: [Int64] = [0, 500_000_000, 123_456_789, 1, 120_000_000]
        return .timestamp(Int128(seconds) * 1_000_000_000 + Int128(fractions.randomElement(using: &self)!))
    }

    private mutating func text(_ length: Int) -> String {
        let letters = Array("abcxyz019 _-é漢🙂")
        return String((0..<length).map { _ in letters.randomElement(using: &self)! })
    }

    private func padded(_ text: String, _ length: Int) -> String {
        text + String(repeating: " ", count: length - text.unicodeScalars.count)
    }
}
