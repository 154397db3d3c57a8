package import HoneyCore
package import HoneyWorld

/// Settings of a NameNode, with Hadoop's defaults; durations are nanoseconds.
package struct NameNodeConfiguration: Sendable {
    /// The user that runs it, whom nothing is refused.
    package var superuser = "hdfs"
    /// `dfs.permissions.superusergroup`
    package var supergroup = "supergroup"
    /// `dfs.permissions.enabled`
    package var enforcesPermissions = true
    /// The name or address it has for others; part of the block pool's name.
    package var host = "127.0.0.1"
    package var blocks = BlockConfiguration()
    /// `dfs.blocksize`
    package var blockBytes = 128 << 20
    /// `dfs.namenode.fs-limits.min-block-size`
    package var smallestBlockBytes = 1 << 20
    /// `dfs.namenode.fs-limits.max-blocks-per-file`
    package var greatestBlockCount = 10_000
    /// `dfs.client-write-packet-size`
    package var packetBytes = 64 << 10
    /// `io.file.buffer.size`
    package var bufferBytes = 4096
    /// `fs.trash.interval`, minutes
    package var trashMinutes = 0
    /// `dfs.ls.limit`
    package var listingLimit = 1000
    /// After so long without renewal another client may take a file.
    package var softLeaseLimit = Int.seconds(60)
    /// `dfs.namenode.lease-hard-limit-sec`: after so long the NameNode closes files itself.
    package var hardLeaseLimit = Int.seconds(1200)
    /// `dfs.namenode.accesstime.precision`, milliseconds; 0 keeps no access times.
    package var accessTimePrecision = 3_600_000
    /// `dfs.namenode.checkpoint.txns`: an image is written after so many transactions.
    package var checkpointTransactions = 1_000_000
    /// `dfs.namenode.checkpoint.period`
    package var checkpointPeriod = Int.seconds(3600)
    /// `dfs.namenode.checkpoint.check.period`
    package var checkpointCheckPeriod = Int.seconds(60)
    /// `dfs.namenode.retrycache.expirytime.millis`
    package var retryLifetime = 600_000
    /// Makes a new name space in empty directories; else they are an error.
    package var formatsEmptyDirectories = true

    package init() {}

    /// Reads Hadoop's settings by their names; unknown ones are not its business.
    package init(properties: [String: String]) throws {
        func number(_ name: String, _ body: (Int) -> Void) throws {
            guard let text = properties[name] else { return }
            guard let value = Int(text), value >= 0 else {
                throw HoneyError(.environment, "BAD_SETTING", "setting is not a number: \(name)=\(text)")
            }
            body(value)
        }
        blocks = try BlockConfiguration(properties: properties)
        supergroup = properties["dfs.permissions.superusergroup"] ?? supergroup
        enforcesPermissions = properties["dfs.permissions.enabled"].map { $0 == "true" } ?? enforcesPermissions
        try number("dfs.blocksize") { blockBytes = $0 }
        try number("dfs.namenode.fs-limits.min-block-size") { smallestBlockBytes = $0 }
        try number("dfs.namenode.fs-limits.max-blocks-per-file") { greatestBlockCount = $0 }
        try number("dfs.client-write-packet-size") { packetBytes = $0 }
        try number("io.file.buffer.size") { bufferBytes = $0 }
        try number("fs.trash.interval") { trashMinutes = $0 }
        try number("dfs.ls.limit") { listingLimit = max($0, 1) }
        try number("dfs.namenode.lease-hard-limit-sec") { hardLeaseLimit = .seconds($0) }
        try number("dfs.namenode.accesstime.precision") { accessTimePrecision = $0 }
        try number("dfs.namenode.checkpoint.txns") { checkpointTransactions = $0 }
        try number("dfs.namenode.checkpoint.period") { checkpointPeriod = .seconds($0) }
        try number("dfs.namenode.checkpoint.check.period") { checkpointCheckPeriod = .seconds($0) }
        try number("dfs.namenode.retrycache.expirytime.millis") { retryLifetime = $0 }
    }
}
