public import HoneyPlan

/// What HiveQL has built in.
///
/// Each list stands in a file of its own beside its functions, so that a new function is one file and one line.
public enum HiveFunctions {
    /// Every function and operator by name.
    public static let catalog = FunctionCatalog(scalars: operators + library, aggregates: aggregates)
}
