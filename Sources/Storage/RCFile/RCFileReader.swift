import HoneyCatalog
import HoneyCodecs
import HoneyCore
import HoneyFiles

/// Reads a split of an RCFile: of each row group the key and the wanted columns, each only once a row needs it.
final class RCFileReader: BatchReader {
    private(set) var counters = ReadCounters()
    private let file: any ReadableFile
    private var groups: RCFileGroups?
    private let decompressor: (any BlockDecompressor)?
    private let late: LateDecoding
    private let onlyCounts: Bool
    /// Whether damaged row groups are passed over.
    private let toleratesDamage: Bool
    /// One a projected column; nil for those that the file does not have.
    private var columns: [RCFileColumn?] = []
    /// Where in the file's columns each is.
    private let projection: [Int]
    private let types: [DataType]

    private var pool = BufferPool()

    // The row group at hand.
    private var group: RCFileGroup?
    private var nextRow = 0

    init(
        _ request: ReadRequest, split: ByteRange, of file: any ReadableFile, serde: any CellSerDe, codecs: CodecCatalog
    ) throws {
        self.file = file
        projection = request.projection
        types = request.projection.map { request.columns[$0].type }
        late = LateDecoding(types: types, filters: request.filters)
        onlyCounts = request.projection.isEmpty && request.filters.isEmpty
        toleratesDamage = request.settings["hive.io.rcfile.tolerate.corruptions"]?.lowercased() == "true"
        // Writers that were stopped leave files of no bytes, which hold no rows.
        guard file.size > 0 else {
            decompressor = nil
            groups = nil
            return
        }
        let path = file.location.description
        let header = try RCFileHeader.read(of: file, counters: &counters)
        decompressor = try placingErrors(in: path, at: 0) {
            try header.codecClass.map { try codecs.codec(className: $0).makeBlockDecompressor() }
        }
        columns = try request.projection.map {
            $0 < header.columnCount ? RCFileColumn(try serde.makeCellDecoder(for: $0, of: request)) : nil
        }
        groups = try RCFileGroups(
            file, header: header, split: split, decompressor: decompressor,
            onlyCounts: columns.allSatisfy { $0 == nil }, counters: &counters)
    }

    func next() throws -> Batch? {
        guard toleratesDamage else { return try nextBatch() }
        while true {
            do { return try nextBatch() } catch let error as HoneyError where error.code == "FILE_DAMAGED" {
                guard groups != nil else { throw error }
                counters.partsSkipped += 1
                try groups?.skipDamage(from: group?.offset, counters: &counters)
                group = nil
            }
        }
    }

    private func nextBatch() throws -> Batch? {
        if group == nil {
            // The walk is taken out while it is used, since it counts in a member of this reader.
            guard var walk = groups else { return nil }
            for column in columns { column?.leave() }
            pool.recycle()
            group = try walk.next(from: &pool, counters: &counters)
            groups = walk
            nextRow = 0
            guard let group else { return nil }
            enter(group)
            if toleratesDamage {
                try placingErrors(in: file.location.description, at: group.offset) { try check(group) }
            }
            counters.rowsRead += group.rowCount
        }
        guard let group else { return nil }
        return try placingErrors(in: file.location.description, at: group.offset) { try nextBatch(of: group) }
    }

    private func enter(_ group: RCFileGroup) {
        for (column, index) in zip(columns, projection) { column?.enter(group.columns[index], key: group.key) }
    }

    /// Reads all wanted columns and their cells' lengths, so that damage is found before any row is given out.
    private func check(_ group: RCFileGroup) throws {
        try load(Array(columns.indices))
        for column in columns { try column?.checkLengths(rowCount: group.rowCount) }
    }

    /// The next rows of the group that pass the filters; an empty batch when none does up to its end.
    private func nextBatch(of group: RCFileGroup) throws -> Batch {
        if onlyCounts {
            let count = min(Batch.targetRows, group.rowCount - nextRow)
            nextRow += count
            if nextRow == group.rowCount { self.group = nil }
            return Batch(columns: [], count: count)
        }
        while nextRow < group.rowCount {
            let first = nextRow
            let count = min(Batch.targetRows, group.rowCount - first)
            nextRow += count
            let batch = try late.batch(count: count, prepare: load) { position, rows, left in
                guard let column = columns[position] else {
                    return Column.constant(.null, type: types[position], count: left)
                }
                return try column.decode(from: first, count: count, chosen: rows, chosenCount: left)
            }
            if nextRow == group.rowCount { try leave(group) }
            if batch.count > 0 { return batch }
        }
        self.group = nil
        return late.emptyBatch
    }

    private func leave(_ group: RCFileGroup) throws {
        for column in columns { try column?.checkEnd(rowCount: group.rowCount) }
        self.group = nil
    }

    /// Reads the bytes of columns that have none yet, neighbours at once.
    private func load(_ positions: [Int]) throws {
        let missing = positions.compactMap { columns[$0] }.filter { !$0.isLoaded }
        guard !missing.isEmpty else { return }
        var run: [RCFileColumn] = []
        for column in missing.sorted(by: { $0.storedRange.lowerBound < $1.storedRange.lowerBound }) {
            if let last = run.last, last.storedRange.upperBound != column.storedRange.lowerBound {
                try load(neighbours: run)
                run.removeAll(keepingCapacity: true)
            }
            run.append(column)
        }
        try load(neighbours: run)
    }

    private func load(neighbours run: [RCFileColumn]) throws {
        guard let first = run.first, let last = run.last else { return }
        let start = first.storedRange.lowerBound
        let stored = try file.bytes(
            at: start, count: last.storedRange.upperBound - start, from: &pool, counters: &counters)
        for column in run {
            let offset = column.storedRange.lowerBound - start
            counters.bytesDecompressed += column.byteCount
            guard let decompressor else {
                column.load(stored, at: offset)
                continue
            }
            let expanded = try RCFileGroups.expand(
                stored, at: offset, stored: column.storedRange.count, to: column.byteCount, from: &pool, decompressor)
            column.load(expanded, at: 0)
        }
    }
}
