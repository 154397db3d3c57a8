import HoneyCatalog
import HoneyCore

/// Decodes a request's projection from mapped rows of delimited text, under its filters.
final class RowText {
    let parameters: LazySimpleParameters
    private let request: ReadRequest
    private let cells: LazySimpleCells
    private let late: LateDecoding
    /// The column that takes all that is left of a row; -1 for none.
    private let restColumn: Int
    private var starts: UnsafeMutablePointer<Int32>
    private var lengths: UnsafeMutablePointer<Int32>
    private var capacity = Batch.targetRows

    init(_ request: ReadRequest, _ parameters: LazySimpleParameters) {
        self.request = request
        self.parameters = parameters
        cells = LazySimpleCells(parameters)
        let lastColumn = request.columns.lastIndex { !$0.isRowOffset } ?? -1
        restColumn = parameters.lastColumnTakesRest ? lastColumn : -1
        late = LateDecoding(types: request.projection.map { request.columns[$0].type }, filters: request.filters)
        starts = .allocate(capacity: capacity)
        lengths = .allocate(capacity: capacity)
    }

    deinit {
        starts.deallocate()
        lengths.deallocate()
    }

    /// Makes the batch of the mapped rows; `origin` is where in the file the block starts, nil when nobody knows.
    func batch(_ map: FieldMap, in block: Buffer, origin: Int?) throws -> Batch {
        if map.rowCount > capacity { grow(to: map.rowCount) }
        let bytes = UnsafePointer(block.pointer(to: UInt8.self))
        if let escape = parameters.escape { map.dropEscapedEnds(bytes, escape: escape) }
        return try late.batch(count: map.rowCount) { column, rows, count in
            let index = request.projection[column]
            if request.columns[index].isRowOffset { return try rowOffsets(map, rows, count, origin: origin) }
            map.locate(
                field: index, rows: rows, count: count,
                takesRest: index == restColumn, starts: starts,
                lengths: lengths)
            return try cells.decode(
                request.columns[index].type,
                Cells(bytes: bytes, starts: starts, lengths: lengths, count: count, owner: block))
        }
    }

    private func grow(to rows: Int) {
        starts.deallocate()
        lengths.deallocate()
        capacity = rows
        starts = .allocate(capacity: rows)
        lengths = .allocate(capacity: rows)
    }

    private func rowOffsets(_ map: FieldMap, _ rows: UnsafePointer<Int32>?, _ count: Int, origin: Int?) throws -> Column
    {
        guard let origin else {
            throw HoneyError(
                .semantic, "UNSUPPORTED_VIRTUAL_COLUMN", "row offsets are not known with this format or encoding")
        }
        let data = Buffer(capacity: count * 8)
        let out = data.pointer(to: Int64.self)
        for index in 0..<count { out[index] = Int64(origin + map.start(ofRow: rows.map { Int($0[index]) } ?? index)) }
        return Column(type: .bigint, count: count, data: data)
    }
}
