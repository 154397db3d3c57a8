import HoneyCatalog
import HoneyCore

/// Reads a split of a text file: lines become columns by a SerDe.
final class TextReader: BatchReader {
    /// How lines become columns.
    private enum Rows {
        /// Fields are mapped with the lines.
        case mapped(RowText)
        /// A SerDe takes the lines as records.
        case records(any RecordDecoder)
        /// Nothing is wanted of them.
        case counted
    }

    private let source: any ByteSource
    private let lines: LineReader
    private let map: FieldMap
    private let rows: Rows
    /// Lines at the start that are no rows.
    private var skip: Int
    private let path: String
    private var isStarted = false
    private var rowsRead = 0
    /// Rows counted and not given out yet.
    private var counted = 0

    /// Rows in one batch of no columns.
    private static let countedRows = 4096

    init(
        _ request: ReadRequest, _ serde: any SerDe, _ source: any ByteSource, _ range: LineRange, skip: Int = 0,
        heldBack: Int = 0, path: String
    ) throws {
        self.source = source
        self.skip = skip
        self.path = path
        var separator: UInt8 = 0x0A
        if request.projection.isEmpty, skip == 0, heldBack == 0 {
            rows = .counted
        } else if serde is LazySimpleSerDe {
            let parameters = try LazySimpleParameters(request)
            if try Charset.named(in: request.serde, request.tableParameters) == nil {
                separator = parameters.fieldSeparator
                rows = .mapped(RowText(request, parameters))
            } else {
                rows = .records(try serde.makeDecoder(for: request))
            }
        } else {
            rows = .records(try serde.makeDecoder(for: request))
        }
        map = FieldMap(columnCount: request.columns.count)
        lines = LineReader(source, range, separator: separator, heldBack: heldBack, path: path)
    }

    var counters: ReadCounters {
        var counters = ReadCounters()
        counters.bytesRequested = source.bytesNeeded(for: lines.bytesPassed)
        counters.bytesRead = source.bytesRead
        counters.bytesDecompressed = source.bytesGiven
        counters.rowsRead = rowsRead
        return counters
    }

    func next() throws -> Batch? {
        if !isStarted {
            isStarted = true
            try lines.start()
            while skip > 0, try lines.next(into: map, limit: min(skip, Batch.targetRows)) { skip -= map.rowCount }
        }
        if case .counted = rows { return try nextCount() }
        while try lines.next(into: map) {
            rowsRead += map.rowCount
            let batch = try decode()
            // What the filters leave nothing of is not worth a batch.
            if batch.count > 0 { return batch }
        }
        return nil
    }

    private func decode() throws -> Batch {
        switch rows {
        case .mapped(let rows): return try rows.batch(map, in: lines.block, origin: lines.origin)
        case .records(let decoder):
            let origin = FilePosition(path, offset: lines.origin)
            return try placingErrors(in: path, at: lines.origin + map.start(ofRow: 0)) {
                try decoder.decode(map.records(in: lines.block, origin: origin))
            }
        case .counted: return Batch(columns: [], count: map.rowCount)
        }
    }

    private func nextCount() throws -> Batch? {
        while counted == 0 {
            guard let more = try lines.countNext() else { return nil }
            counted = more
            rowsRead += more
        }
        let count = min(counted, TextReader.countedRows)
        counted -= count
        return Batch(columns: [], count: count)
    }
}

extension FieldMap {
    /// The mapped rows as records; `origin` is where in the file the block starts.
    func records(in block: Buffer, origin: FilePosition) -> RecordBlock {
        var offsets: [Int32] = []
        var lengths: [Int32] = []
        offsets.reserveCapacity(rowCount)
        lengths.reserveCapacity(rowCount)
        for row in 0..<rowCount {
            offsets.append(Int32(truncatingIfNeeded: start(ofRow: row)))
            lengths.append(Int32(truncatingIfNeeded: end(ofRow: row) - start(ofRow: row)))
        }
        return RecordBlock(bytes: block, offsets: offsets, lengths: lengths, origin: origin)
    }
}
