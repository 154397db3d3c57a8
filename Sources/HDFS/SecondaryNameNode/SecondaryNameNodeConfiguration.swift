package import HoneyWorld

/// Settings of a secondary NameNode, with Hadoop's names and defaults; durations are nanoseconds.
package struct SecondaryNameNodeConfiguration: Sendable {
    /// Where the NameNode answers calls.
    package var nameNode: NetworkAddress
    /// The user it is for the NameNode, who must be a superuser.
    package var user = "hdfs"
    /// `dfs.namenode.checkpoint.check.period`: how often it looks whether a checkpoint is due.
    package var checkPeriod = Int.seconds(60)
    /// `dfs.namenode.checkpoint.period`
    package var checkpointPeriod = Int.seconds(3600)
    /// `dfs.namenode.checkpoint.txns`
    package var checkpointTransactions = 1_000_000
    /// A call to the NameNode that is not answered in so long has failed.
    package var callTimeout = Int.seconds(60)

    package init(nameNode: NetworkAddress) { self.nameNode = nameNode }

    /// Reads settings by Hadoop's names; others keep their defaults. Fails with `INVALID_SETTING` at a value that is none.
    package init(nameNode: NetworkAddress, properties: [String: String]) throws {
        self.init(nameNode: nameNode)
        let reader = HadoopProperties(properties)
        try reader.read("dfs.namenode.checkpoint.check.period", unit: .seconds(1), &checkPeriod)
        try reader.read("dfs.namenode.checkpoint.period", unit: .seconds(1), &checkpointPeriod)
        try reader.read("dfs.namenode.checkpoint.txns", &checkpointTransactions)
        try reader.read("ipc.client.rpc-timeout.ms", unit: .milliseconds(1), &callTimeout)
        if callTimeout == 0 { callTimeout = .seconds(60) }
    }
}
