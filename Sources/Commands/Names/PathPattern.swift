import HoneyFiles

/// Paths with `*` and `?` in their parts.
enum PathPattern {
    /// Lists what a path names, in order; a path without `*`, `?` and braces names itself, if it is there.
    static func expand(_ location: FileLocation, _ fileSystem: any FileSystem) throws -> [FileStatus] {
        if let status = try fileSystem.status(location) { return [status] }
        guard location.path.contains(where: { "*?".contains($0) }) else { return [] }
        var found = [FileLocation(scheme: location.scheme, authority: location.authority, path: "/")]
        for part in location.path.utf8.split(separator: UInt8(ascii: "/")).map({ String(Substring($0)) }) {
            guard part.contains(where: { "*?".contains($0) }) else {
                found = found.map { $0.appending(part) }
                continue
            }
            let pattern = Array(part.unicodeScalars)
            found = try found.flatMap { directory -> [FileLocation] in
                guard try fileSystem.status(directory)?.isDirectory == true else { return [] }
                return try fileSystem.list(directory).map(\.location).filter {
                    NamePattern.glob(pattern, Array($0.name.unicodeScalars), many: ["*"], one: ["?"])
                }
            }
        }
        return try found.compactMap { try fileSystem.status($0) }
    }
}
