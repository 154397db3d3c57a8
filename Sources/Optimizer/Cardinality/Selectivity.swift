import HoneyCore
import HoneyPlan

/// Estimates which fraction of rows a condition keeps.
struct Selectivity {
    let columns: [ColumnID: ColumnProfile]

    /// Conditions are taken to be independent, but for the two ends of a range.
    func of(_ conditions: [Expression]) -> Double {
        var result = 1.0
        var ranges: [ColumnID: [Comparison]] = [:]
        for condition in conditions {
            if let comparison = Comparison(condition), comparison.isRange,
                let column = comparison.left.columnReference, comparison.right.literalValue != nil
            {
                ranges[column.id, default: []].append(comparison)
            } else {
                result *= of(condition)
            }
        }
        for (id, comparisons) in ranges { result *= range(comparisons, columns[id]) }
        return max(result, 1e-9)
    }

    func of(_ condition: Expression) -> Double {
        typealias Operator = Expression.Operator
        guard case .call(let call) = condition else {
            return condition.isTrueLiteral ? 1 : condition.isNeverTrue ? 0 : 0.5
        }
        let column = call.arguments.first?.columnReference.flatMap { columns[$0.id] }
        switch call.function {
        case Operator.and: return of(call.arguments.flatMap(\.conjuncts))
        case Operator.or: return 1 - call.arguments.reduce(1) { $0 * (1 - of($1)) }
        case Operator.not: return 1 - min(of(call.arguments[0]), 0.95)
        case Operator.isNull: return 0.05
        case Operator.isNotNull: return 0.95
        case Operator.isIn:
            let one = column?.equalFraction ?? 0.05
            return min(0.6, one * Double(call.arguments.count - 1))
        case Operator.like, "rlike": return like(call)
        default: return Comparison(condition).map { comparison($0) } ?? 0.5
        }
    }

    /// A pattern that begins with text keeps fewer rows.
    private func like(_ call: Call) -> Double {
        guard call.arguments.count > 1, case .string(let pattern)? = call.arguments[1].literalValue else { return 0.1 }
        return pattern.hasPrefix("%") ? 0.06 : 0.02
    }

    private func comparison(_ comparison: Comparison) -> Double {
        typealias Operator = Expression.Operator
        let left = comparison.left.columnReference.flatMap { columns[$0.id] }
        let right = comparison.right.columnReference.flatMap { columns[$0.id] }
        switch comparison.function {
        case Operator.equal, Operator.identical:
            if let left, let right { return 1 / ColumnProfile.domain([left, right]) }
            return (left ?? right)?.equalFraction ?? 0.05
        case Operator.notEqual: return 0.95
        default:
            if comparison.right.literalValue != nil { return range([comparison], left) }
            return 0.4
        }
    }

    /// Interpolates between minimum and maximum where both are known.
    private func range(_ comparisons: [Comparison], _ profile: ColumnProfile?) -> Double {
        guard let profile, let minimum = profile.minimum, let maximum = profile.maximum, maximum > minimum else {
            return comparisons.count > 1 ? 0.1 : 0.35
        }
        var (low, high) = (minimum, maximum)
        for comparison in comparisons {
            guard let bound = comparison.right.literalValue?.position(in: comparison.right.type) else { return 0.3 }
            if comparison.isUpperBound { high = Swift.min(high, bound) } else { low = Swift.max(low, bound) }
        }
        return Swift.min(1, Swift.max(0.0001, (high - low) / (maximum - minimum)))
    }
}

extension Comparison {
    var isUpperBound: Bool { function == Operator.less || function == Operator.lessOrEqual }
    var isRange: Bool { isUpperBound || function == Operator.greater || function == Operator.greaterOrEqual }
}
