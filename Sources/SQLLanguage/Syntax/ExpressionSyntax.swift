// SQLLanguage is text to plan: lexer, syntax trees, parser, statements and the binder, steered by a `Dialect`.
// In comes a query's text, out go statements, and from them logical plans; it knows no operator, no file and no engine.

public import HoneyCore

/// An expression as written.
public struct ExpressionSyntax: Hashable, Sendable {
    public var position: SourcePosition
    public var form: Form

    public init(_ position: SourcePosition, _ form: Form) {
        self.position = position
        self.form = form
    }

    public indirect enum Form: Hashable, Sendable {
        case null
        case boolean(Bool)
        /// A number as written with its suffix: `1`, `1L`, `2Y`, `3S`, `1.5`, `1.5BD`, `1e3`, `1.5D`.
        case number(String)
        case string(String)
        /// `date '…'`, `timestamp '…'`
        case dateLiteral(String)
        case timestampLiteral(String)
        /// `interval '1-2' year to month`, `interval 3 days`, `interval (expression) day`
        case interval(IntervalSyntax)
        /// `a`, `t.a`, `db.t.a`, `t.s.f`: the parts, unquoted.
        case name([String])
        /// `*`, `t.*` as a select item or in `count(*)`.
        case star(qualifier: [String])
        /// `expression.field`
        case field(ExpressionSyntax, String)
        /// `expression[index]`
        case index(ExpressionSyntax, ExpressionSyntax)
        /// A function by lower-case name; unary and binary operators too, by their sign
        /// (`+ - * / % div & | ^ ~ || = <> < <= > >= <=> and or not like rlike …`), unary minus as `negative`.
        case call(FunctionCallSyntax)
        case cast(ExpressionSyntax, DataType)
        /// `case [operand] when … then … [else …] end`
        case caseWhen(operand: ExpressionSyntax?, branches: [CaseBranchSyntax], otherwise: ExpressionSyntax?)
        case between(ExpressionSyntax, low: ExpressionSyntax, high: ExpressionSyntax, isNegated: Bool)
        case isIn(ExpressionSyntax, [ExpressionSyntax], isNegated: Bool)
        /// `x is [not] null`, `is [not] true`, `is [not] false`, `is [not] distinct from y`
        case test(ExpressionSyntax, TestSyntax, isNegated: Bool)
        /// `like`/`rlike`/`regexp`, `like any|all (…)`
        case match(ExpressionSyntax, MatchSyntax, isNegated: Bool)
        /// `(a, b)`
        case tuple([ExpressionSyntax])
        case scalarSubquery(QuerySyntax)
        case exists(QuerySyntax, isNegated: Bool)
        case inSubquery(ExpressionSyntax, QuerySyntax, isNegated: Bool)
    }
}

public struct FunctionCallSyntax: Hashable, Sendable {
    public var name: String
    public var arguments: [ExpressionSyntax]
    public var isDistinct: Bool

    public init(_ name: String, _ arguments: [ExpressionSyntax], isDistinct: Bool = false) {
        self.name = name
        self.arguments = arguments
        self.isDistinct = isDistinct
    }
}

public struct CaseBranchSyntax: Hashable, Sendable {
    public var condition: ExpressionSyntax
    public var result: ExpressionSyntax

    public init(condition: ExpressionSyntax, result: ExpressionSyntax) {
        self.condition = condition
        self.result = result
    }
}

public enum TestSyntax: Hashable, Sendable {
    case null, isTrue, isFalse
    case distinctFrom(ExpressionSyntax)
}

public enum MatchSyntax: Hashable, Sendable {
    case like(ExpressionSyntax)
    case regexp(ExpressionSyntax)
    case likeAny([ExpressionSyntax])
    case likeAll([ExpressionSyntax])
}

public struct IntervalSyntax: Hashable, Sendable {
    public enum Unit: String, Hashable, Sendable {
        case year, quarter, month, week, day, hour, minute, second
        case yearToMonth = "year to month"
        case dayToSecond = "day to second"
    }

    /// A string or number literal, or an expression.
    public var amount: ExpressionSyntax
    public var unit: Unit

    public init(amount: ExpressionSyntax, unit: Unit) {
        self.amount = amount
        self.unit = unit
    }
}
