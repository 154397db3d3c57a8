import HoneyWorld

/// Settings of block management, with Hadoop's defaults; times are nanoseconds.
package struct BlockConfiguration: Sendable {
    /// `dfs.heartbeat.interval`
    package var heartbeatInterval = Int.seconds(3)
    /// `dfs.namenode.heartbeat.recheck-interval`
    package var recheckInterval = Int.seconds(300)
    /// `dfs.namenode.stale.datanode.interval`
    package var staleInterval = Int.seconds(30)
    /// `dfs.namenode.avoid.read.stale.datanode`; true here, where Hadoop's default is false, since nothing is lost by it.
    package var avoidsStaleReads = true
    /// `dfs.namenode.avoid.write.stale.datanode`; true here, where Hadoop's default is false.
    package var avoidsStaleWrites = true
    /// `dfs.namenode.write.stale.datanode.ratio`: with more stale nodes than this they are written to again.
    package var staleWriteRatio = 0.5
    /// `dfs.replication`
    package var replication = 3
    /// `dfs.namenode.replication.min`
    package var minimumReplication = 1
    /// `dfs.replication.max`
    package var maximumReplication = 512
    /// `dfs.namenode.replication.max-streams`
    package var replicationStreams = 2
    /// `dfs.namenode.replication.max-streams-hard-limit`
    package var replicationStreamsHardLimit = 4
    /// `dfs.namenode.replication.work.multiplier.per.iteration`
    package var replicationWorkMultiplier = 2
    /// `dfs.namenode.redundancy.interval.seconds`
    package var redundancyInterval = Int.seconds(3)
    /// `dfs.namenode.reconstruction.pending.timeout-sec`
    package var pendingTimeout = Int.seconds(300)
    /// `dfs.block.invalidate.limit`
    package var invalidateLimit = 1000
    /// `dfs.namenode.excess.redundancy.timeout-sec`: after so long the order to delete a replica is given again.
    package var excessTimeout = Int.seconds(3600)
    /// `dfs.namenode.max.full.block.report.leases`
    package var reportLeases = 6
    /// `dfs.namenode.full.block.report.lease.length.ms`
    package var reportLeaseLength = Int.seconds(300)
    /// `dfs.namenode.decommission.interval`
    package var decommissionInterval = Int.seconds(30)
    /// `dfs.namenode.redundancy.considerLoad`
    package var considersLoad = true
    /// `dfs.namenode.redundancy.considerLoad.factor`
    package var loadFactor = 2.0
    /// `dfs.namenode.safemode.threshold-pct`
    package var safeModeThreshold = 0.999
    /// `dfs.namenode.safemode.min.datanodes`
    package var safeModeDatanodes = 0
    /// `dfs.namenode.safemode.replication.min`; nil takes `minimumReplication`.
    package var safeModeReplication: Int?
    /// `dfs.namenode.safemode.extension`
    package var safeModeExtension = Int.seconds(30)
    /// The rack of each host or address; others are on `defaultRack`. Stands for Hadoop's `net.topology.table.file.name`.
    package var racks: [String: String] = [:]
    package static let defaultRack = "/default-rack"
    /// Hosts, addresses or `host:port` that may register; all when empty. Hadoop: the file named by `dfs.hosts`.
    package var includedHosts: Set<String> = []
    /// Those that are to be decommissioned. Hadoop: the file named by `dfs.hosts.exclude`.
    package var excludedHosts: Set<String> = []

    package init() {}

    /// How long a node may be silent before it counts as dead: 10 minutes 30 seconds by default.
    package var deadInterval: Int { 2 * recheckInterval + 10 * heartbeatInterval }
}
