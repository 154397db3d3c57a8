import Foundation
public import HoneyCatalog
public import HoneyCommands
import HoneyCore
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
    /// Settings given when the engine was made, such as `fs.defaultFS` and `dfs.replication`.
    public let properties: [String: String]
    private let openMetastore: @Sendable () throws -> any Metastore & CommitLog
    private let opened = Mutex<Opened?>(nil)

    private struct Opened {
        var metastore: SettledMetastore
        var warehouse: FileLocation
    }

    /// Makes an engine over parts given; the metastore is opened when it is first needed.
    public init(
        extensions: Extensions, properties: [String: String] = [:],
        metastore: @escaping @Sendable () throws -> any Metastore & CommitLog
    ) {
        self.extensions = extensions
        self.properties = properties
        openMetastore = metastore
    }

    /// Makes an engine that keeps everything in memory; for tests.
    public static func inMemory() -> Engine {
        Engine(extensions: .standard()) { SQLiteMetastore(inMemoryWithWarehouse: "memory:/warehouse") }
    }

    /// The metastore, opened on first use; whoever looks a table up has decided commits finished first.
    public var metastore: SettledMetastore {
        get throws { try open().metastore }
    }

    /// Where databases and managed tables without a location of their own are put: where the metastore says that database
    /// `default` is.
    public var warehouse: FileLocation {
        get throws { try open().warehouse }
    }

    private func open() throws -> Opened {
        try self.opened.withLock { opened in
            if let opened { return opened }
            let metastore = SettledMetastore(try openMetastore(), fileSystems: extensions.fileSystems)
            guard let place = try metastore.database("default").flatMap({ FileLocation($0.location) }) else {
                throw HoneyError(
                    .data, "METASTORE_UNUSABLE", "metastore tells no location of database 'default'")
            }
            let new = Opened(metastore: metastore, warehouse: place)
            opened = new
            return new
        }
    }

    /// A location of the file system that paths without a scheme are on: `fs.defaultFS` when it was given, else the warehouse's.
    public var defaultFileSystem: FileLocation {
        get throws {
            if let given = try Home.defaultFileSystem(properties) { return given }
            let warehouse = try warehouse
            return FileLocation(scheme: warehouse.scheme, authority: warehouse.authority, path: "/")
        }
    }

    /// Starts a session: a current database, settings and variables of its own.
    public func makeSession() -> Session { Session(engine: self) }

    static func absolutePath(_ path: String) -> String {
        let expanded = NSString(string: path).expandingTildeInPath
        if expanded.hasPrefix("/") { return expanded }
        return FileManager.default.currentDirectoryPath + "/" + expanded
    }
}
