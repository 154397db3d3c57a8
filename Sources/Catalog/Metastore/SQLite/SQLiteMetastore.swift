import Foundation
import GRDB
import HoneyCore
import Synchronization

/// The metastore in one SQLite file, with the tables and columns of Hive's own schema.
///
/// Making one touches nothing: the file is opened, and made when missing, by the first call. Several processes may use one
/// file: each call is a transaction, and a writer waits for others for up to a minute before it gives up.
public final class SQLiteMetastore: Metastore, CommitLog {
    /// nil for one in memory.
    private let path: String?
    private let warehouse: String
    private let opened = Mutex<DatabaseQueue?>(nil)

    /// Names the file, and the directory that database `default` lies at if the file has to be made.
    public init(path: String, warehouse: String) throws {
        guard !path.isEmpty, !path.utf8.contains(0) else {
            throw HoneyError(.environment, "METASTORE_UNUSABLE", "metastore path is not a file name: \(path)")
        }
        self.path = path
        self.warehouse = warehouse
    }

    /// Makes one that lives in memory.
    public init(inMemoryWithWarehouse warehouse: String) {
        path = nil
        self.warehouse = warehouse
    }

    func read<Result>(_ body: (MetastoreTransaction) throws -> Result) throws -> Result {
        try translatingErrors { try queue().read { try body(MetastoreTransaction($0)) } }
    }

    func write<Result>(_ body: (MetastoreTransaction) throws -> Result) throws -> Result {
        try translatingErrors {
            let queue = try queue()
            // A transaction that fails as busy has done nothing.
            return try retryingWhileBusy { try queue.write { try body(MetastoreTransaction($0)) } }
        }
    }

    /// How long a call waits for other processes.
    private static let patience = Duration.seconds(60)

    /// Calls `body` until another process is no longer in the way: SQLite doesn't call its busy handler for every lock.
    private func retryingWhileBusy<Result>(_ body: () throws -> Result) throws -> Result {
        let deadline = ContinuousClock.now + Self.patience
        while true {
            do { return try body() } catch let error as DatabaseError where error.isBusy && .now < deadline {
                usleep(.random(in: 1_000...10_000))
            }
        }
    }

    private func queue() throws -> DatabaseQueue {
        try opened.withLock { opened in
            if let opened { return opened }
            let queue = try retryingWhileBusy { try open() }
            opened = queue
            return queue
        }
    }

    private func open() throws -> DatabaseQueue {
        var configuration = Configuration()
        // Short waits of random length: SQLite's own grow to 100 ms, and the one that waited longest asks least often.
        configuration.busyMode = .callback { attempts in
            usleep(.random(in: 500...4_000))
            return attempts < 1_000
        }
        configuration.label = "metastore"
        guard let path else {
            let queue = try DatabaseQueue(configuration: configuration)
            try queue.write { try createSchema($0) }
            return queue
        }
        configuration.prepareDatabase { try $0.execute(sql: "PRAGMA synchronous = FULL") }
        let queue = try openFile(path, configuration)
        if try checkVersion(queue) { return queue }
        try queue.writeWithoutTransaction { _ = try Row.fetchOne($0, sql: "PRAGMA journal_mode = WAL") }
        // Another process may have been faster.
        try queue.write { if try !$0.tableExists("VERSION") { try createSchema($0) } }
        // Or every process would read the log of it first.
        try? queue.writeWithoutTransaction { _ = try $0.checkpoint(.truncate) }
        return queue
    }

    /// Opens the file; makes its directory if that is what is missing, or was until another process made it just now.
    private func openFile(_ path: String, _ configuration: Configuration) throws -> DatabaseQueue {
        do {
            return try DatabaseQueue(path: path, configuration: configuration)
        } catch let error as DatabaseError where error.resultCode == .SQLITE_CANTOPEN {
            let directory = (path as NSString).deletingLastPathComponent
            guard !directory.isEmpty else { throw error }
            try? FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
            return try DatabaseQueue(path: path, configuration: configuration)
        }
    }

    /// Tells whether the tables are there; fails when they are not ours.
    private func checkVersion(_ queue: DatabaseQueue) throws -> Bool {
        try queue.read { db in
            // Asked first: another process may make all tables, in one transaction, between two questions.
            guard try Int.fetchOne(db, sql: "SELECT 1 FROM sqlite_master LIMIT 1") != nil else { return false }
            let found: String?
            do {
                found = try String.fetchOne(db, sql: "SELECT SCHEMA_VERSION FROM VERSION")
            } catch let error as DatabaseError where error.resultCode == .SQLITE_ERROR {
                throw unusable("file is a database, but not a metastore")
            }
            guard let found, found == HiveSchema.version else {
                throw HoneyError(
                    .environment, "METASTORE_VERSION",
                    "metastore has schema version \(found ?? "none"), but this program knows \(HiveSchema.version)",
                    file: path.map { FilePosition($0) })
            }
            return true
        }
    }

    private func createSchema(_ db: GRDB.Database) throws {
        try db.execute(sql: HiveSchema.script)
        try MetastoreTransaction(db).create(
            Database(
                name: "default", comment: "Default Hive database", location: warehouse, ownerName: "public",
                ownerType: "ROLE"))
    }

    private func unusable(_ message: String) -> HoneyError {
        HoneyError(.environment, "METASTORE_UNUSABLE", message, file: path.map { FilePosition($0) })
    }

    private func translatingErrors<Result>(_ body: () throws -> Result) throws -> Result {
        do { return try body() } catch let error as DatabaseError {
            switch error.resultCode {
            case .SQLITE_NOTADB, .SQLITE_CORRUPT, .SQLITE_FORMAT:
                throw HoneyError(
                    .data, "METASTORE_DAMAGED", "metastore file is damaged or not a metastore",
                    file: path.map { FilePosition($0) })
            case .SQLITE_BUSY, .SQLITE_LOCKED:
                throw HoneyError(
                    .environment, "METASTORE_BUSY", "metastore is kept busy by another process",
                    file: path.map { FilePosition($0) })
            case .SQLITE_FULL: throw HoneyError(.environment, "DISK_FULL", "no space left for the metastore")
            case .SQLITE_READONLY, .SQLITE_PERM, .SQLITE_AUTH:
                throw HoneyError(
                    .environment, "PERMISSION_DENIED", "metastore may not be written",
                    file: path.map { FilePosition($0) })
            default: throw unusable("metastore cannot be used: \(error.message ?? "error \(error.resultCode)")")
            }
        }
    }
}

extension DatabaseError {
    fileprivate var isBusy: Bool { resultCode == .SQLITE_BUSY || resultCode == .SQLITE_LOCKED }
}
