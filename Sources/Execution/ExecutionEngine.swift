// Execution is the physical side: what an engine must satisfy, physical plans, operators, and the evaluation of expressions.
// In come logical plans from the optimizer, out go batches; operators know no thread, clock or network.

import HoneyCore
public import HoneyFiles
public import HoneyPlan
public import HoneyStorage

/// A way to run a plan.
public protocol ExecutionEngine: Sendable {
    var name: String { get }
    /// Renders the physical plan with its fragments.
    func explain(_ plan: LogicalPlan, in context: QueryContext) throws -> String
    /// Starts an optimized plan.
    func run(_ plan: LogicalPlan, in context: QueryContext) throws -> any QueryExecution
}

/// What one query runs with.
public struct QueryContext: Sendable {
    public var session: SessionValues
    public var functions: FunctionCatalog
    public var storage: StorageCatalog
    public var fileSystems: FileSystems
    /// Drivers that may run at once.
    public var threads: Int
    /// Bytes the query may hold; nil for no limit.
    public var memoryLimitBytes: Int?
    /// The hosts that instances of fragments are spread over, in turn; one at least.
    public var places: [ExecutionPlace]

    public init(
        session: SessionValues, functions: FunctionCatalog, storage: StorageCatalog, fileSystems: FileSystems,
        threads: Int, memoryLimitBytes: Int? = nil, places: [ExecutionPlace] = [.here]
    ) {
        self.session = session
        self.functions = functions
        self.storage = storage
        self.fileSystems = fileSystems
        self.threads = threads
        self.memoryLimitBytes = memoryLimitBytes
        self.places = places
    }
}
