import HoneyCore
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
    /// Whether all DataNodes that have blocks are there once safe mode ends, as those of a home are: what none of them has is lost.
    package var knowsAllDataNodes = false
    /// `dfs.namenode.accesstime.precision`, milliseconds; 0 keeps no access times.
    package var accessTimePrecision = 3_600_000
    /// `dfs.namenode.checkpoint.txns`: an image is written after so many transactions.
    package var checkpointTransactions = 1_000_000
    /// `dfs.namenode.checkpoint.period`
    package var checkpointPeriod = Int.seconds(3600)
    /// `dfs.namenode.retrycache.expirytime.millis`
    package var retryLifetime = 600_000
    /// Where the other NameNodes of its name service answer calls, for one with a shared directory.
    package var others: [NetworkAddress] = []
    /// `dfs.ha.tail-edits.period`: how often a standby reads the log.
    package var tailPeriod = Int.seconds(60)
    /// Who may act for others.
    package var impersonation = Impersonation()
    /// `hadoop.security.groups.cache.secs`: groups of users are asked for again after so long.
    package var groupLifetime = Int.seconds(300)
    /// A connection that did not come to its first call in so long is closed.
    package var handshakeTimeout = Int.seconds(60)
    /// Twice `ipc.client.connection.maxidletime`: with very many connections, those that are idle for so long are closed.
    package var idleTimeout = Int.seconds(20)
    /// `ipc.client.idlethreshold`: from so many connections on idle ones are closed.
    package var idleThreshold = 4000
    /// Makes a new name space in empty directories; else they are an error.
    package var formatsEmptyDirectories = true

    package init() {}

    /// Reads settings by Hadoop's names; others keep their defaults. Fails with `INVALID_SETTING` at a value that is none.
    package init(properties: [String: String]) throws {
        blocks = try BlockConfiguration(properties: properties)
        supergroup = properties["dfs.permissions.superusergroup"] ?? supergroup
        let reader = HadoopProperties(properties)
        try reader.read("dfs.permissions.enabled", &enforcesPermissions)
        try reader.read("dfs.blocksize", bytes: &blockBytes)
        try reader.read("dfs.namenode.fs-limits.min-block-size", bytes: &smallestBlockBytes)
        try reader.read("dfs.namenode.fs-limits.max-blocks-per-file", &greatestBlockCount)
        try reader.read("dfs.client-write-packet-size", bytes: &packetBytes)
        try reader.read("io.file.buffer.size", bytes: &bufferBytes)
        try reader.read("fs.trash.interval", &trashMinutes)
        try reader.read("dfs.ls.limit", &listingLimit)
        listingLimit = max(listingLimit, 1)
        try reader.read("dfs.namenode.lease-hard-limit-sec", unit: .seconds(1), &hardLeaseLimit)
        try reader.read("dfs.namenode.accesstime.precision", &accessTimePrecision)
        try reader.read("dfs.namenode.checkpoint.txns", &checkpointTransactions)
        try reader.read("dfs.namenode.checkpoint.period", unit: .seconds(1), &checkpointPeriod)
        try reader.read("dfs.namenode.retrycache.expirytime.millis", &retryLifetime)
        try reader.read("dfs.ha.tail-edits.period", unit: .seconds(1), &tailPeriod)
        impersonation = Impersonation(properties: properties)
        try reader.read("hadoop.security.groups.cache.secs", unit: .seconds(1), &groupLifetime)
        var longestIdle = idleTimeout / 2
        try reader.read("ipc.client.connection.maxidletime", unit: .milliseconds(1), &longestIdle)
        idleTimeout = longestIdle.multipliedClamped(by: 2)
        try reader.read("ipc.client.idlethreshold", &idleThreshold)
    }
}
