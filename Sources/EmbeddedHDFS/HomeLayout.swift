import Glibc
import HoneyCore

/// Where things of a home's HDFS are.
///
/// ```
/// hdfs/  lock              held by the process that serves
///        log               what daemons complained of
///        name/             the NameNode's image and log
///        data1/ … data3/   a DataNode's blocks each
///        sockets/          where clients find them
///        clients/          a locked file for each process that uses it
/// ```
struct HomeLayout: Sendable {
    let directory: String
    let dataNodes: Int

    init(directory: String, dataNodes: Int = 3) {
        self.directory = directory
        self.dataNodes = dataNodes
    }

    var lock: String { directory + "/lock" }
    var log: String { directory + "/log" }
    var clients: String { directory + "/clients" }
    var sockets: String { directory + "/sockets" }
    var nameDirectory: String { directory + "/name" }
    var dataDirectories: [String] { (0..<dataNodes).map { directory + "/data\($0 + 1)" } }

    /// Makes the directory, and those above it; none but its owner may enter.
    func make() throws {
        var end = directory.startIndex
        while end != directory.endIndex {
            end = directory[directory.index(after: end)...].firstIndex(of: "/") ?? directory.endIndex
            let part = String(directory[..<end])
            let mode: mode_t = end == directory.endIndex ? 0o700 : 0o777
            guard mkdir(part, mode) == 0 || errno == EEXIST || errno == EISDIR else {
                throw HoneyError.system("make directory", part)
            }
        }
    }
}
