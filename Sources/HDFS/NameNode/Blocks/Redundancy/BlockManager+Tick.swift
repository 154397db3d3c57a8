package import HoneyWorld

// What is due as time passes.
extension BlockManager {
    /// Does what is due: dead nodes, copies, removals, decommissioning. Once a second is often enough.
    package func tick(_ now: Moment) {
        self.now = now
        let clock = now.monotonicNanoseconds
        loseSilentNodes()
        registry.noteLoad()
        checkSafeMode()
        if clock - lastScheduleRoll >= .seconds(600) {
            // Blocks that were not reported after so long do not come.
            lastScheduleRoll = clock
            for node in registry.nodes {
                node.scheduledBefore = node.scheduled
                node.scheduled = 0
            }
        }
        if !unexamined.isEmpty { examineNext() }
        guard looksAfterReplicas, !safeMode.isOn else { return }
        if isDue(&lastWork, every: configuration.redundancyInterval) {
            orderCopies()
        }
        if !surplusReplicas.isEmpty, isDue(&lastDeletionCheck, every: .seconds(60)) { repeatDeletions() }
        if isDue(&lastDecommissionCheck, every: configuration.decommissionInterval) { checkDecommissions() }
    }

    private func isDue(_ last: inout Int?, every interval: Int) -> Bool {
        let clock = now.monotonicNanoseconds
        if let last, clock - last < interval { return false }
        last = clock
        return true
    }
}
