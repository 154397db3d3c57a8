import HoneyWorld

// Safe mode and the change between active and standby.
extension BlockManager {
    /// Forgets which blocks have too few or too many replicas; all are looked at again when safe mode ends.
    func forgetNeeded() {
        needed.removeAll()
        pending.removeAll()
        postponed.removeAll()
        unexamined = []
    }

    func startLookingAfterReplicas() { if looksAfterReplicas { examineAll() } }

    func checkSafeMode() {
        guard safeMode.isOver(at: now.monotonicNanoseconds) else { return }
        log(.info, "safe mode is off: \(safeMode.safeBlocks) of \(safeMode.totalBlocks) blocks were reported")
        safeMode.leave()
    }

    /// Begins to give orders. What DataNodes hold is in doubt until each has reported, since another may have had it deleted.
    package func becomeActive() {
        guard !isActive else { return }
        isActive = true
        for storage in registry.storages {
            storage.isContentStale = true
            storage.heardSinceActive = false
        }
        let ahead = aheadOfLog
        aheadOfLog = [:]
        for id in ahead.keys.sorted() {
            for replica in ahead[id]! { takeReplica(replica) }
        }
        if looksAfterReplicas { examineAll() }
    }

    /// Stops giving orders. Reports that are ahead of the log are kept until it catches up.
    package func becomeStandby() {
        isActive = false
        forgetNeeded()
        surplusReplicas = [:]
        waitingDeletions = []
        for node in registry.nodes { node.forgetOrders() }
    }
}
