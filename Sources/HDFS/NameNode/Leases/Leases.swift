// Leases say which client writes which files: one lease a client, renewed by it, with all files it has open. Who lets it run out
// loses the files to others (soft limit) or has them closed by the NameNode (hard limit).

import HoneyWorld

/// All leases of a NameNode; times are monotonic nanoseconds.
package final class Leases {
    private var leases: [String: Lease] = [:]
    /// The time of the last event; leases made while the log is read count from when it was read.
    package var now = 0

    private struct Lease {
        var renewed: Int
        var files: Set<UInt64>
    }

    package init() {}

    /// Who writes for the NameNode when it recovers files itself.
    static let recoveryHolder = "HDFS_NameNode"

    static func isForRecovery(_ holder: String) -> Bool { holder.hasPrefix(recoveryHolder) }

    package var count: Int { leases.count }

    func add(_ file: UInt64, holder: String) {
        leases[holder, default: Lease(renewed: now, files: [])].files.insert(file)
        leases[holder]?.renewed = now
    }

    func remove(_ file: UInt64, holder: String) {
        guard leases[holder] != nil else { return }
        leases[holder]!.files.remove(file)
        if leases[holder]!.files.isEmpty { leases[holder] = nil }
    }

    /// Gives all holders time, as when another NameNode heard their renewals until now.
    func renewAll() { for holder in leases.keys { leases[holder]!.renewed = now } }

    func renew(_ holder: String) { leases[holder]?.renewed = now }

    /// Tells whether a holder has not renewed its lease for so long; one who has none counts so too.
    func isExpired(_ holder: String, after limit: Int) -> Bool {
        guard let lease = leases[holder] else { return true }
        return now - lease.renewed > limit
    }

    /// Files whose lease was not renewed for so long, by number.
    func expiredFiles(after limit: Int) -> [UInt64] {
        leases.values.filter { now - $0.renewed > limit }.flatMap(\.files).sorted()
    }

    /// Files that a holder writes, by number.
    func files(of holder: String) -> [UInt64] { leases[holder]?.files.sorted() ?? [] }

    /// Files that were taken from their writers to be recovered, by number.
    var filesToRecover: [UInt64] {
        leases.filter { Self.isForRecovery($0.key) }.flatMap(\.value.files).sorted()
    }

    /// All files being written, by number.
    var files: [UInt64] { leases.values.flatMap(\.files).sorted() }
}
