public import HoneyCore

extension LogicalPlan {
    /// The columns the node produces, in order.
    public var output: [ColumnReference] {
        switch self {
        case .scan(let scan): scan.columns.map(\.reference)
        case .values(let values): values.columns
        case .filter(let filter): filter.input.output
        case .project(let project): project.outputs.map(\.reference)
        case .aggregate(let aggregate):
            aggregate.groups.map(\.reference) + aggregate.aggregates.map(\.reference)
                + (aggregate.groupingID.map { [$0] } ?? [])
        case .join(let join): join.output
        case .sort(let sort): sort.input.output
        case .limit(let limit): limit.input.output
        case .union(let union): union.columns
        case .write(let write): write.columns
        }
    }

    public var schema: Schema { Schema(output.map { Field($0.name, $0.type) }) }

    public var children: [LogicalPlan] {
        switch self {
        case .scan, .values: []
        case .filter(let filter): [filter.input]
        case .project(let project): [project.input]
        case .aggregate(let aggregate): [aggregate.input]
        case .join(let join): [join.left, join.right]
        case .sort(let sort): [sort.input]
        case .limit(let limit): [limit.input]
        case .union(let union): union.inputs
        case .write(let write): [write.input]
        }
    }

    /// The same node over other children.
    public func mapChildren(_ transform: (LogicalPlan) throws -> LogicalPlan) rethrows -> LogicalPlan {
        switch self {
        case .scan, .values: return self
        case .filter(var node):
            node.input = try transform(node.input)
            return .filter(node)
        case .project(var node):
            node.input = try transform(node.input)
            return .project(node)
        case .aggregate(var node):
            node.input = try transform(node.input)
            return .aggregate(node)
        case .join(var node):
            node.left = try transform(node.left)
            node.right = try transform(node.right)
            return .join(node)
        case .sort(var node):
            node.input = try transform(node.input)
            return .sort(node)
        case .limit(var node):
            node.input = try transform(node.input)
            return .limit(node)
        case .union(var node):
            node.inputs = try node.inputs.map(transform)
            return .union(node)
        case .write(var node):
            node.input = try transform(node.input)
            return .write(node)
        }
    }

    /// The expressions of the node itself.
    public var expressions: [Expression] {
        switch self {
        case .scan(let scan): scan.filters
        case .values(let values): values.rows.flatMap { $0 }
        case .filter(let filter): [filter.predicate]
        case .project(let project): project.outputs.map(\.expression)
        case .aggregate(let aggregate):
            aggregate.groups.map(\.expression) + aggregate.aggregates.flatMap(\.call.arguments)
        case .join(let join): join.condition.map { [$0] } ?? []
        case .sort(let sort): sort.keys.map(\.expression)
        case .limit, .union, .write: []
        }
    }

    /// The same node with each of its own expressions rewritten.
    public func mapExpressions(_ transform: (Expression) throws -> Expression) rethrows -> LogicalPlan {
        switch self {
        case .scan(var node):
            node.filters = try node.filters.map(transform)
            return .scan(node)
        case .values(var node):
            node.rows = try node.rows.map { try $0.map(transform) }
            return .values(node)
        case .filter(var node):
            node.predicate = try transform(node.predicate)
            return .filter(node)
        case .project(var node):
            for index in node.outputs.indices {
                node.outputs[index].expression = try transform(node.outputs[index].expression)
            }
            return .project(node)
        case .aggregate(var node):
            for index in node.groups.indices {
                node.groups[index].expression = try transform(node.groups[index].expression)
            }
            for index in node.aggregates.indices {
                node.aggregates[index].call.arguments = try node.aggregates[index].call.arguments.map(transform)
            }
            return .aggregate(node)
        case .join(var node):
            node.condition = try node.condition.map(transform)
            return .join(node)
        case .sort(var node):
            for index in node.keys.indices { node.keys[index].expression = try transform(node.keys[index].expression) }
            return .sort(node)
        case .limit, .union, .write: return self
        }
    }

    /// Columns that the tree refers to and nothing below produces: those of an outer query.
    public var outerColumns: Set<ColumnID> {
        var used: Set<ColumnID> = []
        var available: Set<ColumnID> = []
        if case .scan(let scan) = self { available = Set(scan.columns.map(\.reference.id)) }
        for child in children {
            used.formUnion(child.outerColumns)
            available.formUnion(child.output.map(\.id))
        }
        for expression in expressions { used.formUnion(expression.referencedColumns.subtracting(available)) }
        return used
    }
}

extension Join {
    /// The columns the join produces: left, right unless the kind keeps the left side only, and a mark.
    public var output: [ColumnReference] {
        switch kind {
        case .inner, .left, .right, .full, .single: left.output + right.output
        case .semi, .anti, .nullAwareAnti: left.output
        case .mark(let column): left.output + [column]
        }
    }
}
