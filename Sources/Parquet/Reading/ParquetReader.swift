import HoneyCatalog
import HoneyCodecs
import HoneyCore
import HoneyFiles
import HoneyStorage

/// Reads the row groups of a Parquet file that a split owns.
final class ParquetReader: BatchReader {
    private let reading: FileReading
    private let path: String
    private let types: [DataType]
    private let late: LateDecoding
    private var footer: Footer?
    /// Row groups, and which of their rows the split owns.
    private var groups: ArraySlice<(group: RowGroup, rows: Range<Int>)> = []
    /// One a projected column; nil for those that the file does not have.
    private var columns: [(any ColumnReader)?] = []
    private var skipping: RowGroupSkipping?
    private var decompressors: [PageCodec: any BlockDecompressor] = [:]

    // The row group at hand: the rows that are left of it.
    private var group: RowGroup?
    private var ranges: ArraySlice<Range<Int>> = []

    var counters: ReadCounters { reading.counters }

    init(_ request: ReadRequest, split: ByteRange, of file: any ReadableFile) throws {
        reading = FileReading(file)
        path = file.location.description
        types = request.projection.map { request.columns[$0].type }
        late = LateDecoding(types: types, filters: request.filters)
        // Writers that were stopped leave files of no bytes, which hold no rows.
        guard file.size > 0 else { return }
        let footer = try request.footers.footer(of: file, bytes: { $0.bytes.capacity * 4 }) {
            try Footer.read(of: file, counters: &reading.counters)
        }
        self.footer = footer
        reading.hasHybridDates = footer.metadata.hasHybridDates(request)
        try placingErrors(in: path, at: footer.start) {
            let schema = try SchemaNode.columns(of: footer.metadata.schema)
            // Some writers leave a row group in a file that they say has no rows.
            groups =
                footer.metadata.rowCount == 0
                ? []
                : footer.metadata.rowGroups.map { ($0, $0.ownedRows(split, fileBytes: file.size)) }
                    .filter { !$0.rows.isEmpty }[...]
            let matching = ColumnMatching(request, schema)
            let plans = try request.projection.map { try matching.plan(for: $0) }
            columns = try plans.map { try makeColumn($0) }
            skipping = RowGroupSkipping(request, matching, footer, reading)
        }
    }

    private func makeColumn(_ plan: ColumnPlan) throws -> (any ColumnReader)? {
        switch plan {
        case .missing: nil
        case .leaf(let leaf) where leaf.node.definitionLevel <= 1 && leaf.node.repetitionLevel == 0:
            FlatColumnReader(try LeafReader(leaf, reading))
        default: try NestedColumnReader(plan, reading)
        }
    }

    func next() throws -> Batch? {
        while ranges.isEmpty {
            guard let next = groups.popFirst(), let footer else { return nil }
            try placingErrors(in: path, at: footer.start) { try enter(next.group, next.rows, footer) }
        }
        return try placingErrors(in: path, at: group?.start ?? 0) { try nextBatch() }
    }

    // MARK: Row groups

    private func enter(_ group: RowGroup, _ owned: Range<Int>, _ footer: Footer) throws {
        leave()
        try check(group)
        let rows = try skipping?.rows(owned, of: group, reading) { try pages(of: $0, footer) } ?? [owned]
        guard rows.contains(where: { !$0.isEmpty }) else { return }
        self.group = group
        ranges = rows[...]
        for column in columns {
            for leaf in column?.leaves ?? [] { try enter(leaf, of: group, footer) }
        }
    }

    /// Row groups are counted without being read, so that their number of rows must be one that their bytes can hold.
    private func check(_ group: RowGroup) throws {
        // No page takes less, nor holds more values.
        let pages = group.compressedBytes / 8 + 1
        guard group.rowCount / Int(Int32.max) <= pages else {
            throw HoneyError.damaged("row group cannot hold as many rows as it says: \(group.rowCount)")
        }
    }

    private func enter(_ leaf: LeafReader, of group: RowGroup, _ footer: Footer) throws {
        let index = leaf.node.leafIndex
        guard index < group.columns.count else { throw HoneyError.damaged("row group lacks columns of its schema") }
        let chunk = group.columns[index]
        guard chunk.type == leaf.node.type else {
            throw HoneyError.damaged("column chunk has another type than its schema")
        }
        let pages = try pages(of: chunk, footer)
        leaf.enter(
            pages, offsetIndex: try skipping?.neededOffsetIndex(leaf: index, group, reading),
            dictionary: skipping?.dictionary(leaf: index, as: leaf.type))
        if leaf.offsetIndex != nil, let first = ranges.first, ranges.count > 1 || first != 0..<group.rowCount {
            // At first only the dictionary is sure to be read.
            pages.wantedEnd = leaf.offsetIndex?.pages.first?.offset ?? pages.wantedEnd
        }
    }

    private func pages(of chunk: ColumnChunk, _ footer: Footer) throws -> ChunkPages {
        try ChunkPages(
            chunk, of: reading.file, before: footer.start, slack: footer.metadata.chunkSlack,
            decompressor: try decompressor(try PageCodec.known(chunk.codec)))
    }

    private func decompressor(_ codec: PageCodec) throws -> (any BlockDecompressor)? {
        if let known = decompressors[codec] { return known }
        let new = try codec.makeDecompressor()
        decompressors[codec] = new
        return new
    }

    /// Lets go of the row group's memory, for the next one to use.
    private func leave() {
        for column in columns { column?.leaves.forEach { $0.leave() } }
        group = nil
        ranges = []
        reading.pool.recycle()
    }

    // MARK: Rows

    /// The next rows of the group that pass the filters; an empty batch when none does up to its end.
    private func nextBatch() throws -> Batch {
        while let range = ranges.first {
            let count = min(Batch.targetRows, range.count)
            let first = range.lowerBound
            if count == range.count {
                ranges.removeFirst()
            } else {
                ranges[ranges.startIndex] = first + count..<range.upperBound
            }
            reading.counters.rowsRead += count
            reading.pool.recycle()
            let batch = try late.batch(count: count, prepare: load) { position, rows, left in
                guard let column = columns[position] else {
                    return Column.constant(.null, type: types[position], count: left)
                }
                for leaf in column.leaves { leaf.want(range) }
                return try column.decode(from: first, count: count, chosen: rows, chosenCount: left)
            }
            if batch.count > 0 { return batch }
        }
        return late.emptyBatch
    }

    // MARK: Bytes

    /// Chunks of at most this many bytes are read at once with their neighbours.
    private static let smallChunkBytes = 1 << 20

    /// Reads small chunks of columns that are about to be decoded for the first time, neighbours at once.
    private func load(_ positions: [Int]) throws {
        let fresh = positions.flatMap { columns[$0]?.leaves ?? [] }.filter { $0.offsetIndex == nil }
            .compactMap(\.pages).filter { $0.isFresh && $0.byteRange.count <= ParquetReader.smallChunkBytes }
        guard fresh.count > 1 else { return }
        var run: [ChunkPages] = []
        for pages in fresh.sorted(by: { $0.byteRange.lowerBound < $1.byteRange.lowerBound }) {
            if let last = run.last, last.byteRange.upperBound != pages.byteRange.lowerBound {
                try load(neighbours: run)
                run.removeAll(keepingCapacity: true)
            }
            run.append(pages)
        }
        try load(neighbours: run)
    }

    private func load(neighbours run: [ChunkPages]) throws {
        guard run.count > 1, let first = run.first, let last = run.last else { return }
        let start = first.byteRange.lowerBound
        let bytes = try reading.file.bytes(
            at: start, count: last.byteRange.upperBound - start, from: &reading.pool, counters: &reading.counters)
        for pages in run { pages.preload(bytes, from: pages.byteRange.lowerBound - start) }
    }
}
