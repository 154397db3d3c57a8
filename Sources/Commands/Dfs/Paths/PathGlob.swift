import HoneyCore
import HoneyFiles

/// Paths that are patterns, as Hadoop has them: `*`, `?`, `[a-z]`, `[^a]`, `{a,b/c}` and `\` before a character meant as it is.
enum PathGlob {
    /// Lists what a path names, by name; nil when it is no pattern and nothing is there.
    static func expand(_ location: FileLocation, _ fileSystem: any FileSystem) throws -> [FileStatus]? {
        var found: [FileStatus] = []
        var isPattern = false
        for path in try alternatives(of: location.path) {
            let parts = try path.utf8.split(separator: UInt8(ascii: "/")).map { try GlobPattern(Substring($0)) }
            guard let first = parts.firstIndex(where: \.hasWildcard) else {
                let plain = place(location, "/" + parts.map(\.literal).joined(separator: "/"))
                if let status = try fileSystem.status(plain) { found.append(status) }
                continue
            }
            isPattern = true
            let start = place(location, "/" + parts[..<first].map(\.literal).joined(separator: "/"))
            found += try descend(parts[first...], from: start, fileSystem)
        }
        if found.isEmpty, !isPattern, !location.path.contains("{") { return nil }
        return found.sorted { $0.location.path.utf8.lexicographicallyPrecedes($1.location.path.utf8) }
    }

    private static func place(_ location: FileLocation, _ path: String) -> FileLocation {
        FileLocation(scheme: location.scheme, authority: location.authority, path: path)
    }

    private static func descend(
        _ parts: ArraySlice<GlobPattern>, from directory: FileLocation, _ fileSystem: any FileSystem
    ) throws -> [FileStatus] {
        guard let part = parts.first else { return [] }
        let rest = parts.dropFirst()
        var entries: [FileStatus]
        if part.hasWildcard {
            guard try fileSystem.status(directory)?.isDirectory == true else { return [] }
            entries = try fileSystem.list(directory).filter { part.matches($0.location.name) }
        } else {
            entries = try [fileSystem.status(directory.appending(part.literal))].compactMap { $0 }
        }
        if rest.isEmpty { return entries }
        entries.removeAll { !$0.isDirectory }
        return try entries.flatMap { try descend(rest, from: $0.location, fileSystem) }
    }

    /// Spreads the braces that hold a slash, from the outside in; others belong to the part they stand in.
    static func alternatives(of path: String) throws -> [String] {
        let characters = Array(path)
        var depth = 0
        var start = 0
        var commas: [Int] = []
        var holdsSlash = false
        var position = 0
        while position < characters.count {
            switch characters[position] {
            case "\\": position += 1
            case "{":
                if depth == 0 { (start, commas, holdsSlash) = (position, [], false) }
                depth += 1
            case "}" where depth > 0:
                depth -= 1
                if depth == 0, holdsSlash {
                    let ends = [start] + commas + [position]
                    return try zip(ends, ends.dropFirst()).flatMap { from, to in
                        try alternatives(
                            of: String(
                                characters[..<start] + characters[(from + 1)..<to] + characters[(position + 1)...]))
                    }
                }
            case ",": if depth == 1 { commas.append(position) }
            case "/": if depth > 0 { holdsSlash = true }
            default: break
            }
            position += 1
        }
        return [path]
    }
}
