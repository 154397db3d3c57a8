import HoneyCatalog
import HoneyCommands
import HoneyCore
import HoneyFiles
import HoneyPlan
import HoneyStorage

/// The rows to convert: a table as scans know it, and its files.
struct ConversionSource {
    /// A file that is converted as a whole.
    struct File: Sendable {
        var status: FileStatus
        /// Index into `partitions`.
        var partition: Int?
        /// Where it goes below the target, with a slash at the end; empty for the target itself.
        var directory: String
    }

    var table: Table
    var partitions: [Partition] = []
    var files: [File] = []

    /// Looks up a table with its partitions and files.
    init(_ name: TableName, in context: SessionContext, _ engine: Engine, settings: [String: String]) throws {
        let database = name.database ?? context.session.currentDatabase
        guard let table = try context.metastore.table(name.name, in: database) else {
            let hint = SpellingSuggestion.hint(for: name.name, in: try context.metastore.tables(in: database))
            throw HoneyError(
                .semantic, "TABLE_NOT_FOUND", "no such table: \(database).\(name.name)\(hint)", sqlState: "42S02")
        }
        guard table.kind != .view else {
            throw HoneyError(.semantic, "NOT_A_TABLE", "a view has no files to convert: \(name)")
        }
        self.table = table
        let handler = engine.fileTables
        if table.isPartitioned {
            partitions = try context.metastore.partitions(of: table)
            for (index, partition) in partitions.enumerated() {
                let directory = PartitionName.name(keys: table.partitionKeys.map(\.name), values: partition.values)
                files += try handler.files(of: partition.storage, settings: settings).map {
                    File(status: $0, partition: index, directory: directory + "/")
                }
            }
        } else {
            files = try handler.files(of: table.storage, settings: settings).map {
                File(status: $0, partition: nil, directory: "")
            }
        }
    }

    /// Looks through a directory, and into its first file to learn what it holds.
    init(_ location: FileLocation, _ conversion: Conversion, _ engine: Engine) throws {
        let fileSystem = try engine.extensions.fileSystems.serving(location)
        guard let status = try fileSystem.status(location) else {
            throw HoneyError(
                .environment, "FILE_NOT_FOUND", "no such file or directory", file: FilePosition(location.description))
        }
        var found: [File] = []
        if status.isDirectory {
            try ConversionSource.collect(location, "", fileSystem, into: &found)
        } else {
            found = [File(status: status, partition: nil, directory: "")]
        }
        guard let first = found.first else {
            throw HoneyError(
                .environment, "NO_FILES", "directory has no files to convert", file: FilePosition(location.description))
        }
        let file = try fileSystem.open(first.status.location)
        let format = try engine.extensions.storage.format(of: file)
        guard let columns = try conversion.columns ?? format.columns(of: file) else {
            throw HoneyError(
                .semantic, "COLUMNS_UNKNOWN",
                "files of this format do not tell their columns (give --columns 'a int, b string'): \(format.keyword)",
                file: FilePosition(first.status.location.description))
        }
        var serde = SerDeInfo(
            library: conversion.serde ?? format.defaultSerDe, properties: ["serialization.format": "1"])
        if let delimiter = conversion.delimiter {
            serde.properties["field.delim"] = delimiter
            serde.properties["serialization.format"] = delimiter
        }
        files = found
        table = Table(
            database: "", name: location.name, kind: .external,
            storage: StorageDescriptor(
                columns: columns, location: location.description, inputFormat: format.inputFormats[0],
                outputFormat: format.outputFormats[0], serde: serde))
    }

    /// Lists visible files that hold bytes, with the directories they are in.
    private static func collect(
        _ location: FileLocation, _ directory: String, _ fileSystem: any FileSystem, into files: inout [File]
    ) throws {
        for entry in try fileSystem.list(location) where !entry.location.isHidden {
            if entry.isDirectory {
                try collect(entry.location, "\(directory)\(entry.location.name)/", fileSystem, into: &files)
            } else if entry.size > 0 {
                files.append(File(status: entry, partition: nil, directory: directory))
            }
        }
    }
}

extension Engine {
    /// Reads and writes tables kept in files.
    var fileTables: FileTableHandler {
        FileTableHandler(storage: extensions.storage, fileSystems: extensions.fileSystems)
    }
}

extension StorageCatalog {
    /// Bytes at a file's start that formats know their files by.
    private static let recognizedBytes = 4096

    /// Finds the format of a file by how it begins; what none knows is text.
    func format(of file: any ReadableFile) throws -> any FileFormat {
        let buffer = Buffer(zeroed: StorageCatalog.recognizedBytes)
        let count = try file.read(at: 0, count: min(StorageCatalog.recognizedBytes, file.size), into: buffer.base)
        let start = UnsafeRawBufferPointer(start: buffer.base, count: count)
        defer { withExtendedLifetime(buffer) {} }
        if let known = formats.first(where: { $0.recognizes(start) }) { return known }
        return try format(keyword: "TEXTFILE")
    }

    /// Finds a format by the keyword of `STORED AS`; fails with `UNKNOWN_FORMAT`.
    func format(keyword: String) throws -> any FileFormat {
        let name = keyword.uppercased() == "TEXT" ? "TEXTFILE" : keyword.uppercased()
        if let format = formats.first(where: { $0.keyword == name }) { return format }
        let known = formats.map { $0.keyword.lowercased() }
        throw HoneyError(
            .semantic, "UNKNOWN_FORMAT",
            "unknown file format (known: \(known.joined(separator: ", "))): \(keyword.lowercased())")
    }
}
