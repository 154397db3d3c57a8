// Functions are the built-ins: kernels shared by dialects, and one folder of function lists a dialect.
// In come columns, out goes a column; they know plans' function protocols and no operator, file or session.

import HoneyCore
import HoneyPlan

/// A scalar function declared by its signatures and a kernel.
struct SimpleFunction: ScalarFunction {
    let name: String
    let aliases: [String]
    let documentation: FunctionDocumentation
    let isDeterministic: Bool
    private let signatures: [Signature]
    private let isVariadic: Bool
    private let kernel: @Sendable (CallSite) throws -> Kernel

    /// Declares a function. Of `signatures`, the one taken is that which the arguments match exactly, else the first they convert to.
    ///
    /// - Parameter isVariadic: the last argument of each signature may be repeated any number of times (at least once).
    init(
        _ name: String, aliases: [String] = [], _ documentation: FunctionDocumentation, signatures: [Signature],
        isVariadic: Bool = false, isDeterministic: Bool = true,
        kernel: @escaping @Sendable (CallSite) throws -> Kernel
    ) {
        self.name = name
        self.aliases = aliases
        self.documentation = documentation
        self.isDeterministic = isDeterministic
        self.signatures = signatures
        self.isVariadic = isVariadic
        self.kernel = kernel
    }

    func resolve(_ arguments: [Argument]) throws -> Signature {
        let types = arguments.map(\.type)
        let candidates = signatures.compactMap { expanded($0, to: types.count) }
        guard !candidates.isEmpty else { throw ArgumentErrors.count(of: name, usage: documentation.usage, types.count) }
        if let exact = candidates.first(where: { $0.arguments == types }) { return exact }
        for candidate in candidates
        where zip(types, candidate.arguments).allSatisfy({ $0.isImplicitlyConvertible(to: $1) }) {
            return candidate
        }
        throw ArgumentErrors.types(of: name, usage: documentation.usage, types)
    }

    func makeKernel(for site: CallSite) throws -> Kernel { try kernel(site) }

    /// The signature for a number of arguments; nil when it cannot have so many.
    private func expanded(_ signature: Signature, to count: Int) -> Signature? {
        if signature.arguments.count == count { return signature }
        guard isVariadic, count > signature.arguments.count, let last = signature.arguments.last else { return nil }
        let more = Array(repeating: last, count: count - signature.arguments.count)
        return Signature(signature.arguments + more, signature.result)
    }
}

/// The errors of calls that no signature fits.
enum ArgumentErrors {
    static func count(of name: String, usage: String, _ count: Int) -> HoneyError {
        HoneyError(
            .semantic, "WRONG_ARGUMENT_COUNT",
            "wrong number of arguments of \(name): expected \(usage) but found \(count) argument\(count == 1 ? "" : "s")"
        )
    }

    static func types(of name: String, usage: String, _ types: [DataType]) -> HoneyError {
        HoneyError(
            .semantic, "WRONG_ARGUMENT_TYPE",
            "wrong types of arguments of \(name): expected \(usage) but found (\(types.map(\.name).joined(separator: ", ")))"
        )
    }
}
