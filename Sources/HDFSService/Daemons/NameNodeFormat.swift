import Foundation
import HoneyCore
import HoneyHDFS
import HoneyWorld
package import Logging
import NIOCore
import NIOPosix

/// `namenode -format`: makes a new name space.
package enum NameNodeFormat {
    /// Makes one in all directories of `dfs.namenode.name.dir`; fails with `ALREADY_FORMATTED` where one is, unless `force`.
    package static func run(_ configuration: HadoopConfiguration, force: Bool, log: Logger) throws {
        let directories = try NameNodeDaemon.directories(of: configuration)
        let disks = try directories.map { try RealDisk(directory: $0) }
        for disk in disks where try disk.entry("current/VERSION") != nil {
            guard force else {
                throw HoneyError(
                    .environment, "ALREADY_FORMATTED", "storage directory holds a name space (-force removes it)",
                    file: FilePosition(disk.name))
            }
        }
        for disk in disks {
            try remove("current", from: disk)
            try disk.synchronize("")
        }
        var settings = try NameNodeConfiguration(properties: configuration.properties)
        settings.superuser = SystemUsers.currentName
        settings.formatsEmptyDirectories = true
        if case .tcp(let host, _) = try configuration.nameNodeAddress(id: nil) { settings.host = host }
        try makeNameSpace(Disks(all: disks), settings, log: log)
        for directory in directories { log.info("storage directory has been formatted: \(directory)") }
    }

    /// Lets a NameNode without ports make it and end.
    private static func makeNameSpace(_ disks: Disks, _ settings: NameNodeConfiguration, log: Logger) throws {
        let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
        defer { try? group.syncShutdownGracefully() }
        let host = MachineHost<NameNode>(on: group.next(), wires: []) { log.write($0, $1) }
        let random = SeededRandom(seed: .random(in: 0 ... .max))
        _ = try host.start { _ in NameNode(configuration: settings, disks: disks.all, random: random) }.wait()
        host.requestStop()
        if case .failed(let reason) = try host.ended.wait() { throw HoneyError(.environment, "IO_ERROR", reason) }
    }

    /// Hands directories to the event loop, where alone they are used from then on.
    private struct Disks: @unchecked Sendable {
        var all: [any Disk]
    }

    private static func remove(_ path: String, from disk: RealDisk) throws {
        guard let entry = try disk.entry(path) else { return }
        if entry.isDirectory {
            for child in try disk.list(path) { try remove(path + "/" + child.name, from: disk) }
        }
        try disk.remove(path)
    }
}
