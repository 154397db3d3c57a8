import HoneyCatalog
import HoneyCore
import HoneyPlan

/// A law by which a plan becomes another that gives the same rows.
protocol Rule: Sendable {
    /// As the trace shows it.
    var name: String { get }
    /// Rewrites a whole plan, or returns it as it is.
    func apply(_ plan: LogicalPlan, in context: OptimizationContext) throws -> LogicalPlan
}

/// What rules may look up during one optimization.
final class OptimizationContext {
    let functions: FunctionCatalog
    let session: SessionValues
    let metastore: any Metastore
    let ids: ColumnIDGenerator
    let evaluator: ConstantEvaluator
    let estimator: CardinalityEstimator

    init(
        functions: FunctionCatalog, session: SessionValues, statistics: any StatisticsProvider,
        metastore: any Metastore, ids: ColumnIDGenerator
    ) {
        self.functions = functions
        self.session = session
        self.metastore = metastore
        self.ids = ids
        evaluator = ConstantEvaluator(functions: functions, session: session)
        estimator = CardinalityEstimator(statistics: statistics)
    }

    /// Makes a new column.
    func newColumn(_ name: String, _ type: DataType) -> ColumnReference {
        ColumnReference(id: ids.make(), name: name, type: type)
    }

    /// Tells whether an expression gives the same value however often and wherever it is computed.
    func isDeterministic(_ expression: Expression) -> Bool {
        if case .call(let call) = expression, functions.scalar(call.function)?.isDeterministic == false { return false }
        return expression.children.allSatisfy(isDeterministic)
    }
}
