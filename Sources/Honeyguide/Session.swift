import Foundation
public import HoneyCore
import HoneyFiles
public import HoneyPlan
import Synchronization

/// One client's conversation with an engine: the current database, settings, variables, and one statement at a time.
///
/// A session belongs to one thread; only `cancel()` and `progress` may be used from others (hence the unchecked conformance).
public final class Session: CommandSession, @unchecked Sendable {
    public let engine: Engine
    public var currentDatabase = "default"
    public let settings: Settings
    /// `${hivevar:k}` and `${k}`.
    public var variables: [String: String] = [:]
    public let user: String
    /// What the last query's operators did; nil before the first.
    public internal(set) var lastSummary: QuerySummary?
    private let running = Mutex<(any QueryExecution)?>(nil)
    /// Tells a file command that waits to wait no longer.
    let stopsFileCommand = Mutex(false)

    init(engine: Engine) {
        self.engine = engine
        settings = Settings(
            defaults: DefaultSettings.all.merging(engine.properties) { $1 },
            late: .init([Session.warehouseDirectory, Session.defaultFileSystem]) { [engine] in
                Session.places(of: engine)
            })
        user = Session.systemUser
    }

    /// The user who runs this process.
    static var systemUser: String { ProcessInfo.processInfo.environment["USER"] ?? NSUserName() }

    /// Settings that tell where an engine keeps things; none when its metastore cannot be opened, as the first statement will say.
    private static func places(of engine: Engine) -> [String: String] {
        guard let warehouse = try? engine.warehouse, let root = try? engine.defaultFileSystem else { return [:] }
        return [warehouseDirectory: warehouse.description, defaultFileSystem: root.description]
    }

    private static let warehouseDirectory = "hive.metastore.warehouse.dir"
    private static let defaultFileSystem = "fs.defaultFS"

    /// Runs one statement and returns its rows, which are computed as they are read.
    ///
    /// - Parameter position: where the statement begins in its script; errors are placed accordingly.
    public func execute(
        _ text: String, at position: SourcePosition = SourcePosition(line: 1, column: 1)
    ) throws -> ResultSet {
        do {
            let text = try VariableSubstitution(session: self).applied(to: text)
            if let result = try SessionStatement(text)?.run(in: self) { return result }
            return try run(text)
        } catch var error as HoneyError {
            error.position = error.position.map { $0.shifted(by: position) }
            throw error
        }
    }

    /// Stops the running query or waiting file command, if any, with a `cancelled` error; from any thread.
    public func cancel() {
        stopsFileCommand.withLock { $0 = true }
        running.withLock { $0 }?.cancel()
    }

    /// How far the running query is; nil when none runs. From any thread.
    public var progress: QueryProgress? { running.withLock { $0 }?.progress }

    private func run(_ text: String) throws -> ResultSet {
        let statements = try engine.extensions.language.parse(text)
        guard let statement = statements.first else { return ResultSet(report: CommandResult()) }
        guard statements.count == 1 else {
            throw HoneyError(
                .parse, "SEVERAL_STATEMENTS", "expected one statement but found \(statements.count)",
                at: statements[1].position)
        }
        let context = try SessionContext(session: self)
        switch try statement.analyze(in: context.analysis) {
        case .query(let plan): return ResultSet(execution: try context.start(plan), session: self)
        case .command(let command): return ResultSet(report: try command.run(in: context))
        case .explain(let explain):
            let text = try context.explain(explain.plan, isExtended: explain.isExtended)
            let lines = text.split(separator: "\n", omittingEmptySubsequences: false).map { [Optional(String($0))] }
            return ResultSet(report: .rows(["Explain"], lines))
        }
    }

    func didStart(_ execution: any QueryExecution) { running.withLock { $0 = execution } }

    func didEnd(_ execution: any QueryExecution) {
        lastSummary = execution.summary
        running.withLock { if $0 === execution { $0 = nil } }
    }

    public var values: SessionValues {
        SessionValues(
            nowNanoseconds: Int128(Date().timeIntervalSince1970 * 1_000_000) * 1000,
            timeZone: settings["hive.local.time.zone"] ?? TimeZone.current.identifier, user: user,
            database: currentDatabase, settings: settings.all)
    }
}

extension SourcePosition {
    /// The position in a script of a place in a statement that begins at `start`.
    func shifted(by start: SourcePosition) -> SourcePosition {
        SourcePosition(line: line + start.line - 1, column: line == 1 ? column + start.column - 1 : column)
    }
}
