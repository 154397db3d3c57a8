import Foundation
import HoneyCore
package import HoneyFiles
import HoneyHDFSMessages
import SwiftProtobuf

/// What the file system keeps about files besides their bytes.
extension HDFSFileSystem {
    package func setPermissions(_ location: FileLocation, to permissions: Int) throws {
        let _: WireSetPermissionResponse = try ask(
            "setPermission",
            WireSetPermissionRequest.with {
                $0.src = location.path
                $0.permission.perm = UInt32(permissions & 0o1777)
            }, at: location)
    }

    package func setOwner(_ location: FileLocation, owner: String?, group: String?) throws {
        let _: WireSetOwnerResponse = try ask(
            "setOwner",
            WireSetOwnerRequest.with {
                $0.src = location.path
                if let owner { $0.username = owner }
                if let group { $0.groupname = group }
            }, at: location)
    }

    package func setTimes(
        _ location: FileLocation, modifiedMilliseconds: Int?, accessedMilliseconds: Int?
    ) throws {
        let _: WireSetTimesResponse = try ask(
            "setTimes",
            WireSetTimesRequest.with {
                $0.src = location.path
                $0.mtime = UInt64(bitPattern: Int64(modifiedMilliseconds ?? -1))
                $0.atime = UInt64(bitPattern: Int64(accessedMilliseconds ?? -1))
            }, at: location)
    }

    package func setReplication(_ location: FileLocation, to count: Int) throws -> Bool {
        let response: WireSetReplicationResponse = try ask(
            "setReplication",
            WireSetReplicationRequest.with {
                $0.src = location.path
                $0.replication = UInt32(clamping: count)
            }, at: location)
        return response.result
    }

    package func contentSummary(_ location: FileLocation) throws -> ContentSummary {
        let response: WireGetContentSummaryResponse = try ask(
            "getContentSummary", WireGetContentSummaryRequest.with { $0.path = location.path }, at: location)
        let summary = response.summary
        return ContentSummary(
            directoryCount: Int(clamping: summary.directoryCount), fileCount: Int(clamping: summary.fileCount),
            size: Int(clamping: summary.length), spaceConsumed: Int(clamping: summary.spaceConsumed),
            nameQuota: Int(Int64(bitPattern: summary.quota)), spaceQuota: Int(Int64(bitPattern: summary.spaceQuota)))
    }

    package func setQuota(_ location: FileLocation, names: Int?, space: Int?) throws {
        let _: WireSetQuotaResponse = try ask(
            "setQuota",
            WireSetQuotaRequest.with {
                $0.path = location.path
                // The greatest number leaves a limit as it is.
                $0.namespaceQuota = UInt64(bitPattern: Int64(names ?? .max))
                $0.storagespaceQuota = UInt64(bitPattern: Int64(space ?? .max))
            }, at: location)
    }

    package func space() throws -> FileSystemSpace {
        let response: WireGetFsStatsResponse = try ask("getFsStats", WireGetFsStatusRequest(), at: homeDirectory)
        return FileSystemSpace(
            capacity: Int(clamping: response.capacity), used: Int(clamping: response.used),
            remaining: Int(clamping: response.remaining))
    }

    // MARK: Access control

    package func allows(_ access: FileAccess, to location: FileLocation) throws -> Bool {
        do {
            let _: WireCheckAccessResponse = try ask(
                "checkAccess",
                WireCheckAccessRequest.with {
                    $0.path = location.path
                    $0.mode = access == .reading ? .read : .write
                }, at: location)
            return true
        } catch let error as HoneyError where error.code == "PERMISSION_DENIED" {
            return false
        }
    }

    package func accessControlEntries(_ location: FileLocation) throws -> [String] {
        let response: WireGetAclStatusResponse = try ask(
            "getAclStatus", WireGetAclStatusRequest.with { $0.src = location.path }, at: location)
        return response.result.entries.map(\.text)
    }

    /// Sets the entries beyond the mode; those of the mode are taken from it where they are not among them.
    package func setAccessControlEntries(_ location: FileLocation, to entries: [String]) throws {
        var list = try entries.map { text in
            do { return try WireAclEntry(text: text, hasAccess: true) } catch {
                throw Self.failure("INVALID_ARGUMENT", "no entry of access control: \(text)", location)
            }
        }
        guard !list.isEmpty else {
            let _: WireRemoveAclResponse = try ask(
                "removeAcl", WireRemoveAclRequest.with { $0.src = location.path }, at: location)
            return
        }
        guard let status = try status(location) else {
            throw Self.failure("FILE_NOT_FOUND", "no such file or directory", location)
        }
        let types: [(WireAclEntry.AclEntryType, Int)] = [(.user, 6), (.group, 3), (.other, 0)]
        for (type, shift) in types
        where !list.contains(where: { $0.scope == .access && $0.type == type && $0.name.isEmpty }) {
            list.append(
                .with {
                    $0.scope = .access
                    $0.type = type
                    $0.permissions = .init(rawValue: status.permissions >> shift & 7) ?? .none
                })
        }
        let _: WireSetAclResponse = try ask(
            "setAcl",
            WireSetAclRequest.with {
                $0.src = location.path
                $0.aclSpec = list
            }, at: location)
    }

    // MARK: Extended attributes

    package func extendedAttributes(_ location: FileLocation) throws -> [(name: String, value: [UInt8])] {
        let response: WireGetXAttrsResponse = try ask(
            "getXAttrs", WireGetXAttrsRequest.with { $0.src = location.path }, at: location)
        return response.xAttrs.map { ($0.prefixedName, Array($0.value)) }
    }

    package func setExtendedAttribute(_ location: FileLocation, name: String, value: [UInt8]) throws {
        var attribute = try attribute(name, location)
        attribute.value = Data(value)
        let request = WireSetXAttrRequest.with {
            $0.src = location.path
            $0.xAttr = attribute
            // Made, or replaced.
            $0.flag = 3
        }
        let _: WireSetXAttrResponse = try ask("setXAttr", request, at: location)
    }

    package func removeExtendedAttribute(_ location: FileLocation, name: String) throws {
        let attribute = try attribute(name, location)
        let request = WireRemoveXAttrRequest.with {
            $0.src = location.path
            $0.xAttr = attribute
        }
        let _: WireRemoveXAttrResponse = try ask("removeXAttr", request, at: location)
    }

    private func attribute(_ name: String, _ location: FileLocation) throws -> WireXAttr {
        do { return try WireXAttr(prefixedName: name) } catch {
            throw Self.failure(
                "INVALID_ARGUMENT",
                "an attribute's name begins with user., trusted., system., security. or raw.: \(name)", location)
        }
    }
}
