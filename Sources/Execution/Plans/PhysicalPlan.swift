public import HoneyCatalog
public import HoneyCore
public import HoneyPlan

/// How a query is run: a tree of operators over columns with identities. It travels to workers as bytes.
public struct PhysicalPlan: Hashable, Sendable, Codable {
    /// Unique in the query; EXPLAIN and the summary show it.
    public var id: Int
    public var output: [ColumnReference]
    public var estimatedRows: Double?
    public var node: Node

    public indirect enum Node: Hashable, Sendable, Codable {
        case scan(PhysicalScan)
        case values(rows: [[Expression]])
        case filter(PhysicalPlan, predicate: Expression)
        case project(PhysicalPlan, [NamedExpression])
        case expand(Expand)
        case aggregate(HashAggregate)
        case join(HashJoin)
        /// With a limit: the first rows only.
        case sort(PhysicalPlan, keys: [Sort.Key], limit: Int?)
        case limit(PhysicalPlan, count: Int?, offset: Int)
        case union([PhysicalPlan])
        case exchange(PhysicalPlan, Exchange)
        /// Rows that another fragment sends; stands where an exchange was cut.
        case receive(exchangeID: Int, Exchange)
        case write(PhysicalPlan, WriteTarget)
    }

    public init(id: Int, output: [ColumnReference], estimatedRows: Double? = nil, _ node: Node) {
        self.id = id
        self.output = output
        self.estimatedRows = estimatedRows
        self.node = node
    }
}

/// Reads a table's files.
public struct PhysicalScan: Hashable, Sendable, Codable {
    public var table: Table
    public var alias: String
    /// What the operator produces, in order.
    public var columns: [ScanColumn]
    /// What is read besides for the filters' sake.
    public var filterColumns: [ScanColumn]
    public var filters: [Expression]
    /// What storage may skip by; columns index `table.columns`.
    public var predicates: [ColumnPredicate]
    /// What storage may skip buckets by; columns index `table.columns`.
    public var bucketPredicates: [BucketPredicate]
    public var partitions: [Partition]?

    public init(
        table: Table, alias: String, columns: [ScanColumn], filterColumns: [ScanColumn] = [],
        filters: [Expression] = [], predicates: [ColumnPredicate] = [], bucketPredicates: [BucketPredicate] = [],
        partitions: [Partition]? = nil
    ) {
        self.table = table
        self.alias = alias
        self.columns = columns
        self.filterColumns = filterColumns
        self.filters = filters
        self.predicates = predicates
        self.bucketPredicates = bucketPredicates
        self.partitions = partitions
    }
}

/// Repeats rows for grouping sets; the input's first columns are the grouped ones.
public struct Expand: Hashable, Sendable, Codable {
    public var input: PhysicalPlan
    public var sets: [[Int]]
    public var groupCount: Int
    /// The input's columns are followed by this one, if any.
    public var groupingID: ColumnReference?

    public init(input: PhysicalPlan, sets: [[Int]], groupCount: Int, groupingID: ColumnReference?) {
        self.input = input
        self.sets = sets
        self.groupCount = groupCount
        self.groupingID = groupingID
    }
}

/// Groups rows by hash.
public struct HashAggregate: Hashable, Sendable, Codable {
    public enum Phase: String, Hashable, Sendable, Codable {
        /// Rows in, results out.
        case single
        /// Rows in, partial states out; a group may come out several times.
        case partial
        /// Partial states in, results out.
        case final
    }

    public struct Call: Hashable, Sendable, Codable {
        public var result: ColumnReference
        public var call: AggregateCall
        /// The columns in which partial states travel; empty in a single phase.
        public var partials: [ColumnReference]

        public init(result: ColumnReference, call: AggregateCall, partials: [ColumnReference] = []) {
            self.result = result
            self.call = call
            self.partials = partials
        }
    }

    public var input: PhysicalPlan
    public var phase: Phase
    public var groups: [NamedExpression]
    public var calls: [Call]

    public init(input: PhysicalPlan, phase: Phase, groups: [NamedExpression], calls: [Call]) {
        self.input = input
        self.phase = phase
        self.groups = groups
        self.calls = calls
    }

    /// The columns it produces.
    public var output: [ColumnReference] {
        groups.map(\.reference) + calls.flatMap { phase == .partial ? $0.partials : [$0.result] }
    }
}

/// Pairs rows of two inputs; `build` is collected first. Without keys every pair is a candidate (nested loops).
public struct HashJoin: Hashable, Sendable, Codable {
    public struct Key: Hashable, Sendable, Codable {
        public var probe: Expression
        public var build: Expression
        /// Tells that null equals null.
        public var isNullSafe: Bool

        public init(probe: Expression, build: Expression, isNullSafe: Bool = false) {
            self.probe = probe
            self.build = build
            self.isNullSafe = isNullSafe
        }
    }

    public var probe: PhysicalPlan
    public var build: PhysicalPlan
    public var kind: Join.Kind
    public var keys: [Key]
    /// What pairs with equal keys must pass besides.
    public var residual: Expression?

    public init(
        probe: PhysicalPlan, build: PhysicalPlan, kind: Join.Kind, keys: [Key], residual: Expression? = nil
    ) {
        self.probe = probe
        self.build = build
        self.kind = kind
        self.keys = keys
        self.residual = residual
    }
}

/// How rows go from the instances of one fragment to those of another.
public enum Exchange: Hashable, Sendable, Codable {
    /// All to one.
    case gather
    /// All to one, keeping the order that each sender has.
    case mergeGather(keys: [Sort.Key])
    /// All to all.
    case broadcast
    /// Equal keys to the same receiver.
    case hash(keys: [Expression])
    /// The rows of each bucket of a write's target to the same receiver: bucket `b` to number `b % receivers`.
    case buckets(WriteTarget)
    /// Any to any.
    case pass
}
