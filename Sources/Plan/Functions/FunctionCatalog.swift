import HoneyCore

/// The functions one dialect has, by lower-case name.
public struct FunctionCatalog: Sendable {
    private var scalars: [String: any ScalarFunction] = [:]
    private var aggregates: [String: any AggregateFunction] = [:]

    public init(scalars: [any ScalarFunction] = [], aggregates: [any AggregateFunction] = []) {
        for function in scalars {
            for name in [function.name] + function.aliases { self.scalars[name] = function }
        }
        for function in aggregates {
            for name in [function.name] + function.aliases { self.aggregates[name] = function }
        }
    }

    public func scalar(_ name: String) -> (any ScalarFunction)? { scalars[name.lowercased()] }
    public func aggregate(_ name: String) -> (any AggregateFunction)? { aggregates[name.lowercased()] }

    /// All names, in order.
    public var names: [String] { (Array(scalars.keys) + Array(aggregates.keys)).sorted() }

    /// Every function once, by its own name, in order.
    public var documented: [(name: String, aliases: [String], documentation: FunctionDocumentation)] {
        let all =
            scalars.filter { $0.key == $0.value.name }.values.map { ($0.name, $0.aliases, $0.documentation) }
            + aggregates.filter { $0.key == $0.value.name }.values.map { ($0.name, $0.aliases, $0.documentation) }
        return all.map { (name: $0.0, aliases: $0.1, documentation: $0.2) }.sorted { $0.name < $1.name }
    }
}
