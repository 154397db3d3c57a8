import HoneyCore
import HoneyPlan

extension ExpressionBinder {
    /// Binds a query in an expression; columns of this scope stay references that nothing in it produces.
    private func bindNested(_ query: QuerySyntax, at position: SourcePosition) throws -> LogicalPlan {
        guard allowsSubqueries else {
            throw HoneyError.unsupported("subquery is not supported in \(clause)", at: position)
        }
        return try QueryBinder(session: session, environment: environment.nested(in: scope)).bind(query)
    }

    func bindScalar(_ query: QuerySyntax, at position: SourcePosition) throws -> Expression {
        let plan = try bindNested(query, at: position)
        let output = plan.output
        guard output.count == 1 else {
            throw HoneyError.semantic(
                "COLUMN_COUNT_MISMATCH", "subquery used as a value must give 1 column, gives \(output.count)",
                at: position)
        }
        return .subquery(Subquery(form: .scalar, plan: plan, type: output[0].type))
    }

    func bindExists(_ query: QuerySyntax, isNegated: Bool, at position: SourcePosition) throws -> Expression {
        let plan = try bindNested(query, at: position)
        return .subquery(Subquery(form: .exists(isNegated: isNegated), plan: plan, type: .boolean))
    }

    func bindMembership(
        _ operand: ExpressionSyntax, _ query: QuerySyntax, isNegated: Bool, at position: SourcePosition
    ) throws -> Expression {
        var tested: [Expression]
        if case .tuple(let members) = operand.form {
            tested = try members.map(bind)
        } else {
            tested = [try bind(operand)]
        }
        var plan = try bindNested(query, at: position)
        let output = plan.output
        guard output.count == tested.count else {
            throw HoneyError.semantic(
                "COLUMN_COUNT_MISMATCH",
                "subquery after IN must give \(counted(tested.count, "column")), gives \(output.count)", at: position)
        }
        var types: [DataType] = []
        for (index, column) in output.enumerated() {
            guard let type = DataType.comparison(tested[index].type, column.type) else {
                throw HoneyError.semantic(
                    "TYPE_MISMATCH", "cannot compare \(tested[index].type) with \(column.type)", at: position)
            }
            tested[index] = tested[index].converted(to: type)
            types.append(type)
        }
        plan = session.converted(plan, to: types)
        return .subquery(
            Subquery(form: .membership(tested: tested, isNegated: isNegated), plan: plan, type: .boolean))
    }
}

extension BindingSession {
    /// The plan with its columns cast to types; the plan itself when it has them.
    func converted(_ plan: LogicalPlan, to types: [DataType]) -> LogicalPlan {
        let output = plan.output
        if output.map(\.type) == types { return plan }
        return .project(
            Project(
                input: plan,
                outputs: zip(output, types).map { makeOutput($0.name, Expression.column($0).converted(to: $1)) }))
    }
}
