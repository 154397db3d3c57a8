public import HoneyCatalog
public import HoneyCore

/// A language's name and its parser.
public protocol Language: Sendable {
    var name: String { get }
    /// Parses one or more statements; fails with a `parse` error that has a position.
    func parse(_ text: String) throws -> [any Statement]
}

/// A parsed statement.
public protocol Statement: Sendable {
    /// Where it begins.
    var position: SourcePosition { get }
    /// Gives names and types meaning.
    func analyze(in context: AnalysisContext) throws -> AnalyzedStatement
}

public enum AnalyzedStatement: Sendable {
    /// Rows for the client.
    case query(LogicalPlan)
    /// What to do, with perhaps rows for the client as a report.
    case command(any Command)
    /// The plan of another statement, shown instead of run; `isExtended` shows more.
    case explain(AnalyzedExplain)
}

public struct AnalyzedExplain: Sendable {
    public var plan: LogicalPlan
    public var isExtended: Bool

    public init(plan: LogicalPlan, isExtended: Bool) {
        self.plan = plan
        self.isExtended = isExtended
    }
}

/// What analysis may look up.
public struct AnalysisContext: Sendable {
    public var metastore: any Metastore
    public var functions: FunctionCatalog
    public var formats: FormatCatalog
    public var session: SessionValues

    public init(
        metastore: any Metastore, functions: FunctionCatalog, formats: FormatCatalog, session: SessionValues
    ) {
        self.metastore = metastore
        self.functions = functions
        self.formats = formats
        self.session = session
    }
}

/// The names of storage formats: what `STORED AS` means in Java class names.
public struct FormatCatalog: Sendable {
    public struct Entry: Hashable, Sendable {
        /// The keyword of `STORED AS`, upper-case.
        public var keyword: String
        public var inputFormat: String
        public var outputFormat: String
        public var serde: String

        public init(keyword: String, inputFormat: String, outputFormat: String, serde: String) {
            self.keyword = keyword
            self.inputFormat = inputFormat
            self.outputFormat = outputFormat
            self.serde = serde
        }
    }

    public var entries: [Entry]

    public init(_ entries: [Entry]) { self.entries = entries }

    public func entry(_ keyword: String) -> Entry? { entries.first { $0.keyword == keyword.uppercased() } }
}
