// EmbeddedHDFS is the HDFS that lives in a home: a NameNode and three DataNodes, served by one of the processes that use the home
// and found by the others at sockets of the home. In come a directory and settings, out comes a file system; what HDFS is and how its
// parts work is room HDFS's matter.

package import HoneyFiles
import HoneyHDFS
import HoneyWorld
import Synchronization

/// The HDFS of a home. Nothing is touched and nothing runs before its files are asked for.
package final class EmbeddedHDFS: Sendable {
    /// What locations call it: a name that stays the same wherever the home is and whoever serves it.
    package static let authority = "home"

    private let home: HomeLayout
    private let properties: [String: String]
    private let user: String
    private let part = Mutex<Part?>(nil)

    /// What there is once this process takes part.
    private struct Part {
        var membership: Membership
        var mark: ClientMarks.Mark
        var files: HDFSFileSystem
    }

    /// - Parameters:
    ///   - directory: an absolute path, such as that of `hdfs` in a home; made when it is needed.
    ///   - properties: settings by Hadoop's names.
    ///   - user: who runs this process; when it serves, nothing is refused to him.
    package init(directory: String, properties: [String: String], user: String) {
        home = HomeLayout(directory: directory)
        self.properties = properties.merging(Self.defaults) { given, _ in given }
        self.user = user
    }

    /// Settings of a home that differ from Hadoop's: one disk gains nothing from more replicas, and reading the log is quick when there is
    /// a new image every now and then.
    /// A client waits as long as it takes another process to serve.
    private static let defaults = [
        "dfs.replication": "1", "dfs.namenode.checkpoint.txns": "100000", "dfs.client.read.shortcircuit": "true",
        // The system keeps what is written in larger pieces in larger pieces, which are read faster.
        "dfs.client-write-packet-size": "1048576", "dfs.client.write.max-packets-in-flight": "16",
        "dfs.heartbeat.interval": "1", "ipc.client.connect.max.retries": "120",
        "dfs.client.datanode-restart.timeout": "120",
    ]

    /// The file system, which does nothing until it is used.
    package var fileSystem: any AdministeredFileSystem { HomeFileSystem(self) }

    static let traits = FileSystemTraits(
        renamesAtomically: true, canAppend: true, blockBytes: 128 << 20, isDistributed: true)

    /// Where relative paths start.
    var homeDirectory: FileLocation {
        FileLocation(scheme: "hdfs", authority: Self.authority, path: "/user/" + user)
    }

    deinit { leave() }

    /// Whether this process serves the home's HDFS now.
    package var isServing: Bool { part.withLock { $0 }?.membership.isServing ?? false }

    /// Takes part in the home's HDFS, and gives a client of it once somebody serves.
    func client() throws -> HDFSFileSystem {
        let part = try part.withLock { part in
            if let part { return part }
            let new = try makePart()
            part = new
            return new
        }
        try part.membership.waitUntilServed()
        return part.files
    }

    private func makePart() throws -> Part {
        let membership = try Membership(home, properties: properties, user: user)
        let mark = try membership.marks.make()
        let files = try HDFSFileSystem(
            properties: properties.merging(["fs.defaultFS": "hdfs://" + Self.authority]) { $1 },
            services: [Self.authority: [SocketDirectory.nameNode]], user: user,
            clientName: mark.name, dataDirectories: home.dataDirectories,
            log: { [log = membership.log] in log.write($0, "client: \($1)") },
            route: { [sockets = membership.sockets] in sockets.place(of: $0) })
        return Part(membership: membership, mark: mark, files: files)
    }

    /// Ends this process's part in order; another process goes on with serving.
    package func leave() {
        part.withLock { part in
            part?.membership.leave()
            part = nil
        }
    }
}
