import Foundation
import HoneyCatalog
import HoneyCore
import HoneyEmbeddedHDFS
import HoneyFiles
import HoneyHDFS

extension Engine {
    /// Makes an engine over a home directory, which is created with what is missing in it.
    ///
    /// The warehouse of a new home is on the HDFS that lives in the home, unless `fs.defaultFS` or `hive.metastore.warehouse.dir`
    /// says otherwise; an old one stays where its metastore says.
    ///
    /// - Parameters:
    ///   - home: an absolute path, or one relative to the working directory; `~` is expanded.
    ///   - properties: settings of file systems by Hadoop's names, such as `dfs.replication`.
    public convenience init(
        home: String, properties: [String: String] = [:], extensions: Extensions = .standard()
    ) throws {
        let home = Home(path: Engine.absolutePath(home), properties: properties)
        let warehouse = try home.newWarehouse
        var extensions = extensions
        let embedded = EmbeddedHDFS(
            directory: home.path + "/hdfs", properties: properties, user: Session.systemUser)
        extensions.fileSystems.add(try HDFSFileSystem(properties: properties))
        extensions.fileSystems.add(embedded.fileSystem, authority: EmbeddedHDFS.authority)
        if try Home.defaultFileSystem(properties)?.scheme != "hdfs" {
            extensions.fileSystems.add(embedded.fileSystem, authority: "")
        }
        self.init(extensions: extensions, properties: properties) { [fileSystems = extensions.fileSystems] in
            let directory = FileLocation(path: home.path)
            try fileSystems.serving(directory).makeDirectory(directory)
            return try SQLiteMetastore(path: home.path + "/metastore.sqlite", warehouse: warehouse.description)
        }
    }

    /// The home when none is given: `$HONEYGUIDE_HOME`, else `~/.honeyguide`.
    public static var defaultHome: String {
        let environment = ProcessInfo.processInfo.environment
        if let home = environment["HONEYGUIDE_HOME"], !home.isEmpty { return home }
        return (environment["HOME"] ?? "") + "/.honeyguide"
    }
}

/// A directory with a metastore and a warehouse.
struct Home {
    /// Absolute.
    var path: String
    var properties: [String: String]

    /// Where the warehouse is when the home is new.
    var newWarehouse: FileLocation {
        get throws {
            let root =
                try Home.defaultFileSystem(properties)
                ?? FileLocation(scheme: "hdfs", authority: EmbeddedHDFS.authority, path: "/")
            if let place = properties["hive.metastore.warehouse.dir"], !place.isEmpty {
                guard let location = FileLocation(place) else {
                    throw HoneyError(
                        .environment, "INVALID_SETTING", "hive.metastore.warehouse.dir is not absolute: \(place)")
                }
                return place.hasPrefix("/")
                    ? FileLocation(scheme: root.scheme, authority: root.authority, path: place) : location
            }
            if root.scheme == "file" { return FileLocation(path: path + "/warehouse") }
            return FileLocation(scheme: root.scheme, authority: root.authority, path: "/user/hive/warehouse")
        }
    }

    /// The root of the file system that `fs.defaultFS` names; nil when it is not set.
    static func defaultFileSystem(_ properties: [String: String]) throws -> FileLocation? {
        guard let name = properties["fs.defaultFS"] ?? properties["fs.default.name"], !name.isEmpty else { return nil }
        guard let location = FileLocation(name), !name.hasPrefix("/") else {
            throw HoneyError(.environment, "INVALID_SETTING", "fs.defaultFS names no file system: \(name)")
        }
        return FileLocation(scheme: location.scheme, authority: location.authority, path: "/")
    }
}
