package import HoneyCore
package import HoneyWorld

/// Settings of a DataNode, with Hadoop's defaults; durations are nanoseconds.
package struct DataNodeConfiguration: Sendable {
    /// All NameNodes of the name service, active and standby.
    package var nameNodes: [NetworkAddress] = []
    /// The name or address by which others reach it.
    package var host = "127.0.0.1"
    /// Where it listens for data transfer and for calls, with the ports others use.
    package var transferAddress = NetworkAddress.tcp(host: "127.0.0.1", port: 9866)
    package var rpcAddress = NetworkAddress.tcp(host: "127.0.0.1", port: 9867)
    /// The port of its pages, told to the NameNode.
    package var httpPort = 9864
    /// The user that its calls come from.
    package var user = "hdfs"
    /// `dfs.heartbeat.interval`
    package var heartbeatInterval = Int.seconds(3)
    /// `dfs.blockreport.intervalMsec`
    package var reportInterval = Int.seconds(21_600)
    /// `dfs.blockreport.split.threshold`: with more replicas each volume is reported by a call of its own.
    package var reportSplitThreshold = 1_000_000
    /// `dfs.client.socket-timeout`: how long another side may be silent.
    package var socketTimeout = Int.seconds(60)
    /// How much longer for each node behind it.
    package var socketTimeoutExtension = Int.seconds(5)
    /// `dfs.datanode.socket.reuse.keepalive`
    package var keepAlive = Int.seconds(4)
    /// `dfs.datanode.max.transfer.threads`: transfers at a time.
    package var transferLimit = 4096
    /// `dfs.datanode.balance.max.concurrent.moves`
    package var moveLimit = 100
    /// `dfs.datanode.balance.bandwidthPerSec`, bytes a second.
    package var balancerBandwidth = 100 << 20
    /// `dfs.datanode.du.reserved`, bytes a volume keeps free.
    package var keepsFreeBytes = 0
    /// `dfs.datanode.scan.period.hours`; 0 scans nothing.
    package var scanPeriod = Int.seconds(504 * 3600)
    /// `dfs.block.scanner.volume.bytes.per.second`
    package var scanBandwidth = 1 << 20
    /// `dfs.datanode.synconclose`: a finished replica is durable before its writer is told. True here, where Hadoop's default is false,
    /// since else a power failure takes bytes that were acknowledged.
    package var syncsOnClose = true
    /// `dfs.datanode.sync.behind.writes`: what is written is brought to the disk meanwhile, so that the sync at the end is short.
    /// True here, as is `syncsOnClose`.
    package var writesBehind = true
    /// `dfs.datanode.failed.volumes.tolerated`; -1 goes on while one volume works.
    package var toleratedVolumeFailures = -1
    /// `dfs.datanode.data.dir.perm`: who may enter the directories of its disks.
    package var directoryPermissions = 0o700
    /// `dfs.block.local-path-access.user`: who besides the user of its own calls is told where its files are.
    package var localReaders: Set<String> = []
    /// Bytes of data in a packet that it sends.
    package var packetBytes = 128 << 10
    /// Bytes given to a connection at a time.
    package var unsentBytes = 512 << 10

    package init() {}

    /// Reads settings by Hadoop's names; others keep their defaults. Fails with `INVALID_SETTING` at a value that is none.
    package init(properties: [String: String]) throws(HoneyError) {
        let reader = HadoopProperties(properties)
        try reader.read("dfs.heartbeat.interval", unit: .seconds(1), &heartbeatInterval)
        try reader.read("dfs.blockreport.intervalMsec", unit: .milliseconds(1), &reportInterval)
        try reader.read("dfs.blockreport.split.threshold", &reportSplitThreshold)
        try reader.read("dfs.client.socket-timeout", unit: .milliseconds(1), &socketTimeout)
        try reader.read("dfs.datanode.socket.reuse.keepalive", unit: .milliseconds(1), &keepAlive)
        try reader.read("dfs.datanode.max.transfer.threads", &transferLimit)
        try reader.read("dfs.datanode.balance.max.concurrent.moves", &moveLimit)
        try reader.read("dfs.datanode.balance.bandwidthPerSec", bytes: &balancerBandwidth)
        try reader.read("dfs.datanode.du.reserved", bytes: &keepsFreeBytes)
        var hours = 504
        try reader.read("dfs.datanode.scan.period.hours", &hours)
        scanPeriod = .seconds(3600) * min(hours, 1_000_000)
        try reader.read("dfs.block.scanner.volume.bytes.per.second", bytes: &scanBandwidth)
        try reader.read("dfs.datanode.synconclose", &syncsOnClose)
        try reader.read("dfs.datanode.sync.behind.writes", &writesBehind)
        try reader.read("dfs.datanode.data.dir.perm", octal: &directoryPermissions)
        if let users = properties["dfs.block.local-path-access.user"] {
            localReaders = Set(users.split { $0 == "," || $0.isWhitespace }.map(String.init))
        }
        if properties["dfs.datanode.failed.volumes.tolerated"] != "-1" {
            var tolerated = -1
            try reader.read("dfs.datanode.failed.volumes.tolerated", &tolerated)
            toleratedVolumeFailures = tolerated
        }
    }
}
