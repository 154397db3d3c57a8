// PipelineEngine runs a plan the way Impala does: physical operators cut at exchanges into fragments, whose instances run
// at once on a few long-lived threads. In comes an optimized logical plan, out come batches; it knows no language, and no
// format or function but those of the query's context.

import HoneyCore
public import HoneyExecution
public import HoneyPlan

/// The engine whose fragments stream rows to each other.
public struct PipelineEngine: ExecutionEngine {
    public let name = "pipeline"

    public init() {}

    public func explain(_ plan: LogicalPlan, in context: QueryContext) throws -> String {
        let physical = try PhysicalPlanner.plan(plan, in: context)
        return PlanText.render(Fragmenter.cut(physical, threads: context.threads))
    }

    public func run(_ plan: LogicalPlan, in context: QueryContext) throws -> any QueryExecution {
        let physical = try PhysicalPlanner.plan(plan, in: context)
        let fragments = Fragmenter.cut(physical, threads: context.threads)
        return try PipelineExecution(fragments, plan: physical, schema: plan.schema, in: context)
    }
}
