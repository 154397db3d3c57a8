import Foundation
import HoneyCatalog
import HoneyCore
import HoneyFiles
import Synchronization

/// What a conversion has finished, kept in its target: a line of JSON that says what is converted, then one a finished file.
///
/// The name begins with `_`, which hides it from scans. A line is added once its file is whole and has its name.
final class ConversionJournal: Sendable {
    static let name = "_conversion.journal"

    /// What is converted into what.
    struct Identity: Codable, Equatable {
        var source: String
        var format: String
        var codec: String?
        var serde: String?
        var columns: [TableColumn]
    }

    /// A finished file.
    struct Entry: Codable, Equatable {
        /// The source's location, size and time of change.
        var source: String
        var sourceBytes: Int
        var modifiedMilliseconds: Int
        /// Below the target.
        var target: String
        var targetBytes: Int
        var rows: Int
        /// In hexadecimal digits; nil unless verified.
        var sourceChecksum: String?
        var targetChecksum: String?
    }

    private let location: FileLocation
    private let fileSystem: any FileSystem
    private let finished: Mutex<[String: Entry]>

    /// Opens the journal of a target directory, or starts one; fails with `TARGET_IN_USE` when it is of another conversion, or
    /// when there is none and the directory has files.
    init(in directory: FileLocation, of identity: Identity, _ fileSystem: any FileSystem) throws {
        location = directory.appending(ConversionJournal.name)
        self.fileSystem = fileSystem
        guard try fileSystem.status(location) != nil else {
            finished = Mutex([:])
            try ConversionJournal.requireEmpty(directory, fileSystem, "target has files, and none of this conversion")
            try fileSystem.makeDirectory(directory)
            try fileSystem.write(ConversionJournal.line(identity), to: location)
            return
        }
        let lines = try fileSystem.contents(of: location).split(separator: 0x0A)
        let decoder = JSONDecoder()
        let known = lines.first.flatMap { try? decoder.decode(Identity.self, from: Data($0)) }
        guard known == identity else {
            // One that had come to nothing gives way.
            finished = Mutex([:])
            try ConversionJournal.requireEmpty(directory, fileSystem, "target holds another conversion")
            try fileSystem.write(ConversionJournal.line(identity), to: location, overwrite: true)
            return
        }
        var entries: [String: Entry] = [:]
        // The last line may be cut short, when its writer was stopped.
        for line in lines.dropFirst() {
            if let entry = try? decoder.decode(Entry.self, from: Data(line)) { entries[entry.source] = entry }
        }
        finished = Mutex(entries)
    }

    /// Fails with `SOURCE_CHANGED` when a file was converted that the source no longer has.
    func requireSources(_ files: [FileStatus]) throws {
        let there = Set(files.map(\.location.description))
        guard let gone = finished.withLock({ $0.keys.sorted().first { !there.contains($0) } }) else { return }
        throw HoneyError(
            .data, "SOURCE_CHANGED",
            "source no longer has a file that was converted (remove the target, or choose another one with --into)",
            file: FilePosition(gone))
    }

    /// The entry of a source file that was finished, and has not changed since.
    func entry(of file: FileStatus) -> Entry? {
        guard let entry = finished.withLock({ $0[file.location.description] }), entry.sourceBytes == file.size,
            entry.modifiedMilliseconds == file.modifiedMilliseconds
        else { return nil }
        return entry
    }

    /// The copy of a source file, which may have changed since.
    func target(of file: FileStatus) -> String? {
        finished.withLock { $0[file.location.description]?.target }
    }

    /// All targets in use.
    var targets: Set<String> { finished.withLock { Set($0.values.map(\.target)) } }

    /// Notes a finished file, durably.
    func add(_ entry: Entry) throws {
        try finished.withLock { entries in
            entries[entry.source] = entry
            let line = try ConversionJournal.line(entry)
            if fileSystem.traits.canAppend {
                let file = try fileSystem.append(location)
                // A line that was cut short ends here.
                try ([0x0A] + line).withUnsafeBytes { try file.write($0) }
                try file.close()
            } else {
                let whole = try fileSystem.contents(of: location) + line
                let next = location.parent.appending(ConversionJournal.name + ".next")
                try fileSystem.write(whole, to: next, overwrite: true)
                try fileSystem.delete(location, recursive: false)
                try fileSystem.rename(next, to: location)
            }
        }
    }

    private static func line(_ value: some Encodable) throws -> [UInt8] {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return Array(try encoder.encode(value)) + [0x0A]
    }

    private static func requireEmpty(
        _ directory: FileLocation, _ fileSystem: any FileSystem, _ complaint: String
    ) throws {
        guard let status = try fileSystem.status(directory) else { return }
        guard status.isDirectory, try fileSystem.list(directory).allSatisfy({ $0.location.isHidden }) else {
            throw HoneyError(
                .semantic, "TARGET_IN_USE", "\(complaint) (choose another one with --into)",
                file: FilePosition(directory.description))
        }
    }
}
