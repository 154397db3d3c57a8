package import HoneyHDFSMessages

/// What is known of a block that is being written or recovered.
package final class BlockConstruction {
    /// Where the block is written, in the order of the pipeline, and what was reported from there.
    package internal(set) var replicas: [Replica]
    /// The generation stamp a recovery will give the block; 0 when there was none.
    package internal(set) var recoveryStamp: UInt64 = 0
    /// Where a recovery cuts the block; nil when it keeps all bytes.
    package internal(set) var truncation: Int?
    /// The node that leads the recovery.
    var primary: Datanode?

    package struct Replica {
        package let storage: DatanodeStorage
        package var state: WireReplicaState
        package var generationStamp: UInt64
        package var size: Int
        /// Whether it has led a recovery since the last round.
        var hasLed = false
        /// Whether a DataNode has told of it.
        var isReported = false
    }

    init(targets: [DatanodeStorage], generationStamp: UInt64, state: WireReplicaState = .rbw) {
        replicas = targets.map {
            Replica(storage: $0, state: state, generationStamp: generationStamp, size: 0)
        }
    }
}
