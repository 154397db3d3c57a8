// Blocks is what the NameNode knows about blocks and the DataNodes that hold them: where new ones go, what reports say, which are
// copied or removed. Names of files, leases and the log are not its business: the name space tells it about blocks (`BlockManager`'s
// methods) and hears about them (`BlockOwner`). Nothing here is written to disk: after a start all is learnt from reports again.
//
// `Model/` blocks, `Datanodes/` nodes and their states, `Placement/` targets, `Redundancy/` copies and removals, `Reports/` what
// DataNodes say, `Service/` the protocols, `Balancer/` and `Fsck/` what administrators run.

package import HoneyHDFSMessages
package import HoneyWorld

/// All blocks and DataNodes of a NameNode; confined to its machine.
package final class BlockManager {
    package let configuration: BlockConfiguration
    /// The name of the block pool, such as `BP-1-127.0.0.1-1`.
    package let pool: String
    package weak var owner: (any BlockOwner)?
    package let registry: DatanodeRegistry
    package let safeMode: SafeMode
    var blocks: [UInt64: BlockInfo] = [:]
    var random: SeededRandom
    /// The time of the last event.
    var now = Moment(monotonicNanoseconds: 0, wallMilliseconds: 0)

    package init(configuration: BlockConfiguration, pool: String, random: SeededRandom) {
        self.configuration = configuration
        self.pool = pool
        self.random = random
        registry = DatanodeRegistry(configuration: configuration)
        safeMode = SafeMode(configuration: configuration)
    }

    /// Finds a block by its number.
    package func block(_ id: UInt64) -> BlockInfo? { blocks[id] }

    package var blockCount: Int { blocks.count }
}
