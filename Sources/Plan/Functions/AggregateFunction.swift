public import HoneyCore

/// A function of a group's rows.
public protocol AggregateFunction: Sendable {
    var name: String { get }
    var aliases: [String] { get }
    var documentation: FunctionDocumentation { get }
    /// Chooses argument, partial and result types, or fails with a `semantic` error.
    func resolve(_ arguments: [Argument], isDistinct: Bool) throws -> AggregateSignature
    /// Makes the states of one thread's groups.
    func makeAccumulator(for site: AggregateSite) throws -> any Accumulator
}

extension AggregateFunction {
    public var aliases: [String] { [] }
}

public struct AggregateSignature: Hashable, Sendable {
    public var arguments: [DataType]
    /// The columns in which a group's state travels to where it is merged.
    public var partial: [DataType]
    public var result: DataType
    /// Tells that duplicates change nothing (min, max), so that DISTINCT may be ignored.
    public var ignoresDuplicates: Bool

    public init(
        _ arguments: [DataType], partial: [DataType], result: DataType, ignoresDuplicates: Bool = false
    ) {
        self.arguments = arguments
        self.partial = partial
        self.result = result
        self.ignoresDuplicates = ignoresDuplicates
    }
}

public struct AggregateSite: Sendable {
    public var arguments: [Argument]
    public var result: DataType
    public var session: SessionValues

    public init(arguments: [Argument], result: DataType, session: SessionValues) {
        self.arguments = arguments
        self.result = result
        self.session = session
    }
}

/// Which group each row of a batch belongs to.
public struct GroupedRows {
    /// Rows to take: row `selection[i]` (or `i` without one) for `i` in `0..<count`.
    public var count: Int
    public var selection: Selection?
    /// The group of the i-th row taken; nil when all belong to group 0.
    public var groups: UnsafePointer<Int32>?

    public init(count: Int, selection: Selection? = nil, groups: UnsafePointer<Int32>? = nil) {
        self.count = count
        self.selection = selection
        self.groups = groups
    }
}

/// The states of one aggregate call for many groups, numbered from 0.
public protocol Accumulator: AnyObject {
    /// Makes room for groups `0..<count`; new ones start empty.
    func reserve(groupCount: Int)
    /// Adds rows of the arguments (columns as long as the batch) to their groups.
    func update(_ arguments: [Column], rows: GroupedRows) throws
    /// Adds partial states (columns of the signature's partial types) to their groups.
    func merge(_ partials: [Column], rows: GroupedRows) throws
    /// The states of a range of groups as columns of the partial types.
    func partials(_ groups: Range<Int>) throws -> [Column]
    /// The results of a range of groups.
    func results(_ groups: Range<Int>) throws -> Column
    /// Bytes held.
    var memoryBytes: Int { get }
}
