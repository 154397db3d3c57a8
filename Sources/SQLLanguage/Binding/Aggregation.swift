import HoneyCore
import HoneyPlan

/// Gathers the groups and aggregate calls of one select, and rewrites its expressions to use their results.
final class Aggregation {
    let groups: [NamedExpression]
    let groupingSets: [[Int]]?
    /// Bit `groups.count - 1 - i` is set where a grouping set leaves out group `i`, as Hive counts since 2.3.
    let groupingID: ColumnReference?
    private var aggregates: [NamedAggregate] = []
    private var references: [AggregateCall: ColumnReference] = [:]
    private let groupReferences: [Expression: ColumnReference]
    private let inputColumns: Set<ColumnID>
    private let session: BindingSession

    init(
        groups: [NamedExpression], groupingSets: [[Int]]?, inputColumns: Set<ColumnID>, session: BindingSession
    ) {
        self.groups = groups
        self.groupingSets = groupingSets
        self.inputColumns = inputColumns
        self.session = session
        groupingID = groupingSets == nil ? nil : session.makeColumn("grouping__id", .bigint)
        groupReferences = Dictionary(
            groups.map { ($0.expression, $0.reference) }, uniquingKeysWith: { first, _ in first })
    }

    /// Adds a call, once, and returns the column of its result.
    func add(_ call: AggregateCall, _ session: BindingSession) -> ColumnReference {
        if let known = references[call] { return known }
        let named = NamedAggregate(id: session.ids.make(), name: call.function, call)
        aggregates.append(named)
        references[call] = named.reference
        return named.reference
    }

    func isGroup(_ expression: Expression) -> Bool { groupReferences[expression] != nil }

    /// Rewrites an expression over the input to one over groups and aggregates; a column that is neither is an error.
    func lowered(_ expression: Expression) throws -> Expression {
        let result = expression.replacing { part in
            if case .literal = part { return nil }
            return groupReferences[part].map { .column($0) }
        }
        let loose = result.referencedColumns.intersection(inputColumns)
        guard let column = loose.min(by: { $0.number < $1.number }) else { return result }
        let name = result.name(of: column) ?? column.description
        throw HoneyError.semantic(
            "NOT_IN_GROUP_BY", "expression not in GROUP BY key: \(name)", at: session.lastUses[column])
    }

    func plan(over input: LogicalPlan) -> LogicalPlan {
        .aggregate(
            Aggregate(
                input: input, groups: groups, aggregates: aggregates, groupingSets: groupingSets,
                groupingID: groupingID))
    }
}

extension ExpressionBinder {
    func bindGroupingID(at position: SourcePosition) throws -> Expression? {
        guard let id = aggregation?.groupingID else {
            throw HoneyError.semantic(
                "NO_GROUPING_SETS", "grouping__id needs GROUPING SETS, ROLLUP or CUBE", at: position)
        }
        return .column(id)
    }

    /// Binds `grouping(a, …)`: a bit an argument, the last one lowest; 1 where the row's grouping set leaves it out.
    func bindGrouping(_ call: FunctionCallSyntax, at position: SourcePosition) throws -> Expression {
        guard let aggregation, let id = aggregation.groupingID, let sets = aggregation.groupingSets else {
            throw HoneyError.semantic("NO_GROUPING_SETS", "grouping needs GROUPING SETS, ROLLUP or CUBE", at: position)
        }
        let binder = ExpressionBinder(session, environment, scope, clause: clause)
        let indexes = try call.arguments.map { argument in
            let bound = try binder.bind(argument)
            guard let index = aggregation.groups.firstIndex(where: { $0.expression == bound }) else {
                throw HoneyError.semantic(
                    "NOT_IN_GROUP_BY", "argument of grouping is not in the GROUP BY key", at: argument.position)
            }
            return index
        }
        guard !indexes.isEmpty else {
            throw HoneyError.semantic("ARGUMENT_COUNT", "grouping needs an argument", at: position)
        }
        // One branch for each value that some set gives, and the last as the rest.
        let count = aggregation.groups.count
        var results: [Int64: [Int64]] = [:]
        for set in sets {
            let mask = (0..<count).reduce(Int64(0)) { $0 << 1 | (set.contains($1) ? 0 : 1) }
            let bits = indexes.reduce(Int64(0)) { $0 << 1 | (set.contains($1) ? 0 : 1) }
            if results[bits]?.contains(mask) != true { results[bits, default: []].append(mask) }
        }
        func literal(_ value: Int64) -> Expression { .literal(.integer(value), .bigint) }
        let bits = results.keys.sorted()
        guard bits.count > 1 else { return literal(bits.first ?? 0) }
        var arguments: [Expression] = []
        for value in bits.dropLast() {
            let masks = (results[value] ?? []).sorted().map(literal)
            arguments.append(try session.call(Expression.Operator.isIn, [.column(id)] + masks, at: position))
            arguments.append(literal(value))
        }
        return try session.call(Expression.Operator.caseWhen, arguments + [literal(bits[bits.count - 1])], at: position)
    }
}
