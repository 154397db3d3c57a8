public import HoneyFiles
public import HoneyStorage

extension Engine {
    /// Describes a file's structure by its format, which is known by how the file begins; what no format knows is text.
    public func inspect(_ location: FileLocation) throws -> StructureDescription {
        let file = try extensions.fileSystems.serving(location).open(location)
        return try extensions.storage.format(of: file).inspect(file)
    }

    /// Reads a location as the command line gives it: a URI, or a path that may be relative to the working directory.
    public static func location(of text: String) -> FileLocation {
        if let location = FileLocation(text) { return location }
        return FileLocation(path: absolutePath(text))
    }
}
