public import HoneyCatalog
public import HoneyCore

/// What a statement that is not a query does.
public protocol Command: Sendable {
    /// Does it; all or nothing. The rows, if any, are a report such as SHOW's.
    func run(in context: any CommandContext) throws -> CommandResult
}

/// What a command may use. File systems come through a refinement that Commands declares.
public protocol CommandContext: AnyObject {
    var metastore: any Metastore { get }
    var functions: FunctionCatalog { get }
    var formats: FormatCatalog { get }
    var session: any CommandSession { get }
    /// Plans and starts a query or a write; the caller drains it.
    func start(_ plan: LogicalPlan) throws -> any QueryExecution
    /// Renders the plan as EXPLAIN does.
    func explain(_ plan: LogicalPlan, isExtended: Bool) throws -> String
}

/// The part of a session that commands read and change.
public protocol CommandSession: AnyObject {
    var currentDatabase: String { get set }
    var user: String { get }
    var settings: Settings { get }
    /// What functions see now.
    var values: SessionValues { get }
}

/// A command's report.
public struct CommandResult: Sendable {
    public var schema: Schema
    public var batches: [Batch]

    public init(schema: Schema = Schema(), batches: [Batch] = []) {
        self.schema = schema
        self.batches = batches
    }

    /// Makes a report of rows of text; nil is null.
    public static func rows(_ names: [String], _ rows: [[String?]]) -> CommandResult {
        let columns = names.indices.map { index in
            Column.of(.string, rows.map { row in row[index].map { .string($0) } ?? .null })
        }
        return CommandResult(
            schema: Schema(names.map { Field($0, .string) }),
            batches: rows.isEmpty ? [] : [Batch(columns: columns, count: rows.count)])
    }
}
