import HoneyCore
import HoneyPlan

extension LogicalPlan {
    /// Rewrites from the leaves up.
    func rewritten(_ transform: (LogicalPlan) throws -> LogicalPlan) rethrows -> LogicalPlan {
        try transform(mapChildren { try $0.rewritten(transform) })
    }

    var outputIDs: Set<ColumnID> { Set(output.map(\.id)) }

    /// The same rows where all conditions hold; conditions already there are not repeated.
    func filtered(by conditions: [Expression]) -> LogicalPlan {
        guard !conditions.isEmpty else { return self }
        if case .filter(let filter) = self { return filter.input.filtered(by: filter.predicate.conjuncts + conditions) }
        return .filter(Filter(input: self, predicate: Expression.conjunction(conditions.withoutDuplicates)!))
    }

    /// The same rows with just these of their columns, in this order.
    func projected(to columns: [ColumnReference]) -> LogicalPlan {
        .project(
            Project(input: self, outputs: columns.map { NamedExpression(id: $0.id, name: $0.name, .column($0)) }))
    }

    /// The same rows with columns of these identities and names; itself when they are so already.
    func restoring(_ columns: [ColumnReference]) -> LogicalPlan {
        let isSame =
            output.count == columns.count && zip(output, columns).allSatisfy { $0.id == $1.id && $0.name == $1.name }
        return isSame ? self : projected(to: columns)
    }

    /// The same rows with columns of these identities; names may differ.
    func arranged(as columns: [ColumnReference]) -> LogicalPlan {
        output == columns ? self : projected(to: columns)
    }

    /// A relation of these columns and no rows.
    static func empty(_ columns: [ColumnReference]) -> LogicalPlan { .values(Values(columns: columns, rows: [])) }

    var isEmptyRelation: Bool { if case .values(let values) = self { values.rows.isEmpty } else { false } }

    var containsSubquery: Bool {
        expressions.contains(where: \.containsSubquery) || children.contains(where: \.containsSubquery)
    }

    /// The largest number among the identities of all columns, those in subqueries included.
    var largestColumnNumber: Int {
        var largest = 0
        _ = mapColumns { reference in
            largest = max(largest, reference.id.number)
            return reference
        }
        return largest
    }

    /// Tells that the plan gives exactly one row.
    var isOneRow: Bool {
        switch self {
        case .aggregate(let aggregate): aggregate.groups.isEmpty && aggregate.groupingSets == nil
        case .values(let values): values.rows.count == 1
        case .project(let project): project.input.isOneRow
        case .sort(let sort): (sort.limit ?? 1) > 0 && sort.input.isOneRow
        case .limit(let limit): limit.offset == 0 && (limit.count ?? 1) > 0 && limit.input.isOneRow
        case .join(let join):
            switch join.kind {
            case .inner: join.condition == nil && join.left.isOneRow && join.right.isOneRow
            case .single, .mark: join.left.isOneRow
            case .left: join.left.isOneRow && join.right.isAtMostOneRow
            default: false
            }
        default: false
        }
    }

    /// Tells that the plan gives one row or none.
    var isAtMostOneRow: Bool {
        if isOneRow { return true }
        switch self {
        case .values(let values): return values.rows.count <= 1
        case .filter(let filter): return filter.input.isAtMostOneRow
        case .project(let project): return project.input.isAtMostOneRow
        case .sort(let sort): return (sort.limit ?? 2) <= 1 || sort.input.isAtMostOneRow
        case .limit(let limit): return (limit.count ?? 2) <= 1 || limit.input.isAtMostOneRow
        default: return false
        }
    }
}

extension Array where Element: Hashable {
    /// The elements, each at its first place only.
    var withoutDuplicates: [Element] {
        var seen: Set<Element> = []
        return filter { seen.insert($0).inserted }
    }
}
