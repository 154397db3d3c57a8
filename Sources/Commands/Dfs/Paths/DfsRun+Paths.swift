import HoneyCore
import HoneyFiles

extension DfsRun {
    /// The things that texts name, in order; complains of patterns that match nothing.
    func expand(_ texts: [String]) throws -> [DfsItem] {
        var items: [DfsItem] = []
        for text in texts { try attempt(text) { items += try expand(text) } }
        return items
    }

    /// The things that a text names: itself, there or not, when it is no pattern.
    func expand(_ text: String) throws -> [DfsItem] {
        let items = try matches(text)
        if items.isEmpty { throw DfsFailure.missing(text) }
        return items
    }

    private func matches(_ text: String) throws -> [DfsItem] {
        let location = try location(of: text)
        let fileSystem = try shell.fileSystems.serving(location)
        guard let found = try PathGlob.expand(location, fileSystem) else {
            // No pattern after all: backslashes meant the characters after them.
            let plain = text.replacing(/\\(.)/) { $0.output.1 }
            return [
                DfsItem(
                    text: plain, location: try self.location(of: plain), fileSystem: fileSystem, status: nil)
            ]
        }
        return try found.map { status in
            let text = try self.text(for: status, writtenAs: text)
            return DfsItem(text: text, location: status.location, fileSystem: fileSystem, status: status)
        }
    }

    /// The one thing that a command's target names.
    func target(_ text: String) throws -> DfsItem {
        let items = try expand(text)
        guard items.count == 1 else { throw DfsFailure(text, "Too many matches") }
        return items[0]
    }

    /// Something of the machine's own files.
    func localItem(_ text: String) throws -> DfsItem {
        let path = FileLocation(text)?.path ?? text
        let isAbsolute = path.utf8.first == UInt8(ascii: "/")
        let location = FileLocation(path: isAbsolute ? path : shell.localDirectory + "/" + path)
        let fileSystem = try shell.fileSystems.serving(location)
        // Slashes at the end tell of a directory, so the text is kept where it is a path.
        let shown = text.contains(":") && FileLocation(text) != nil ? path : text
        return DfsItem(text: shown, location: location, fileSystem: fileSystem, status: try fileSystem.status(location))
    }

    private func location(of text: String) throws -> FileLocation {
        if text.isEmpty { throw DfsUsageError("Can not create a Path from an empty string") }
        if text.utf8.first == UInt8(ascii: "/") {
            return FileLocation(scheme: shell.root.scheme, authority: shell.root.authority, path: text)
        }
        if var location = FileLocation(text) {
            // `hdfs:/a` means the default name node.
            if location.authority.isEmpty, location.scheme == shell.root.scheme {
                location.authority = shell.root.authority
            }
            return location
        }
        return FileLocation(
            scheme: shell.root.scheme, authority: shell.root.authority, path: shell.workingDirectory + "/" + text)
    }

    /// How a match is shown: with a scheme, absolute or relative, as the pattern was.
    private func text(for status: FileStatus, writtenAs pattern: String) throws -> String {
        let path = status.location.path
        if pattern.utf8.first == UInt8(ascii: "/") { return path }
        guard let written = FileLocation(pattern) else { return relative(path) }
        return "\(written.scheme)://\(written.authority)\(path)"
    }

    private func relative(_ path: String) -> String {
        let here = shell.workingDirectory.utf8.split(separator: UInt8(ascii: "/"))
        let there = path.utf8.split(separator: UInt8(ascii: "/"))
        let common = zip(here, there).prefix { $0.elementsEqual($1) }.count
        let parts =
            Array(repeating: "..", count: here.count - common) + there[common...].map { String(Substring($0)) }
        return parts.isEmpty ? "." : parts.joined(separator: "/")
    }
}
