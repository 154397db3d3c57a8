import HoneyCore
import HoneyPlan

/// Classes of columns that conditions `a = b` make equal.
struct ColumnEquivalence {
    private(set) var classes: [[ColumnReference]] = []

    /// Takes the equalities of columns of one type among the conditions.
    init(_ conditions: [Expression] = []) {
        for condition in conditions { _ = insert(condition) }
    }

    /// Adds `a = b`; false when the condition is something else.
    mutating func insert(_ condition: Expression) -> Bool {
        guard let (left, right) = condition.equalitySides, let a = left.columnReference, let b = right.columnReference,
            a.type == b.type, a != b
        else { return false }
        let positions = classes.indices.filter { classes[$0].contains(a) || classes[$0].contains(b) }
        let merged = (positions.flatMap { classes[$0] } + [a, b]).withoutDuplicates
        for position in positions.reversed() { classes.remove(at: position) }
        classes.append(merged)
        return true
    }

    func others(of column: ColumnReference) -> [ColumnReference] {
        classes.first { $0.contains(column) }?.filter { $0 != column } ?? []
    }
}
