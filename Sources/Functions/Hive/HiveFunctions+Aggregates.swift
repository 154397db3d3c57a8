import HoneyPlan

extension HiveFunctions {
    /// Functions of groups of rows.
    static let aggregates: [any AggregateFunction] =
        [count, sum, average, minimum, maximum] + variances + covariances + collections
        + percentiles
}
