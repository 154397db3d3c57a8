import Foundation
import HoneyHDFS
import HoneyHDFSMessages
import NIOCore
import SwiftProtobuf

extension WebHDFSNameNode {
    func read(_ call: WebHDFSCall) async throws -> JSONValue {
        switch call.operation {
        case "GETFILESTATUS", "GETFILELINKSTATUS": return ["FileStatus": .status(try await status(call))]
        case "LISTSTATUS": return ["FileStatuses": ["FileStatus": .array(try await list(call).map { .status($0) })]]
        case "LISTSTATUS_BATCH": return try await listBatch(call)
        case "GETCONTENTSUMMARY": return try await contentSummary(call)
        case "GETQUOTAUSAGE": return try await quotaUsage(call)
        case "GETHOMEDIRECTORY": return ["Path": .text("/user/" + call.user)]
        case "GETTRASHROOT": return ["Path": .text("/user/\(call.user)/.Trash")]
        case "GET_BLOCK_LOCATIONS": return ["LocatedBlocks": .located(try await locations(call))]
        case "GETFILEBLOCKLOCATIONS":
            return [
                "BlockLocations": ["BlockLocation": .array(try await locations(call).blocks.map { .place($0) })]
            ]
        case "GETACLSTATUS":
            let request = WireGetAclStatusRequest.with { $0.src = call.path }
            return .accessControl(
                try await ask("getAclStatus", call, request, as: WireGetAclStatusResponse.self).result)
        case "GETXATTRS": return try await attributes(call)
        case "LISTXATTRS":
            let request = WireListXAttrsRequest.with { $0.src = call.path }
            let found = try await ask("listXAttrs", call, request, as: WireListXAttrsResponse.self).xAttrs
            let names = try JSONValue.array(found.map { .text($0.prefixedName) }).document()
            return ["XAttrNames": .text(String(buffer: names))]
        case "CHECKACCESS": return try await checkAccess(call)
        case "GETSTORAGEPOLICY":
            let request = WireGetStoragePolicyRequest.with { $0.path = call.path }
            return [
                "BlockStoragePolicy": .policy(
                    try await ask("getStoragePolicy", call, request, as: WireGetStoragePolicyResponse.self)
                        .storagePolicy)
            ]
        case "GETALLSTORAGEPOLICY":
            let policies = try await ask(
                "getStoragePolicies", call, WireGetStoragePoliciesRequest(), as: WireGetStoragePoliciesResponse.self
            ).policies
            return ["BlockStoragePolicies": ["BlockStoragePolicy": .array(policies.map { .policy($0) })]]
        case "GETSERVERDEFAULTS":
            return [
                "FsServerDefaults": .defaults(
                    try await ask(
                        "getServerDefaults", call, WireGetServerDefaultsRequest(),
                        as: WireGetServerDefaultsResponse.self
                    ).serverDefaults)
            ]
        case "GETSTATUS":
            let space = try await ask("getFsStats", call, WireGetFsStatusRequest(), as: WireGetFsStatsResponse.self)
            return [
                "FsStatus": [
                    "capacity": .count(space.capacity), "used": .count(space.used),
                    "remaining": .count(space.remaining),
                ]
            ]
        case "GETDELEGATIONTOKEN", "GETDELEGATIONTOKENS": throw call.missing("delegation tokens")
        case "GETSNAPSHOTDIFF", "GETSNAPSHOTDIFFLISTING", "GETSNAPSHOTTABLEDIRECTORYLIST", "GETSNAPSHOTLIST":
            throw call.missing("snapshots")
        case "GETLINKTARGET": throw call.missing("symbolic links")
        case "GETECPOLICY", "GETECPOLICIES", "GETECCODECS": throw call.missing("erasure coding")
        default: throw call.unknownOperation()
        }
    }

    /// Lists a directory, or a file as the only entry with an empty name.
    private func list(_ call: WebHDFSCall) async throws -> [WireHdfsFileStatus] {
        var entries: [WireHdfsFileStatus] = []
        while true {
            let page = try await page(call, after: entries.last?.path ?? Data())
            entries += page.partialListing
            if page.remainingEntries == 0 || page.partialListing.isEmpty { return entries }
        }
    }

    private func page(_ call: WebHDFSCall, after name: Data) async throws -> WireDirectoryListing {
        let request = WireGetListingRequest.with {
            $0.src = call.path
            $0.startAfter = name
            $0.needLocation = false
        }
        let response = try await ask("getListing", call, request, as: WireGetListingResponse.self)
        guard response.hasDirList else { throw RemoteException.fileNotFound("File \(call.path) does not exist.") }
        return response.dirList
    }

    private func listBatch(_ call: WebHDFSCall) async throws -> JSONValue {
        let page = try await page(call, after: Data((call.parameters["startafter"] ?? "").utf8))
        return [
            "DirectoryListing": [
                "partialListing": ["FileStatuses": ["FileStatus": .array(page.partialListing.map { .status($0) })]],
                "remainingEntries": .int(Int(page.remainingEntries)),
            ]
        ]
    }

    private func contentSummary(_ call: WebHDFSCall) async throws -> JSONValue {
        let request = WireGetContentSummaryRequest.with { $0.path = call.path }
        let summary = try await ask("getContentSummary", call, request, as: WireGetContentSummaryResponse.self).summary
        return [
            "ContentSummary": [
                "directoryCount": .count(summary.directoryCount), "fileCount": .count(summary.fileCount),
                "length": .count(summary.length), "quota": .count(summary.quota),
                "spaceConsumed": .count(summary.spaceConsumed), "spaceQuota": .count(summary.spaceQuota),
                "typeQuota": [:], "ecPolicy": "", "snapshotLength": 0, "snapshotFileCount": 0,
                "snapshotDirectoryCount": 0, "snapshotSpaceConsumed": 0,
            ]
        ]
    }

    private func quotaUsage(_ call: WebHDFSCall) async throws -> JSONValue {
        let request = WireGetQuotaUsageRequest.with { $0.path = call.path }
        let usage = try await ask("getQuotaUsage", call, request, as: WireGetQuotaUsageResponse.self).usage
        return [
            "QuotaUsage": [
                "fileAndDirectoryCount": .count(usage.fileAndDirectoryCount), "quota": .count(usage.quota),
                "spaceConsumed": .count(usage.spaceConsumed), "spaceQuota": .count(usage.spaceQuota), "typeQuota": [:],
            ]
        ]
    }

    func locations(_ call: WebHDFSCall) async throws -> WireLocatedBlocks {
        let offset = try call.parameters.int("offset") ?? 0
        let length = try call.parameters.int("length") ?? .max
        let request = WireGetBlockLocationsRequest.with {
            $0.src = call.path
            $0.offset = UInt64(offset)
            $0.length = UInt64(length)
        }
        let response = try await ask("getBlockLocations", call, request, as: WireGetBlockLocationsResponse.self)
        guard response.hasLocations else { throw RemoteException.fileNotFound("File does not exist: \(call.path)") }
        return response.locations
    }

    private func attributes(_ call: WebHDFSCall) async throws -> JSONValue {
        let names = try call.parameters.values(of: "xattr.name").filter { !$0.isEmpty }.map {
            try WireXAttr(prefixedName: $0)
        }
        let encoding = (call.parameters["encoding"] ?? "base64").lowercased()
        guard ["text", "hex", "base64"].contains(encoding) else {
            throw RequestParameters.invalid("encoding", "\(encoding) is none of text, hex and base64")
        }
        let request = WireGetXAttrsRequest.with {
            $0.src = call.path
            $0.xAttrs = names
        }
        let found = try await ask("getXAttrs", call, request, as: WireGetXAttrsResponse.self).xAttrs
        return [
            "XAttrs": .array(
                found.map {
                    ["name": .text($0.prefixedName), "value": $0.hasValue ? .text($0.encoded(as: encoding)) : nil]
                })
        ]
    }

    private func checkAccess(_ call: WebHDFSCall) async throws -> JSONValue {
        let text = call.parameters["fsaction"] ?? "---"
        guard let access = WireAclEntry.FsAction(symbols: text) else {
            throw RequestParameters.invalid("fsaction", "\"\(text)\" does not belong to the domain [r-][w-][x-]")
        }
        let request = WireCheckAccessRequest.with {
            $0.path = call.path
            $0.mode = access
        }
        _ = try await ask("checkAccess", call, request, as: WireCheckAccessResponse.self)
        return [:]
    }
}
