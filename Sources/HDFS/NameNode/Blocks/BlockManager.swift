// Blocks is what the NameNode knows about blocks and the DataNodes that hold them: where new ones go, what reports say, which are
// copied or removed. Names of files, leases and the log are not its business: the name space tells it about blocks (`BlockManager`'s
// methods) and hears about them (`BlockOwner`). Nothing here is written to disk: after a start all is learnt from reports again.
//
// `Model/` blocks, `Datanodes/` nodes and their states, `Placement/` targets, `Redundancy/` copies and removals, `Reports/` what
// DataNodes say, `Service/` the protocols, `Balancer/` and `Fsck/` what administrators run.

package import HoneyHDFSMessages
package import HoneyWorld
import SwiftProtobuf

/// All blocks and DataNodes of a NameNode; confined to its machine.
///
/// Nothing that has an effect is done in the order of a dictionary, so that a simulation repeats.
package final class BlockManager {
    package let configuration: BlockConfiguration
    /// The name of the block pool, such as `BP-1-127.0.0.1-1`.
    package let pool: String
    /// What DataNodes must belong to.
    package var identity: NamespaceIdentity
    package weak var owner: (any BlockOwner)?
    package let registry: DatanodeRegistry
    package let safeMode: SafeMode
    /// Whether this NameNode gives orders; false on a standby.
    package internal(set) var isActive = true

    var blocks: [UInt64: BlockInfo] = [:]
    var random: SeededRandom
    /// The time of the last event.
    var now = Moment(monotonicNanoseconds: 0, wallMilliseconds: 0)

    /// Damaged replicas of each block that has some.
    var damagedReplicas: [UInt64: [DamagedReplica]] = [:]
    /// Replicas that were ordered deleted since there are too many.
    var surplusReplicas: [UInt64: [SurplusReplica]] = [:]
    /// Blocks with too few replicas.
    var needed = NeededBlocks()
    /// Copies that were ordered and have not come.
    var pending = PendingCopies()
    /// Blocks with too many replicas, some of them in doubt.
    var postponed = BlockQueue()
    /// Blocks that are still to be looked at since safe mode ended or this NameNode became active, by falling number.
    var unexamined: [UInt64] = []
    /// Reports that are ahead of a standby's log, by block.
    var aheadOfLog: [UInt64: [ReportedReplica]] = [:]
    /// Deletions that wait until the log has the reason for them, in the order of transactions.
    var waitingDeletions: [WaitingDeletion] = []
    var reportLeases: BlockReportLeases
    var lastWork: Int?
    var lastDecommissionCheck: Int?
    var lastDeletionCheck: Int?
    var lastScheduleRoll = 0

    package init(configuration: BlockConfiguration, pool: String, random: SeededRandom) {
        self.configuration = configuration
        self.pool = pool
        self.random = random
        identity = NamespaceIdentity(namespaceID: 0, clusterID: "", creationMilliseconds: 0)
        registry = DatanodeRegistry(configuration: configuration)
        safeMode = SafeMode(configuration: configuration)
        reportLeases = BlockReportLeases(limit: configuration.reportLeases, length: configuration.reportLeaseLength)
        safeMode.manager = self
    }

    /// Finds a block by its number.
    package func block(_ id: UInt64) -> BlockInfo? { blocks[id] }

    package var blockCount: Int { blocks.count }

    /// Tells whether too few and too many replicas are looked after: not before all have had time to be reported.
    var looksAfterReplicas: Bool { isActive && !safeMode.isStarting }

    func log(_ level: LogLevel, _ message: @autoclosure () -> String) { owner?.log(level, message()) }
}

/// By what a name space is told from others.
package struct NamespaceIdentity: Hashable, Sendable {
    package var namespaceID: UInt32
    /// Such as `CID-…`.
    package var clusterID: String
    package var creationMilliseconds: UInt64

    package init(namespaceID: UInt32, clusterID: String, creationMilliseconds: UInt64) {
        self.namespaceID = namespaceID
        self.clusterID = clusterID
        self.creationMilliseconds = creationMilliseconds
    }

    /// The layout version that Hadoop 3 NameNodes tell DataNodes.
    package static let layoutVersion: Int32 = -66

    package var storageInfo: WireStorageInfo {
        .with {
            $0.layoutVersion = UInt32(bitPattern: Self.layoutVersion)
            $0.namespceID = namespaceID
            $0.clusterID = clusterID
            $0.cTime = creationMilliseconds
        }
    }
}

/// A replica that must not be read.
struct DamagedReplica {
    var storage: UInt32
    /// The generation stamp the replica has.
    var generationStamp: UInt64
    var reason: String
}

/// A replica too many.
struct SurplusReplica {
    var storage: UInt32
    /// When its deletion was ordered, monotonic nanoseconds.
    var since: Int
}
