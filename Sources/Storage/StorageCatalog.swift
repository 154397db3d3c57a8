import HoneyCore

/// The file formats and SerDes an engine has, by Hive's class names.
public struct StorageCatalog: Sendable {
    public let formats: [any FileFormat]
    public let serdes: [any SerDe]

    public init(formats: [any FileFormat], serdes: [any SerDe]) {
        self.formats = formats
        self.serdes = serdes
    }

    /// Finds the format that reads an input format class; fails with `UNKNOWN_FORMAT`.
    public func format(inputFormat name: String) throws -> any FileFormat {
        if let format = formats.first(where: { $0.inputFormats.contains(name) }) { return format }
        throw unknown("input format", name, formats.flatMap(\.inputFormats))
    }

    /// Finds the format that writes an output format class; fails with `UNKNOWN_FORMAT`.
    public func format(outputFormat name: String) throws -> any FileFormat {
        if let format = formats.first(where: { $0.outputFormats.contains(name) }) { return format }
        throw unknown("output format", name, formats.flatMap(\.outputFormats))
    }

    /// Finds a SerDe by class; fails with `UNKNOWN_FORMAT`.
    public func serde(_ name: String) throws -> any SerDe {
        if let serde = serdes.first(where: { $0.names.contains(name) }) { return serde }
        throw unknown("SerDe", name, serdes.flatMap(\.names))
    }

    private func unknown(_ what: String, _ name: String, _ known: [String]) -> HoneyError {
        HoneyError(
            .semantic, "UNKNOWN_FORMAT", "unknown \(what): \(name) (known: \(known.sorted().joined(separator: ", ")))")
    }
}
