import HoneyCatalog
import HoneyCore
import HoneyExecution
import HoneyFiles
import HoneyPlan
import HoneyStorage
import Synchronization

/// A file format for tests: rows are kept beside the files, whose every byte stands for a row.
final class RowsFormat: FileFormat {
    let keyword = "ROWS"
    let inputFormats = ["test.RowsInputFormat"]
    let outputFormats = ["test.RowsOutputFormat"]
    let defaultSerDe = "test.RowsSerDe"
    private let rows = Mutex<[String: [[Value]]]>([:])

    func isSplittable(_ location: FileLocation) -> Bool { true }
    func fileSuffix(for request: WriteRequest) throws -> String { "" }
    func recognizes(_ start: UnsafeRawBufferPointer) -> Bool { false }
    func inspect(_ file: any ReadableFile) throws -> StructureDescription { .integer(file.size) }

    func contents(_ location: String) -> [[Value]] { rows.withLock { $0[location] ?? [] } }
    func set(_ location: String, _ values: [[Value]]) { rows.withLock { $0[location] = values } }

    func makeReader(for request: ReadRequest, split: ByteRange, of file: any ReadableFile) throws -> any BatchReader {
        Reader(request, Array(contents(file.location.description)[split.start..<min(split.end, file.size)]))
    }

    func makeWriter(for request: WriteRequest, to file: any WritableFile) throws -> any BatchWriter {
        Writer(self, file)
    }

    private final class Reader: BatchReader {
        private let request: ReadRequest
        private var rest: ArraySlice<[Value]>
        private(set) var counters = ReadCounters()

        init(_ request: ReadRequest, _ rows: [[Value]]) {
            self.request = request
            rest = rows[...]
        }

        func next() throws -> Batch? {
            guard !rest.isEmpty else { return nil }
            let part = rest.prefix(97)
            rest = rest.dropFirst(97)
            counters.rowsRead += part.count
            counters.bytesRead += part.count
            var batch = Batch(
                columns: request.projection.map { index in
                    .of(request.columns[index].type, part.map { index < $0.count ? $0[index] : .null })
                }, count: part.count)
            for filter in request.filters {
                batch.selection = try filter.select(filter.columns.map { batch.columns[$0] }, count: batch.count)
                batch = batch.materialized()
                if batch.columns.isEmpty { batch.selection = nil }
            }
            return batch
        }
    }

    private final class Writer: BatchWriter {
        private let format: RowsFormat
        private let file: any WritableFile
        private var rows: [[Value]] = []

        init(_ format: RowsFormat, _ file: any WritableFile) {
            self.format = format
            self.file = file
        }

        var bytesWritten: Int { rows.count }

        func write(_ batch: Batch) throws { rows += batch.rows }

        func finish() throws {
            try [UInt8](repeating: 0, count: rows.count).withUnsafeBytes { try file.write($0) }
            try file.close()
            format.set(file.location.description, rows)
        }
    }
}

extension Batch {
    /// The (selected) rows as values.
    var rows: [[Value]] {
        (0..<rowCount).map { position in
            let row = selection.map { $0[position] } ?? position
            return columns.map { $0.value(at: row) }
        }
    }
}

/// Tables of bigints in memory and an engine to ask them with.
final class World {
    let format = RowsFormat()
    let files = MemoryFileSystem()

    func context(threads: Int, memoryLimitBytes: Int? = nil) -> QueryContext {
        QueryContext(
            session: SessionValues(nowNanoseconds: 0, timeZone: "UTC", user: "bee", database: "default"),
            functions: .bigints, storage: StorageCatalog(formats: [format], serdes: []),
            fileSystems: FileSystems([files]), threads: threads, memoryLimitBytes: memoryLimitBytes)
    }

    func storage(_ location: String, _ columns: [TableColumn]) -> StorageDescriptor {
        StorageDescriptor(
            columns: columns, location: location, inputFormat: format.inputFormats[0],
            outputFormat: format.outputFormats[0], serde: SerDeInfo(library: format.defaultSerDe))
    }

    /// Makes a table of bigint columns a, b, … in some files, and a scan of it whose column ids start at `first`.
    func table(_ name: String, _ rows: [[Int64?]], files count: Int = 5, width: Int, first: Int) throws -> Scan {
        let columns = (0..<width).map { TableColumn(String(UnicodeScalar(UInt8(97 + $0))), .bigint) }
        let directory = "memory:/\(name)"
        for index in 0..<count {
            let part = rows.indices.filter { $0 % count == index }.map { row in
                rows[row].map { value -> Value in value.map { .integer($0) } ?? .null }
            }
            try write(part, to: "\(directory)/\(index)")
        }
        return scan(Table(database: "default", name: name, storage: storage(directory, columns)), first: first)
    }

    func write(_ rows: [[Value]], to location: String) throws {
        let file = try files.create(FileLocation(location)!, overwrite: true)
        try [UInt8](repeating: 0, count: rows.count).withUnsafeBytes { try file.write($0) }
        try file.close()
        format.set(location, rows)
    }

    func scan(_ table: Table, first: Int, partitions: [Partition]? = nil) -> Scan {
        Scan(
            table: table, alias: table.name,
            columns: table.columns.enumerated().map { index, column in
                ScanColumn(
                    ColumnReference(id: ColumnID(first + index), name: column.name, type: column.type),
                    source: .table(index: index))
            }, partitions: partitions)
    }
}
