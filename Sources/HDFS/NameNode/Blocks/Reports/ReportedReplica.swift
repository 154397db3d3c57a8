import HoneyHDFSMessages

/// A replica as a DataNode tells of it.
struct ReportedReplica {
    /// The storage's index.
    var storage: UInt32
    var block: Block
    var state: WireReplicaState
    /// The node it was moved from; nil when it was not.
    var hint: Datanode?
}
