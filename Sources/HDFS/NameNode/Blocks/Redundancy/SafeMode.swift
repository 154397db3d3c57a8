package import HoneyWorld

/// Whether the name space may change: after a start not before enough blocks were reported.
package final class SafeMode {
    let configuration: BlockConfiguration
    /// Whose blocks it waits for.
    weak var manager: BlockManager?
    package private(set) var state = State.off
    /// Blocks that must be reported, and those that have been often enough.
    package private(set) var totalBlocks = 0
    package private(set) var safeBlocks = 0

    package enum State: Hashable, Sendable {
        case off
        /// Waiting for blocks and nodes after a start.
        case starting
        /// Enough is there since this moment (monotonic nanoseconds); it ends by itself.
        case extending(since: Int)
        /// An administrator asked for it.
        case manual
    }

    init(configuration: BlockConfiguration) { self.configuration = configuration }

    package var isOn: Bool { state != .off }

    /// Whether it is on because of a start.
    package var isStarting: Bool {
        switch state {
        case .starting, .extending: true
        case .off, .manual: false
        }
    }

    /// Replicas that make a block safe.
    var replicasNeeded: Int { configuration.safeModeReplication ?? configuration.minimumReplication }

    /// Blocks that must be safe before it ends.
    package var threshold: Int { Int(Double(totalBlocks) * configuration.safeModeThreshold) }

    /// Turns it on after the image and log were read; the complete blocks there are now must be reported.
    package func start() {
        state = .starting
        totalBlocks = 0
        safeBlocks = 0
        manager?.forgetNeeded()
        for block in manager?.blocks.values ?? [:].values where block.isComplete {
            blockAdded(replicas: manager?.intactReplicas(of: block) ?? 0)
        }
    }

    /// Turns it on by an administrator's order; one that began with a start does not end by itself any more.
    package func enter() {
        let wasStarting = isStarting
        state = .manual
        if wasStarting { manager?.startLookingAfterReplicas() }
    }

    /// Turns it off at once, whatever was reported.
    package func leave() {
        let wasStarting = isStarting
        state = .off
        if wasStarting { manager?.startLookingAfterReplicas() }
    }

    func blockAdded(replicas: Int) {
        guard isStarting else { return }
        totalBlocks += 1
        if replicas >= replicasNeeded { safeBlocks += 1 }
    }

    func blockRemoved(replicas: Int) {
        guard isStarting else { return }
        totalBlocks -= 1
        if replicas >= replicasNeeded { safeBlocks -= 1 }
    }

    /// Hears how many replicas a complete block has now that one came.
    func replicaAdded(replicas: Int) {
        if isStarting, replicas == replicasNeeded { safeBlocks += 1 }
    }

    /// Hears how many replicas a complete block has now that one went.
    func replicaRemoved(left: Int) {
        if isStarting, left == replicasNeeded - 1 { safeBlocks -= 1 }
    }

    /// Goes on when enough is there, and back when it no longer is; true when safe mode is to end.
    func isOver(at now: Int) -> Bool {
        let liveNodes = manager?.registry.liveCount ?? 0
        let isEnough = safeBlocks >= threshold && liveNodes >= configuration.safeModeDatanodes
        switch state {
        case .off, .manual: return false
        case .starting:
            guard isEnough else { return false }
            // An empty file system, or one that asks for no waiting, has nothing to wait for.
            if totalBlocks == 0 && configuration.safeModeDatanodes == 0 || configuration.safeModeExtension <= 0 {
                return true
            }
            state = .extending(since: now)
            return false
        case .extending(let since):
            if !isEnough { state = .starting }
            return isEnough && now - since >= configuration.safeModeExtension
        }
    }

    /// Tells why it is on and how it ends, as Hadoop does.
    package func tip(at now: Moment) -> String {
        let liveNodes = manager?.registry.liveCount ?? 0
        let byHand = "Use \"hdfs dfsadmin -safemode leave\" to turn safe mode off."
        guard isStarting else { return "It was turned on manually. " + byHand }
        var text = ""
        if safeBlocks < threshold {
            text +=
                "The reported blocks \(safeBlocks) needs additional \(threshold - safeBlocks) blocks to reach the threshold "
                + "\(fourDigits(configuration.safeModeThreshold)) of total blocks \(totalBlocks).\n"
        } else {
            text +=
                "The reported blocks \(safeBlocks) has reached the threshold \(fourDigits(configuration.safeModeThreshold)) "
                + "of total blocks \(totalBlocks). "
        }
        let minimum = configuration.safeModeDatanodes
        if liveNodes < minimum {
            text +=
                "The number of live datanodes \(liveNodes) needs an additional \(minimum - liveNodes) live datanodes to reach "
                + "the minimum number \(minimum).\n"
        } else {
            text += "The number of live datanodes \(liveNodes) has reached the minimum number \(minimum). "
        }
        if case .extending(let since) = state {
            let left = max(0, configuration.safeModeExtension - (now.monotonicNanoseconds - since)) / .seconds(1)
            return text + "In safe mode extension. Safe mode will be turned off automatically in \(left) seconds."
        }
        return text + "Safe mode will be turned off automatically once the thresholds have been reached."
    }

    private func fourDigits(_ value: Double) -> String {
        let parts = Int((value * 10_000).rounded())
        let fraction = String(10_000 + parts % 10_000).dropFirst()
        return "\(parts / 10_000).\(fraction)"
    }
}
