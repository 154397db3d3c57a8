import HoneyCatalog
import HoneyCore
import HoneyFiles
import HoneyStorage

/// Reads a split of an Avro file: blocks of records, which a plan made for the wanted columns takes apart.
final class AvroReader: BatchReader {
    private(set) var counters = ReadCounters()
    private let path: String
    private let types: [DataType]
    private let late: LateDecoding
    private let onlyCounts: Bool
    /// Nil for a file of no bytes.
    private var blocks: AvroBlocks?
    private var source: Source?

    // The block at hand.
    private var cursor = AvroCursor(AvroReader.nothing.pointer(to: UInt8.self), count: 0)
    private var blockOffset = 0
    private var rowsLeft = 0
    /// What the rows at hand point into.
    private var owner: Buffer?
    private var pool = BufferPool()

    private static let nothing = Buffer(zeroed: AvroCursor.readablePastEnd)
    /// Bytes of blocks after which a batch ends although it is short of rows: it keeps them alive.
    private static let batchBytes = 16 << 20
    /// Rows without bytes that a block may hold.
    private static let maximumEmptyRows = 1 << 31

    /// What makes columns of blocks.
    private struct Source {
        var decompressor: AvroDecompressor?
        var rowBytes: Int?
        var decoder: AvroDecoder
        var slots: ColumnSlots
        var slotCount: Int
        var calendar: WriterCalendar
        /// One a projected column.
        var parts: [ColumnSource]
    }

    init(_ request: ReadRequest, split: ByteRange, of file: any ReadableFile) throws {
        path = file.location.description
        types = request.projection.map { request.columns[$0].type }
        late = LateDecoding(types: types, filters: request.filters)
        // Writers that were stopped leave files of no bytes, which hold no rows.
        guard file.size > 0 else {
            onlyCounts = true
            return
        }
        let header = try AvroHeader.read(of: file, counters: &counters)
        let literal = try AvroFormat.literal(request.serde, request.tableParameters).map {
            try AvroFormat.schema(literal: $0)
        }
        let source = try placingErrors(in: path, at: 0) { try AvroReader.source(request, header, literal) }
        self.source = source
        onlyCounts = source.slotCount == 0
        blocks = try AvroBlocks(
            file, header: header, split: split, onlyCounts: onlyCounts, counters: &counters)
    }

    private static func source(_ request: ReadRequest, _ header: AvroHeader, _ literal: AvroSchema?) throws -> Source {
        let matching = FieldMatching(writer: try header.schema(), reader: literal)
        let choice = try ColumnChoice(request, matching)
        let slots = ColumnSlots(choice.columns.map(\.type))
        let plan = try DecodingPlan(choice.columns, matching, into: slots)
        return Source(
            decompressor: try header.compression().makeDecompressor(),
            rowBytes: matching.writer.constantSizes[matching.writer.root], decoder: AvroDecoder(plan, into: slots),
            slots: slots, slotCount: choice.columns.count,
            calendar: try WriterCalendar(header, settings: request.settings), parts: choice.parts)
    }

    func next() throws -> Batch? {
        guard let source else { return nil }
        let (count, owners) = try onlyCounts ? (countRows(), []) : decodeRows(source)
        guard count > 0 else { return nil }
        counters.rowsRead += count
        source.slots.adjust(by: source.calendar)
        let stored = source.slots.finish(source.slotCount, owners: owners + source.decoder.symbolBytes)
        if types.isEmpty { return Batch(columns: [], count: count) }
        return try placingErrors(in: path, at: blockOffset) {
            try late.batch(count: count) { position, rows, left in
                let column = try source.parts[position].column(stored, type: types[position], count: count)
                guard let rows else { return column }
                return column.gathered(rows, count: left)
            }
        }
    }

    /// Decodes the rows of a batch, which may come from several blocks; none at the end.
    private func decodeRows(_ source: Source) throws -> (count: Int, owners: [AnyObject]) {
        var count = 0
        var owners: [AnyObject] = owner.map { [$0] } ?? []
        var heldBytes = 0
        while count < Batch.targetRows, heldBytes < AvroReader.batchBytes {
            if rowsLeft == 0 {
                guard let bytes = try enterBlock(source) else { break }
                heldBytes += bytes
                if let owner { owners.append(owner) }
                continue
            }
            let taken = min(rowsLeft, Batch.targetRows - count)
            try placingErrors(in: path, at: blockOffset) {
                try source.decoder.decode(taken, from: &cursor)
                if taken == rowsLeft, cursor.remaining > 0 {
                    throw HoneyError.damaged("block has bytes after its rows: \(cursor.remaining)")
                }
            }
            rowsLeft -= taken
            count += taken
        }
        if rowsLeft == 0 { owner = nil }
        return (count, owners)
    }

    /// Starts on the next block and returns its size; nil at the end of the split.
    private func enterBlock(_ source: Source) throws -> Int? {
        guard let block = try nextBlock(), let stored = block.stored else { return nil }
        return try placingErrors(in: path, at: block.offset) {
            blockOffset = block.offset
            var content = stored
            owner = block.owner
            if let decompressor = source.decompressor {
                pool.recycle()
                let (buffer, count) = try decompressor.decompress(stored) { pool.take($0) }
                content = UnsafeRawBufferPointer(start: buffer.base, count: count)
                owner = buffer
            }
            counters.bytesDecompressed += content.count
            let most = source.rowBytes == 0 ? AvroReader.maximumEmptyRows : content.count
            guard block.rowCount <= most else {
                throw HoneyError.damaged("block has more rows than its bytes can hold: \(block.rowCount)")
            }
            rowsLeft = block.rowCount
            cursor = AvroCursor(content.baseAddress!.assumingMemoryBound(to: UInt8.self), count: content.count)
            guard rowsLeft > 0 || content.isEmpty else { throw HoneyError.damaged("block of no rows has bytes") }
            return content.count
        }
    }

    private func nextBlock() throws -> AvroBlock? {
        // Taken out while it is used, since it counts in a member of this reader.
        guard var walk = blocks else { return nil }
        let block = try walk.next(counters: &counters)
        blocks = walk
        return block
    }

    /// Counts the rows of a batch by the blocks' own counts.
    private func countRows() throws -> Int {
        while rowsLeft == 0 {
            guard let block = try nextBlock() else { return 0 }
            guard block.rowCount <= AvroReader.maximumEmptyRows else {
                throw HoneyError.damaged("block has a wrong count of rows", path: path, offset: block.offset)
            }
            rowsLeft = block.rowCount
        }
        let taken = min(rowsLeft, Batch.targetRows)
        rowsLeft -= taken
        return taken
    }
}
