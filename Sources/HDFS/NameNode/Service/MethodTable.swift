import HoneyHDFSMessages

/// All methods of all protocols a NameNode speaks, by the Java names of both.
enum MethodTable {
    static let protocols: [String: [String: Method]] = [
        RPCProtocol.client.name: files.merging(attributes) { first, _ in first }.merging(administration) { first, _ in
            first
        },
        RPCProtocol.namenode.name: namenode, RPCProtocol.highAvailability.name: availability,
        RPCProtocol.userMappings.name: userMappings,
    ]

    private static let files: [String: Method] = [
        "getBlockLocations": .make(.reading, NameNode.getBlockLocations),
        "create": .make(.writingOnce, says: { "create file" + $0.src }, NameNode.create),
        "append": .make(.writingOnce, says: { "append to file" + $0.src }, NameNode.append),
        "abandonBlock": .make(.writing, says: { "abandon block of \($0.src)" }, NameNode.abandonBlock),
        "addBlock": .make(.writing, says: { "add block to " + $0.src }, NameNode.addBlock),
        "getAdditionalDatanode": .make(
            .writing, says: { "add datanode; src=" + $0.src }, NameNode.getAdditionalDatanode),
        "complete": .make(.writing, says: { "complete file " + $0.src }, NameNode.complete),
        "fsync": .make(.writing, says: { "fsync file " + $0.src }, NameNode.fsync),
        "updateBlockForPipeline": .make(
            .writing, says: { _ in "get a new GS for block" }, NameNode.updateBlockForPipeline),
        "updatePipeline": .make(.writingOnce, says: { _ in "update pipeline" }, NameNode.updatePipeline),
        "reportBadBlocks": .make(.reading, NameNode.reportBadBlocks),
        "concat": .make(.writingOnce, says: { "concat " + $0.trg }, NameNode.concat),
        "truncate": .make(.writingOnce, says: { "truncate for " + $0.src }, NameNode.truncate),
        "rename": .make(.writingOnce, says: { "rename " + $0.src }, NameNode.rename),
        "rename2": .make(.writingOnce, says: { "rename " + $0.src }, NameNode.rename2),
        "delete": .make(.writingOnce, says: { "delete " + $0.src }, NameNode.delete),
        "mkdirs": .make(.writing, says: { "create directory " + $0.src }, NameNode.mkdirs),
        "getListing": .make(.reading, NameNode.getListing),
        "getFileInfo": .make(.reading, NameNode.getFileInfo),
        "getLocatedFileInfo": .make(.reading, NameNode.getLocatedFileInfo),
        "getFileLinkInfo": .make(.reading, NameNode.getFileLinkInfo),
        "getContentSummary": .make(.reading, NameNode.getContentSummary),
        "getQuotaUsage": .make(.reading, NameNode.getQuotaUsage),
        "getPreferredBlockSize": .make(.reading, NameNode.getPreferredBlockSize),
        "isFileClosed": .make(.reading, NameNode.isFileClosed),
        "checkAccess": .make(.reading, NameNode.checkAccess),
        "getEnclosingRoot": .make(.reading, NameNode.getEnclosingRoot),
        "renewLease": .make(.reading, NameNode.renewLease),
        "recoverLease": .make(.writing, says: { "recover the lease of " + $0.src }, NameNode.recoverLease),
        "listOpenFiles": .make(.journal, NameNode.listOpenFiles),
    ]

    private static let attributes: [String: Method] = [
        "setReplication": .make(.writing, says: { "set replication for " + $0.src }, NameNode.setReplication),
        "setPermission": .make(.writing, says: { "set permission for " + $0.src }, NameNode.setPermission),
        "setOwner": .make(.writing, says: { "set owner for " + $0.src }, NameNode.setOwner),
        "setTimes": .make(.writing, says: { "set times " + $0.src }, NameNode.setTimes),
        "setQuota": .make(.writing, says: { "set quota on " + $0.path }, NameNode.setQuota),
        "setStoragePolicy": .make(.writing, says: { "set storage policy for " + $0.src }, NameNode.setStoragePolicy),
        "unsetStoragePolicy": .make(
            .writing, says: { "unset storage policy for " + $0.src }, NameNode.unsetStoragePolicy),
        "getStoragePolicy": .make(.reading, NameNode.getStoragePolicy),
        "getStoragePolicies": .make(.reading, NameNode.getStoragePolicies),
        "getEZForPath": .make(.reading, NameNode.getEncryptionZone),
        "modifyAclEntries": .make(.writing, says: { "modify ACL entries on " + $0.src }, NameNode.modifyAclEntries),
        "removeAclEntries": .make(.writing, says: { "remove ACL entries on " + $0.src }, NameNode.removeAclEntries),
        "removeDefaultAcl": .make(
            .writing, says: { "remove default ACL entries on " + $0.src }, NameNode.removeDefaultAcl),
        "removeAcl": .make(.writing, says: { "remove ACL on " + $0.src }, NameNode.removeAcl),
        "setAcl": .make(.writing, says: { "set ACL on " + $0.src }, NameNode.setAcl),
        "getAclStatus": .make(.reading, NameNode.getAclStatus),
        "setXAttr": .make(.writingOnce, says: { "set XAttr on " + $0.src }, NameNode.setXAttr),
        "getXAttrs": .make(.reading, NameNode.getXAttrs),
        "listXAttrs": .make(.reading, NameNode.listXAttrs),
        "removeXAttr": .make(.writingOnce, says: { "remove XAttr entry on " + $0.src }, NameNode.removeXAttr),
    ]

    private static let administration: [String: Method] = [
        "getServerDefaults": .make(.nothing, NameNode.getServerDefaults),
        "getFsStats": .make(.reading, NameNode.getFsStats),
        "getFsReplicatedBlockStats": .make(.reading, NameNode.getFsReplicatedBlockStats),
        "getDatanodeReport": .make(.nothing, NameNode.getDatanodeReport),
        "getDatanodeStorageReport": .make(.nothing, NameNode.getDatanodeStorageReport),
        "setSafeMode": .make(.nothing, NameNode.setSafeMode),
        "saveNamespace": .make(.journal, NameNode.saveNamespace),
        "rollEdits": .make(.journal, NameNode.rollEdits),
        "restoreFailedStorage": .make(.journal, NameNode.restoreFailedStorage),
        "refreshNodes": .make(.superuser, NameNode.refreshNodes),
        "finalizeUpgrade": .make(.superuser, NameNode.finalizeUpgrade),
        "upgradeStatus": .make(.nothing, NameNode.upgradeStatus),
        "listCorruptFileBlocks": .make(.reading, NameNode.listCorruptFileBlocks),
        "setBalancerBandwidth": .make(.superuser, NameNode.setBalancerBandwidth),
        "getDataEncryptionKey": .make(.nothing, NameNode.getDataEncryptionKey),
        "getDelegationToken": .make(.nothing, NameNode.getDelegationToken),
        "getCurrentEditLogTxid": .make(.superuser, NameNode.getCurrentEditLogTxid),
        "msync": .make(.reading, NameNode.msync),
        "getHAServiceState": .make(.nothing, NameNode.getHAServiceState),
    ]

    private static let namenode: [String: Method] = [
        "getBlocks": .make(.journal, NameNode.getBlocks),
        "getTransactionId": .make(.superuser, NameNode.getTransactionId),
        "getMostRecentCheckpointTxId": .make(.superuser, NameNode.getMostRecentCheckpointTxId),
        "rollEditLog": .make(.journal, NameNode.rollEditLog),
        "getEditLogManifest": .make(.journal, NameNode.getEditLogManifest),
        "versionRequest": .make(.nothing, NameNode.versionRequest),
        "readStorage": .make(.journal, NameNode.readStorage),
        "writeImage": .make(.journal, NameNode.writeImage),
    ]

    private static let availability: [String: Method] = [
        "monitorHealth": .make(.superuser, NameNode.monitorHealth),
        "getServiceStatus": .make(.superuser, NameNode.getServiceStatus),
        "transitionToActive": .make(.superuser, NameNode.transitionToActive),
        "transitionToStandby": .make(.superuser, NameNode.transitionToStandby),
    ]

    private static let userMappings: [String: Method] = [
        "refreshUserToGroupsMappings": .make(.superuser, NameNode.refreshUserToGroupsMappings)
    ]

    /// Features of Hadoop that are not here, by the beginnings or parts of their methods' names.
    private static let missing: [(part: String, feature: String)] = [
        ("Snapshot", "snapshots"), ("EncryptionZone", "encryption zones"), ("Reencryption", "encryption zones"),
        ("ErasureCoding", "erasure coding"), ("ECBlockGroup", "erasure coding"), ("ECTopology", "erasure coding"),
        ("Cache", "centralized caching"), ("DelegationToken", "delegation tokens"), ("ymlink", "symbolic links"),
        ("getLinkTarget", "symbolic links"), ("getEditsFromTxid", "inotify"), ("rollingUpgrade", "rolling upgrades"),
        ("satisfyStoragePolicy", "moving blocks between kinds of storage"), ("BatchedListing", "batched listings"),
        ("metaSave", "metasave"), ("getBlockKeys", "block tokens"), ("Checkpoint", "backup nodes"),
        ("SlowDatanode", "finding slow nodes"),
    ]

    /// Says why there is no such method.
    static func refusal(of method: String, in name: RPCProtocol) -> RemoteException {
        if let missing = missing.first(where: { method.contains($0.part) }) {
            return .unsupported("\(missing.feature) are not part of this file system: \(method)")
        }
        return .noSuchMethod("Unknown method \(method) called on \(name.name) protocol.")
    }
}
