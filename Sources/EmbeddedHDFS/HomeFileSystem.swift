package import HoneyFiles

/// The files of a home's HDFS: a client that is made when the first of them is asked for, since nothing is to run before.
package final class HomeFileSystem: AdministeredFileSystem {
    private let embedded: EmbeddedHDFS

    init(_ embedded: EmbeddedHDFS) { self.embedded = embedded }

    /// The client, once somebody serves the home.
    private var files: any AdministeredFileSystem {
        get throws { try embedded.client() }
    }

    package let scheme = "hdfs"
    package var traits: FileSystemTraits { EmbeddedHDFS.traits }

    package func open(_ location: FileLocation) throws -> any ReadableFile { try files.open(location) }
    package func create(_ location: FileLocation, overwrite: Bool) throws -> any WritableFile {
        try files.create(location, overwrite: overwrite)
    }
    package func create(
        _ location: FileLocation, overwrite: Bool, settings: [String: String]
    ) throws -> any WritableFile {
        try files.create(location, overwrite: overwrite, settings: settings)
    }
    package func append(_ location: FileLocation) throws -> any WritableFile { try files.append(location) }
    package func status(_ location: FileLocation) throws -> FileStatus? { try files.status(location) }
    package func list(_ location: FileLocation) throws -> [FileStatus] { try files.list(location) }
    package func listForReading(_ location: FileLocation) throws -> [ListedFile] {
        try files.listForReading(location)
    }
    package func open(_ listed: ListedFile) throws -> any ReadableFile { try files.open(listed) }
    package func makeDirectory(_ location: FileLocation) throws { try files.makeDirectory(location) }
    package func rename(_ source: FileLocation, to target: FileLocation) throws {
        try files.rename(source, to: target)
    }
    package func delete(_ location: FileLocation, recursive: Bool) throws -> Bool {
        try files.delete(location, recursive: recursive)
    }
    package func locations(of location: FileLocation, range: Range<Int>) throws -> [BlockLocation] {
        try files.locations(of: location, range: range)
    }

    package func setPermissions(_ location: FileLocation, to permissions: Int) throws {
        try files.setPermissions(location, to: permissions)
    }
    package func setOwner(_ location: FileLocation, owner: String?, group: String?) throws {
        try files.setOwner(location, owner: owner, group: group)
    }
    package func setTimes(_ location: FileLocation, modifiedMilliseconds: Int?, accessedMilliseconds: Int?) throws {
        try files.setTimes(
            location, modifiedMilliseconds: modifiedMilliseconds, accessedMilliseconds: accessedMilliseconds)
    }
    package func setReplication(_ location: FileLocation, to count: Int) throws -> Bool {
        try files.setReplication(location, to: count)
    }
    package func truncate(_ location: FileLocation, to size: Int) throws -> Bool {
        try files.truncate(location, to: size)
    }
    package func concatenate(_ sources: [FileLocation], onto target: FileLocation) throws {
        try files.concatenate(sources, onto: target)
    }
    package func contentSummary(_ location: FileLocation) throws -> ContentSummary {
        try files.contentSummary(location)
    }
    package func setQuota(_ location: FileLocation, names: Int?, space: Int?) throws {
        try files.setQuota(location, names: names, space: space)
    }
    package func checksum(_ location: FileLocation) throws -> FileChecksum? { try files.checksum(location) }
    package func space() throws -> FileSystemSpace { try files.space() }
    package func accessControlEntries(_ location: FileLocation) throws -> [String] {
        try files.accessControlEntries(location)
    }
    package func setAccessControlEntries(_ location: FileLocation, to entries: [String]) throws {
        try files.setAccessControlEntries(location, to: entries)
    }
    package func extendedAttributes(_ location: FileLocation) throws -> [(name: String, value: [UInt8])] {
        try files.extendedAttributes(location)
    }
    package func setExtendedAttribute(_ location: FileLocation, name: String, value: [UInt8]) throws {
        try files.setExtendedAttribute(location, name: name, value: value)
    }
    package func removeExtendedAttribute(_ location: FileLocation, name: String) throws {
        try files.removeExtendedAttribute(location, name: name)
    }
    package var homeDirectory: FileLocation { embedded.homeDirectory }
}
