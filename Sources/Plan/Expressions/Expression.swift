// Plan is the one logical plan all languages share, and the protocols that functions, statements, commands, languages and
// engines satisfy. In come names and trees from a language; out go trees for the optimizer and an engine.
// It knows no syntax, no operator and no file.

public import HoneyCore

/// A column's identity in one query: it stays the same however plan nodes are rearranged.
public struct ColumnID: Hashable, Sendable, Codable, CustomStringConvertible {
    public var number: Int
    public init(_ number: Int) { self.number = number }
    public var description: String { "#\(number)" }
}

/// Hands out the column identities of one query.
public final class ColumnIDGenerator {
    private var next: Int
    public init(startingAt next: Int = 1) { self.next = next }

    public func make() -> ColumnID {
        defer { next += 1 }
        return ColumnID(next)
    }
}

/// A bound and typed scalar expression.
public indirect enum Expression: Hashable, Sendable, Codable {
    case literal(Value, DataType)
    case column(ColumnReference)
    /// A function by its registered name; operators are functions too: `+`, `=`, `and`, `not`, `isnull`, `case`, `in` …
    case call(Call)
    case cast(Expression, to: DataType)
    /// A query in an expression; decorrelation takes all of them out before execution.
    case subquery(Subquery)

    public var type: DataType {
        switch self {
        case .literal(_, let type): type
        case .column(let reference): reference.type
        case .call(let call): call.type
        case .cast(_, let type): type
        case .subquery(let subquery): subquery.type
        }
    }
}

/// A use of a column; equal when the identity is.
public struct ColumnReference: Hashable, Sendable, Codable {
    public var id: ColumnID
    /// For messages and EXPLAIN.
    public var name: String
    public var type: DataType

    public init(id: ColumnID, name: String, type: DataType) {
        self.id = id
        self.name = name
        self.type = type
    }

    public static func == (a: ColumnReference, b: ColumnReference) -> Bool { a.id == b.id }
    public func hash(into hasher: inout Hasher) { hasher.combine(id) }
}

/// A call of a scalar function whose arguments already have the types its kernel expects.
public struct Call: Hashable, Sendable, Codable {
    public var function: String
    public var arguments: [Expression]
    public var type: DataType

    public init(_ function: String, _ arguments: [Expression], type: DataType) {
        self.function = function
        self.arguments = arguments
        self.type = type
    }
}

/// A query used as a value or a condition. Outer columns occur in `plan` as references that nothing in it produces.
public struct Subquery: Hashable, Sendable, Codable {
    public enum Form: Hashable, Sendable, Codable {
        /// Exactly one column; null for no row, an error for several.
        case scalar
        case exists(isNegated: Bool)
        /// `tested [not] in (plan)`; the plan has as many columns as there are tested expressions.
        case membership(tested: [Expression], isNegated: Bool)
    }

    public var form: Form
    public var plan: LogicalPlan
    public var type: DataType

    public init(form: Form, plan: LogicalPlan, type: DataType) {
        self.form = form
        self.plan = plan
        self.type = type
    }
}

extension Expression {
    public static func boolean(_ value: Bool) -> Expression { .literal(.boolean(value), .boolean) }

    /// The names of functions that the optimizer and the evaluator know by meaning.
    public enum Operator {
        public static let and = "and"
        public static let or = "or"
        public static let not = "not"
        public static let equal = "="
        public static let notEqual = "<>"
        public static let less = "<"
        public static let lessOrEqual = "<="
        public static let greater = ">"
        public static let greaterOrEqual = ">="
        /// Null-safe equality.
        public static let identical = "<=>"
        public static let isNull = "isnull"
        public static let isNotNull = "isnotnull"
        /// `in(value, candidate, …)`
        public static let isIn = "in"
        /// `case(condition, result, …[, else])`: the searched form; the simple form is bound to it with `=`.
        public static let caseWhen = "case"
        /// `coalesce(a, b, …)`
        public static let coalesce = "coalesce"
        public static let like = "like"
        /// `.(struct, 'name')`: a field of a struct, or of each struct of an array.
        public static let field = "."
        /// `index(array or map, key)`
        public static let index = "index"
    }

    /// The conjuncts of an expression: `a and (b and c)` gives a, b, c. `and` may have any number of arguments.
    public var conjuncts: [Expression] {
        if case .call(let call) = self, call.function == Operator.and { return call.arguments.flatMap(\.conjuncts) }
        return [self]
    }

    /// ANDs conditions; nil for none.
    public static func conjunction(_ conditions: [Expression]) -> Expression? {
        switch conditions.count {
        case 0: nil
        case 1: conditions[0]
        default: .call(Call(Operator.and, conditions, type: .boolean))
        }
    }

    /// The direct operands, a membership test's tested expressions included.
    public var children: [Expression] {
        switch self {
        case .literal, .column: []
        case .call(let call): call.arguments
        case .cast(let operand, _): [operand]
        case .subquery(let subquery):
            if case .membership(let tested, _) = subquery.form { tested } else { [] }
        }
    }

    /// The same expression over other operands.
    public func mapChildren(_ transform: (Expression) throws -> Expression) rethrows -> Expression {
        switch self {
        case .literal, .column: return self
        case .call(var call):
            call.arguments = try call.arguments.map(transform)
            return .call(call)
        case .cast(let operand, let type): return .cast(try transform(operand), to: type)
        case .subquery(var subquery):
            if case .membership(let tested, let isNegated) = subquery.form {
                subquery.form = .membership(tested: try tested.map(transform), isNegated: isNegated)
            }
            return .subquery(subquery)
        }
    }

    /// Rewrites from the leaves up.
    public func rewritten(_ transform: (Expression) throws -> Expression) rethrows -> Expression {
        try transform(mapChildren { try $0.rewritten(transform) })
    }

    /// Every column referred to, those that a subquery takes from outside included.
    public var referencedColumns: Set<ColumnID> {
        var result: Set<ColumnID> = []
        collectColumns(into: &result)
        return result
    }

    private func collectColumns(into result: inout Set<ColumnID>) {
        if case .column(let reference) = self { result.insert(reference.id) }
        if case .subquery(let subquery) = self { result.formUnion(subquery.plan.outerColumns) }
        for child in children { child.collectColumns(into: &result) }
    }
}
