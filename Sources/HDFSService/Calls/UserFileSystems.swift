import HoneyFiles
import HoneyHDFS
import HoneyWorld
import Logging
import NIOCore
import Synchronization

/// Clients of the name service for the users of HTTP requests, made when they are first needed.
final class UserFileSystems: Sendable {
    /// The name service's authority in locations.
    let authority: String
    private let properties: [String: String]
    private let eventLoops: any EventLoopGroup
    private let log: Logger
    private let known = Mutex<[String: HDFSFileSystem]>([:])
    private static let limit = 64

    init(_ configuration: HadoopConfiguration, on eventLoops: any EventLoopGroup, log: Logger) throws {
        authority =
            if let service = configuration.nameService, !configuration.nameNodeIDs.isEmpty {
                service
            } else {
                "\(try configuration.nameNodeAddress(id: nil))"
            }
        var properties = configuration.properties
        // The mode in a request is what its client made of its own mask.
        properties["fs.permissions.umask-mode"] = "000"
        self.properties = properties
        self.eventLoops = eventLoops
        self.log = log
    }

    /// Tells the file system of a user, and the location of a path.
    func place(of path: String, for user: String) throws -> (HDFSFileSystem, FileLocation) {
        let fileSystem = try known.withLock { known in
            if let fileSystem = known[user] { return fileSystem }
            // Those in use are kept by who uses them.
            if known.count >= Self.limit { known.removeAll() }
            let log = log
            let made = try HDFSFileSystem(
                properties: properties, user: user, on: eventLoops, log: { log.write($0, $1) })
            known[user] = made
            return made
        }
        return (fileSystem, FileLocation(scheme: "hdfs", authority: authority, path: path))
    }
}
