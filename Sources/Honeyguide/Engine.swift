import Foundation
public import HoneyCatalog
public import HoneyCommands
public import HoneyFiles
import Synchronization

/// An engine over one home: a metastore and a warehouse. Several processes may have engines over the same home.
///
/// ```swift
/// let engine = try Engine(home: "/data/honeyguide")
/// let session = engine.makeSession()
/// for row in try session.execute("select origin, count(*) from flights group by origin").rows() { print(row) }
/// ```
public final class Engine: Sendable {
    public let extensions: Extensions
    /// Where databases and managed tables without a location of their own are put.
    public let warehouse: FileLocation
    private let openMetastore: @Sendable () throws -> any Metastore & CommitLog
    private let openedMetastore = Mutex<SettledMetastore?>(nil)

    /// Makes an engine over parts given; the metastore is opened when it is first needed.
    public init(
        extensions: Extensions, warehouse: FileLocation,
        metastore: @escaping @Sendable () throws -> any Metastore & CommitLog
    ) {
        self.extensions = extensions
        self.warehouse = warehouse
        openMetastore = metastore
    }

    /// Makes an engine over a home directory, which is created with what is missing in it.
    ///
    /// - Parameter home: an absolute path, or one relative to the working directory; `~` is expanded.
    public convenience init(home: String, extensions: Extensions = .standard()) throws {
        let path = Engine.absolutePath(home)
        let warehouse = FileLocation(path: path + "/warehouse")
        self.init(extensions: extensions, warehouse: warehouse) {
            let home = FileLocation(path: path)
            try extensions.fileSystems.serving(home).makeDirectory(home)
            return try SQLiteMetastore(path: path + "/metastore.sqlite", warehouse: warehouse.description)
        }
    }

    /// Makes an engine that keeps everything in memory; for tests.
    public static func inMemory() -> Engine {
        let warehouse = FileLocation(scheme: "memory", path: "/warehouse")
        return Engine(extensions: .standard(), warehouse: warehouse) {
            SQLiteMetastore(inMemoryWithWarehouse: warehouse.description)
        }
    }

    /// The metastore, opened on first use; whoever looks a table up has decided commits finished first.
    public var metastore: SettledMetastore {
        get throws {
            try openedMetastore.withLock { opened in
                if let opened { return opened }
                let metastore = SettledMetastore(try openMetastore(), fileSystems: extensions.fileSystems)
                opened = metastore
                return metastore
            }
        }
    }

    /// Starts a session: a current database, settings and variables of its own.
    public func makeSession() -> Session { Session(engine: self) }

    /// The home when none is given: `$HONEYGUIDE_HOME`, else `~/.honeyguide`.
    public static var defaultHome: String {
        let environment = ProcessInfo.processInfo.environment
        if let home = environment["HONEYGUIDE_HOME"], !home.isEmpty { return home }
        return (environment["HOME"] ?? "") + "/.honeyguide"
    }

    static func absolutePath(_ path: String) -> String {
        let expanded = NSString(string: path).expandingTildeInPath
        if expanded.hasPrefix("/") { return expanded }
        return FileManager.default.currentDirectoryPath + "/" + expanded
    }
}
