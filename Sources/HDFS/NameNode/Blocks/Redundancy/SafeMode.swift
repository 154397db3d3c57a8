package import HoneyWorld

/// Whether the name space may change: after a start not before enough blocks were reported.
package final class SafeMode {
    let configuration: BlockConfiguration
    package private(set) var state = State.off
    /// Blocks that must be reported, and those that have been at least `dfs.namenode.safemode.replication.min` times.
    package internal(set) var totalBlocks = 0
    package internal(set) var safeBlocks = 0

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
    /// Turns it on after the image and log were read; blocks restored before count.
    package func start() { state = .starting }
    /// Turns it on by an administrator's order.
    package func enter() { state = .manual }
    /// Turns it off at once.
    package func leave() { state = .off }

    /// Tells why it is on, as Hadoop's messages say.
    package func tip(at now: Moment) -> String { "" }
}
