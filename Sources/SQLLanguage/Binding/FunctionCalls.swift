import HoneyCore
import HoneyPlan

extension BindingSession {
    /// Calls a scalar function: resolves its types and casts the arguments to them.
    func call(_ name: String, _ arguments: [Expression], at position: SourcePosition) throws -> Expression {
        guard let function = context.functions.scalar(name) else { throw noSuchFunction(name, at: position) }
        let signature = try located(at: position) { try function.resolve(arguments.map(\.asArgument)) }
        return .call(Call(function.name, convert(arguments, to: signature.arguments), type: signature.result))
    }

    /// Calls an aggregate function.
    func aggregate(
        _ name: String, _ arguments: [Expression], isDistinct: Bool, at position: SourcePosition
    ) throws -> AggregateCall {
        guard let function = context.functions.aggregate(name) else { throw noSuchFunction(name, at: position) }
        let signature = try located(at: position) {
            try function.resolve(arguments.map(\.asArgument), isDistinct: isDistinct)
        }
        return AggregateCall(
            function.name, convert(arguments, to: signature.arguments),
            isDistinct: isDistinct && !signature.ignoresDuplicates, type: signature.result)
    }

    private func convert(_ arguments: [Expression], to types: [DataType]) -> [Expression] {
        arguments.enumerated().map { index, argument in
            index < types.count ? argument.converted(to: types[index]) : argument
        }
    }

    /// Tells whether a name means an aggregate function.
    func isAggregate(_ name: String) -> Bool {
        context.functions.scalar(name) == nil && context.functions.aggregate(name) != nil
    }

    func noSuchFunction(_ name: String, at position: SourcePosition) -> HoneyError {
        .semantic(
            "FUNCTION_NOT_FOUND",
            "no such function: \(name)" + SpellingSuggestion.hint(for: name, in: context.functions.names), at: position)
    }
}

extension Expression {
    /// What a function is told of the expression.
    var asArgument: Argument {
        if case .literal(let value, let type) = self { return Argument(type: type, constant: value) }
        return Argument(type: type)
    }
}

extension ExpressionBinder {
    func bind(_ call: FunctionCallSyntax, at position: SourcePosition) throws -> Expression {
        let name = call.name.lowercased()
        switch name {
        case "and", "or": return try bindChain(name, call, at: position)
        case "negative" where call.arguments.count == 1:
            if case .number(let text) = call.arguments[0].form {
                return try Literals.number(text, isNegative: true, at: position)
            }
        case "grouping": return try bindGrouping(call, at: position)
        default: break
        }
        if session.isAggregate(name) { return try bindAggregate(call, at: position) }
        guard session.context.functions.scalar(name) != nil else { throw session.noSuchFunction(name, at: position) }
        if call.isDistinct {
            throw HoneyError.semantic(
                "NOT_AN_AGGREGATE", "DISTINCT belongs to aggregate functions only, not to \(name)", at: position)
        }
        return try session.call(name, try bindArguments(call.arguments), at: position)
    }

    /// Binds arguments; `*` and `t.*` stand for all columns, as in `hash(*)`.
    private func bindArguments(_ arguments: [ExpressionSyntax]) throws -> [Expression] {
        try arguments.flatMap { argument in
            guard case .star(let qualifier) = argument.form else { return [try bind(argument)] }
            let columns = try scope.star(qualifier.map(session.dialect.folded), at: argument.position)
            for column in columns {
                for id in column.expression.referencedColumns { session.lastUses[id] = argument.position }
            }
            return columns.map(\.expression)
        }
    }

    /// Binds `a and b and …` as one call, however long the chain that leans to the left.
    private func bindChain(_ name: String, _ call: FunctionCallSyntax, at position: SourcePosition) throws -> Expression
    {
        var operands: [ExpressionSyntax] = []
        var pending = Array(call.arguments.reversed())
        while let next = pending.popLast() {
            if case .call(let inner) = next.form, inner.name == name, !inner.isDistinct {
                pending += inner.arguments.reversed()
            } else {
                operands.append(next)
            }
        }
        let bound = try operands.map { operand in
            try condition(operand, inside: name.uppercased())
        }
        return try session.call(name, bound, at: position)
    }

    /// Binds what must be true, false or null.
    func condition(_ syntax: ExpressionSyntax, inside clause: String) throws -> Expression {
        let expression = try bind(syntax)
        switch expression.type {
        case .boolean: return expression
        case .void: return expression.converted(to: .boolean)
        case let type:
            throw HoneyError.semantic(
                "TYPE_MISMATCH", "\(clause) needs a condition, not a value of type \(type)", at: syntax.position)
        }
    }

    private func bindAggregate(_ call: FunctionCallSyntax, at position: SourcePosition) throws -> Expression {
        let name = call.name.lowercased()
        guard let aggregation else {
            if let outer = try bindOuterAggregate(call, at: position) { return outer }
            let message =
                isInsideAggregate
                ? "aggregate function inside an aggregate function: \(name)"
                : "aggregate function is not allowed in \(clause): \(name)"
            throw HoneyError.semantic("MISPLACED_AGGREGATE", message, at: position)
        }
        if call.arguments.isEmpty, name == "count" {
            throw HoneyError.semantic("ARGUMENT_COUNT", "count needs * or an argument", at: position)
        }
        let bound = try bindAggregateArguments(call)
        let aggregate = try session.aggregate(name, bound, isDistinct: call.isDistinct, at: position)
        return .column(aggregation.add(aggregate, session))
    }

    /// Binds an aggregate call's arguments, in which no aggregates may be; `count(*)` has none.
    private func bindAggregateArguments(_ call: FunctionCallSyntax) throws -> [Expression] {
        let name = call.name.lowercased()
        if let star = call.arguments.first, star.form == .star(qualifier: []), !call.isDistinct {
            guard name == "count" else {
                throw HoneyError.semantic("UNEXPECTED_STAR", "* is no argument of \(name)", at: star.position)
            }
            return []
        }
        let binder = ExpressionBinder(session, environment, scope, clause: clause)
        binder.isInsideAggregate = true
        return try binder.bindArguments(call.arguments)
    }

    /// Binds an aggregate in a subquery that is over an outer query's columns alone: it is computed there, as in
    /// `having exists (select … where x = min(outer.y))`. Nil when it is not.
    private func bindOuterAggregate(_ call: FunctionCallSyntax, at position: SourcePosition) throws -> Expression? {
        guard !isInsideAggregate, scope.parent != nil, let arguments = try? bindAggregateArguments(call) else {
            return nil
        }
        let columns = arguments.reduce(into: Set<ColumnID>()) { $0.formUnion($1.referencedColumns) }
        var owner: Scope? = scope
        while let current = owner, current.columnIDs.isDisjoint(with: columns) { owner = current.parent }
        guard let owner, owner !== scope, let aggregation = owner.aggregation else { return nil }
        let aggregate = try session.aggregate(
            call.name.lowercased(), arguments, isDistinct: call.isDistinct, at: position)
        return .column(aggregation.add(aggregate, session))
    }
}
