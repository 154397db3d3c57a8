import HoneyCore
import HoneyPlan

/// A select's sort keys over its output, and the hidden columns they need beside it.
struct OrderedOutput {
    var keys: [Sort.Key] = []
    /// Columns that only the order needs.
    private(set) var hidden: [NamedExpression] = []
    private let session: BindingSession
    private let isDistinct: Bool

    init(
        _ select: SelectBinder, _ outputs: [NamedExpression], _ scope: Scope, _ aggregation: Aggregation?,
        _ tail: QueryTail, isDistinct: Bool
    ) throws {
        session = select.session
        self.isDistinct = isDistinct
        let binder = select.expressions(scope, tail.clause)
        binder.aggregation = aggregation
        binder.aliases = .first(OrderedOutput.aliases(outputs))
        for expression in tail.distribution { _ = try binder.bind(expression) }
        let byExpression = Dictionary(
            outputs.map { ($0.expression, $0.reference) }, uniquingKeysWith: { first, _ in first })
        let outer = OrderedOutput.columns(of: scope.parent)
        var hiddenByColumn: [ColumnID: ColumnReference] = [:]
        for item in tail.order {
            if let index = try select.query.position(item.expression, count: outputs.count, clause: tail.clause) {
                keys.append(select.query.key(item, .column(outputs[index].reference)))
                continue
            }
            let bound = try binder.bind(item.expression)
            let key = (try aggregation?.lowered(bound) ?? bound).replacing { part in
                if case .literal = part { return nil }
                return byExpression[part].map { .column($0) }
            }
            let made = Set(outputs.map(\.id)).union(outer).union(hiddenByColumn.values.map(\.id))
            let missing = key.referencedColumns.subtracting(made)
            if isDistinct, let column = missing.min(by: { $0.number < $1.number }) {
                throw HoneyError.semantic(
                    "NOT_IN_SELECT_LIST",
                    "\(tail.clause) column is not in the list of SELECT DISTINCT: \(key.name(of: column) ?? "")",
                    at: item.expression.position)
            }
            key.visitColumns { column in
                if missing.contains(column.id), hiddenByColumn[column.id] == nil {
                    let output = session.makeOutput(column.name, .column(column))
                    hidden.append(output)
                    hiddenByColumn[column.id] = output.reference
                }
            }
            let final = key.replacing { part in
                if case .column(let column) = part { return hiddenByColumn[column.id].map { .column($0) } }
                return nil
            }
            keys.append(select.query.key(item, final))
        }
    }

    /// The output columns by name; a name that several different ones have is left to the input's columns.
    private static func aliases(_ outputs: [NamedExpression]) -> [String: Expression] {
        var result: [String: Expression] = [:]
        for (name, group) in Dictionary(grouping: outputs, by: \.name) {
            if Set(group.map(\.expression)).count == 1 { result[name] = .column(group[0].reference) }
        }
        return result
    }

    private static func columns(of scope: Scope?) -> Set<ColumnID> {
        var result: Set<ColumnID> = []
        var next = scope
        while let current = next {
            result.formUnion(current.columnIDs)
            next = current.parent
        }
        return result
    }

    /// Adds DISTINCT, the order and the limit, and drops the hidden columns.
    func finish(_ input: LogicalPlan, _ outputs: [NamedExpression], _ tail: QueryTail) -> LogicalPlan {
        var plan = input
        var keys = keys
        if isDistinct {
            let groups = outputs.map { session.makeOutput($0.name, .column($0.reference)) }
            plan = .aggregate(Aggregate(input: plan, groups: groups, aggregates: []))
            let references = Dictionary(uniqueKeysWithValues: zip(outputs.map(\.id), groups.map(\.reference)))
            for index in keys.indices {
                keys[index].expression = keys[index].expression.replacing { part in
                    if case .column(let column) = part { return references[column.id].map { .column($0) } }
                    return nil
                }
            }
        }
        if !keys.isEmpty { plan = .sort(Sort(input: plan, keys: keys)) }
        plan = tail.limited(plan)
        if hidden.isEmpty { return plan }
        return .project(
            Project(input: plan, outputs: outputs.map { session.makeOutput($0.name, .column($0.reference)) }))
    }
}
