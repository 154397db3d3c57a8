import HoneyCore

/// The file systems an engine knows, by scheme, or by scheme and authority.
public struct FileSystems: Sendable {
    private var byScheme: [String: any FileSystem] = [:]
    /// Those for the locations of one authority only, by `scheme://authority`.
    private var byAuthority: [String: any FileSystem] = [:]

    public init(_ fileSystems: [any FileSystem]) {
        for fileSystem in fileSystems { byScheme[fileSystem.scheme] = fileSystem }
    }

    /// Adds a file system for all locations of its scheme, or for those of one authority, in place of one that was there.
    public mutating func add(_ fileSystem: any FileSystem, authority: String? = nil) {
        if let authority {
            byAuthority[Self.key(fileSystem.scheme, authority)] = fileSystem
        } else {
            byScheme[fileSystem.scheme] = fileSystem
        }
    }

    /// Finds the file system that serves a location; fails with `UNKNOWN_SCHEME`.
    public func serving(_ location: FileLocation) throws -> any FileSystem {
        if !byAuthority.isEmpty, let found = byAuthority[Self.key(location.scheme, location.authority)] { return found }
        guard let fileSystem = byScheme[location.scheme] else {
            throw HoneyError(
                .environment, "UNKNOWN_SCHEME",
                "no file system for scheme '\(location.scheme)' (known: \(known.joined(separator: ", ")))",
                file: FilePosition(location.description))
        }
        return fileSystem
    }

    private var known: [String] { Array(byScheme.keys).sorted() + Array(byAuthority.keys).sorted() }

    private static func key(_ scheme: String, _ authority: String) -> String { scheme + "://" + authority }
}
