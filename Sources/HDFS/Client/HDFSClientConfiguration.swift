package import HoneyCore
import HoneyHDFSMessages
package import HoneyWorld

/// Settings of a client, with Hadoop's names and, where nothing else is said, its defaults; durations are nanoseconds.
package struct HDFSClientConfiguration: Sendable {
    /// The NameNodes of the name service; calls go to the active one.
    package var nameNodes: [NetworkAddress]
    /// The user whom servers are told.
    package var user: String
    /// What leases are held under; one like Hadoop's when nil.
    package var name: String?
    /// `dfs.replication`
    package var replication = 3
    /// `dfs.blocksize`
    package var blockBytes = 128 << 20
    /// `dfs.client-write-packet-size`: bytes of data in a packet, rounded to whole checksums.
    package var packetBytes = 64 << 10
    /// `dfs.client.write.max-packets-in-flight`: packets that may be on their way.
    package var packetsInFlight = 80
    /// `fs.permissions.umask-mode`
    package var umask = 0o022
    /// `dfs.client.read.shortcircuit`: reads blocks of DataNodes on this host from their files.
    package var readsShortCircuit = false
    /// Addresses and names of this host, besides 127.0.0.1 and localhost.
    package var localHosts: Set<String> = []
    /// `dfs.client.use.datanode.hostname`: connects to DataNodes by name rather than by address.
    package var usesDatanodeHostnames = false

    /// `ipc.client.rpc-timeout.ms`
    package var callTimeout = Int.seconds(120)
    /// `ipc.ping.interval`
    package var pingInterval = Int.seconds(60)
    /// `ipc.client.connection.maxidletime`
    package var idleTime = Int.seconds(10)
    /// `ipc.client.connect.max.retries` times `ipc.client.connect.retry.interval`: how long a single NameNode that cannot be reached is tried.
    package var connectPatience = Int.seconds(10)
    /// `dfs.client.failover.max.attempts`: how often calls go to another NameNode, where there are several.
    package var failovers = 15
    /// `dfs.client.failover.sleep.base.millis`
    package var failoverBase = Int.milliseconds(500)
    /// `dfs.client.failover.sleep.max.millis`
    package var failoverLimit = Int.seconds(15)
    /// `honeyguide.dfs.client.safemode.patience`: how long calls refused in safe mode are repeated. Hadoop's clients give up at once.
    package var safeModePatience = 0

    /// `dfs.client.socket-timeout`
    package var socketTimeout = Int.seconds(60)
    /// `dfs.client.max.block.acquire.failures`
    package var acquireFailures = 3
    /// `dfs.client.retry.window.base`
    package var retryWindow = Int.seconds(3)
    /// `dfs.client.block.write.retries`
    package var blockWriteRetries = 3
    /// `dfs.client.block.write.locateFollowingBlock.retries`
    package var locateRetries = 5
    /// `dfs.client.block.write.locateFollowingBlock.initial.delay.ms`
    package var locateDelay = Int.milliseconds(400)
    /// `dfs.client.block.write.replace-datanode-on-failure.enable`
    package var replacesDatanodes = true
    /// `dfs.client.block.write.replace-datanode-on-failure.best-effort`; true here, where Hadoop's default is false: a write goes on with
    /// the nodes that are left, and the NameNode restores the replication.
    package var replacesAtBestEffort = true
    /// `dfs.client.datanode-restart.timeout`: how long a writer all of whose nodes are gone waits for them to come back.
    package var restartTimeout = Int.seconds(30)
    /// How often leases are renewed: half of Hadoop's soft limit.
    package var leaseRenewal = Int.seconds(30)

    package init(nameNodes: [NetworkAddress], user: String) {
        self.nameNodes = nameNodes
        self.user = user
    }

    /// Reads settings by Hadoop's names; others keep their defaults. Fails with `INVALID_SETTING` at a value that is none.
    package init(nameNodes: [NetworkAddress], user: String, properties: [String: String]) throws(HoneyError) {
        self.init(nameNodes: nameNodes, user: user)
        let reader = HadoopProperties(properties)
        try reader.read("dfs.replication", &replication)
        try reader.read("dfs.blocksize", bytes: &blockBytes)
        try reader.read("dfs.client-write-packet-size", &packetBytes)
        try reader.read("dfs.client.write.max-packets-in-flight", &packetsInFlight)
        try reader.read("dfs.client.read.shortcircuit", &readsShortCircuit)
        try reader.read("dfs.client.use.datanode.hostname", &usesDatanodeHostnames)
        try reader.read("ipc.client.rpc-timeout.ms", unit: .milliseconds(1), &callTimeout)
        try reader.read("ipc.ping.interval", unit: .milliseconds(1), &pingInterval)
        try reader.read("ipc.client.connection.maxidletime", unit: .milliseconds(1), &idleTime)
        var tries = 10
        var interval = Int.seconds(1)
        try reader.read("ipc.client.connect.max.retries", &tries)
        try reader.read("ipc.client.connect.retry.interval", unit: .milliseconds(1), &interval)
        connectPatience = tries.multipliedClamped(by: interval)
        try reader.read("dfs.client.failover.max.attempts", &failovers)
        try reader.read("dfs.client.failover.sleep.base.millis", unit: .milliseconds(1), &failoverBase)
        try reader.read("dfs.client.failover.sleep.max.millis", unit: .milliseconds(1), &failoverLimit)
        try reader.read("honeyguide.dfs.client.safemode.patience", unit: .milliseconds(1), &safeModePatience)
        try reader.read("dfs.client.socket-timeout", unit: .milliseconds(1), &socketTimeout)
        try reader.read("dfs.client.max.block.acquire.failures", &acquireFailures)
        try reader.read("dfs.client.retry.window.base", unit: .milliseconds(1), &retryWindow)
        try reader.read("dfs.client.block.write.retries", &blockWriteRetries)
        try reader.read("dfs.client.block.write.locateFollowingBlock.retries", &locateRetries)
        try reader.read(
            "dfs.client.block.write.locateFollowingBlock.initial.delay.ms", unit: .milliseconds(1), &locateDelay)
        try reader.read("dfs.client.block.write.replace-datanode-on-failure.enable", &replacesDatanodes)
        try reader.read("dfs.client.block.write.replace-datanode-on-failure.best-effort", &replacesAtBestEffort)
        try reader.read("dfs.client.datanode-restart.timeout", unit: .seconds(1), &restartTimeout)
        if let text = properties["fs.permissions.umask-mode"] {
            guard let mask = Int(text, radix: 8), 0...0o777 ~= mask else {
                throw HoneyError(
                    .environment, "INVALID_SETTING",
                    "setting must be an octal mask: fs.permissions.umask-mode = \(text)")
            }
            umask = mask
        }
        packetBytes = min(max(packetBytes, Block.bytesPerChecksum), 8 << 20)
        packetsInFlight = max(packetsInFlight, 1)
    }

    /// Tells whether a DataNode runs on this host.
    func isLocal(_ node: WireDatanodeID) -> Bool {
        for host in [node.ipAddr, node.hostName] where host.hasPrefix("127.") || host == "localhost" || host == "::1" {
            return true
        }
        return localHosts.contains(node.ipAddr) || localHosts.contains(node.hostName)
    }

    func transferAddress(_ node: WireDatanodeID) -> NetworkAddress { .tcp(host: host(node), port: Int(node.xferPort)) }

    func rpcAddress(_ node: WireDatanodeID) -> NetworkAddress { .tcp(host: host(node), port: Int(node.ipcPort)) }

    private func host(_ node: WireDatanodeID) -> String {
        usesDatanodeHostnames || node.ipAddr.isEmpty ? node.hostName : node.ipAddr
    }
}
