import HoneyCore
import HoneyPlan

/// A scalar function whose types follow from its arguments by a rule: operators, conditionals, access to parts.
struct OperatorFunction: ScalarFunction {
    let name: String
    let aliases: [String]
    let documentation: FunctionDocumentation
    private let rule: @Sendable ([Argument]) throws -> Signature?
    private let kernel: @Sendable (CallSite) throws -> Kernel

    /// Declares a function. The rule gives nil when no types fit; the error is then made from the documented usage.
    init(
        _ name: String, aliases: [String] = [], _ documentation: FunctionDocumentation,
        rule: @escaping @Sendable ([Argument]) throws -> Signature?,
        kernel: @escaping @Sendable (CallSite) throws -> Kernel
    ) {
        self.name = name
        self.aliases = aliases
        self.documentation = documentation
        self.rule = rule
        self.kernel = kernel
    }

    func resolve(_ arguments: [Argument]) throws -> Signature {
        if let signature = try rule(arguments) { return signature }
        throw ArgumentErrors.types(of: name, usage: documentation.usage, arguments.map(\.type))
    }

    func makeKernel(for site: CallSite) throws -> Kernel { try kernel(site) }
}

extension [Argument] {
    /// The types, when there are as many as wanted.
    func types(_ wanted: Int) -> [DataType]? { count == wanted ? map(\.type) : nil }
}
