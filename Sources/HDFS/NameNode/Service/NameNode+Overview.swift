package import HoneyHDFSMessages
package import HoneyWorld

/// What a NameNode's page shows.
package struct NameNodeOverview: Sendable {
    /// Wall-clock milliseconds.
    package var now = 0
    package var startMilliseconds = 0
    package var state = WireHAServiceState.initializing
    package var clusterID = ""
    package var blockPoolID = ""
    /// Why safe mode is on, in Hadoop's words; nil when it is off.
    package var safeMode: String?
    package var directoriesAndFiles = 0
    package var blocks = 0
    package var openFiles = 0
    package var lastTransaction = 0
    /// The transaction the newest image ends with, and how long ago it was written, in seconds.
    package var lastImage = 0
    package var secondsSinceImage = 0
    package var space = WireGetFsStatsResponse()
    package var pendingCopies = 0
    package var storageDirectories: [String] = []
    package var live: [WireDatanodeStorageReport] = []
    package var dead: [WireDatanodeInfo] = []
    package var decommissioning: [WireDatanodeInfo] = []

    package init() {}
}

extension NameNode {
    /// Tells how it is.
    package func overview(at now: Moment) -> NameNodeOverview {
        var overview = NameNodeOverview()
        overview.now = now.wallMilliseconds
        overview.startMilliseconds = startMilliseconds
        guard let loaded else { return overview }
        overview.state = (try? getHAServiceState(WireHAServiceStateRequest(), caller(named: "")).state) ?? .initializing
        let version = loaded.log.version
        overview.clusterID = version.clusterID
        overview.blockPoolID = version.blockPoolID
        let blocks = loaded.blocks
        overview.safeMode = blocks.safeMode.isOn ? blocks.safeMode.tip(at: now) : nil
        overview.directoriesAndFiles = loaded.namespace.inodeCount
        overview.blocks = blocks.blockCount
        overview.openFiles = loaded.namespace.leases.files.count
        overview.lastTransaction = loaded.log.lastTransaction
        overview.lastImage = loaded.log.lastImage
        overview.secondsSinceImage = max(0, now.monotonicNanoseconds - lastCheckpoint) / .seconds(1)
        overview.space = blocks.statistics
        overview.pendingCopies = blocks.pendingCopyCount
        overview.storageDirectories = disks.map(\.name)
        overview.live = blocks.storageReport(of: .live)
        overview.dead = blocks.report(of: .dead)
        overview.decommissioning = blocks.report(of: .decommissioning)
        return overview
    }
}
