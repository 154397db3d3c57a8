// Optimizer turns a plan into one that gives the same rows sooner. In comes a bound plan, perhaps with queries inside its
// expressions; out goes a plan of the same output columns, free of subqueries, with conditions at the scans, joins in a
// good order (the right input is the one to build a hash table of), and only the columns that are needed.
// It knows functions by meaning, tables by definition and statistics, and no operator, file or syntax.

public import HoneyCatalog
import HoneyCore
public import HoneyPlan

/// Tells how large tables are.
public protocol StatisticsProvider: Sendable {
    /// Finds what is known of a table, or of those of its partitions that will be read.
    func statistics(of table: Table, partitions: [Partition]?) throws -> TableStatistics
}

/// Rewrites plans by an ordered list of rules.
public struct Optimizer: Sendable {
    let functions: FunctionCatalog
    let session: SessionValues
    let statistics: any StatisticsProvider
    let metastore: any Metastore

    public init(
        functions: FunctionCatalog, session: SessionValues, statistics: any StatisticsProvider,
        metastore: any Metastore
    ) {
        self.functions = functions
        self.session = session
        self.statistics = statistics
        self.metastore = metastore
    }

    /// The rules, in the order in which they are applied, each once for each time it is listed.
    static let rules: [any Rule] = [
        // Everything after this sees joins only.
        SubqueryRemoval(),
        // Literals get the types of the columns they are compared with, and conditions split into conjuncts.
        ExpressionSimplification(),
        ProjectMerging(),
        // Conditions reach scans and joins; outer joins that a condition makes inner become so.
        PredicatePushdown(),
        // What was inferred or brought together may simplify again.
        ExpressionSimplification(),
        PartitionPruning(),
        EmptyRelationPropagation(),
        SortRemoval(),
        DistinctElimination(),
        LimitPushdown(),
        // Fewer columns below outer shapes, so that sizes are known when joins are ordered.
        ColumnPruning(),
        ProjectMerging(),
        JoinOrdering(),
        OuterJoinOrientation(),
        // Restores the columns and drops the projections that ordering left behind.
        ColumnPruning(),
        ProjectMerging(),
        FilterOrdering(),
    ]

    /// Returns a plan with the same output columns (identity, name, order) and the same rows.
    public func optimize(_ plan: LogicalPlan) throws -> LogicalPlan { try traced(plan).plan }

    /// Optimizes and tells which rules changed the plan, each with the plan it made, for EXPLAIN EXTENDED.
    public func traced(_ plan: LogicalPlan) throws -> (plan: LogicalPlan, trace: [RuleApplication]) {
        let context = OptimizationContext(
            functions: functions, session: session, statistics: statistics, metastore: metastore,
            ids: ColumnIDGenerator(startingAt: plan.largestColumnNumber + 1))
        var current = plan
        var trace: [RuleApplication] = []
        for rule in Optimizer.rules {
            let next = try rule.apply(current, in: context)
            if next != current { trace.append(RuleApplication(rule: rule.name, plan: next)) }
            current = next
        }
        return (current.restoring(plan.output), trace)
    }

    /// Estimates how many rows a plan gives; nil when a table's size is unknown.
    public func estimate(_ plan: LogicalPlan) -> Double? {
        let estimator = CardinalityEstimator(statistics: statistics)
        guard estimator.knowsTables(of: plan) else { return nil }
        return estimator.rows(of: plan)
    }
}

/// One step of an optimization: a rule, and the plan after it.
public struct RuleApplication: Sendable {
    public var rule: String
    public var plan: LogicalPlan
}
