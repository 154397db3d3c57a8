import HoneyHDFSMessages
import HoneyWorld
import SwiftProtobuf

/// Owners, modes, times, replication, quotas, storage policies.
extension NameNode {
    func setPermission(_ request: WireSetPermissionRequest, _ caller: Caller) throws(RemoteException)
        -> WireSetPermissionResponse
    {
        let inode = try owned(request.src, caller)
        try perform(.setMode(inode: inode.id, mode: Int(request.permission.perm) & 0o1777))
        return WireSetPermissionResponse()
    }

    private func owned(_ path: String, _ caller: Caller) throws(RemoteException) -> Inode {
        let resolved = try resolve(path)
        try namespaceNow().check(resolved, caller, isOwner: true)
        return try resolved.existing()
    }

    func setOwner(_ request: WireSetOwnerRequest, _ caller: Caller) throws(RemoteException) -> WireSetOwnerResponse {
        let inode = try owned(request.src, caller)
        if !caller.isSuperuser {
            if request.hasUsername, request.username != caller.user {
                throw .accessControl("User \(caller.user) is not a super user (non-super user cannot change owner).")
            }
            if request.hasGroupname, !caller.groups.contains(request.groupname) {
                throw .accessControl("User \(caller.user) does not belong to \(request.groupname)")
            }
        }
        try perform(.setOwner(inode: inode.id, owner: request.username, group: request.groupname))
        return WireSetOwnerResponse()
    }

    func setTimes(_ request: WireSetTimesRequest, _ caller: Caller) throws(RemoteException) -> WireSetTimesResponse {
        let resolved = try resolve(request.src)
        try namespaceNow().check(resolved, caller, target: .write)
        let inode = try resolved.existing { "File/Directory \($0) does not exist." }
        func time(_ value: UInt64) -> Int { max(Int(Int64(bitPattern: value)), -1) }
        try perform(.setTimes(inode: inode.id, modified: time(request.mtime), accessed: time(request.atime)))
        return WireSetTimesResponse()
    }

    func setReplication(_ request: WireSetReplicationRequest, _ caller: Caller) throws(RemoteException)
        -> WireSetReplicationResponse
    {
        let namespace = try namespaceNow()
        let resolved = try resolve(request.src)
        try namespace.check(resolved, caller, target: .write)
        try minimumReplicationCheck(Int(request.replication), path: resolved.text)
        guard let file = resolved.inode?.file else { return .with { $0.result = false } }
        let more = Int(request.replication) - file.replication
        if more > 0 {
            try namespace.checkQuota(
                names: 0, space: (file.spaceConsumed / max(file.replication, 1)).multipliedClamped(by: more),
                at: file.parent)
        }
        if more != 0 { try perform(.setReplication(file: file.id, Int(request.replication))) }
        return .with { $0.result = true }
    }

    func setQuota(_ request: WireSetQuotaRequest, _ caller: Caller) throws(RemoteException) -> WireSetQuotaResponse {
        try requireSuperuser(caller)
        if request.hasStorageType { throw .unsupported("quotas by kind of storage are not part of this file system") }
        let resolved = try resolve(request.path)
        let inode = try resolved.existing { "Directory does not exist: " + $0 }
        guard let directory = inode.directory else {
            throw .fileNotFound("Directory does not exist: " + resolved.text)
        }
        let old = directory.extras?.quota
        // The greatest number leaves one as it is, -1 removes it.
        func limit(_ value: UInt64, _ old: Int?) throws(RemoteException) -> Int {
            let value = Int(Int64(bitPattern: value))
            if value == Int.max { return old ?? -1 }
            guard value > 0 || value == -1 else {
                throw .illegalArgument(
                    "Illegal value for nsQuota : \(Int64(bitPattern: request.namespaceQuota)) and dsQuota "
                        + "(\(Int64(bitPattern: request.storagespaceQuota))) for type null")
            }
            return value
        }
        let names = try limit(request.namespaceQuota, old?.names)
        let space = try limit(request.storagespaceQuota, old?.space)
        if directory.parent == nil, names == -1, old?.names ?? -1 != -1 {
            throw .illegalArgument("Cannot clear namespace quota on root.")
        }
        try perform(.setQuota(directory: directory.id, names: names, space: space))
        return WireSetQuotaResponse()
    }

    func setStoragePolicy(_ request: WireSetStoragePolicyRequest, _ caller: Caller) throws(RemoteException)
        -> WireSetStoragePolicyResponse
    {
        let resolved = try resolve(request.src)
        try namespaceNow().check(resolved, caller, target: .write)
        guard let policy = StoragePolicy.named(request.policyName) else {
            throw .illegalArgument("Cannot find a block policy with the name \(request.policyName)")
        }
        let inode = try resolved.existing { "File/Directory does not exist: " + $0 }
        try perform(.setStoragePolicy(inode: inode.id, policy: policy.id))
        return WireSetStoragePolicyResponse()
    }

    func unsetStoragePolicy(_ request: WireUnsetStoragePolicyRequest, _ caller: Caller) throws(RemoteException)
        -> WireUnsetStoragePolicyResponse
    {
        let resolved = try resolve(request.src)
        try namespaceNow().check(resolved, caller, target: .write)
        let inode = try resolved.existing { "File/Directory does not exist: " + $0 }
        try perform(.setStoragePolicy(inode: inode.id, policy: 0))
        return WireUnsetStoragePolicyResponse()
    }

    func getStoragePolicy(_ request: WireGetStoragePolicyRequest, _ caller: Caller) throws(RemoteException)
        -> WireGetStoragePolicyResponse
    {
        let resolved = try resolve(request.path)
        try namespaceNow().check(resolved, caller, target: .read)
        let inode = try resolved.existing { "File/Directory does not exist: " + $0 }
        let policy = StoragePolicy.numbered(try namespaceNow().storagePolicy(of: inode)) ?? .hot
        return .with { $0.storagePolicy = policy.message }
    }

    /// Answers that no encryption zone holds a path, as Hive asks before it moves files there; the path need not exist.
    ///
    /// The messages of `getFileInfo` have the same form: a path, and nothing.
    func getEncryptionZone(_ request: WireGetFileInfoRequest, _ caller: Caller) throws(RemoteException)
        -> WireGetFileInfoResponse
    {
        let resolved = try resolve(request.src)
        try namespaceNow().check(resolved, caller)
        return WireGetFileInfoResponse()
    }

    func getStoragePolicies(_ request: WireGetStoragePoliciesRequest, _ caller: Caller) throws(RemoteException)
        -> WireGetStoragePoliciesResponse
    {
        .with { $0.policies = StoragePolicy.all.map(\.message) }
    }
}

/// Access-control lists.
extension NameNode {
    private func changeList(
        _ path: String, _ caller: Caller, _ body: (inout AccessControlList) throws(RemoteException) -> Void
    ) throws(RemoteException) {
        let inode = try owned(path, caller)
        var list = AccessControlList(mode: inode.mode, kept: inode.accessControl)
        try body(&list)
        if inode.directory == nil, list.entries.contains(where: \.isDefault) {
            throw RemoteException(
                "org.apache.hadoop.hdfs.protocol.AclException",
                "Invalid ACL: only directories may have a default ACL. Path: \(inode.path)")
        }
        let (mode, kept) = list.split(mode: inode.mode)
        try perform(.setAccessControl(inode: inode.id, mode: mode, entries: kept))
    }

    func modifyAclEntries(_ request: WireModifyAclEntriesRequest, _ caller: Caller) throws(RemoteException)
        -> WireModifyAclEntriesResponse
    {
        let spec = request.aclSpec.map { AccessControlEntry($0) }
        try changeList(request.src, caller) { (list) throws(RemoteException) in try list.modify(spec) }
        return WireModifyAclEntriesResponse()
    }

    func removeAclEntries(_ request: WireRemoveAclEntriesRequest, _ caller: Caller) throws(RemoteException)
        -> WireRemoveAclEntriesResponse
    {
        let spec = request.aclSpec.map { AccessControlEntry($0) }
        try changeList(request.src, caller) { (list) throws(RemoteException) in try list.remove(spec) }
        return WireRemoveAclEntriesResponse()
    }

    func removeDefaultAcl(_ request: WireRemoveDefaultAclRequest, _ caller: Caller) throws(RemoteException)
        -> WireRemoveDefaultAclResponse
    {
        try changeList(request.src, caller) { (list) throws(RemoteException) in list.removeDefaults() }
        return WireRemoveDefaultAclResponse()
    }

    func removeAcl(_ request: WireRemoveAclRequest, _ caller: Caller) throws(RemoteException) -> WireRemoveAclResponse {
        try changeList(request.src, caller) { (list) throws(RemoteException) in list.removeAll() }
        return WireRemoveAclResponse()
    }

    func setAcl(_ request: WireSetAclRequest, _ caller: Caller) throws(RemoteException) -> WireSetAclResponse {
        let spec = request.aclSpec.map { AccessControlEntry($0) }
        try changeList(request.src, caller) { (list) throws(RemoteException) in try list.replace(with: spec) }
        return WireSetAclResponse()
    }

    func getAclStatus(_ request: WireGetAclStatusRequest, _ caller: Caller) throws(RemoteException)
        -> WireGetAclStatusResponse
    {
        let namespace = try namespaceNow()
        let resolved = try resolve(request.src)
        try namespace.check(resolved, caller)
        let inode = try resolved.existing()
        return .with {
            $0.result.owner = namespace.owner(of: inode)
            $0.result.group = namespace.group(of: inode)
            $0.result.sticky = inode.mode & 0o1000 != 0
            $0.result.permission.perm = UInt32(inode.mode)
            $0.result.entries = inode.accessControl.map(\.message)
        }
    }
}

/// Extended attributes.
extension NameNode {
    private static let createFlag: UInt32 = 1
    private static let replaceFlag: UInt32 = 2

    private func attributes(_ path: String, _ caller: Caller, _ access: Access) throws(RemoteException) -> Inode {
        let resolved = try resolve(path)
        try namespaceNow().check(resolved, caller, target: access)
        return try resolved.existing()
    }

    private func requireVisible(_ attribute: ExtendedAttribute, _ caller: Caller) throws(RemoteException) {
        guard !attribute.isVisible(to: caller) else { return }
        throw .accessControl("User doesn't have permission for xattr: \(attribute.fullName)")
    }

    func setXAttr(_ request: WireSetXAttrRequest, _ caller: Caller) throws(RemoteException) -> WireSetXAttrResponse {
        let attribute = ExtendedAttribute(request.xAttr)
        try requireVisible(attribute, caller)
        guard !attribute.name.isEmpty else { throw .illegalArgument("XAttr name cannot be empty.") }
        guard attribute.name.utf8.count + attribute.value.count <= ExtendedAttribute.greatestBytes else {
            throw .illegalArgument(
                "The XAttr is too big. The maximum combined size of the name and value is "
                    + "\(ExtendedAttribute.greatestBytes), but the total size is "
                    + "\(attribute.name.utf8.count + attribute.value.count)")
        }
        let inode = try attributes(request.src, caller, .write)
        var all = inode.extras?.attributes ?? []
        let place = all.firstIndex { $0.isSame(as: attribute) }
        let flag = request.flag
        if place != nil, flag & Self.createFlag != 0, flag & Self.replaceFlag == 0 {
            throw .inputOutput("XAttr: \(attribute.fullName) already exists. The REPLACE flag must be specified.")
        }
        if place == nil, flag & Self.createFlag == 0 {
            throw .inputOutput("XAttr: \(attribute.fullName) does not exist. The CREATE flag must be specified.")
        }
        if let place { all[place] = attribute } else { all.append(attribute) }
        guard all.count <= ExtendedAttribute.greatestCount else {
            throw .inputOutput(
                "Cannot add additional XAttr to inode, would exceed limit of \(ExtendedAttribute.greatestCount)")
        }
        try perform(.setAttributes(inode: inode.id, all))
        return WireSetXAttrResponse()
    }

    func getXAttrs(_ request: WireGetXAttrsRequest, _ caller: Caller) throws(RemoteException) -> WireGetXAttrsResponse {
        let wanted = request.xAttrs.map { ExtendedAttribute($0) }
        for attribute in wanted { try requireVisible(attribute, caller) }
        let inode = try attributes(request.src, caller, .read)
        let all = (inode.extras?.attributes ?? []).filter { $0.isVisible(to: caller) }
        guard !wanted.isEmpty else { return .with { $0.xAttrs = all.map(\.message) } }
        var found: [ExtendedAttribute] = []
        for attribute in wanted {
            guard let match = all.first(where: { $0.isSame(as: attribute) }) else {
                throw .inputOutput("At least one of the attributes provided was not found.")
            }
            found.append(match)
        }
        return .with { $0.xAttrs = found.map(\.message) }
    }

    func listXAttrs(_ request: WireListXAttrsRequest, _ caller: Caller) throws(RemoteException)
        -> WireListXAttrsResponse
    {
        let inode = try attributes(request.src, caller, [])
        let all = (inode.extras?.attributes ?? []).filter { $0.isVisible(to: caller) }
        return .with { $0.xAttrs = all.map(\.message) }
    }

    func removeXAttr(_ request: WireRemoveXAttrRequest, _ caller: Caller) throws(RemoteException)
        -> WireRemoveXAttrResponse
    {
        let attribute = ExtendedAttribute(request.xAttr)
        try requireVisible(attribute, caller)
        let inode = try attributes(request.src, caller, .write)
        let all = inode.extras?.attributes ?? []
        guard all.contains(where: { $0.isSame(as: attribute) }) else {
            throw .inputOutput("No matching attributes found for remove operation")
        }
        try perform(.setAttributes(inode: inode.id, all.filter { !$0.isSame(as: attribute) }))
        return WireRemoveXAttrResponse()
    }
}
