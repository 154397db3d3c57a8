import HoneyCatalog
import HoneyCodecs
import HoneyCore
import HoneyFiles

/// Writes an RCFile as Hive does: a row group each time its cells are some megabytes.
final class RCFileWriter: BatchWriter {
    /// Bytes after which a marker goes before a row group.
    private static let markerInterval = 2000

    private let file: any WritableFile
    private let encoders: [any CellEncoder]
    private let columns: [RCFileColumnWriter]
    private let compressor: (any BlockCompressor)?
    private let marker = SyncMarker.random()
    private let groupBytes: Int
    private let groupRows: Int
    private var rows = 0
    private var cellBytes = 0
    private let output = ByteStore(capacity: 1 << 20)
    private let key = ByteStore()
    private var flushedBytes = 0
    private var lastMarkerEnd = 0

    init(
        to file: any WritableFile, serde: any CellSerDe, request: WriteRequest, codec: (any Codec)?
    ) throws {
        self.file = file
        encoders = try request.columns.indices.map { try serde.makeCellEncoder(for: $0, of: request) }
        columns = request.columns.map { _ in RCFileColumnWriter() }
        compressor = try codec?.makeBlockCompressor()
        func setting(_ name: String) -> Int? {
            (request.tableParameters[name] ?? request.settings[name]).flatMap { Int($0) }
        }
        groupBytes = setting("hive.io.rcfile.record.buffer.size") ?? 4 << 20
        groupRows = max(setting("hive.io.rcfile.record.interval") ?? Int(Int32.max), 1)
        RCFileHeader(
            codecClass: codec?.classNames.first, columnCount: request.columns.count, marker: marker
        ).write(to: output)
    }

    var bytesWritten: Int { flushedBytes + output.count + cellBytes }

    func write(_ batch: Batch) throws {
        let rows =
            batch.selection.map { CellRows(UnsafePointer($0.indices), count: $0.count) } ?? CellRows(count: batch.count)
        for ((column, encoder), writer) in zip(zip(batch.columns, encoders), columns) {
            writer.pending.removeAll()
            try encoder.encode(column.flattened(), rows: rows, into: writer.pending)
        }
        withExtendedLifetime(batch) {}
        try takeRows(rows.count)
    }

    func finish() throws {
        try flushGroup()
        try flush()
        try file.close()
    }

    /// Moves the encoded rows to the group, closing it where it is full.
    private func takeRows(_ count: Int) throws {
        var first = 0
        while first < count {
            var taken = 0
            // Rows are counted first, so that a column's cells then move in one piece.
            while first + taken < count, cellBytes <= groupBytes, rows < groupRows {
                for column in columns { cellBytes += column.cellBytes(first + taken) }
                rows += 1
                taken += 1
            }
            for column in columns { column.take(first..<first + taken) }
            first += taken
            if cellBytes > groupBytes || rows >= groupRows { try flushGroup() }
        }
    }

    private func flushGroup() throws {
        guard rows > 0 else { return }
        key.removeAll()
        key.append(variable: Int64(rows))
        var streams: [[UInt8]] = []
        var storedBytes = 0
        for column in columns {
            column.endLengths()
            var stored = column.cells.count
            if let compressor {
                var stream: [UInt8] = []
                try compressor.compress(column.cells.bytes, into: &stream)
                stored = stream.count
                streams.append(stream)
            }
            storedBytes += stored
            key.append(variable: Int64(stored))
            key.append(variable: Int64(column.cells.count))
            key.append(variable: Int64(column.lengths.count))
            key.append(column.lengths.bytes)
        }
        try writeGroup(storedBytes: storedBytes, streams: streams)
        for column in columns { column.removeAll() }
        rows = 0
        cellBytes = 0
        try flush()
    }

    private func writeGroup(storedBytes: Int, streams: [[UInt8]]) throws {
        let position = flushedBytes + output.count
        if position >= lastMarkerEnd + RCFileWriter.markerInterval {
            marker.escaped.withUnsafeBytes { output.append($0) }
            lastMarkerEnd = position + SyncMarker.escapedByteCount
        }
        guard let recordLength = Int32(exactly: key.count + storedBytes) else {
            throw HoneyError(.data, "ROW_TOO_LONG", "row does not fit a row group of RCFile: \(storedBytes) bytes")
        }
        output.append(bigEndian: recordLength)
        output.append(bigEndian: Int32(truncatingIfNeeded: key.count))
        if let compressor {
            var stream: [UInt8] = []
            try compressor.compress(key.bytes, into: &stream)
            output.append(bigEndian: Int32(truncatingIfNeeded: stream.count))
            stream.withUnsafeBytes { output.append($0) }
            for stream in streams { stream.withUnsafeBytes { output.append($0) } }
        } else {
            output.append(bigEndian: Int32(truncatingIfNeeded: key.count))
            output.append(key.bytes)
            for column in columns {
                try flush()
                try file.write(column.cells.bytes)
                flushedBytes += column.cells.count
            }
        }
    }

    private func flush() throws {
        guard output.count > 0 else { return }
        try file.write(output.bytes)
        flushedBytes += output.count
        output.removeAll()
    }
}

/// One column of the row group that is being gathered.
final class RCFileColumnWriter {
    /// Cells of the batch at hand.
    let pending = CellStore()
    private var pendingOffset = 0
    /// Cells of the group.
    let cells = ByteStore(capacity: 64 << 10)
    /// Their lengths, run-length coded.
    let lengths = ByteStore()
    private var lastLength = -1
    private var repeats = 0

    @inline(__always)
    func cellBytes(_ row: Int) -> Int { max(Int(pending.lengths[row]), 0) }

    /// Moves pending rows, which follow those moved before, to the group.
    func take(_ rows: Range<Int>) {
        if rows.lowerBound == 0 { pendingOffset = 0 }
        var total = 0
        for row in rows {
            let length = cellBytes(row)
            total += length
            if length == lastLength {
                repeats += 1
            } else {
                endLengths()
                lengths.append(variable: Int64(length))
                lastLength = length
            }
        }
        cells.append(pending.bytes.base + pendingOffset, count: total)
        pendingOffset += total
    }

    /// Writes the repetitions counted so far.
    func endLengths() {
        if repeats > 0 { lengths.append(variable: Int64(~repeats)) }
        repeats = 0
    }

    func removeAll() {
        cells.removeAll()
        lengths.removeAll()
        lastLength = -1
        repeats = 0
    }
}
