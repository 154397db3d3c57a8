import HoneyHDFS
import HoneyHDFSMessages
import SwiftProtobuf

extension WebHDFSNameNode {
    func put(_ call: WebHDFSCall) async throws -> JSONValue? {
        switch call.operation {
        case "MKDIRS": return try await makeDirectory(call)
        case "RENAME": return try await rename(call)
        case "SETREPLICATION":
            let count = try call.parameters.int("replication", from: 1)
            let wanted = if let count { count } else { try await defaultReplication(call) }
            let request = WireSetReplicationRequest.with {
                $0.src = call.path
                $0.replication = UInt32(clamping: wanted)
            }
            return [
                "boolean": .bool(
                    try await ask("setReplication", call, request, as: WireSetReplicationResponse.self).result)
            ]
        case "SETOWNER": try await setOwner(call)
        case "SETPERMISSION":
            let mode = try call.permission() ?? 0o755
            let request = WireSetPermissionRequest.with {
                $0.src = call.path
                $0.permission.perm = mode
            }
            _ = try await ask("setPermission", call, request, as: WireSetPermissionResponse.self)
        case "SETTIMES":
            let modified = try call.parameters.int("modificationtime", from: -1) ?? -1
            let accessed = try call.parameters.int("accesstime", from: -1) ?? -1
            let request = WireSetTimesRequest.with {
                $0.src = call.path
                $0.mtime = UInt64(bitPattern: Int64(modified))
                $0.atime = UInt64(bitPattern: Int64(accessed))
            }
            _ = try await ask("setTimes", call, request, as: WireSetTimesResponse.self)
        case "SETQUOTA": try await setQuota(call)
        case "SETSTORAGEPOLICY":
            let name = try call.parameters.required("storagepolicy")
            let request = WireSetStoragePolicyRequest.with {
                $0.src = call.path
                $0.policyName = name
            }
            _ = try await ask("setStoragePolicy", call, request, as: WireSetStoragePolicyResponse.self)
        case "SETACL", "MODIFYACLENTRIES", "REMOVEACLENTRIES", "REMOVEDEFAULTACL", "REMOVEACL":
            try await changeAccessControl(call)
        case "SETXATTR", "REMOVEXATTR": try await changeAttribute(call)
        case "CREATESYMLINK": throw call.missing("symbolic links")
        case "ALLOWSNAPSHOT", "DISALLOWSNAPSHOT", "CREATESNAPSHOT", "RENAMESNAPSHOT": throw call.missing("snapshots")
        case "RENEWDELEGATIONTOKEN", "CANCELDELEGATIONTOKEN": throw call.missing("delegation tokens")
        case "ENABLEECPOLICY", "DISABLEECPOLICY", "SETECPOLICY": throw call.missing("erasure coding")
        case "SETQUOTABYSTORAGETYPE": throw call.missing("quotas by kind of storage")
        case "SATISFYSTORAGEPOLICY": throw call.missing("moves between kinds of storage")
        default: throw call.unknownOperation()
        }
        return nil
    }

    private func makeDirectory(_ call: WebHDFSCall) async throws -> JSONValue {
        let mode = try call.permission() ?? 0o755
        let unmasked = try call.permission("unmaskedpermission")
        let createsParents = try call.parameters.bool("createparent") ?? true
        let request = WireMkdirsRequest.with {
            $0.src = call.path
            $0.masked.perm = mode
            $0.createParent = createsParents
            if let unmasked { $0.unmasked.perm = unmasked }
        }
        return ["boolean": .bool(try await ask("mkdirs", call, request, as: WireMkdirsResponse.self).result)]
    }

    private func rename(_ call: WebHDFSCall) async throws -> JSONValue? {
        let target = try call.absolutePath("destination")
        guard let options = call.parameters["renameoptions"] else {
            let request = WireRenameRequest.with {
                $0.src = call.path
                $0.dst = target
            }
            return ["boolean": .bool(try await ask("rename", call, request, as: WireRenameResponse.self).result)]
        }
        let names = options.split(separator: ",").map { $0.uppercased() }
        if let unknown = names.first(where: { !["OVERWRITE", "NONE", "TO_TRASH"].contains($0) }) {
            throw RequestParameters.invalid(
                "renameoptions", "No enum constant org.apache.hadoop.fs.Options.Rename.\(unknown)")
        }
        let request = WireRename2Request.with {
            $0.src = call.path
            $0.dst = target
            $0.overwriteDest = names.contains("OVERWRITE")
        }
        _ = try await ask("rename2", call, request, as: WireRename2Response.self)
        return nil
    }

    private func defaultReplication(_ call: WebHDFSCall) async throws -> Int {
        let response = try await ask(
            "getServerDefaults", call, WireGetServerDefaultsRequest(), as: WireGetServerDefaultsResponse.self)
        return Int(response.serverDefaults.replication)
    }

    private func setOwner(_ call: WebHDFSCall) async throws {
        let owner = call.parameters["owner"]
        let group = call.parameters["group"]
        guard owner != nil || group != nil else {
            throw RemoteException("java.lang.IllegalArgumentException", "Both owner and group are empty.")
        }
        let request = WireSetOwnerRequest.with {
            $0.src = call.path
            if let owner { $0.username = owner }
            if let group { $0.groupname = group }
        }
        _ = try await ask("setOwner", call, request, as: WireSetOwnerResponse.self)
    }

    private func setQuota(_ call: WebHDFSCall) async throws {
        // What is not given stays: Hadoop's QUOTA_DONT_SET.
        let names = try call.parameters.int("namespacequota", from: -1) ?? .max
        let space = try call.parameters.int("storagespacequota", from: -1) ?? .max
        let request = WireSetQuotaRequest.with {
            $0.path = call.path
            $0.namespaceQuota = UInt64(bitPattern: Int64(names))
            $0.storagespaceQuota = UInt64(bitPattern: Int64(space))
        }
        _ = try await ask("setQuota", call, request, as: WireSetQuotaResponse.self)
    }

    private func changeAccessControl(_ call: WebHDFSCall) async throws {
        func entries(haveAccess: Bool) throws -> [WireAclEntry] {
            try call.parameters.required("aclspec").split(separator: ",").map {
                try WireAclEntry(text: String($0).trimmed, hasAccess: haveAccess)
            }
        }
        switch call.operation {
        case "SETACL":
            let entries = try entries(haveAccess: true)
            let request = WireSetAclRequest.with {
                $0.src = call.path
                $0.aclSpec = entries
            }
            _ = try await ask("setAcl", call, request, as: WireSetAclResponse.self)
        case "MODIFYACLENTRIES":
            let entries = try entries(haveAccess: true)
            let request = WireModifyAclEntriesRequest.with {
                $0.src = call.path
                $0.aclSpec = entries
            }
            _ = try await ask("modifyAclEntries", call, request, as: WireModifyAclEntriesResponse.self)
        case "REMOVEACLENTRIES":
            let entries = try entries(haveAccess: false)
            let request = WireRemoveAclEntriesRequest.with {
                $0.src = call.path
                $0.aclSpec = entries
            }
            _ = try await ask("removeAclEntries", call, request, as: WireRemoveAclEntriesResponse.self)
        case "REMOVEDEFAULTACL":
            let request = WireRemoveDefaultAclRequest.with { $0.src = call.path }
            _ = try await ask("removeDefaultAcl", call, request, as: WireRemoveDefaultAclResponse.self)
        default:
            let request = WireRemoveAclRequest.with { $0.src = call.path }
            _ = try await ask("removeAcl", call, request, as: WireRemoveAclResponse.self)
        }
    }

    private func changeAttribute(_ call: WebHDFSCall) async throws {
        var attribute = try WireXAttr(prefixedName: try call.parameters.required("xattr.name"))
        guard call.operation == "SETXATTR" else {
            let request = WireRemoveXAttrRequest.with {
                $0.src = call.path
                $0.xAttr = attribute
            }
            _ = try await ask("removeXAttr", call, request, as: WireRemoveXAttrResponse.self)
            return
        }
        if let value = call.parameters["xattr.value"] { try attribute.decode(value) }
        var flags: UInt32 = 0
        for name in (call.parameters["flag"] ?? "CREATE,REPLACE").split(separator: ",") {
            switch name.uppercased() {
            case "CREATE": flags |= 1
            case "REPLACE": flags |= 2
            default: throw RequestParameters.invalid("flag", "\(name) is neither CREATE nor REPLACE")
            }
        }
        let request = WireSetXAttrRequest.with {
            $0.src = call.path
            $0.xAttr = attribute
            $0.flag = flags
        }
        _ = try await ask("setXAttr", call, request, as: WireSetXAttrResponse.self)
    }
}
