package import HoneyCore
import HoneyWorld

extension BlockConfiguration {
    /// Reads settings by Hadoop's names; others keep their defaults. Fails with `INVALID_SETTING` at a value that is none.
    package init(properties: [String: String]) throws(HoneyError) {
        self.init()
        let reader = HadoopProperties(properties)
        try reader.read("dfs.heartbeat.interval", unit: .seconds(1), &heartbeatInterval)
        try reader.read("dfs.namenode.heartbeat.recheck-interval", unit: .milliseconds(1), &recheckInterval)
        try reader.read("dfs.namenode.stale.datanode.interval", unit: .milliseconds(1), &staleInterval)
        try reader.read("dfs.namenode.avoid.read.stale.datanode", &avoidsStaleReads)
        try reader.read("dfs.namenode.avoid.write.stale.datanode", &avoidsStaleWrites)
        try reader.read("dfs.namenode.write.stale.datanode.ratio", &staleWriteRatio)
        try reader.read("dfs.replication", &replication)
        try reader.read("dfs.namenode.replication.min", &minimumReplication)
        try reader.read("dfs.replication.max", &maximumReplication)
        try reader.read("dfs.namenode.replication.max-streams", &replicationStreams)
        try reader.read("dfs.namenode.replication.max-streams-hard-limit", &replicationStreamsHardLimit)
        try reader.read("dfs.namenode.replication.work.multiplier.per.iteration", &replicationWorkMultiplier)
        try reader.read("dfs.namenode.redundancy.interval.seconds", unit: .seconds(1), &redundancyInterval)
        try reader.read("dfs.namenode.reconstruction.pending.timeout-sec", unit: .seconds(1), &pendingTimeout)
        try reader.read("dfs.block.invalidate.limit", &invalidateLimit)
        try reader.read("dfs.namenode.excess.redundancy.timeout-sec", unit: .seconds(1), &excessTimeout)
        try reader.read("dfs.namenode.max.full.block.report.leases", &reportLeases)
        try reader.read("dfs.namenode.full.block.report.lease.length.ms", unit: .milliseconds(1), &reportLeaseLength)
        try reader.read("dfs.namenode.decommission.interval", unit: .seconds(1), &decommissionInterval)
        try reader.read("dfs.namenode.redundancy.considerLoad", &considersLoad)
        try reader.read("dfs.namenode.redundancy.considerLoad.factor", &loadFactor)
        try reader.read("dfs.namenode.safemode.threshold-pct", &safeModeThreshold)
        try reader.read("dfs.namenode.safemode.min.datanodes", &safeModeDatanodes)
        var safeReplication = minimumReplication
        try reader.read("dfs.namenode.safemode.replication.min", &safeReplication)
        safeModeReplication = safeReplication
        try reader.read("dfs.namenode.safemode.extension", unit: .milliseconds(1), &safeModeExtension)
    }
}
