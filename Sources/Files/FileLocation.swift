/// Where a file is: scheme, authority and an absolute, normalized path, as in `hdfs://host:8020/a/b` or `file:/a/b`.
public struct FileLocation: Hashable, Sendable, Codable, CustomStringConvertible {
    /// `file` when none is written.
    public var scheme: String
    /// `host:port`, or empty.
    public var authority: String
    /// Starts with `/`, without `.`, `..`, doubled or trailing slashes.
    public var path: String

    public init(scheme: String = "file", authority: String = "", path: String) {
        self.scheme = scheme
        self.authority = authority
        self.path = FileLocation.normalized(path)
    }

    /// Reads `scheme://authority/path`, `scheme:/path` or `/path`; nil for a relative path.
    public init?(_ text: String) {
        var rest = Substring(text)
        var scheme = "file"
        var authority = ""
        if let colon = rest.firstIndex(of: ":"), !rest[..<colon].contains("/"),
            rest[rest.index(after: colon)...].hasPrefix("/")
        {
            scheme = String(rest[..<colon]).lowercased()
            rest = rest[rest.index(after: colon)...]
            if rest.hasPrefix("//") {
                rest = rest.dropFirst(2)
                let end = rest.firstIndex(of: "/") ?? rest.endIndex
                authority = String(rest[..<end])
                rest = rest[end...]
            }
        }
        guard rest.isEmpty ? !authority.isEmpty : rest.hasPrefix("/") else { return nil }
        self.init(scheme: scheme, authority: authority, path: String(rest))
    }

    /// The location of `name` (which may hold slashes) below this one.
    public func appending(_ name: String) -> FileLocation {
        FileLocation(scheme: scheme, authority: authority, path: path + "/" + name)
    }

    public var parent: FileLocation {
        appending("..")
    }

    public var name: String { path.utf8.split(separator: UInt8(ascii: "/")).last.map { String(Substring($0)) } ?? "" }

    /// Tells whether Hive hides it from scans: names that start with `_` or `.`.
    public var isHidden: Bool { name.hasPrefix("_") || name.hasPrefix(".") }

    /// As Hadoop prints it: `file:/a/b`, `hdfs://host:8020/a/b`.
    public var description: String {
        authority.isEmpty ? "\(scheme):\(path)" : "\(scheme)://\(authority)\(path)"
    }

    private static func normalized(_ path: String) -> String {
        // By bytes: a slash followed by a combining mark is still a slash to the system.
        if !path.utf8.contains(UInt8(ascii: ".")), path.utf8.first == UInt8(ascii: "/"), !hasEmptyPart(path) {
            return path
        }
        var parts: [Substring.UTF8View] = []
        for part in path.utf8.split(separator: UInt8(ascii: "/")) {
            let text = Substring(part)
            if text == ".." { _ = parts.popLast() } else if text != "." { parts.append(part) }
        }
        return "/" + parts.map { Substring($0) }.joined(separator: "/")
    }

    /// Tells of doubled or trailing slashes.
    private static func hasEmptyPart(_ path: String) -> Bool {
        var last: UInt8 = 0
        for byte in path.utf8 {
            if byte == UInt8(ascii: "/"), last == byte { return true }
            last = byte
        }
        return last == UInt8(ascii: "/")
    }
}
