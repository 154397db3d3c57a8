import HoneyCatalog
import HoneyCore
import HoneyPlan
import Testing

@testable import HoneyPipelineEngine

/// Conditions that storage may skip by, with values of the column's type.
struct ScanPredicateTests {
    static let types: [DataType] = [
        .bigint, .string, .decimal(precision: 10, scale: 2), .date, .boolean, .varchar(5), .char(5), .double,
    ]
    static let references = types.enumerated().map {
        ColumnReference(id: ColumnID($0.offset + 1), name: "c\($0.offset)", type: $0.element)
    }

    static func column(_ index: Int) -> Expression { .column(references[index]) }
    static func call(_ name: String, _ arguments: Expression...) -> Expression {
        .call(Call(name, arguments, type: .boolean))
    }
    static func literal(_ value: Value, _ type: DataType) -> Expression { .literal(value, type) }

    static func derive(_ conditions: Expression...) -> [ColumnPredicate] {
        let table = Table(
            database: "d", name: "t",
            storage: StorageDescriptor(
                columns: types.enumerated().map { TableColumn("c\($0.offset)", $0.element) }, location: "memory:/t",
                inputFormat: "", outputFormat: "", serde: SerDeInfo(library: "")))
        let columns = references.enumerated().map { ScanColumn($0.element, source: .table(index: $0.offset)) }
        return ScanPredicates.derive(Scan(table: table, alias: "t", columns: columns, filters: conditions))
    }

    static func bound(_ value: Value, _ isInclusive: Bool = true) -> ColumnPredicate.Bound {
        ColumnPredicate.Bound(value, isInclusive: isInclusive)
    }

    static func equal(_ column: Int, _ value: Value) -> ColumnPredicate {
        .range(column: column, lower: bound(value), upper: bound(value))
    }

    @Test func comparisonsGiveRanges() {
        let ten = Self.literal(.integer(10), .bigint)
        #expect(Self.derive(Self.call("=", Self.column(0), ten)) == [Self.equal(0, .integer(10))])
        #expect(
            Self.derive(Self.call("<", ten, Self.column(0)))
                == [.range(column: 0, lower: Self.bound(.integer(10), false), upper: nil)])
        let price = Self.literal(.decimal(1050), Self.types[2])
        #expect(
            Self.derive(Self.call("and", Self.call(">=", Self.column(2), price), Self.call("isnull", Self.column(3))))
                == [.range(column: 2, lower: Self.bound(.decimal(1050)), upper: nil), .isNull(column: 3)])
        // A literal of another type, or null, tells nothing.
        #expect(Self.derive(Self.call("=", Self.column(0), Self.literal(.integer(1), .int))) == [])
        #expect(Self.derive(Self.call("=", Self.column(0), Self.literal(.null, .bigint))) == [])
        #expect(Self.derive(Self.call("<>", Self.column(0), ten)) == [])
    }

    @Test func doublesEncloseLongsAndDecimals() {
        func compared(_ sign: String, _ column: Int, _ number: Double) -> [ColumnPredicate] {
            Self.derive(Self.call(sign, .cast(Self.column(column), to: .double), Self.literal(.real(number), .double)))
        }
        #expect(compared("=", 0, 12) == [Self.equal(0, .integer(12))])
        #expect(
            compared("<", 0, 12.5) == [.range(column: 0, lower: nil, upper: Self.bound(.integer(13)))])
        #expect(
            compared(">", 2, 0.05) == [.range(column: 2, lower: Self.bound(.decimal(4)), upper: nil)])
        #expect(compared("=", 0, 1e300) == [])
        #expect(compared("=", 0, .nan) == [])
    }

    @Test func listsAndAlternativesGiveValues() {
        let a = Self.literal(.string("a"), .string)
        let b = Self.literal(.string("b"), .string)
        let list: [Value] = [.string("a"), .string("b")]
        #expect(Self.derive(Self.call("in", Self.column(1), a, b)) == [.oneOf(column: 1, values: list)])
        #expect(
            Self.derive(Self.call("or", Self.call("=", Self.column(1), a), Self.call("in", Self.column(1), a, b)))
                == [.oneOf(column: 1, values: list)])
        #expect(
            Self.derive(
                Self.call("or", Self.call("=", Self.column(1), a), Self.call("isnull", Self.column(1)))) == [])
        #expect(
            Self.derive(
                Self.call("or", Self.call("=", Self.column(1), a), Self.call("=", Self.column(5), a))) == [])
    }

    @Test func flagsAndPrefixesTellToo() {
        #expect(Self.derive(Self.column(4)) == [Self.equal(4, .boolean(true))])
        #expect(Self.derive(Self.call("not", Self.column(4))) == [Self.equal(4, .boolean(false))])
        func like(_ pattern: String) -> [ColumnPredicate] {
            Self.derive(Self.call("like", Self.column(1), Self.literal(.string(pattern), .string)))
        }
        #expect(
            like("ab%c") == [
                .range(column: 1, lower: Self.bound(.string("ab")), upper: Self.bound(.string("ac"), false))
            ])
        #expect(
            like("a\u{10FFFF}_")
                == [
                    .range(
                        column: 1, lower: Self.bound(.string("a\u{10FFFF}")), upper: Self.bound(.string("b"), false))
                ])
        #expect(like("%a") == [])
    }

    @Test func charsArePadded() {
        let text = Expression.cast(Self.column(6), to: .string)
        #expect(
            Self.derive(Self.call("=", text, Self.literal(.string("ab"), .string)))
                == [Self.equal(6, .string("ab   "))])
        #expect(
            Self.derive(
                Self.call("in", text, Self.literal(.string("ab"), .string), Self.literal(.string("abcdef"), .string)))
                == [.oneOf(column: 6, values: [.string("ab   ")])])
        #expect(Self.derive(Self.call("<", text, Self.literal(.string("ab"), .string))) == [])
    }
}
