import HoneyCore
import HoneyPlan

extension Expression {
    /// Replaces parts, the largest first, in subqueries too.
    func replacing(_ replacement: (Expression) -> Expression?) -> Expression {
        if let new = replacement(self) { return new }
        let result = mapChildren { $0.replacing(replacement) }
        guard case .subquery(var subquery) = result else { return result }
        subquery.plan = subquery.plan.replacing(replacement)
        return .subquery(subquery)
    }

    /// The name of a column that the expression uses, for messages.
    func name(of column: ColumnID) -> String? {
        var found: String?
        visitColumns { if $0.id == column { found = $0.name } }
        return found
    }

    /// Calls for every reference, in subqueries too.
    func visitColumns(_ visit: (ColumnReference) -> Void) {
        switch self {
        case .column(let reference): visit(reference)
        case .subquery(let subquery): subquery.plan.visitColumns(visit)
        default: break
        }
        for child in children { child.visitColumns(visit) }
    }

    var containsSubquery: Bool {
        if case .subquery = self { return true }
        return children.contains(where: \.containsSubquery)
    }
}

extension LogicalPlan {
    func replacing(_ replacement: (Expression) -> Expression?) -> LogicalPlan {
        mapChildren { $0.replacing(replacement) }.mapExpressions { $0.replacing(replacement) }
    }

    /// Calls for every reference in the tree's expressions.
    func visitColumns(_ visit: (ColumnReference) -> Void) {
        for expression in expressions { expression.visitColumns(visit) }
        for child in children { child.visitColumns(visit) }
    }
}

/// The columns every table has beside its own: scans make them at first and lose those that nothing names.
enum VirtualColumns {
    static let all: [(name: String, type: DataType, source: ScanColumn.Source)] = [
        ("INPUT__FILE__NAME", .string, .fileName), ("BLOCK__OFFSET__INSIDE__FILE", .bigint, .blockOffset),
    ]

    static func dropUnused(in plan: LogicalPlan) -> LogicalPlan {
        var used: Set<ColumnID> = []
        plan.visitColumns { used.insert($0.id) }
        return plan.trimmed(to: used)
    }
}

extension LogicalPlan {
    fileprivate func trimmed(to used: Set<ColumnID>) -> LogicalPlan {
        if case .scan(var scan) = self {
            scan.columns.removeAll {
                if case .table = $0.source { return false }
                return !used.contains($0.reference.id)
            }
            return .scan(scan)
        }
        return mapChildren { $0.trimmed(to: used) }.mapExpressions { $0.trimmed(to: used) }
    }
}

extension Expression {
    fileprivate func trimmed(to used: Set<ColumnID>) -> Expression {
        let result = mapChildren { $0.trimmed(to: used) }
        guard case .subquery(var subquery) = result else { return result }
        subquery.plan = subquery.plan.trimmed(to: used)
        return .subquery(subquery)
    }
}
