package import HoneyFiles

/// The files of another file system, said to lie where a test likes.
package struct SpreadFiles: FileSystem {
    private let files: any FileSystem
    private let locate: @Sendable (FileLocation, Range<Int>) -> [BlockLocation]

    package init(
        _ files: any FileSystem, locate: @escaping @Sendable (FileLocation, Range<Int>) -> [BlockLocation]
    ) {
        self.files = files
        self.locate = locate
    }

    package var scheme: String { files.scheme }

    package var traits: FileSystemTraits {
        var traits = files.traits
        traits.isDistributed = true
        return traits
    }

    package func locations(of location: FileLocation, range: Range<Int>) throws -> [BlockLocation] {
        locate(location, range)
    }

    package func open(_ location: FileLocation) throws -> any ReadableFile { try files.open(location) }
    package func create(_ location: FileLocation, overwrite: Bool) throws -> any WritableFile {
        try files.create(location, overwrite: overwrite)
    }
    package func append(_ location: FileLocation) throws -> any WritableFile { try files.append(location) }
    package func status(_ location: FileLocation) throws -> FileStatus? { try files.status(location) }
    package func list(_ location: FileLocation) throws -> [FileStatus] { try files.list(location) }
    package func makeDirectory(_ location: FileLocation) throws { try files.makeDirectory(location) }
    package func rename(_ source: FileLocation, to target: FileLocation) throws {
        try files.rename(source, to: target)
    }
    package func delete(_ location: FileLocation, recursive: Bool) throws -> Bool {
        try files.delete(location, recursive: recursive)
    }
}
