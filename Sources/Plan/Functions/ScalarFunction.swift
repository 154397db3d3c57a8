public import HoneyCore

/// A function of a row's values.
///
/// One implementation serves every thread; what a call keeps between batches lives in the kernel it makes.
public protocol ScalarFunction: Sendable {
    /// Lower-case name, unique in its catalog; operators are named by their sign.
    var name: String { get }
    /// Other names of the same function.
    var aliases: [String] { get }
    var documentation: FunctionDocumentation { get }
    /// Tells whether equal arguments always give equal results within a query.
    var isDeterministic: Bool { get }
    /// Chooses argument and result types for a call, or fails with a `semantic` error that names what it expected.
    /// Arguments are then cast to the types chosen.
    func resolve(_ arguments: [Argument]) throws -> Signature
    /// Makes the evaluator of one call in one thread.
    func makeKernel(for site: CallSite) throws -> Kernel
}

extension ScalarFunction {
    public var aliases: [String] { [] }
    public var isDeterministic: Bool { true }
}

/// Computes a result column of `count` rows from argument columns of `count` rows, any of which may be constant.
/// The result may be constant too.
public typealias Kernel = (_ arguments: [Column], _ count: Int) throws -> Column

/// What is known of an argument when a call is resolved.
public struct Argument: Hashable, Sendable {
    public var type: DataType
    /// The value, when it is a literal.
    public var constant: Value?

    public init(type: DataType, constant: Value? = nil) {
        self.type = type
        self.constant = constant
    }
}

/// The types a call computes with.
public struct Signature: Hashable, Sendable {
    public var arguments: [DataType]
    public var result: DataType

    public init(_ arguments: [DataType], _ result: DataType) {
        self.arguments = arguments
        self.result = result
    }
}

/// One call in a query: what its kernel may prepare from.
public struct CallSite: Sendable {
    public var arguments: [Argument]
    public var result: DataType
    public var session: SessionValues

    public init(arguments: [Argument], result: DataType, session: SessionValues) {
        self.arguments = arguments
        self.result = result
        self.session = session
    }
}

/// What functions may know of the query and its session; fixed for the whole query.
public struct SessionValues: Hashable, Sendable, Codable {
    /// Nanoseconds since 1970-01-01 UTC when the query began.
    public var nowNanoseconds: Int128
    /// An IANA name such as `Europe/Berlin`, for functions that convert to or from local time.
    public var timeZone: String
    public var user: String
    public var database: String
    /// Settings as the session has them.
    public var settings: [String: String]

    public init(
        nowNanoseconds: Int128, timeZone: String, user: String, database: String, settings: [String: String] = [:]
    ) {
        self.nowNanoseconds = nowNanoseconds
        self.timeZone = timeZone
        self.user = user
        self.database = database
        self.settings = settings
    }
}

/// What `describe function` and the generated pages show.
public struct FunctionDocumentation: Hashable, Sendable {
    public enum Category: String, Hashable, Sendable, CaseIterable {
        case aggregate, collection, comparison, conditional, conversion, date, logical, mathematical, miscellaneous,
            string
    }

    public var category: Category
    /// As written in a call: `substr(text, start[, length])`.
    public var usage: String
    /// One sentence.
    public var summary: String
    /// A query and its result: `select substr('honey', 2, 3)` gives `one`.
    public var example: (query: String, result: String) { (exampleQuery, exampleResult) }
    private var exampleQuery: String
    private var exampleResult: String

    public init(
        _ category: Category, usage: String, summary: String, example: (query: String, result: String)
    ) {
        self.category = category
        self.usage = usage
        self.summary = summary
        exampleQuery = example.query
        exampleResult = example.result
    }
}
