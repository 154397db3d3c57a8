import Foundation
import HoneyCore
package import HoneyFiles
import HoneyHDFSMessages
import SwiftProtobuf

/// Names: looking, making, moving, removing.
extension HDFSFileSystem {
    package func status(_ location: FileLocation) throws -> FileStatus? {
        do {
            let response: WireGetFileInfoResponse = try ask(
                "getFileInfo", WireGetFileInfoRequest.with { $0.src = location.path }, at: location)
            return response.hasFs ? describe(response.fs, location) : nil
        } catch let error as HoneyError where error.code == "NOT_A_DIRECTORY" || error.code == "FILE_NOT_FOUND" {
            return nil
        }
    }

    private func describe(_ status: WireHdfsFileStatus, _ location: FileLocation) -> FileStatus {
        let isDirectory = status.fileType == .isDir
        return FileStatus(
            location: location, isDirectory: isDirectory, size: isDirectory ? 0 : Int(clamping: status.length),
            modifiedMilliseconds: Int(clamping: status.modificationTime), owner: status.owner, group: status.group,
            permissions: Int(status.permission.perm) & 0o1777,
            replication: isDirectory ? 0 : Int(clamping: status.blockReplication),
            blockBytes: isDirectory ? 0 : Int(clamping: status.blocksize),
            accessedMilliseconds: Int(clamping: status.accessTime),
            hasAccessControlEntries: status.flags & UInt32(WireHdfsFileStatus.Flags.hasAcl.rawValue) != 0)
    }

    package func list(_ location: FileLocation) throws -> [FileStatus] {
        try list(location, located: false).map(\.status)
    }

    package func listForReading(_ location: FileLocation) throws -> [ListedFile] {
        try list(location, located: true)
    }

    private func list(_ location: FileLocation, located: Bool) throws -> [ListedFile] {
        var entries: [ListedFile] = []
        var after = Data()
        while true {
            let response: WireGetListingResponse = try ask(
                "getListing",
                WireGetListingRequest.with {
                    $0.src = location.path
                    $0.startAfter = after
                    $0.needLocation = located
                }, at: location)
            guard response.hasDirList else {
                throw Self.failure("FILE_NOT_FOUND", "cannot list: no such file or directory", location)
            }
            let part = response.dirList.partialListing
            if part.count == 1, part[0].path.isEmpty {
                throw Self.failure("NOT_A_DIRECTORY", "cannot list: not a directory", location)
            }
            for entry in part {
                // Put together by hand: an entry's name needs no normalizing.
                var place = location
                place.path =
                    (location.path == "/" ? "/" : location.path + "/") + String(decoding: entry.path, as: UTF8.self)
                var listed = ListedFile(describe(entry, place))
                if entry.hasLocations {
                    listed.blocks = Self.locations(entry.locations, in: 0..<listed.status.size)
                    listed.handle = handle(entry.locations, of: listed.status)
                }
                entries.append(listed)
            }
            guard response.dirList.remainingEntries > 0, let last = part.last else { return entries }
            after = last.path
        }
    }

    package func makeDirectory(_ location: FileLocation) throws {
        let made: WireMkdirsResponse
        do {
            made = try ask(
                "mkdirs",
                WireMkdirsRequest.with {
                    $0.src = location.path
                    $0.masked.perm = UInt32(0o777 & ~configuration.umask)
                    $0.unmasked.perm = 0o777
                    $0.createParent = true
                }, at: location)
        } catch let error as HoneyError where error.code == "FILE_EXISTS" {
            throw Self.failure("NOT_A_DIRECTORY", "cannot make directory: not a directory", location)
        }
        guard made.result else { throw Self.failure("IO_ERROR", "cannot make directory", location) }
    }

    package func rename(_ source: FileLocation, to target: FileLocation) throws {
        guard source.authority == target.authority else {
            throw Self.failure("CROSS_DEVICE", "cannot rename: on another file system", target)
        }
        do {
            let _: WireRename2Response = try ask(
                "rename2",
                WireRename2Request.with {
                    $0.src = source.path
                    $0.dst = target.path
                    $0.overwriteDest = false
                }, at: source)
        } catch let error as HoneyError where error.code == "IO_ERROR" {
            // A file onto a directory, or the other way round, has no exception of its own.
            guard try status(target) != nil else { throw error }
            throw Self.failure("FILE_EXISTS", "cannot rename: file exists", target)
        }
    }

    @discardableResult
    package func delete(_ location: FileLocation, recursive: Bool) throws -> Bool {
        guard location.path != "/" else {
            throw Self.failure("PERMISSION_DENIED", "cannot delete: operation not permitted", location)
        }
        do {
            let response: WireDeleteResponse = try ask(
                "delete",
                WireDeleteRequest.with {
                    $0.src = location.path
                    $0.recursive = recursive
                }, at: location)
            return response.result
        } catch let error as HoneyError where error.code == "NOT_A_DIRECTORY" {
            return false
        }
    }
}
