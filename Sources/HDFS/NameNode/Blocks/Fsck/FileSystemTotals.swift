import HoneyHDFSMessages

/// What a check found of one block.
struct BlockFacts {
    let counts: ReplicaCounts
    /// Where it can be read.
    let storages: [DatanodeStorage]
    /// No replica that can be read.
    let isMissing: Bool
    /// All replicas are damaged.
    let isCorrupt: Bool
    let isUnderReplicated: Bool
    let isOverReplicated: Bool
    let isBadlySpread: Bool
    /// Fewer replicas than a block needs to be complete.
    let isBelowMinimum: Bool
    let size: Int

    init(_ block: BlockInfo, _ manager: BlockManager) {
        counts = manager.counts(of: block)
        storages = manager.goodStorages(of: block)
        size = block.size
        isMissing = block.isComplete && storages.isEmpty
        isCorrupt = block.isComplete && storages.isEmpty && counts.corrupt > 0
        isUnderReplicated = block.isComplete && counts.live < block.replication
        isOverReplicated = counts.live > block.replication
        isBadlySpread = block.isComplete && !storages.isEmpty && !manager.isWellSpread(block)
        isBelowMinimum = block.isComplete && counts.live < manager.configuration.minimumReplication
    }
}

/// The sums of a check.
struct FileSystemTotals {
    var directories = 0, files = 0, bytes = 0, blocks = 0
    var openFiles = 0, openBlocks = 0, openBytes = 0
    var corruptFiles = 0
    var missing = 0, missingBytes = 0, corrupt = 0
    var underReplicated = 0, overReplicated = 0, badlySpread = 0, belowMinimum = 0, wellReplicated = 0
    var replicas = 0, lackingReplicas = 0, wantedReplicas = 0
    var decommissioned = 0, decommissioning = 0

    /// Nothing is lost; too few replicas do not make a file system corrupt.
    var isHealthy: Bool { missing == 0 && corrupt == 0 }

    mutating func take(_ facts: BlockFacts, wanted: Int) {
        let counts = facts.counts
        replicas += counts.live
        wantedReplicas += wanted
        decommissioned += counts.decommissioned
        decommissioning += counts.decommissioning
        if facts.isMissing {
            missing += 1
            missingBytes += facts.size
        }
        if facts.isCorrupt { corrupt += 1 }
        if facts.isBelowMinimum { belowMinimum += 1 }
        if facts.isOverReplicated { overReplicated += 1 }
        if facts.isBadlySpread { badlySpread += 1 }
        if facts.isUnderReplicated {
            underReplicated += 1
            lackingReplicas += wanted - counts.live
        } else {
            wellReplicated += 1
        }
    }
}

extension WireStorageType {
    /// Such as `DISK`.
    package var name: String {
        switch self {
        case .disk: "DISK"
        case .ssd: "SSD"
        case .archive: "ARCHIVE"
        case .ramDisk: "RAM_DISK"
        case .provided: "PROVIDED"
        case .nvdimm: "NVDIMM"
        }
    }
}
