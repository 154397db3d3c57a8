import HoneyCore
package import HoneyFiles
import NIOHTTP1

/// Names: looking, making, moving, removing.
extension WebHDFSFileSystem {
    package func status(_ location: FileLocation) throws -> FileStatus? {
        do {
            let answer = try ask(.GET, "GETFILESTATUS", location)
            return try describe(try require(answer["FileStatus"], location), location)
        } catch let error as HoneyError where ["FILE_NOT_FOUND", "NOT_A_DIRECTORY"].contains(error.code) {
            return nil
        }
    }

    private func describe(_ status: JSONValue, _ location: FileLocation) throws -> FileStatus {
        let isDirectory = try require(status["type"]?.text, location) == "DIRECTORY"
        return FileStatus(
            location: location, isDirectory: isDirectory,
            size: isDirectory ? 0 : max(0, try require(status["length"]?.int, location)),
            modifiedMilliseconds: status["modificationTime"]?.int ?? 0, owner: status["owner"]?.text ?? "",
            group: status["group"]?.text ?? "",
            permissions: (Int(status["permission"]?.text ?? "", radix: 8) ?? 0) & 0o1777,
            replication: isDirectory ? 0 : status["replication"]?.int,
            blockBytes: isDirectory ? 0 : status["blockSize"]?.int ?? 0,
            accessedMilliseconds: status["accessTime"]?.int ?? 0)
    }

    package func list(_ location: FileLocation) throws -> [FileStatus] {
        let answer = try ask(.GET, "LISTSTATUS", location)
        let entries = try require(answer["FileStatuses"]?["FileStatus"]?.array, location)
        if entries.count == 1, entries[0]["pathSuffix"]?.text == "" {
            throw Self.failure("NOT_A_DIRECTORY", "cannot list: not a directory", location)
        }
        return try entries.map { entry in
            var place = location
            place.path =
                (location.path == "/" ? "/" : location.path + "/")
                + (try require(entry["pathSuffix"]?.text, location))
            return try describe(entry, place)
        }
    }

    package func makeDirectory(_ location: FileLocation) throws {
        let answer: JSONValue
        do {
            answer = try ask(.PUT, "MKDIRS", location, [("permission", "755")])
        } catch let error as HoneyError where error.code == "FILE_EXISTS" {
            throw Self.failure("NOT_A_DIRECTORY", "cannot make directory: not a directory", location)
        }
        guard answer["boolean"]?.bool == true else {
            throw Self.failure("IO_ERROR", "cannot make directory", location)
        }
    }

    package func rename(_ source: FileLocation, to target: FileLocation) throws {
        guard source.authority == target.authority else {
            throw Self.failure("CROSS_DEVICE", "cannot rename: on another file system", target)
        }
        guard !target.path.utf8.contains(0) else {
            throw Self.failure("IO_ERROR", "a path may not hold a zero byte", target)
        }
        do {
            // With options the server tells why it cannot, and replaces nothing.
            try ask(.PUT, "RENAME", source, [("destination", target.path), ("renameoptions", "NONE")])
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
            let answer = try ask(.DELETE, "DELETE", location, [("recursive", "\(recursive)")])
            return try require(answer["boolean"]?.bool, location)
        } catch let error as HoneyError where error.code == "NOT_A_DIRECTORY" {
            return false
        }
    }
}
