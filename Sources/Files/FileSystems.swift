import HoneyCore

/// The file systems an engine knows, by scheme.
public struct FileSystems: Sendable {
    private var byScheme: [String: any FileSystem] = [:]

    public init(_ fileSystems: [any FileSystem]) {
        for fileSystem in fileSystems { byScheme[fileSystem.scheme] = fileSystem }
    }

    /// Finds the file system that serves a location; fails with `UNKNOWN_SCHEME`.
    public func serving(_ location: FileLocation) throws -> any FileSystem {
        guard let fileSystem = byScheme[location.scheme] else {
            throw HoneyError(
                .environment, "UNKNOWN_SCHEME",
                "no file system for scheme '\(location.scheme)' (known: \(byScheme.keys.sorted().joined(separator: ", ")))",
                file: FilePosition(location.description))
        }
        return fileSystem
    }
}
