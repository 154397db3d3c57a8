import HoneyCatalog
import HoneyCore
import HoneyExecution
import HoneyFiles
import HoneyStorage

/// Converts single files, and compares what came of them with what they were.
struct FileConversion: Sendable {
    let handler: FileTableHandler
    let fileSystem: any FileSystem
    let source: Table
    let sourcePartitions: [Partition]
    let target: Table
    let targetPartitions: [Partition]
    let targetRoot: FileLocation
    /// The session's, with those that ask for the compression.
    let settings: [String: String]

    /// Unfinished files are hidden from scans.
    private static let unfinishedPrefix = "_converting-"

    /// Converts a file into one of a name, to which the format's suffix is added, and gives it that name once it is whole and,
    /// when asked for, is found to hold the same rows; `report` is told of rows as they are read.
    func convert(
        _ file: ConversionSource.File, named name: String, verifies: Bool, report: (_ rows: Int) -> Void
    ) throws -> ConversionJournal.Entry {
        let directory = file.directory.isEmpty ? targetRoot : targetRoot.appending(file.directory)
        try fileSystem.makeDirectory(directory)
        try removeUnfinished(name, in: directory)
        let (writer, unfinished) = try handler.makeWriter(
            into: target.storage, of: target.database.isEmpty ? nil : target.qualifiedName, directory: directory,
            name: FileConversion.unfinishedPrefix + name, tableParameters: target.parameters, settings: settings)
        do {
            let (rows, sum) = try copy(file, to: writer, verifies: verifies, report: report)
            guard let status = try fileSystem.status(unfinished) else {
                throw HoneyError(
                    .environment, "FILE_NOT_FOUND", "file is gone that was just written",
                    file: FilePosition(unfinished.description))
            }
            let finalName = String(unfinished.name.dropFirst(FileConversion.unfinishedPrefix.count))
            var entry = ConversionJournal.Entry(
                source: file.status.location.description, sourceBytes: file.status.size,
                modifiedMilliseconds: file.status.modifiedMilliseconds, target: file.directory + finalName,
                targetBytes: status.size, rows: rows)
            if verifies { try compare(file, sum, with: status, into: &entry) }
            let final = directory.appending(finalName)
            try fileSystem.delete(final, recursive: false)
            try fileSystem.rename(unfinished, to: final)
            return entry
        } catch {
            _ = try? fileSystem.delete(unfinished, recursive: false)
            throw error
        }
    }

    /// Writes a file's rows, and sums them up.
    private func copy(
        _ file: ConversionSource.File, to writer: any BatchWriter, verifies: Bool, report: (_ rows: Int) -> Void
    ) throws -> (rows: Int, sum: RowChecksum) {
        var rows = 0
        var sum = RowChecksum()
        let stored = target.storage.columns.count
        let reader = try handler.makeReader(for: scan(of: source, sourcePartitions), split: split(of: file))
        while let batch = try reader.next() {
            try writer.write(Batch(columns: Array(batch.columns[..<stored]), count: batch.count))
            if verifies { sum.add(batch) }
            rows += batch.count
            report(batch.count)
        }
        try writer.finish()
        return (rows, sum)
    }

    /// Compares a file that was finished before without being compared.
    func verify(_ file: ConversionSource.File, _ entry: ConversionJournal.Entry) throws -> ConversionJournal.Entry {
        var entry = entry
        let location = targetRoot.appending(entry.target)
        guard let status = try fileSystem.status(location) else {
            throw HoneyError(
                .environment, "FILE_NOT_FOUND", "converted file is gone", file: FilePosition(location.description))
        }
        var sum = RowChecksum()
        let reader = try handler.makeReader(for: scan(of: source, sourcePartitions), split: split(of: file))
        while let batch = try reader.next() { sum.add(batch) }
        try compare(file, sum, with: status, into: &entry)
        return entry
    }

    /// Tells whether a finished file is still there as it was.
    func isThere(_ entry: ConversionJournal.Entry) throws -> Bool {
        try fileSystem.status(targetRoot.appending(entry.target))?.size == entry.targetBytes
    }

    private func removeUnfinished(_ name: String, in directory: FileLocation) throws {
        let prefix = FileConversion.unfinishedPrefix + name
        for left in try fileSystem.list(directory) where left.location.name.hasPrefix(prefix) {
            let rest = left.location.name.dropFirst(prefix.count)
            if rest.isEmpty || rest.hasPrefix(".") { try fileSystem.delete(left.location, recursive: false) }
        }
    }

    // MARK: Comparison

    private func compare(
        _ file: ConversionSource.File, _ sum: RowChecksum, with written: FileStatus,
        into entry: inout ConversionJournal.Entry
    ) throws {
        var other = RowChecksum()
        let split = split(of: written, partition: file.partition)
        let reader = try handler.makeReader(for: scan(of: target, targetPartitions), split: split)
        while let batch = try reader.next() { other.add(batch) }
        entry.sourceChecksum = sum.description
        entry.targetChecksum = other.description
        guard sum != other else { return }
        if sum.rows != other.rows {
            throw different("source has \(sum.rows) rows, target \(other.rows)", file, sum, other)
        }
        let columns = try firstDifference(file, split)
        throw different(columns, file, sum, other)
    }

    /// Reads both files again to find the first column whose values are not the same.
    private func firstDifference(_ file: ConversionSource.File, _ written: ScanSplit) throws -> String {
        let before = try columnSums(scan(of: source, sourcePartitions), split(of: file))
        let after = try columnSums(scan(of: target, targetPartitions), written)
        guard let index = zip(before, after).enumerated().first(where: { $1.0 != $1.1 })?.offset else {
            return "values are the same, but in other rows"
        }
        let column = source.columns[index]
        return
            "values of column \(column.name) are not the same; its type is \(column.type), which the format may hold less exactly"
    }

    private func columnSums(_ scan: TableScan, _ split: ScanSplit) throws -> [RowChecksum] {
        var sums = scan.sources.map { _ in RowChecksum() }
        let reader = try handler.makeReader(for: scan, split: split)
        while let batch = try reader.next() {
            for (index, column) in batch.columns.enumerated() {
                sums[index].add(Batch(columns: [column], count: batch.count))
            }
        }
        return sums
    }

    private func different(
        _ what: String, _ file: ConversionSource.File, _ sum: RowChecksum, _ other: RowChecksum
    ) -> HoneyError {
        HoneyError(
            .data, "VERIFICATION_FAILED",
            "converted rows differ from the source's: \(what) (source checksum \(sum), target \(other))",
            file: FilePosition(file.status.location.description))
    }

    // MARK: Scans

    private func scan(of table: Table, _ partitions: [Partition]) -> TableScan {
        TableScan(
            table: table, partitions: partitions, sources: table.columns.indices.map { .column($0) },
            settings: settings)
    }

    private func split(of file: ConversionSource.File) -> ScanSplit {
        split(of: file.status, partition: file.partition)
    }

    private func split(of status: FileStatus, partition: Int?) -> ScanSplit {
        ScanSplit(
            location: status.location, fileBytes: status.size, range: ByteRange(start: 0, end: status.size),
            partition: partition)
    }
}
