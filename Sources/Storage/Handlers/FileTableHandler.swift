import Algorithms
public import HoneyCatalog
import HoneyCore
public import HoneyFiles

/// Reads and writes tables that are directories of files.
public struct FileTableHandler: Sendable {
    private let storage: StorageCatalog
    private let fileSystems: FileSystems

    public init(storage: StorageCatalog, fileSystems: FileSystems) {
        self.storage = storage
        self.fileSystems = fileSystems
    }

    /// Bytes of a split that several threads take turns at.
    public static let targetBytes = 32 << 20

    /// Cuts a scan's files into splits of about `targetBytes`; files that cannot be cut are one split each. Files of
    /// buckets that the scan's predicates rule out are left out.
    ///
    /// Fails with `NOT_A_FILE` on a subdirectory, unless the settings ask for recursion.
    public func splits(of scan: TableScan, targetBytes: Int = FileTableHandler.targetBytes) throws -> [ScanSplit] {
        if !scan.table.isPartitioned {
            return try splits(of: scan.table.storage, partition: nil, scan, targetBytes)
        }
        return try scan.partitions.indices.flatMap { index in
            try splits(of: scan.partitions[index].storage, partition: index, scan, targetBytes)
        }
    }

    private func splits(
        of storage: StorageDescriptor, partition: Int?, _ scan: TableScan, _ targetBytes: Int
    ) throws -> [ScanSplit] {
        let format = try self.storage.format(inputFormat: storage.inputFormat)
        let listed = try listedFiles(of: storage, settings: scan.settings)
        scan.files.note(listed)
        var known: [FileLocation: [BlockLocation]] = [:]
        for file in listed { known[file.status.location] = file.blocks }
        let files = BucketPruning.files(listed.map(\.status), of: storage, scan)
        return try files.flatMap { file -> [ScanSplit] in
            let fileSystem = try fileSystems.serving(file.location)
            let blocks =
                try fileSystem.traits.isDistributed
                ? known[file.location] ?? fileSystem.locations(of: file.location, range: 0..<file.size) : []
            let canCut = format.isSplittable(file.location)
            // Finding a first record costs: splits are worth several times that, unless a file would have too few of them.
            let worthwhileBytes = max(targetBytes, min(16 * format.boundaryDistanceBytes, file.size / 4))
            return Self.ranges(of: file.size, targetBytes: canCut ? worthwhileBytes : file.size).map { range in
                let block = Self.block(with: range, among: blocks)
                return ScanSplit(
                    location: file.location, fileBytes: file.size, range: range, hosts: block?.hosts ?? [],
                    racks: block?.racks ?? [], partition: partition)
            }
        }
    }

    /// The block that holds most of a range's bytes, the first of several; `blocks` are in order.
    private static func block(with range: ByteRange, among blocks: [BlockLocation]) -> BlockLocation? {
        let wanted = range.start..<range.end
        let first = blocks.partitioningIndex { $0.range.upperBound > range.start }
        return blocks[first...].prefix { $0.range.lowerBound < range.end }
            .reduce(nil as (block: BlockLocation, bytes: Int)?) { best, block in
                let bytes = block.range.clamped(to: wanted).count
                return bytes > best?.bytes ?? 0 ? (block, bytes) : best
            }?.block
    }

    /// Cuts a file evenly; the last range may be a tenth longer than the others.
    static func ranges(of size: Int, targetBytes: Int) -> [ByteRange] {
        let target = max(targetBytes, 1)
        var ranges: [ByteRange] = []
        var start = 0
        while size - start > target + target / 10 {
            ranges.append(ByteRange(start: start, end: start + target))
            start += target
        }
        if start < size { ranges.append(ByteRange(start: start, end: size)) }
        return ranges
    }

    /// Lists a directory's visible files that hold bytes, in order; a directory that is not there holds none.
    public func files(of storage: StorageDescriptor, settings: [String: String] = [:]) throws -> [FileStatus] {
        try listedFiles(of: storage, settings: settings).map(\.status)
    }

    private func listedFiles(of storage: StorageDescriptor, settings: [String: String]) throws -> [ListedFile] {
        guard let root = FileLocation(storage.location) else {
            throw HoneyError(.semantic, "INVALID_LOCATION", "location is not absolute: \(storage.location)")
        }
        guard let status = try fileSystems.serving(root).status(root) else { return [] }
        let recurses = ["mapred.input.dir.recursive", "mapreduce.input.fileinputformat.input.dir.recursive"]
            .contains { settings[$0]?.lowercased() == "true" }
        var files: [ListedFile] = []
        if status.isDirectory {
            try collect(root, recurses: recurses, into: &files)
        } else {
            files.append(ListedFile(status))
        }
        return files.filter { $0.status.size > 0 }
    }

    private func collect(_ directory: FileLocation, recurses: Bool, into files: inout [ListedFile]) throws {
        for entry in try fileSystems.serving(directory).listForReading(directory)
        where !entry.status.location.isHidden {
            if !entry.status.isDirectory {
                files.append(entry)
            } else if recurses {
                try collect(entry.status.location, recurses: true, into: &files)
            } else {
                throw HoneyError(
                    .environment, "NOT_A_FILE",
                    "not a file (set mapred.input.dir.recursive=true to read subdirectories): \(entry.status.location)"
                )
            }
        }
    }

    /// Opens a split as the scan wants it: stored columns by the partition's own format and SerDe, partition keys as
    /// constants. Every batch has a column a source, of the table's type, and no selection.
    ///
    /// A filter's `columns` are positions in the scan's `sources`.
    public func makeReader(
        for scan: TableScan, split: ScanSplit, filters: [any RowFilter] = []
    ) throws -> any BatchReader {
        let layout = try SplitLayout(scan, split)
        guard let filters = try layout.innerFilters(filters) else { return EmptyReader() }
        let descriptor = scan.storage(of: split)
        let format = try storage.format(inputFormat: descriptor.inputFormat)
        if layout.wantsRowOffsets, !format.providesRowOffsets {
            throw HoneyError(
                .semantic, "UNSUPPORTED_VIRTUAL_COLUMN",
                "files of this format have no row offsets: \(descriptor.inputFormat)")
        }
        let request = ReadRequest(
            columns: layout.columns, projection: layout.projection, predicates: layout.predicates(scan.predicates),
            filters: filters, serde: try withTexts(descriptor.serde, of: format),
            tableParameters: try withTexts(scan.parameters(of: split), of: format), settings: scan.settings,
            footers: scan.footers)
        let file = try scan.files.file(at: split.location, in: fileSystems.serving(split.location))
        let reader = try format.makeReader(for: request, split: split.range, of: file)
        return layout.isPlain ? reader : SplitReader(reader, layout)
    }

    /// Starts a new file of a table (`database.table`) or partition; the name gets the format's suffix. Fails with
    /// `FILE_EXISTS`.
    public func makeWriter(
        into descriptor: StorageDescriptor, of tableName: String?, directory: FileLocation, name: String,
        tableParameters: [String: String], settings: [String: String]
    ) throws -> (writer: any BatchWriter, location: FileLocation) {
        let format = try storage.format(outputFormat: descriptor.outputFormat)
        let request = WriteRequest(
            tableName: tableName, columns: descriptor.columns, serde: try withTexts(descriptor.serde, of: format),
            tableParameters: try withTexts(tableParameters, of: format), settings: settings)
        let location = directory.appending(name + (try format.fileSuffix(for: request)))
        let file = try fileSystems.serving(location).create(location, overwrite: false, settings: settings)
        return (try format.makeWriter(for: request, to: file), location)
    }

    /// The columns that a new table's format or SerDe gives it instead of those declared; nil when they are as declared.
    public func columns(
        of descriptor: StorageDescriptor, tableParameters: [String: String]
    ) throws -> [TableColumn]? {
        guard let format = try? storage.format(inputFormat: descriptor.inputFormat) else { return nil }
        let serde = try withTexts(descriptor.serde, of: format)
        let parameters = try withTexts(tableParameters, of: format)
        if let columns = try format.columns(for: serde, tableParameters: parameters) { return columns }
        return try (try? storage.serde(serde.library))?.columns(
            declared: descriptor.columns, properties: parameters.merging(serde.properties) { $1 })
    }

    // MARK: Properties whose value is in a file

    private func withTexts(_ serde: SerDeInfo, of format: any FileFormat) throws -> SerDeInfo {
        var copy = serde
        copy.properties = try withTexts(serde.properties, of: format)
        return copy
    }

    /// Adds the texts of the files that properties name; one that is given in full stays.
    private func withTexts(_ properties: [String: String], of format: any FileFormat) throws -> [String: String] {
        var copy = properties
        for (name, textName) in format.textProperties {
            guard copy[textName] == nil, let path = properties[name], !path.isEmpty else { continue }
            guard let location = FileLocation(path) else {
                throw HoneyError(.semantic, "INVALID_LOCATION", "property \(name) is not an absolute location: \(path)")
            }
            let bytes = try fileSystems.serving(location).contents(of: location)
            copy[textName] = String(decoding: bytes, as: UTF8.self)
        }
        return copy
    }
}
