import HoneyCatalog
import HoneyCommands
import HoneyCore
import HoneyExecution
import HoneyFiles
import HoneyOptimizer
import HoneyPlan
import HoneyStorage

/// What one statement of a session may use: for its analysis, for commands, and for running plans.
final class SessionContext: FileCommandContext {
    private let settled: SettledMetastore
    let session: any CommandSession
    let warehouse: FileLocation
    private let owner: Session
    /// Fixed for the whole statement, so that every part of it sees the same time.
    private let values: SessionValues

    init(session: Session) throws {
        owner = session
        self.session = session
        settled = try session.engine.metastore
        warehouse = try session.engine.warehouse
        values = session.values
    }

    var metastore: any Metastore { settled }
    var commits: any CommitLog { settled }
    var functions: FunctionCatalog { owner.engine.extensions.functions }
    var formats: FormatCatalog { owner.engine.extensions.formatCatalog }
    var fileSystems: FileSystems { owner.engine.extensions.fileSystems }

    func columns(of storage: StorageDescriptor, tableParameters: [String: String]) throws -> [TableColumn]? {
        try FileTableHandler(storage: owner.engine.extensions.storage, fileSystems: fileSystems).columns(
            of: storage, tableParameters: tableParameters)
    }

    var analysis: AnalysisContext {
        AnalysisContext(metastore: metastore, functions: functions, formats: formats, session: values)
    }

    /// Plans and starts a query over tables as they are between two commits: when one came while partitions and files were
    /// looked up, they are looked up again.
    func start(_ plan: LogicalPlan) throws -> any QueryExecution {
        let tables = plan.scannedTables
        var attempts = 0
        while true {
            let before = try settled.changeNumbers(of: tables)
            let execution = try owner.engine.extensions.engine.run(try optimizer.optimize(plan), in: try queryContext())
            attempts += 1
            if try settled.changeNumbers(of: tables) == before {
                owner.didStart(execution)
                return execution
            }
            execution.cancel()
            guard attempts < SessionContext.maximumAttempts else {
                throw HoneyError(
                    .environment, "TABLE_BUSY",
                    "tables changed during each of \(attempts) attempts to read them: "
                        + tables.map(\.qualifiedName).joined(separator: ", "))
            }
        }
    }

    private static let maximumAttempts = 50

    func explain(_ plan: LogicalPlan, isExtended: Bool) throws -> String {
        let (optimized, trace) = try optimizer.traced(plan)
        var text = ""
        if isExtended {
            text += "BOUND PLAN\n\(plan.text)\n"
            for step in trace { text += "AFTER \(step.rule)\n\(step.plan.text)\n" }
        }
        text += "LOGICAL PLAN\n\(optimized.text)\nPHYSICAL PLAN\n"
        text += try owner.engine.extensions.engine.explain(optimized, in: try queryContext())
        return text.hasSuffix("\n") ? String(text.dropLast()) : text
    }

    private var optimizer: Optimizer {
        let statistics = FileStatistics(metastore: metastore, fileSystems: fileSystems)
        return Optimizer(functions: functions, session: values, statistics: statistics, metastore: metastore)
    }

    private func queryContext() throws -> QueryContext {
        QueryContext(
            session: values, functions: functions, storage: owner.engine.extensions.storage, fileSystems: fileSystems,
            threads: try owner.settings.threads, memoryLimitBytes: try owner.settings.memoryLimitBytes)
    }
}

extension LogicalPlan {
    /// The tables that the plan's scans read.
    fileprivate var scannedTables: [Table] {
        if case .scan(let scan) = self { return [scan.table] }
        return children.flatMap(\.scannedTables)
    }
}
