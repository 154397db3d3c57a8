package import HoneyWorld

/// What a DataNode's page shows.
package struct DataNodeOverview: Sendable {
    package struct VolumeOverview: Sendable {
        package var name: String
        package var replicas: Int
        package var used: Int
        package var available: Int
        package var capacity: Int
        package var isFailed: Bool
    }

    /// Where blocks are read and written.
    package var address: String
    package var startMilliseconds: Int
    package var replicas: Int
    /// Transfers under way.
    package var transfers: Int
    package var failedVolumes: Int
    package var volumes: [VolumeOverview]
    package var nameNodes: [String]
}

extension DataNode {
    /// Tells how it is.
    package func overview(at now: Moment) -> DataNodeOverview {
        let volumes = store.volumes.map { volume in
            let space = try? volume.disk.space()
            return DataNodeOverview.VolumeOverview(
                name: volume.disk.name, replicas: volume.count, used: max(0, volume.used),
                available: max(0, space?.available ?? 0), capacity: max(0, space?.capacity ?? 0),
                isFailed: volume.failure != nil)
        }
        return DataNodeOverview(
            address: "\(configuration.transferAddress)", startMilliseconds: startMilliseconds,
            replicas: store.replicas.count, transfers: sessions.count,
            failedVolumes: volumes.count { $0.isFailed }, volumes: volumes,
            nameNodes: configuration.nameNodes.map(\.description))
    }
}
