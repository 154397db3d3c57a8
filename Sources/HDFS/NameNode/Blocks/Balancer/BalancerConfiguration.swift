package import HoneyWorld

/// What a balancer is to do, with Hadoop's defaults.
package struct BalancerConfiguration: Sendable {
    package var namenode: NetworkAddress
    /// What the last column of its report shows, such as `hdfs://namenode:8020`.
    package var namenodeName: String
    package var user = "hdfs"
    /// How many points a node's use in percent may differ from the cluster's: `-threshold`.
    package var threshold = 10.0
    /// Iterations without a move after which it gives up: `-idleiterations`.
    package var idleIterations = 5
    /// Bytes a second that DataNodes may spend on balancing; nil leaves what they have (`dfs.datanode.balance.bandwidthPerSec`).
    package var bandwidth: Int?
    /// Pause between iterations: two heartbeats and a round of the NameNode's own copying.
    package var pause = Int.seconds(9)
    /// `dfs.balancer.max-size-to-move`: bytes moved from or to a node in one iteration.
    package var bytesPerNode = 10 << 30
    /// `dfs.balancer.getBlocks.size`
    package var bytesPerRequest = 2 << 30
    /// `dfs.balancer.getBlocks.min-block-size`
    package var smallestBlock = 10 << 20
    /// Moves that a node takes part in at once; DataNodes refuse more than `dfs.datanode.balance.max.concurrent.moves`.
    package var movesPerNode = 20
    /// A move that is not done after so long has failed.
    package var moveTimeout = Int.seconds(1200)

    package init(namenode: NetworkAddress, namenodeName: String) {
        self.namenode = namenode
        self.namenodeName = namenodeName
    }
}

/// How a balancer ended; raw values are the exit codes of Hadoop's.
package enum BalancerExit: Int, Sendable {
    case success = 0
    case noMoveBlock = -2
    case noMoveProgress = -3
    case failed = -4
}
