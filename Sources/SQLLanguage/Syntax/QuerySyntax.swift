public import HoneyCore

/// A query as written: `[with …] body [order by …] [limit …]`.
public struct QuerySyntax: Hashable, Sendable {
    public var position: SourcePosition
    public var with: [CommonTableSyntax] = []
    public var body: QueryBodySyntax
    public var orderBy: [OrderSyntax] = []
    /// `sort by`, which orders within a task only.
    public var sortBy: [OrderSyntax] = []
    /// `distribute by`; `cluster by x` is both.
    public var distributeBy: [ExpressionSyntax] = []
    public var limit: ExpressionSyntax?
    public var offset: ExpressionSyntax?

    public init(position: SourcePosition, body: QueryBodySyntax) {
        self.position = position
        self.body = body
    }
}

public struct CommonTableSyntax: Hashable, Sendable {
    public var position: SourcePosition
    public var name: String
    public var columns: [String]
    public var query: QuerySyntax

    public init(position: SourcePosition, name: String, columns: [String] = [], query: QuerySyntax) {
        self.position = position
        self.name = name
        self.columns = columns
        self.query = query
    }
}

public indirect enum QueryBodySyntax: Hashable, Sendable {
    case select(SelectSyntax)
    /// `values (…), (…)`
    case values([[ExpressionSyntax]])
    case set(SetOperationSyntax)
    /// `(query)`, which may have its own order and limit.
    case parenthesized(QuerySyntax)
}

public struct SetOperationSyntax: Hashable, Sendable {
    public enum Operation: String, Hashable, Sendable { case union, intersect, except }

    public var operation: Operation
    public var isAll: Bool
    public var left: QueryBodySyntax
    public var right: QueryBodySyntax
    public var position: SourcePosition

    public init(
        _ operation: Operation, isAll: Bool, left: QueryBodySyntax, right: QueryBodySyntax, position: SourcePosition
    ) {
        self.operation = operation
        self.isAll = isAll
        self.left = left
        self.right = right
        self.position = position
    }
}

public struct SelectSyntax: Hashable, Sendable {
    public var position: SourcePosition
    public var isDistinct = false
    public var items: [SelectItemSyntax] = []
    public var from: FromSyntax?
    public var lateralViews: [LateralViewSyntax] = []
    public var filter: ExpressionSyntax?
    public var groupBy: GroupBySyntax?
    public var having: ExpressionSyntax?

    public init(position: SourcePosition) { self.position = position }
}

public struct SelectItemSyntax: Hashable, Sendable {
    public var expression: ExpressionSyntax
    public var alias: String?

    public init(expression: ExpressionSyntax, alias: String?) {
        self.expression = expression
        self.alias = alias
    }
}

public struct GroupBySyntax: Hashable, Sendable {
    public var expressions: [ExpressionSyntax]
    /// Indexes into `expressions` for GROUPING SETS, ROLLUP and CUBE; nil for plain GROUP BY.
    public var groupingSets: [[Int]]?

    public init(expressions: [ExpressionSyntax], groupingSets: [[Int]]? = nil) {
        self.expressions = expressions
        self.groupingSets = groupingSets
    }
}

public struct OrderSyntax: Hashable, Sendable {
    public var expression: ExpressionSyntax
    public var isAscending: Bool
    /// nil: the dialect's default.
    public var nullsFirst: Bool?

    public init(expression: ExpressionSyntax, isAscending: Bool, nullsFirst: Bool?) {
        self.expression = expression
        self.isAscending = isAscending
        self.nullsFirst = nullsFirst
    }
}

public indirect enum FromSyntax: Hashable, Sendable {
    case table(TableReferenceSyntax)
    case query(QuerySyntax, alias: String, columns: [String], position: SourcePosition)
    case join(JoinSyntax)
}

public struct TableReferenceSyntax: Hashable, Sendable {
    public var position: SourcePosition
    /// `t` or `db.t`.
    public var name: [String]
    public var sample: BucketSampleSyntax?
    public var alias: String?

    public init(position: SourcePosition, name: [String], sample: BucketSampleSyntax? = nil, alias: String?) {
        self.position = position
        self.name = name
        self.sample = sample
        self.alias = alias
    }
}

/// `tablesample (bucket 1 out of 4 [on a, b])`
public struct BucketSampleSyntax: Hashable, Sendable {
    public var position: SourcePosition
    /// From 1.
    public var bucket: Int
    public var count: Int
    /// Empty: the table's bucket columns.
    public var keys: [ExpressionSyntax]

    public init(position: SourcePosition, bucket: Int, count: Int, keys: [ExpressionSyntax]) {
        self.position = position
        self.bucket = bucket
        self.count = count
        self.keys = keys
    }
}

public struct JoinSyntax: Hashable, Sendable {
    public enum Kind: Hashable, Sendable { case inner, left, right, full, semi, anti, cross }

    public var position: SourcePosition
    public var kind: Kind
    public var left: FromSyntax
    public var right: FromSyntax
    public var condition: ExpressionSyntax?
    public var using: [String]

    public init(
        position: SourcePosition, kind: Kind, left: FromSyntax, right: FromSyntax, condition: ExpressionSyntax?,
        using: [String] = []
    ) {
        self.position = position
        self.kind = kind
        self.left = left
        self.right = right
        self.condition = condition
        self.using = using
    }
}

/// `lateral view [outer] f(…) t as a, b`
public struct LateralViewSyntax: Hashable, Sendable {
    public var position: SourcePosition
    public var isOuter: Bool
    public var call: FunctionCallSyntax
    public var tableAlias: String
    public var columns: [String]

    public init(
        position: SourcePosition, isOuter: Bool, call: FunctionCallSyntax, tableAlias: String, columns: [String]
    ) {
        self.position = position
        self.isOuter = isOuter
        self.call = call
        self.tableAlias = tableAlias
        self.columns = columns
    }
}
