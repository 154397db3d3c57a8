import HoneyHDFS
import HoneyHDFSMessages

/// The part of Hadoop's `/jmx` that monitors ask for.
enum Metrics {
    static func beans(_ overview: NameNodeOverview, _ parameters: RequestParameters) -> JSONValue {
        let beans = [system(overview), information(overview), status(overview)]
        guard let name = parameters["qry"] else { return ["beans": .array(beans)] }
        return ["beans": .array(beans.filter { $0["name"]?.text == name })]
    }

    private static func system(_ overview: NameNodeOverview) -> JSONValue {
        [
            "name": "Hadoop:service=NameNode,name=FSNamesystem", "BlocksTotal": .int(overview.blocks),
            "FilesTotal": .int(overview.directoriesAndFiles), "CapacityTotal": .count(overview.space.capacity),
            "CapacityUsed": .count(overview.space.used), "CapacityRemaining": .count(overview.space.remaining),
            "UnderReplicatedBlocks": .count(overview.space.underReplicated),
            "CorruptBlocks": .count(overview.space.corruptBlocks), "MissingBlocks": .count(overview.space.missingBlocks),
            "PendingDeletionBlocks": .count(overview.space.pendingDeletionBlocks),
            "PendingReplicationBlocks": .int(overview.pendingCopies), "NumLiveDataNodes": .int(overview.live.count),
            "NumDeadDataNodes": .int(overview.dead.count), "LastWrittenTransactionId": .int(overview.lastTransaction),
            "TransactionsSinceLastCheckpoint": .int(overview.lastTransaction - overview.lastImage),
            "tag.HAState": .text(overview.stateName),
        ]
    }

    private static func information(_ overview: NameNodeOverview) -> JSONValue {
        [
            "name": "Hadoop:service=NameNode,name=NameNodeInfo", "Total": .count(overview.space.capacity),
            "Used": .count(overview.space.used), "Free": .count(overview.space.remaining),
            "TotalBlocks": .int(overview.blocks), "TotalFiles": .int(overview.directoriesAndFiles),
            "NumberOfMissingBlocks": .count(overview.space.missingBlocks),
            "Safemode": .text(overview.safeMode.map { "Safe mode is ON. " + $0 } ?? ""),
            "ClusterId": .text(overview.clusterID), "BlockPoolId": .text(overview.blockPoolID),
            "NNStartedTimeInMillis": .int(overview.startMilliseconds),
        ]
    }

    private static func status(_ overview: NameNodeOverview) -> JSONValue {
        [
            "name": "Hadoop:service=NameNode,name=NameNodeStatus", "State": .text(overview.stateName),
            "NNRole": "NameNode", "SecurityEnabled": false,
        ]
    }
}

extension NameNodeOverview {
    /// The state as Hadoop writes it.
    var stateName: String { state.hadoopName }
}

extension WireHAServiceState {
    var hadoopName: String {
        switch self {
        case .initializing: "initializing"
        case .active: "active"
        case .standby: "standby"
        case .observer: "observer"
        }
    }
}
