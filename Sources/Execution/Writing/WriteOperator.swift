import HoneyCatalog
package import HoneyCore
import HoneyFiles
package import HoneyPlan
package import HoneyStorage

/// Writes rows into files below a staging directory, one a partition and bucket, and gives a row for each file.
///
/// The rows of a bucket all come to one instance, in the order that the table's SORTED BY asks for: with dynamic partitions
/// those of a whole partition, otherwise those of each `instances`-th bucket.
package final class WriteOperator: Operator {
    private struct OpenFile {
        var writer: any BatchWriter
        var location: FileLocation
        var partition: String
        var rows = 0
    }

    private let target: WriteTarget
    private let instance: Int
    private let instances: Int
    private let handler: FileTableHandler
    private let directory: FileLocation
    private let memory: MemoryReservation
    private let width: Int
    /// Dynamic partitions: their key columns numbered by value.
    private let keys: KeyEncoder
    private let partitions: GroupTable
    /// How the table is bucketed, and those partitions that are bucketed otherwise.
    private let buckets: BucketRouting?
    private let otherBuckets: [String: BucketRouting?]
    /// The names of the partitions met; one without a name when none is dynamic.
    private var names: [String]
    /// For each partition the file of each of its buckets, or the one.
    private var files: [[OpenFile?]]
    private var report: Batch?
    private var isFinished = false
    private let maximumFiles: Int

    package init(
        _ target: WriteTarget, over input: [ColumnReference], instance: Int, of instances: Int,
        handler: FileTableHandler, memory: MemoryReservation
    ) throws {
        self.target = target
        self.instance = instance
        self.instances = instances
        self.memory = memory
        self.handler = handler
        guard let directory = FileLocation(target.storage.location) else {
            throw HoneyError(
                .environment, "BAD_LOCATION", "not a location: \(target.storage.location)",
                file: FilePosition(target.storage.location))
        }
        self.directory = directory
        width = target.storage.columns.count
        guard input.count == width + target.dynamicPartitionKeys.count else {
            throw HoneyError.unexpected("a write has \(input.count) columns for \(width) stored ones")
        }
        let layout = KeyLayout(input[width...].map(\.type))
        keys = KeyEncoder(layout)
        partitions = GroupTable(layout)
        buckets = try BucketRouting(target.storage, tableParameters: target.tableParameters)
        otherBuckets = try target.otherStorage.mapValues {
            try BucketRouting($0, tableParameters: target.tableParameters)
        }
        names = target.dynamicPartitionKeys.isEmpty ? [""] : []
        files = names.map { [buckets] _ in [OpenFile?](repeating: nil, count: buckets?.count ?? 1) }
        maximumFiles = target.settings["hive.exec.max.dynamic.partitions.pernode"].flatMap { Int($0) } ?? 1000
    }

    package var peakMemoryBytes: Int { memory.peakBytes }

    package func accept(_ batch: Batch) throws {
        guard batch.rowCount > 0 else { return }
        let stored = Array(batch.columns[..<width])
        let all = Batch(columns: stored, count: batch.count, selection: batch.selection)
        guard !target.dynamicPartitionKeys.isEmpty else { return try writeBuckets(of: all, to: 0) }
        for (partition, rows) in WriteOperator.groups(of: try partitionNumbers(of: batch), in: batch.selection) {
            try writeBuckets(of: Batch(columns: stored, count: batch.count, selection: rows), to: partition)
        }
    }

    private func writeBuckets(of batch: Batch, to partition: Int) throws {
        guard let buckets = buckets(ofPartition: names[partition]) else { return try write(batch, to: partition, 0) }
        let numbers = buckets.buckets(of: batch.columns, count: batch.count, selection: batch.selection)
        for (bucket, rows) in WriteOperator.groups(of: numbers.map { Int($0) }, in: batch.selection) {
            try write(Batch(columns: batch.columns, count: batch.count, selection: rows), to: partition, bucket)
        }
    }

    private func buckets(ofPartition name: String) -> BucketRouting? {
        if let other = otherBuckets[name] { return other }
        return buckets
    }

    /// The rows of each number, in the order of the numbers.
    private static func groups(
        of numbers: [Int], in selection: Selection?
    ) -> [(number: Int, rows: Selection)] {
        var rowsOf: [Int: [Int32]] = [:]
        for (position, number) in numbers.enumerated() {
            rowsOf[number, default: []].append(
                selection.map { $0.indices[position] } ?? Int32(truncatingIfNeeded: position))
        }
        return rowsOf.sorted { $0.key < $1.key }.map { number, rows in
            let selection = Selection(capacity: rows.count) { indices in
                for (position, row) in rows.enumerated() { indices[position] = row }
                return rows.count
            }
            return (number, selection)
        }
    }

    private func partitionNumbers(of batch: Batch) throws -> [Int] {
        let keyColumns = Array(batch.columns[width...])
        keys.encode(keyColumns, count: batch.count, selection: batch.selection)
        var numbers = [Int32](repeating: 0, count: batch.rowCount)
        try numbers.withUnsafeMutableBufferPointer {
            try partitions.number(keys, columns: keyColumns, selection: batch.selection, into: $0.baseAddress!)
        }
        try nameNewPartitions()
        return numbers.map { Int($0) }
    }

    private func nameNewPartitions() throws {
        guard partitions.count > names.count else { return }
        guard partitions.count <= maximumFiles else {
            throw HoneyError(
                .environment, "TOO_MANY_PARTITIONS",
                "more dynamic partitions in one write than allowed: \(partitions.count) of at most \(maximumFiles) "
                    + "(raise it with set hive.exec.max.dynamic.partitions.pernode=…)")
        }
        let range = names.count..<partitions.count
        let columns = partitions.keys(range)
        for row in 0..<range.count {
            names.append(
                PartitionName.name(
                    keys: target.dynamicPartitionKeys.map(\.name), values: columns.map { text($0, row) ?? "" }))
            files.append([OpenFile?](repeating: nil, count: buckets(ofPartition: names[names.count - 1])?.count ?? 1))
        }
    }

    private func text(_ column: Column, _ row: Int) -> String? {
        guard !column.isNull(at: row) else { return nil }
        var sink = ByteSink()
        ValueText.append(column, row: row, to: &sink)
        return sink.string
    }

    private func open(_ partition: String, _ bucket: Int) throws -> OpenFile {
        let number = String(buckets(ofPartition: partition) == nil ? instance : bucket)
        let (writer, location) = try handler.makeWriter(
            into: target.otherStorage[partition] ?? target.storage, of: target.tableName,
            directory: partition.isEmpty ? directory : directory.appending(partition),
            name: String(repeating: "0", count: max(0, 6 - number.count)) + number + "_0",
            tableParameters: target.tableParameters, settings: target.settings)
        return OpenFile(writer: writer, location: location, partition: partition)
    }

    private func write(_ batch: Batch, to partition: Int, _ bucket: Int) throws {
        var file = try files[partition][bucket] ?? open(names[partition], bucket)
        try file.writer.write(batch)
        file.rows += batch.rowCount
        files[partition][bucket] = file
    }

    package func finish() throws {
        isFinished = true
        var files: [OpenFile] = []
        for (partition, name) in names.enumerated() {
            for (bucket, file) in self.files[partition].enumerated() {
                // Whoever joins bucket by bucket counts files: a bucket without rows has one too.
                let isOwn = !target.dynamicPartitionKeys.isEmpty || bucket % instances == instance
                let isWanted = isOwn && buckets(ofPartition: name) != nil
                guard let file = try file ?? (isWanted ? open(name, bucket) : nil) else { continue }
                try file.writer.finish()
                files.append(file)
            }
        }
        self.files = []
        guard !files.isEmpty else { return }
        report = Batch(
            columns: [
                .of(.string, files.map { .string($0.location.description) }),
                .of(.string, files.map { .string($0.partition) }),
                .of(.bigint, files.map { .integer(Int64($0.rows)) }),
                .of(.bigint, files.map { .integer(Int64($0.writer.bytesWritten)) }),
            ], count: files.count)
    }

    package func next() -> Step {
        if let batch = report {
            report = nil
            return .batch(batch)
        }
        return isFinished ? .finished : .needsInput
    }

    package func close() { files = [] }
}
