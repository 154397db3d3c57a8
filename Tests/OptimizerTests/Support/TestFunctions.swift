import HoneyCore
import HoneyPlan

/// A function of values, one row at a time; slow and plain.
struct ValueFunction: ScalarFunction {
    var name: String
    var isDeterministic = true
    var body: @Sendable (_ arguments: [Value], _ types: [DataType], _ result: DataType) -> Value

    var documentation: FunctionDocumentation {
        FunctionDocumentation(.miscellaneous, usage: name, summary: name, example: ("select 1", "1"))
    }

    func resolve(_ arguments: [Argument]) throws -> Signature { throw HoneyError.unexpected("plans are bound by hand") }

    func makeKernel(for site: CallSite) throws -> Kernel {
        let types = site.arguments.map(\.type)
        return { columns, count in
            Column.of(
                site.result, (0..<count).map { row in body(columns.map { $0.value(at: row) }, types, site.result) })
        }
    }
}

enum TestFunctions {
    static let catalog = FunctionCatalog(scalars: all)

    private static let all: [any ScalarFunction] =
        [
            comparison("=") { $0 == 0 }, comparison("<>") { $0 != 0 }, comparison("<") { $0 < 0 },
            comparison("<=") { $0 <= 0 }, comparison(">") { $0 > 0 }, comparison(">=") { $0 >= 0 },
            arithmetic("+") { $0 &+ $1 }, arithmetic("-") { $0 &- $1 }, arithmetic("*") { $0 &* $1 },
        ]
        + [
            ValueFunction(name: "<=>") { a, _, _ in .boolean(a[0] == a[1]) },
            ValueFunction(name: "and") { a, _, _ in
                a.contains(.boolean(false)) ? .boolean(false) : a.contains(.null) ? .null : .boolean(true)
            },
            ValueFunction(name: "or") { a, _, _ in
                a.contains(.boolean(true)) ? .boolean(true) : a.contains(.null) ? .null : .boolean(false)
            },
            ValueFunction(name: "not") { a, _, _ in a[0] == .null ? .null : .boolean(a[0] == .boolean(false)) },
            ValueFunction(name: "isnull") { a, _, _ in .boolean(a[0] == .null) },
            ValueFunction(name: "isnotnull") { a, _, _ in .boolean(a[0] != .null) },
            ValueFunction(name: "coalesce") { a, _, _ in a.first { $0 != .null } ?? .null },
            ValueFunction(name: "case") { a, _, _ in
                var rest = a[...]
                while rest.count >= 2 {
                    if rest.removeFirst() == .boolean(true) { return rest.removeFirst() }
                    rest.removeFirst()
                }
                return rest.first ?? .null
            },
            ValueFunction(name: "in") { a, _, _ in
                if a[0] == .null { return .null }
                return a.dropFirst().contains(a[0]) ? .boolean(true) : a.contains(.null) ? .null : .boolean(false)
            },
            ValueFunction(name: "like") { a, _, _ in
                guard case .string(let text) = a[0], case .string(let pattern) = a[1] else { return .null }
                return .boolean(text.hasPrefix(pattern.prefix { $0 != "%" }))
            },
            ValueFunction(name: "cast") { a, types, result in cast(a[0], types[0], result) },
            ValueFunction(name: "random", isDeterministic: false) { _, _, _ in .integer(4) },
        ]

    private static func comparison(_ name: String, _ test: @escaping @Sendable (Int) -> Bool) -> ValueFunction {
        ValueFunction(name: name) { a, _, _ in
            a.contains(.null) ? .null : .boolean(test(order(a[0], a[1])))
        }
    }

    private static func arithmetic(_ name: String, _ body: @escaping @Sendable (Int64, Int64) -> Int64) -> ValueFunction
    {
        ValueFunction(name: name) { a, _, _ in
            guard case .integer(let x) = a[0], case .integer(let y) = a[1] else { return .null }
            return .integer(body(x, y))
        }
    }

    static func order(_ a: Value, _ b: Value) -> Int {
        func compare<T: Comparable>(_ x: T, _ y: T) -> Int { x < y ? -1 : x > y ? 1 : 0 }
        switch (a, b) {
        case (.null, .null): return 0
        case (.null, _): return -1
        case (_, .null): return 1
        case (.integer(let x), .integer(let y)): return compare(x, y)
        case (.decimal(let x), .decimal(let y)): return compare(x, y)
        case (.real(let x), .real(let y)): return compare(x, y)
        case (.date(let x), .date(let y)): return compare(x, y)
        case (.string(let x), .string(let y)): return compare(x, y)
        case (.boolean(let x), .boolean(let y)): return compare(x ? 1 : 0, y ? 1 : 0)
        default: return compare("\(a)", "\(b)")
        }
    }

    /// Integers, decimals and their texts.
    static func cast(_ value: Value, _ from: DataType, _ to: DataType) -> Value {
        func power(_ n: Int) -> Int128 { (0..<n).reduce(1) { p, _ in p * 10 } }
        switch (value, to) {
        case (.null, _): return .null
        case (.integer(let x), _) where to.isInteger:
            let limits: [DataType: Int64] = [.tinyint: 127, .smallint: 32767, .int: 2_147_483_647]
            return limits[to].map { x > $0 || x < -$0 - 1 ? .null : .integer(x) } ?? .integer(x)
        case (.integer(let x), .decimal(let precision, let scale)):
            let scaled = Int128(x) * power(scale)
            return abs(scaled) < power(precision) ? .decimal(scaled) : .null
        case (.decimal(let x), .decimal(let precision, let scale)):
            guard case .decimal(_, let old) = from else { return .null }
            if scale >= old {
                return abs(x * power(scale - old)) < power(precision) ? .decimal(x * power(scale - old)) : .null
            }
            let divisor = power(old - scale)
            let rounded = (x + (x < 0 ? -divisor : divisor) / 2) / divisor
            return abs(rounded) < power(precision) ? .decimal(rounded) : .null
        case (.decimal(let x), _) where to.isInteger:
            guard case .decimal(_, let old) = from else { return .null }
            return .integer(Int64(x / power(old)))
        case (.string(let text), .date): return Int32(text).map { .date($0) } ?? .null
        case (.date(let days), .string): return .string("\(days)")
        case (.string(let text), _) where to.isInteger: return Int64(text).map { .integer($0) } ?? .null
        case (.integer(let x), .string): return .string("\(x)")
        default: return from == to ? value : .null
        }
    }
}
