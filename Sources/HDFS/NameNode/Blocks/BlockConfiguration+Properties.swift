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

/// Hadoop's settings by name, with units on times such as `30s` or `5m`.
private struct HadoopProperties {
    let properties: [String: String]

    init(_ properties: [String: String]) { self.properties = properties }

    private func text(_ name: String) -> String? {
        guard let text = properties[name] else { return nil }
        return String(text.drop(while: \.isWhitespace).reversed().drop(while: \.isWhitespace).reversed())
    }

    private func invalid(_ name: String, _ wanted: String) -> HoneyError {
        HoneyError(.environment, "INVALID_SETTING", "setting must be \(wanted): \(name) = \(properties[name] ?? "")")
    }

    func read(_ name: String, _ value: inout Int) throws(HoneyError) {
        guard let text = text(name) else { return }
        guard let number = Int(text), number >= 0 else { throw invalid(name, "a whole number") }
        value = number
    }

    func read(_ name: String, _ value: inout Double) throws(HoneyError) {
        guard let text = text(name) else { return }
        guard let number = Double(text), number.isFinite, number >= 0 else { throw invalid(name, "a number") }
        value = number
    }

    func read(_ name: String, _ value: inout Bool) throws(HoneyError) {
        guard let text = text(name) else { return }
        guard let truth = Bool(text.lowercased()) else { throw invalid(name, "true or false") }
        value = truth
    }

    /// Reads a time; `unit` is what a number without a unit counts, in nanoseconds.
    func read(_ name: String, unit: Int, _ value: inout Int) throws(HoneyError) {
        guard let text = text(name) else { return }
        let units: [(String, Int)] = [
            ("ms", .milliseconds(1)), ("us", 1_000), ("ns", 1), ("s", .seconds(1)), ("m", .seconds(60)),
            ("h", .seconds(3_600)), ("d", .seconds(86_400)),
        ]
        var digits = Substring(text)
        var scale = unit
        if let (suffix, nanoseconds) = units.first(where: { text.lowercased().hasSuffix($0.0) }) {
            digits = digits.dropLast(suffix.count)
            scale = nanoseconds
        }
        guard let number = Int(digits), number >= 0 else { throw invalid(name, "a time") }
        let product = number.multipliedReportingOverflow(by: scale)
        guard !product.overflow else { throw invalid(name, "a time") }
        value = product.partialValue
    }
}
