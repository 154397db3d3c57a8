import HoneyCore
import HoneyPlan

extension LogicalPlan {
    /// A copy in which every column that the plan itself makes is new; columns of outer queries stay.
    ///
    /// Two copies of a plan may then stand in one query without their columns being taken for each other.
    func renumbered(in context: OptimizationContext) -> (plan: LogicalPlan, columns: [ColumnID: ColumnReference]) {
        var columns: [ColumnID: ColumnReference] = [:]
        for column in producedColumns where columns[column.id] == nil {
            columns[column.id] = context.newColumn(column.name, column.type)
        }
        let plan = mapColumns { reference in
            guard let new = columns[reference.id] else { return reference }
            return ColumnReference(id: new.id, name: reference.name, type: reference.type)
        }
        return (plan, columns)
    }

    /// Columns that the tree's nodes make, inner and outer; those inside expressions' subqueries aside.
    private var producedColumns: [ColumnReference] {
        var result = children.flatMap(\.producedColumns)
        switch self {
        case .scan, .values, .project, .aggregate, .union, .write: result += output
        case .join(let join): if case .mark(let column) = join.kind { result.append(column) }
        case .filter, .sort, .limit: break
        }
        return result
    }

    /// The same plan with each column, where it is made and where it is used, replaced; subqueries included.
    func mapColumns(_ transform: (ColumnReference) -> ColumnReference) -> LogicalPlan {
        let inner = mapChildren { $0.mapColumns(transform) }
            .mapExpressions { $0.mapColumns(transform) }
        switch inner {
        case .scan(var scan):
            for index in scan.columns.indices {
                scan.columns[index].reference = transform(scan.columns[index].reference)
            }
            return .scan(scan)
        case .values(var values):
            values.columns = values.columns.map(transform)
            return .values(values)
        case .project(var project):
            for index in project.outputs.indices {
                project.outputs[index].id = transform(project.outputs[index].reference).id
            }
            return .project(project)
        case .aggregate(var aggregate):
            for index in aggregate.groups.indices {
                aggregate.groups[index].id = transform(aggregate.groups[index].reference).id
            }
            for index in aggregate.aggregates.indices {
                aggregate.aggregates[index].id = transform(aggregate.aggregates[index].reference).id
            }
            aggregate.groupingID = aggregate.groupingID.map(transform)
            return .aggregate(aggregate)
        case .join(var join):
            if case .mark(let column) = join.kind { join.kind = .mark(transform(column)) }
            return .join(join)
        case .union(var union):
            union.columns = union.columns.map(transform)
            return .union(union)
        case .write(var write):
            write.columns = write.columns.map(transform)
            return .write(write)
        case .filter, .sort, .limit: return inner
        }
    }
}

extension Expression {
    /// The same expression with each column replaced, those in subqueries included.
    fileprivate func mapColumns(_ transform: (ColumnReference) -> ColumnReference) -> Expression {
        rewritten { node in
            switch node {
            case .column(let reference): return .column(transform(reference))
            case .subquery(var subquery):
                subquery.plan = subquery.plan.mapColumns(transform)
                return .subquery(subquery)
            default: return node
            }
        }
    }
}
