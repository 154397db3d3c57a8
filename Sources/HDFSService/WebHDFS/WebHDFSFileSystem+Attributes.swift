import HoneyCore
package import HoneyFiles
import HoneyHDFS
import HoneyHDFSMessages
import NIOHTTP1

/// What the file system keeps about files besides their bytes.
extension WebHDFSFileSystem {
    package func setPermissions(_ location: FileLocation, to permissions: Int) throws {
        try ask(.PUT, "SETPERMISSION", location, [("permission", String(permissions & 0o1777, radix: 8))])
    }

    package func setOwner(_ location: FileLocation, owner: String?, group: String?) throws {
        guard owner != nil || group != nil else { return }
        try ask(.PUT, "SETOWNER", location, [("owner", owner), ("group", group)].compactMap(Self.given))
    }

    private static func given(_ parameter: (String, String?)) -> (String, String)? {
        parameter.1.map { (parameter.0, $0) }
    }

    package func setTimes(_ location: FileLocation, modifiedMilliseconds: Int?, accessedMilliseconds: Int?) throws {
        let times = [("modificationtime", modifiedMilliseconds), ("accesstime", accessedMilliseconds)]
        try ask(.PUT, "SETTIMES", location, times.map { ($0.0, "\($0.1 ?? -1)") })
    }

    package func setReplication(_ location: FileLocation, to count: Int) throws -> Bool {
        let answer = try ask(.PUT, "SETREPLICATION", location, [("replication", "\(count)")])
        return try require(answer["boolean"]?.bool, location)
    }

    package func truncate(_ location: FileLocation, to size: Int) throws -> Bool {
        let answer = try ask(.POST, "TRUNCATE", location, [("newlength", "\(size)")])
        return try require(answer["boolean"]?.bool, location)
    }

    package func concatenate(_ sources: [FileLocation], onto target: FileLocation) throws {
        if let source = sources.first(where: { $0.path.contains(",") }) {
            throw Self.failure("UNSUPPORTED_OPERATION", "a comma in a path parts paths in WebHDFS", source)
        }
        try ask(.POST, "CONCAT", target, [("sources", sources.map(\.path).joined(separator: ","))])
    }

    package func contentSummary(_ location: FileLocation) throws -> ContentSummary {
        let answer = try require(try ask(.GET, "GETCONTENTSUMMARY", location)["ContentSummary"], location)
        func count(_ name: String) throws -> Int { try require(answer[name]?.int, location) }
        return ContentSummary(
            directoryCount: try count("directoryCount"), fileCount: try count("fileCount"), size: try count("length"),
            spaceConsumed: try count("spaceConsumed"), nameQuota: try count("quota"),
            spaceQuota: try count("spaceQuota"))
    }

    package func setQuota(_ location: FileLocation, names: Int?, space: Int?) throws {
        let limits = [("namespacequota", names), ("storagespacequota", space)]
        try ask(.PUT, "SETQUOTA", location, limits.compactMap { limit in limit.1.map { (limit.0, "\($0)") } })
    }

    package func checksum(_ location: FileLocation) throws -> FileChecksum? {
        let exchange = try begin(.GET, "GETFILECHECKSUM", location)
        let head = try exchange.finish()
        let body = try exchange.readAll()
        guard head.status == .ok else { throw failure(head, body, location) }
        let answer = try require(try JSONValue(document: body)["FileChecksum"], location)
        let digits = Array(try require(answer["bytes"]?.text, location).utf8)
        let bytes = stride(from: 0, to: digits.count - digits.count % 2, by: 2).compactMap { place in
            UInt8(String(decoding: digits[place..<place + 2], as: UTF8.self), radix: 16)
        }
        return FileChecksum(algorithm: try require(answer["algorithm"]?.text, location), bytes: bytes)
    }

    package func space() throws -> FileSystemSpace {
        let root = FileLocation(scheme: scheme, authority: homeDirectory.authority, path: "/")
        do {
            let answer = try require(try ask(.GET, "GETSTATUS", root)["FsStatus"], root)
            return FileSystemSpace(
                capacity: try require(answer["capacity"]?.int, root), used: try require(answer["used"]?.int, root),
                remaining: try require(answer["remaining"]?.int, root))
        } catch let error as HoneyError where error.message.contains("GETSTATUS") {
            // Hadoop before 3.4 has no such operation.
            throw Self.failure("UNSUPPORTED_OPERATION", "server does not tell its space over WebHDFS", root)
        }
    }

    package func accessControlEntries(_ location: FileLocation) throws -> [String] {
        let answer = try ask(.GET, "GETACLSTATUS", location)
        return try require(answer["AclStatus"]?["entries"]?.array, location).compactMap(\.text)
    }

    /// Sets the entries beyond the mode; those of the mode are taken from it where they are not among them.
    package func setAccessControlEntries(_ location: FileLocation, to entries: [String]) throws {
        guard !entries.isEmpty else {
            try ask(.PUT, "REMOVEACL", location)
            return
        }
        guard let status = try status(location) else {
            throw Self.failure("FILE_NOT_FOUND", "no such file or directory", location)
        }
        var all = entries
        for (kind, shift) in [("user", 6), ("group", 3), ("other", 0)]
        where !entries.contains(where: { $0.hasPrefix(kind + "::") }) {
            let access = WireAclEntry.FsAction(rawValue: status.permissions >> shift & 7) ?? .none
            all.append("\(kind)::\(access.symbols)")
        }
        try ask(.PUT, "SETACL", location, [("aclspec", all.joined(separator: ","))])
    }

    package func extendedAttributes(_ location: FileLocation) throws -> [(name: String, value: [UInt8])] {
        let answer = try ask(.GET, "GETXATTRS", location, [("encoding", "hex")])
        return try require(answer["XAttrs"]?.array, location).map { entry in
            var attribute = WireXAttr()
            if let value = entry["value"]?.text { try attribute.decode(value) }
            return (try require(entry["name"]?.text, location), Array(attribute.value))
        }
    }

    package func setExtendedAttribute(_ location: FileLocation, name: String, value: [UInt8]) throws {
        var attribute = WireXAttr()
        attribute.value.append(contentsOf: value)
        try ask(
            .PUT, "SETXATTR", location,
            [("xattr.name", name), ("xattr.value", attribute.encoded(as: "hex")), ("flag", "CREATE,REPLACE")])
    }

    package func removeExtendedAttribute(_ location: FileLocation, name: String) throws {
        try ask(.PUT, "REMOVEXATTR", location, [("xattr.name", name)])
    }
}
