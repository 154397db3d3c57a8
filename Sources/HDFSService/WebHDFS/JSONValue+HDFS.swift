import HoneyHDFS
import HoneyHDFSMessages

/// Messages of HDFS in the JSON of WebHDFS.
extension JSONValue {
    /// A count; those above what JSON's readers take for 64 bits with a sign, such as no quota, are negative, as in Java.
    static func count(_ value: UInt64) -> JSONValue { .int(Int(bitPattern: UInt(value))) }

    static func status(_ status: WireHdfsFileStatus) -> JSONValue {
        let type =
            switch status.fileType {
            case .isDir: "DIRECTORY"
            case .isFile: "FILE"
            case .isSymlink: "SYMLINK"
            }
        var members: [String: JSONValue] = [
            "pathSuffix": .text(String(decoding: status.path, as: UTF8.self)), "type": .text(type),
            "length": .count(status.length), "owner": .text(status.owner), "group": .text(status.group),
            "permission": .text(String(status.permission.perm & 0o1777, radix: 8)),
            "accessTime": .count(status.accessTime), "modificationTime": .count(status.modificationTime),
            "blockSize": .count(status.blocksize), "replication": .int(Int(status.blockReplication)),
            "fileId": .count(status.fileID), "childrenNum": .int(Int(max(status.childrenNum, 0))),
            "storagePolicy": .int(Int(status.storagePolicy)),
        ]
        if status.flags & UInt32(WireHdfsFileStatus.Flags.hasAcl.rawValue) != 0 { members["aclBit"] = true }
        return .object(members)
    }

    static func located(_ blocks: WireLocatedBlocks) -> JSONValue {
        [
            "fileLength": .count(blocks.fileLength), "isUnderConstruction": .bool(blocks.underConstruction),
            "isLastBlockComplete": .bool(blocks.isLastBlockComplete),
            "lastLocatedBlock": blocks.hasLastBlock ? block(blocks.lastBlock) : nil,
            "locatedBlocks": .array(blocks.blocks.map { block($0) }),
        ]
    }

    private static func block(_ block: WireLocatedBlock) -> JSONValue {
        [
            "block": [
                "blockId": .count(block.b.blockID), "blockPoolId": .text(block.b.poolID),
                "generationStamp": .count(block.b.generationStamp), "numBytes": .count(block.b.numBytes),
            ], "blockToken": ["urlString": "AAAAAA"], "cachedLocations": [], "isCorrupt": .bool(block.corrupt),
            "locations": .array(block.locs.map { node($0) }), "startOffset": .count(block.offset),
            "storageTypes": .array(block.storageTypes.map { .text($0.name) }),
        ]
    }

    private static func node(_ node: WireDatanodeInfo) -> JSONValue {
        [
            "ipAddr": .text(node.id.ipAddr), "name": .text("\(node.id.ipAddr):\(node.id.xferPort)"),
            "hostName": .text(node.id.hostName), "storageID": .text(node.id.datanodeUuid),
            "xferPort": .int(Int(node.id.xferPort)), "infoPort": .int(Int(node.id.infoPort)),
            "infoSecurePort": .int(Int(node.id.infoSecurePort)), "ipcPort": .int(Int(node.id.ipcPort)),
            "capacity": .count(node.capacity), "dfsUsed": .count(node.dfsUsed), "remaining": .count(node.remaining),
            "blockPoolUsed": .count(node.blockPoolUsed), "cacheCapacity": .count(node.cacheCapacity),
            "cacheUsed": .count(node.cacheUsed), "lastUpdate": .count(node.lastUpdate),
            "lastUpdateMonotonic": .count(node.lastUpdateMonotonic), "xceiverCount": .int(Int(node.xceiverCount)),
            "networkLocation": .text(node.location), "adminState": .text(node.adminState.hadoopName),
            "lastBlockReportTime": .count(node.lastBlockReportTime),
            "lastBlockReportMonotonic": .count(node.lastBlockReportMonotonic),
        ]
    }

    /// A block's place as `FileSystem.getFileBlockLocations` of Hadoop tells it.
    static func place(_ block: WireLocatedBlock) -> JSONValue {
        [
            "cachedHosts": [], "corrupt": .bool(block.corrupt),
            "hosts": .array(block.locs.map { .text($0.id.hostName) }),
            "length": .count(block.b.numBytes),
            "names": .array(block.locs.map { .text("\($0.id.ipAddr):\($0.id.xferPort)") }),
            "offset": .count(block.offset), "storageTypes": .array(block.storageTypes.map { .text($0.name) }),
            "topologyPaths": .array(
                block.locs.map { .text("\($0.location)/\($0.id.ipAddr):\($0.id.xferPort)") }),
        ]
    }

    static func accessControl(_ status: WireAclStatus) -> JSONValue {
        [
            "AclStatus": [
                "entries": .array(status.entries.map { .text($0.text) }), "group": .text(status.group),
                "owner": .text(status.owner), "permission": .text(String(status.permission.perm & 0o1777, radix: 8)),
                "stickyBit": .bool(status.sticky),
            ]
        ]
    }

    static func policy(_ policy: WireBlockStoragePolicy) -> JSONValue {
        func types(_ types: WireStorageTypes) -> JSONValue { .array(types.storageTypes.map { .text($0.name) }) }
        return [
            "id": .int(Int(policy.policyID)), "name": .text(policy.name), "copyOnCreateFile": false,
            "storageTypes": types(policy.creationPolicy), "creationFallbacks": types(policy.creationFallbackPolicy),
            "replicationFallbacks": types(policy.replicationFallbackPolicy),
        ]
    }

    static func defaults(_ defaults: WireFsServerDefaults) -> JSONValue {
        [
            "blockSize": .count(defaults.blockSize), "bytesPerChecksum": .int(Int(defaults.bytesPerChecksum)),
            "writePacketSize": .int(Int(defaults.writePacketSize)), "replication": .int(Int(defaults.replication)),
            "fileBufferSize": .int(Int(defaults.fileBufferSize)),
            "encryptDataTransfer": .bool(defaults.encryptDataTransfer),
            "trashInterval": .count(defaults.trashInterval), "checksumType": .int(defaults.checksumType.rawValue),
            "keyProviderUri": .text(defaults.keyProviderUri), "defaultStoragePolicyId": .int(Int(defaults.policyID)),
        ]
    }
}

extension WireDatanodeInfo.AdminState {
    /// The name of Java's constant.
    var hadoopName: String {
        switch self {
        case .normal: "NORMAL"
        case .decommissionInprogress: "DECOMMISSION_INPROGRESS"
        case .decommissioned: "DECOMMISSIONED"
        case .enteringMaintenance: "ENTERING_MAINTENANCE"
        case .inMaintenance: "IN_MAINTENANCE"
        }
    }
}
