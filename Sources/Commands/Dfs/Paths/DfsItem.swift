import HoneyCore
import HoneyFiles

/// A path as the user wrote it or as it follows from that, and what is there.
struct DfsItem {
    /// As it is shown.
    var text: String
    var location: FileLocation
    var fileSystem: any FileSystem
    var status: FileStatus?

    var isDirectory: Bool { status?.isDirectory == true }

    /// Tells whether the text can only mean a directory: it ends with `/`, `.` or `..`.
    var looksLikeDirectory: Bool { ["", ".", ".."].contains(String(lastPart)) }

    private var lastPart: Substring { text.split(separator: "/", omittingEmptySubsequences: false).last ?? "" }

    /// The location in full, as Hadoop names it where text and location differ.
    var qualifiedText: String {
        // What was written as an absolute path keeps an empty authority.
        text.utf8.first == UInt8(ascii: "/") && location.authority.isEmpty
            ? "\(location.scheme)://\(location.path)" : location.description
    }

    var parentExists: Bool {
        get throws { try fileSystem.status(looksLikeDirectory ? location : location.parent) != nil }
    }

    func children() throws -> [DfsItem] {
        try fileSystem.list(location).map { status in
            DfsItem(
                text: text(ofChild: status.location.name), location: status.location, fileSystem: fileSystem,
                status: status)
        }
    }

    /// What is called `name` in this directory.
    func child(_ name: String) throws -> DfsItem {
        guard status != nil else { throw DfsFailure.missing(text) }
        guard isDirectory else { throw DfsFailure.isNotDirectory(text) }
        let place = location.appending(name)
        return DfsItem(
            text: text(ofChild: name), location: place, fileSystem: fileSystem, status: try fileSystem.status(place))
    }

    private func text(ofChild name: String) -> String {
        if text == "." { return name }
        return text.utf8.last == UInt8(ascii: "/") ? text + name : text + "/" + name
    }

    /// Looks again at what is there.
    mutating func refresh() throws { status = try fileSystem.status(location) }

    /// The file system as one that can be administered; fails with `UNSUPPORTED_OPERATION`.
    var administered: any AdministeredFileSystem {
        get throws { try DfsItem.administered(fileSystem) }
    }

    static func administered(_ fileSystem: any FileSystem) throws -> any AdministeredFileSystem {
        guard let administered = fileSystem as? any AdministeredFileSystem else {
            throw HoneyError(
                .environment, "UNSUPPORTED_OPERATION", "no administration of file system '\(fileSystem.scheme)'")
        }
        return administered
    }
}
