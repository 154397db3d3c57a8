import HoneyCore
import HoneyPlan

/// Derives what storage may skip by from a scan's conditions.
///
/// A predicate passes every row that its condition passes, perhaps more: the condition is still applied to each row. Its
/// values are of the column's own type.
enum ScanPredicates {
    static func derive(_ scan: Scan) -> [ColumnPredicate] {
        var derivation = PredicateDerivation()
        for column in scan.columns {
            if case .table(let index) = column.source { derivation.positions[column.reference.id] = index }
        }
        return scan.filters.flatMap(\.conjuncts).compactMap { derivation.predicate($0) }
    }

    /// Derives what buckets may be left out by, from conditions such as TABLESAMPLE's.
    static func deriveBuckets(_ scan: Scan) -> [BucketPredicate] {
        var positions: [ColumnID: Int] = [:]
        for column in scan.columns {
            if case .table(let index) = column.source { positions[column.reference.id] = index }
        }
        return scan.filters.flatMap(\.conjuncts).compactMap { bucketPredicate($0, positions) }
    }

    /// `((hash(a, b) & 2147483647) % count) = remainder`, either way round.
    private static func bucketPredicate(_ condition: Expression, _ positions: [ColumnID: Int]) -> BucketPredicate? {
        guard case .call(let equality) = condition, equality.function == Expression.Operator.equal,
            let (divided, remainder) = operands(of: equality),
            case .call(let modulo) = divided, modulo.function == "%", modulo.arguments.count == 2,
            let count = number(modulo.arguments[1]), count > 0, (0..<count).contains(remainder),
            case .call(let masking) = modulo.arguments[0], masking.function == "&",
            let (hashed, mask) = operands(of: masking), mask == Int(Int32.max), case .call(let hash) = hashed
        else { return nil }
        let versions: [String: BucketHash.Version] = ["hash": .java, "murmur_hash": .murmur]
        let columns = hash.arguments.compactMap { argument in
            if case .column(let reference) = argument { positions[reference.id] } else { nil }
        }
        guard let version = versions[hash.function], columns.count == hash.arguments.count else { return nil }
        return BucketPredicate(columns: columns, version: version, remainder: remainder, count: count)
    }

    /// A number and the other one of a call's two operands.
    private static func operands(of call: Call) -> (other: Expression, number: Int)? {
        guard call.arguments.count == 2 else { return nil }
        if let number = number(call.arguments[1]) { return (call.arguments[0], number) }
        return number(call.arguments[0]).map { (call.arguments[1], $0) }
    }

    private static func number(_ expression: Expression) -> Int? {
        if case .literal(.integer(let number), _) = expression { Int(number) } else { nil }
    }
}

/// Finds the predicate of single conditions.
private struct PredicateDerivation {
    private typealias Operator = Expression.Operator

    var positions: [ColumnID: Int] = [:]
    /// Values of a list that came about from alternatives.
    private static let mostValues = 1000

    func predicate(_ condition: Expression) -> ColumnPredicate? {
        if let column = column(condition), condition.type == .boolean { return equal(column, .boolean(true)) }
        guard case .call(let call) = condition else { return nil }
        let arguments = call.arguments
        switch (call.function, arguments.count) {
        case (Operator.isNull, 1): return column(arguments[0]).map { .isNull(column: $0) }
        case (Operator.isNotNull, 1): return column(arguments[0]).map { .isNotNull(column: $0) }
        case (Operator.not, 1):
            return arguments[0].type == .boolean ? column(arguments[0]).map { equal($0, .boolean(false)) } : nil
        case (Operator.isIn, 2...): return membership(arguments[0], Array(arguments.dropFirst()))
        case (Operator.or, 2...): return alternatives(arguments)
        case (Operator.like, 2): return prefix(arguments[0], arguments[1])
        case (Operator.identical, 2): return comparison(Operator.equal, arguments[0], arguments[1])
        case (_, 2): return comparison(call.function, arguments[0], arguments[1])
        default: return nil
        }
    }

    private func column(_ expression: Expression) -> Int? {
        if case .column(let reference) = expression { positions[reference.id] } else { nil }
    }

    private func equal(_ column: Int, _ value: Value) -> ColumnPredicate {
        let bound = ColumnPredicate.Bound(value, isInclusive: true)
        return .range(column: column, lower: bound, upper: bound)
    }

    // MARK: Comparisons

    private static let mirror = ["=": "=", "<": ">", "<=": ">=", ">": "<", ">=": "<="]

    private func comparison(_ sign: String, _ left: Expression, _ right: Expression) -> ColumnPredicate? {
        guard let mirrored = Self.mirror[sign] else { return nil }
        for (tested, other, sign) in [(left, right, sign), (right, left, mirrored)] {
            guard case .literal(let value, let type) = other, !value.isNull else { continue }
            if let column = column(tested), tested.type == type { return range(column, sign, value, value) }
            guard case .cast(let operand, type) = tested, let column = column(operand) else { continue }
            if let padded = Self.padded(value, operand.type), sign == "=" { return equal(column, padded) }
            if let near = Self.neighbours(of: value, type, in: operand.type) {
                return range(column, sign, near.below, near.above, isExact: false)
            }
        }
        return nil
    }

    private func range(
        _ column: Int, _ sign: String, _ below: Value, _ above: Value, isExact: Bool = true
    ) -> ColumnPredicate {
        func bound(_ value: Value, _ isInclusive: Bool = true) -> ColumnPredicate.Bound {
            ColumnPredicate.Bound(value, isInclusive: isInclusive || !isExact)
        }
        switch sign {
        case "<": return .range(column: column, lower: nil, upper: bound(above, false))
        case "<=": return .range(column: column, lower: nil, upper: bound(above))
        case ">": return .range(column: column, lower: bound(below, false), upper: nil)
        case ">=": return .range(column: column, lower: bound(below), upper: nil)
        default: return .range(column: column, lower: bound(below), upper: bound(above))
        }
    }

    /// A text as a char column has it; nil when no char of the type equals it.
    private static func padded(_ value: Value, _ type: DataType) -> Value? {
        guard case .char(let length) = type, case .string(let text) = value, text.unicodeScalars.last != " " else {
            return nil
        }
        let missing = length - text.unicodeScalars.count
        return missing < 0 ? nil : .string(text + String(repeating: " ", count: missing))
    }

    /// Values of a column's type that enclose a double with which it is compared as one.
    ///
    /// A long or a decimal may have been rounded to become a double. Below 2^52 that moves it by less than one of its units.
    private static func neighbours(
        of value: Value, _ type: DataType, in narrow: DataType
    ) -> (below: Value, above: Value)? {
        guard type == .double, case .real(let number) = value else { return nil }
        switch narrow {
        case .bigint:
            guard abs(number) < 0x1p52 else { return nil }
            return (
                .integer(Int64(number.rounded(.down))), .integer(Int64(number.rounded(.up)))
            )
        case .decimal(let precision, let scale):
            var scaled = number
            for _ in 0..<scale { scaled *= 10 }
            guard abs(scaled) < 0x1p51 else { return nil }
            let below = Int128(scaled.rounded(.down)) - 1
            let above = Int128(scaled.rounded(.up)) + 1
            let fits = DecimalMath.fits(below, precision: precision) && DecimalMath.fits(above, precision: precision)
            return fits ? (.decimal(below), .decimal(above)) : nil
        default: return nil
        }
    }

    // MARK: Lists

    private func membership(_ tested: Expression, _ candidates: [Expression]) -> ColumnPredicate? {
        var values: [Value] = []
        var source = tested
        if case .cast(let operand, .string) = tested { source = operand }
        guard let column = column(source) else { return nil }
        for candidate in candidates {
            guard case .literal(let value, tested.type) = candidate else { return nil }
            // No value equals null.
            if value.isNull { continue }
            if source == tested {
                values.append(value)
            } else if case .char = source.type, case .string(let text) = value {
                if let padded = Self.padded(value, source.type) {
                    values.append(padded)
                } else if text.unicodeScalars.last == " " {
                    return nil
                }
            } else {
                return nil
            }
        }
        return values.isEmpty ? nil : .oneOf(column: column, values: values)
    }

    /// Joins alternatives that all give values of one column.
    private func alternatives(_ conditions: [Expression]) -> ColumnPredicate? {
        var found: (column: Int, values: [Value])?
        for condition in conditions {
            guard let predicate = predicate(condition), let values = points(predicate) else { return nil }
            guard found == nil || found?.column == predicate.column else { return nil }
            found = (predicate.column, (found?.values ?? []) + values.filter { found?.values.contains($0) != true })
            guard let count = found?.values.count, count <= Self.mostValues else { return nil }
        }
        return found.map { .oneOf(column: $0.column, values: $0.values) }
    }

    private func points(_ predicate: ColumnPredicate) -> [Value]? {
        switch predicate {
        case .oneOf(_, let values): values
        case .range(_, let lower?, let upper?) where lower == upper && lower.isInclusive: [lower.value]
        default: nil
        }
    }

    // MARK: Prefixes

    /// `LIKE 'abc%…'` passes texts from `abc` up to but without `abd`.
    private func prefix(_ tested: Expression, _ pattern: Expression) -> ColumnPredicate? {
        var source = tested
        if case .cast(let operand, .string) = tested, case .varchar = operand.type { source = operand }
        guard let column = column(source), case .literal(.string(let text), _) = pattern else { return nil }
        switch source.type {
        case .string, .varchar: break
        default: return nil
        }
        let literal = String(text.unicodeScalars.prefix { $0 != "%" && $0 != "_" && $0 != "\\" })
        guard !literal.isEmpty else { return nil }
        return .range(
            column: column, lower: ColumnPredicate.Bound(.string(literal), isInclusive: true),
            upper: Self.successor(of: literal).map { ColumnPredicate.Bound(.string($0), isInclusive: false) })
    }

    /// The least text above all that begin with this one; nil when there is none.
    private static func successor(of text: String) -> String? {
        var scalars = Array(text.unicodeScalars)
        while let last = scalars.popLast() {
            // Surrogates are no scalars: what follows U+D7FF is U+E000.
            let next = last.value == 0xD7FF ? 0xE000 : last.value + 1
            guard let scalar = Unicode.Scalar(next) else { continue }
            return String(String.UnicodeScalarView(scalars + [scalar]))
        }
        return nil
    }
}
