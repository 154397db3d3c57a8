public import HoneyCatalog
public import HoneyCore

/// What a query means, as a tree of relational operators over columns with identities.
public indirect enum LogicalPlan: Hashable, Sendable, Codable {
    case scan(Scan)
    case values(Values)
    case filter(Filter)
    case project(Project)
    case aggregate(Aggregate)
    case join(Join)
    case sort(Sort)
    case limit(Limit)
    case union(Union)
    case write(Write)
}

/// An expression with the identity and name of the column it makes.
public struct NamedExpression: Hashable, Sendable, Codable {
    public var id: ColumnID
    public var name: String
    public var expression: Expression

    public init(id: ColumnID, name: String, _ expression: Expression) {
        self.id = id
        self.name = name
        self.expression = expression
    }

    public var reference: ColumnReference { ColumnReference(id: id, name: name, type: expression.type) }
}

/// Reads a table: some of its columns, the rows that pass `filters`, from `partitions`.
public struct Scan: Hashable, Sendable, Codable {
    public var table: Table
    public var alias: String
    public var columns: [ScanColumn]
    /// Conditions over `columns` that storage applies while reading, cheapest and most selective first.
    public var filters: [Expression]
    /// The partitions to read; nil until pruning has looked them up, or for a table without partitions.
    public var partitions: [Partition]?

    public init(
        table: Table, alias: String, columns: [ScanColumn], filters: [Expression] = [],
        partitions: [Partition]? = nil
    ) {
        self.table = table
        self.alias = alias
        self.columns = columns
        self.filters = filters
        self.partitions = partitions
    }
}

/// One column that a scan produces: column `index` of `table.columns` (stored columns, then partition keys),
/// or a virtual column.
public struct ScanColumn: Hashable, Sendable, Codable {
    public enum Source: Hashable, Sendable, Codable {
        case table(index: Int)
        /// `INPUT__FILE__NAME`
        case fileName
        /// `BLOCK__OFFSET__INSIDE__FILE`
        case blockOffset
    }

    public var reference: ColumnReference
    public var source: Source

    public init(_ reference: ColumnReference, source: Source) {
        self.reference = reference
        self.source = source
    }
}

/// Rows written in the query; `rows` may be empty. `select 1` reads one row of no columns.
public struct Values: Hashable, Sendable, Codable {
    public var columns: [ColumnReference]
    public var rows: [[Expression]]

    public init(columns: [ColumnReference], rows: [[Expression]]) {
        self.columns = columns
        self.rows = rows
    }
}

/// Keeps the rows whose predicate is true (not false, not null).
public struct Filter: Hashable, Sendable, Codable {
    public var input: LogicalPlan
    public var predicate: Expression

    public init(input: LogicalPlan, predicate: Expression) {
        self.input = input
        self.predicate = predicate
    }
}

/// Computes columns; only these go on.
public struct Project: Hashable, Sendable, Codable {
    public var input: LogicalPlan
    public var outputs: [NamedExpression]

    public init(input: LogicalPlan, outputs: [NamedExpression]) {
        self.input = input
        self.outputs = outputs
    }
}

/// Groups rows by `groups` and computes `aggregates` of each group; without groups, one row always.
public struct Aggregate: Hashable, Sendable, Codable {
    public var input: LogicalPlan
    public var groups: [NamedExpression]
    public var aggregates: [NamedAggregate]
    /// For each grouping set, the indexes of the groups it keeps (others are null); nil for plain GROUP BY.
    public var groupingSets: [[Int]]?
    /// The column that `grouping__id` reads, when grouping sets are there: a bigint whose bit `groups.count - 1 - i`
    /// is set where the row's grouping set leaves out group `i`.
    public var groupingID: ColumnReference?

    public init(
        input: LogicalPlan, groups: [NamedExpression], aggregates: [NamedAggregate], groupingSets: [[Int]]? = nil,
        groupingID: ColumnReference? = nil
    ) {
        self.input = input
        self.groups = groups
        self.aggregates = aggregates
        self.groupingSets = groupingSets
        self.groupingID = groupingID
    }
}

public struct NamedAggregate: Hashable, Sendable, Codable {
    public var id: ColumnID
    public var name: String
    public var call: AggregateCall

    public init(id: ColumnID, name: String, _ call: AggregateCall) {
        self.id = id
        self.name = name
        self.call = call
    }

    public var reference: ColumnReference { ColumnReference(id: id, name: name, type: call.type) }
}

/// A call of an aggregate function whose arguments have the types it expects; `count(*)` has none.
public struct AggregateCall: Hashable, Sendable, Codable {
    public var function: String
    public var arguments: [Expression]
    public var isDistinct: Bool
    public var type: DataType

    public init(_ function: String, _ arguments: [Expression], isDistinct: Bool = false, type: DataType) {
        self.function = function
        self.arguments = arguments
        self.isDistinct = isDistinct
        self.type = type
    }
}

/// Pairs rows of two inputs.
public struct Join: Hashable, Sendable, Codable {
    public enum Kind: Hashable, Sendable, Codable {
        case inner
        case left
        case right
        case full
        /// Left rows with a match; left columns only.
        case semi
        /// Left rows without a match; left columns only.
        case anti
        /// `not in`: as `anti`, but a row whose condition is null for some right row is dropped too.
        case nullAwareAnti
        /// A scalar subquery: as `left`, but two matches for one row are an error.
        case single
        /// All left rows with one more column, boolean: whether there is a match
        /// (null when none is true but some is null).
        case mark(ColumnReference)
    }

    public var left: LogicalPlan
    public var right: LogicalPlan
    public var kind: Kind
    /// nil is true: a cross join.
    public var condition: Expression?

    public init(left: LogicalPlan, right: LogicalPlan, kind: Kind, condition: Expression?) {
        self.left = left
        self.right = right
        self.kind = kind
        self.condition = condition
    }
}

/// Orders rows; with a limit keeps the first `limit` after `offset` only.
public struct Sort: Hashable, Sendable, Codable {
    public struct Key: Hashable, Sendable, Codable {
        public var expression: Expression
        public var isAscending: Bool
        public var nullsFirst: Bool

        public init(_ expression: Expression, isAscending: Bool = true, nullsFirst: Bool) {
            self.expression = expression
            self.isAscending = isAscending
            self.nullsFirst = nullsFirst
        }
    }

    public var input: LogicalPlan
    public var keys: [Key]
    public var limit: Int?

    public init(input: LogicalPlan, keys: [Key], limit: Int? = nil) {
        self.input = input
        self.keys = keys
        self.limit = limit
    }
}

/// Skips `offset` rows and passes at most `count`.
public struct Limit: Hashable, Sendable, Codable {
    public var input: LogicalPlan
    public var count: Int?
    public var offset: Int

    public init(input: LogicalPlan, count: Int?, offset: Int = 0) {
        self.input = input
        self.count = count
        self.offset = offset
    }
}

/// All rows of all inputs; column `i` of each becomes `columns[i]`, of the same type.
public struct Union: Hashable, Sendable, Codable {
    public var inputs: [LogicalPlan]
    public var columns: [ColumnReference]

    public init(inputs: [LogicalPlan], columns: [ColumnReference]) {
        self.inputs = inputs
        self.columns = columns
    }
}

/// Writes rows into files under a staging directory and returns a row for each file written:
/// `file string, partition string, rows bigint, bytes bigint`. Committing them is a command's matter.
public struct Write: Hashable, Sendable, Codable {
    public var input: LogicalPlan
    public var target: WriteTarget
    public var columns: [ColumnReference]

    public init(input: LogicalPlan, target: WriteTarget, columns: [ColumnReference]) {
        self.input = input
        self.target = target
        self.columns = columns
    }
}

/// Where and how a write puts its rows.
public struct WriteTarget: Hashable, Sendable, Codable {
    /// `database.table`; nil for files that are no table's.
    public var tableName: String?
    /// How to write, and of what columns; `storage.location` is the staging directory.
    public var storage: StorageDescriptor
    public var tableParameters: [String: String]
    /// The input's last columns that become directories `name=value`, in order; the others are `storage.columns`.
    public var dynamicPartitionKeys: [TableColumn]
    /// Partitions, by their directories' names of the dynamic keys, whose files are to be written in another way than
    /// `storage`: with these formats, SerDes and buckets.
    public var otherStorage: [String: StorageDescriptor]
    /// What the session has set that writing obeys (compression and the like).
    public var settings: [String: String]
    /// Brings all rows to one writer, so that there is one file.
    public var gathersRows: Bool

    public init(
        tableName: String? = nil, storage: StorageDescriptor, tableParameters: [String: String] = [:],
        dynamicPartitionKeys: [TableColumn] = [], otherStorage: [String: StorageDescriptor] = [:],
        settings: [String: String] = [:], gathersRows: Bool = false
    ) {
        self.tableName = tableName
        self.storage = storage
        self.tableParameters = tableParameters
        self.dynamicPartitionKeys = dynamicPartitionKeys
        self.otherStorage = otherStorage
        self.settings = settings
        self.gathersRows = gathersRows
    }
}
