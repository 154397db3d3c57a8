import HoneyCatalog
import HoneyCore

/// Where some fields of a run of records lie: a start and a length each, field by field; missing ones have length -1.
final class RecordCells {
    private let fieldCount: Int
    private var starts: UnsafeMutablePointer<Int32>
    private var lengths: UnsafeMutablePointer<Int32>
    /// Room for the cells of chosen rows.
    private var chosen: UnsafeMutablePointer<Int32>
    private var capacity = Batch.targetRows

    init(fieldCount: Int) {
        self.fieldCount = fieldCount
        starts = .allocate(capacity: fieldCount * capacity)
        lengths = .allocate(capacity: fieldCount * capacity)
        chosen = .allocate(capacity: 2 * capacity)
    }

    deinit {
        starts.deallocate()
        lengths.deallocate()
        chosen.deallocate()
    }

    /// Forgets all cells and makes room for those of `rows` records, which are all missing.
    func reset(rows: Int) {
        if rows > capacity {
            capacity = rows
            starts.deallocate()
            lengths.deallocate()
            chosen.deallocate()
            starts = .allocate(capacity: fieldCount * rows)
            lengths = .allocate(capacity: fieldCount * rows)
            chosen = .allocate(capacity: 2 * rows)
        }
        starts.initialize(repeating: 0, count: fieldCount * capacity)
        lengths.initialize(repeating: -1, count: fieldCount * capacity)
    }

    @inline(__always)
    func set(field: Int, row: Int, start: Int, length: Int) {
        starts[field &* capacity &+ row] = Int32(truncatingIfNeeded: start)
        lengths[field &* capacity &+ row] = Int32(truncatingIfNeeded: length)
    }

    /// The cells of a field; `rows` picks rows, nil is the first `count`. Good until the next call.
    func cells(
        field: Int, rows: UnsafePointer<Int32>?, count: Int, of bytes: UnsafePointer<UInt8>, owner: AnyObject
    ) -> Cells {
        let starts = UnsafePointer(starts + field * capacity)
        let lengths = UnsafePointer(lengths + field * capacity)
        guard let rows else {
            return Cells(bytes: bytes, starts: starts, lengths: lengths, count: count, owner: owner)
        }
        for index in 0..<count {
            chosen[index] = starts[Int(rows[index])]
            chosen[capacity + index] = lengths[Int(rows[index])]
        }
        return Cells(
            bytes: bytes, starts: UnsafePointer(chosen), lengths: UnsafePointer(chosen + capacity), count: count,
            owner: owner)
    }
}

/// Which of a table's fields a request wants, each once, and which of those its projected columns are.
struct WantedFields {
    /// The wanted fields, in ascending order.
    let fields: [Int]
    /// For each projected column, its index in `fields`; nil for the row offset.
    let slots: [Int?]
    /// For each field up to the last wanted one, its index in `fields`, or -1.
    let slotOfField: [Int32]
    /// The table's columns that are fields of its records.
    let columns: [TableColumn]

    init(_ request: ReadRequest) {
        var fieldOfColumn: [Int?] = []
        var columns: [TableColumn] = []
        for column in request.columns {
            fieldOfColumn.append(column.isRowOffset ? nil : columns.count)
            if !column.isRowOffset { columns.append(column) }
        }
        let fields = Set(request.projection.compactMap { fieldOfColumn[$0] }).sorted()
        slots = request.projection.map { column in fieldOfColumn[column].flatMap { fields.firstIndex(of: $0) } }
        var slotOfField = [Int32](repeating: -1, count: (fields.last ?? -1) + 1)
        for (slot, field) in fields.enumerated() { slotOfField[field] = Int32(truncatingIfNeeded: slot) }
        self.fields = fields
        self.slotOfField = slotOfField
        self.columns = columns
    }
}

extension RecordBlock {
    /// Makes the error of bytes that break their SerDe's rules, `offset` bytes into the block.
    @inline(never)
    func damaged(_ message: String, at offset: Int) -> HoneyError {
        let error = HoneyError.damaged(message)
        guard let origin, let start = origin.offset else { return error }
        return error.placed(in: origin.path, at: start + offset)
    }

    /// Makes the column of where records start; `rows` picks rows, nil is the first `count`. Fails with
    /// `UNSUPPORTED_VIRTUAL_COLUMN`.
    func rowOffsets(_ rows: UnsafePointer<Int32>?, _ count: Int) throws -> Column {
        guard let start = origin?.offset else {
            throw HoneyError(
                .semantic, "UNSUPPORTED_VIRTUAL_COLUMN", "row offsets are not known with this format or encoding")
        }
        let data = Buffer(capacity: count * 8)
        let out = data.pointer(to: Int64.self)
        for index in 0..<count { out[index] = Int64(start + Int(offsets[rows.map { Int($0[index]) } ?? index])) }
        return Column(type: .bigint, count: count, data: data)
    }
}
