import Foundation
import Glibc
import HoneyCatalog
import HoneyCore
import HoneyFiles
import Synchronization

/// A directory of a writer's own, `_staging_<host>-<pid>-<start>-<random>`, beside the files it will become part of.
///
/// Scans do not see it. It goes with its commit; when its writer dies before, the next writer to the same place deletes it.
struct StagingArea {
    let location: FileLocation
    let fileSystem: any FileSystem

    static let prefix = "_staging_"

    /// Never used before or again.
    var id: String { String(location.name.dropFirst(StagingArea.prefix.count)) }
    /// Where what a commit removes goes first.
    var trash: FileLocation { location.appending("_removed") }

    /// Makes one in `directory`, and deletes those that dead writers left there.
    static func make(in directory: FileLocation, _ context: any FileCommandContext) throws -> StagingArea {
        let fileSystem = try context.fileSystems.serving(directory)
        let area = StagingArea(
            location: directory.appending(prefix + Writer.current.name), fileSystem: fileSystem)
        try fileSystem.makeDirectory(area.trash)
        try clean(directory, fileSystem, context)
        return area
    }

    /// Deletes it as well as can be; what stays is deleted by a later writer.
    func discard() { _ = try? fileSystem.delete(location, recursive: true) }

    private static func clean(
        _ directory: FileLocation, _ fileSystem: any FileSystem, _ context: any FileCommandContext
    ) throws {
        let dead = try fileSystem.list(directory).filter { entry in
            guard entry.isDirectory, entry.location.name.hasPrefix(prefix) else { return false }
            return !Writer.mayBeAlive(
                String(entry.location.name.dropFirst(prefix.count)), touchedMilliseconds: entry.modifiedMilliseconds)
        }
        guard !dead.isEmpty else { return }
        // What a decided commit still needs is not a leftover.
        let needed = Set(try context.commits.pending().flatMap(\.leftovers))
        for entry in dead where !needed.contains(entry.location.description) {
            _ = try? fileSystem.delete(entry.location, recursive: true)
        }
    }
}

/// Who writes: a process of a host, told apart from later ones with the same number by when it started.
struct Writer {
    let name: String

    static var current: Writer {
        let process = getpid()
        let random = String(UInt64.random(in: 0...UInt64.max), radix: 36)
        return Writer(name: "\(host)-\(process)-\(startTime(of: process) ?? "0")-\(random)")
    }

    /// Tells whether the writer of this name may still be at work; of other hosts' it is assumed for a day.
    static func mayBeAlive(_ name: String, touchedMilliseconds: Int) -> Bool {
        let parts = name.split(separator: "-")
        guard parts.count >= 4, parts.dropLast(3).joined(separator: "-") == host,
            let process = pid_t(parts[parts.count - 3])
        else {
            return Int(Date().timeIntervalSince1970 * 1000) - touchedMilliseconds < 24 * 3600 * 1000
        }
        return startTime(of: process) == String(parts[parts.count - 2])
    }

    /// Ids of the commits that this process is deciding and finishing.
    private static let active = Mutex<Set<String>>([])

    static func begin(_ id: String) { active.withLock { _ = $0.insert(id) } }
    static func end(_ id: String) { active.withLock { _ = $0.remove(id) } }

    /// Tells whether the writer who decided a commit may be about to finish it.
    static func isAtWork(on id: String) -> Bool {
        if active.withLock({ $0.contains(id) }) { return true }
        let parts = id.split(separator: "-")
        if parts.count >= 4, parts.dropLast(3).joined(separator: "-") == host, parts[parts.count - 3] == "\(getpid())" {
            return false
        }
        return mayBeAlive(id, touchedMilliseconds: Int(Date().timeIntervalSince1970 * 1000))
    }

    private static let host: String = {
        var buffer = [CChar](repeating: 0, count: 256)
        guard gethostname(&buffer, buffer.count - 1) == 0 else { return "localhost" }
        let bytes = buffer.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }
        return String(decoding: bytes, as: UTF8.self).filter { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "-") }
    }()

    /// Clock ticks since the machine started, as the kernel says; nil when there is no such process.
    private static func startTime(of process: pid_t) -> String? {
        guard let text = try? String(contentsOfFile: "/proc/\(process)/stat", encoding: .utf8),
            let end = text.lastIndex(of: ")")
        else { return nil }
        // Fields 3 and on follow the command's name; the start time is field 22.
        let fields = text[text.index(after: end)...].split(separator: " ")
        return fields.count > 19 ? String(fields[19]) : nil
    }
}
