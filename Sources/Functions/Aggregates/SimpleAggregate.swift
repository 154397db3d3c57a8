import HoneyCore
import HoneyPlan

/// An aggregate function made of parts: the rule of its types and the maker of its states.
struct SimpleAggregate: AggregateFunction {
    let name: String
    let aliases: [String]
    let documentation: FunctionDocumentation
    private let rule: @Sendable ([Argument]) throws -> AggregateSignature?
    private let maker: @Sendable (AggregateSite) throws -> any Accumulator

    /// Declares an aggregate. The rule gives nil when no types fit; the error is then made from the documented usage.
    init(
        _ name: String, aliases: [String] = [], usage: String, summary: String, example: (String, String),
        rule: @escaping @Sendable ([Argument]) throws -> AggregateSignature?,
        accumulator: @escaping @Sendable (AggregateSite) throws -> any Accumulator
    ) {
        self.name = name
        self.aliases = aliases
        documentation = FunctionDocumentation(.aggregate, usage: usage, summary: summary, example: example)
        self.rule = rule
        maker = accumulator
    }

    func resolve(_ arguments: [Argument], isDistinct: Bool) throws -> AggregateSignature {
        if let signature = try rule(arguments) { return signature }
        throw ArgumentErrors.types(of: name, usage: documentation.usage, arguments.map(\.type))
    }

    func makeAccumulator(for site: AggregateSite) throws -> any Accumulator { try maker(site) }
}
