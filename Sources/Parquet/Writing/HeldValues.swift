import HoneyCore

/// Gathers the values of a leaf that are not null, in the form in which they are held; memory is used again.
struct HeldValues {
    struct Values {
        var start: UnsafeRawPointer
        var count: Int
        /// Definition levels 0 and 1; nil when all values are there.
        var definitions: UnsafePointer<UInt8>?
    }

    private var memory = Buffer(capacity: Batch.targetRows * 16)
    private var levels = Buffer(capacity: Batch.targetRows)
    private var positions = Buffer(capacity: Batch.targetRows * 4)

    /// Gathers a slice of rows; valid while the column lives and nothing else is gathered.
    mutating func gather(_ column: Column, _ slice: RowSlice, form: LeafForm) throws -> Values {
        let isHeldAlike = column.physical.width == form.heldWidth && form != .paddedStrings
        if column.validity == nil && slice.selected == nil && isHeldAlike {
            return Values(start: column.data.base + slice.start * form.heldWidth, count: slice.count, definitions: nil)
        }
        reserve(slice.count)
        let rows = positions.pointer(to: Int32.self)
        var count = 0
        var definitions: UnsafePointer<UInt8>?
        if let validity = column.validity {
            let words = validity.words
            let there = levels.pointer(to: UInt8.self)
            for index in 0..<slice.count {
                let row = slice.row(index)
                let bit = UInt8(truncatingIfNeeded: words[row >> 6] >> UInt64(row & 63) & 1)
                there[index] = bit
                rows[count] = Int32(truncatingIfNeeded: row)
                count &+= Int(bit)
            }
            if count < slice.count { definitions = UnsafePointer(there) }
        } else {
            count = slice.count
            for index in 0..<count { rows[index] = Int32(truncatingIfNeeded: slice.row(index)) }
        }
        try copy(column, rows, count, form)
        return Values(start: memory.base, count: count, definitions: definitions)
    }

    /// Gathers the rows that are not negative.
    mutating func gather(_ column: Column, _ wanted: [Int32], form: LeafForm) throws -> Values {
        reserve(wanted.count)
        let rows = positions.pointer(to: Int32.self)
        var count = 0
        for row in wanted {
            rows[count] = row
            count &+= row >= 0 ? 1 : 0
        }
        try copy(column, rows, count, form)
        return Values(start: memory.base, count: count, definitions: nil)
    }

    /// One row more than asked for: loops write past the last that counts.
    private mutating func reserve(_ count: Int) {
        guard (count + 1) * 16 > memory.capacity || count + 1 > levels.capacity else { return }
        let rows = (count + 1) * 2
        memory = Buffer(capacity: rows * 16)
        levels = Buffer(capacity: rows)
        positions = Buffer(capacity: rows * 4)
    }

    private func copy(_ column: Column, _ rows: UnsafePointer<Int32>, _ count: Int, _ form: LeafForm) throws {
        switch (column.physical, form) {
        case (.int8, _):
            let source = column.values(as: Int8.self)
            let target = memory.pointer(to: Int32.self)
            for index in 0..<count { target[index] = Int32(source[Int(rows[index])]) }
        case (.int16, _):
            let source = column.values(as: Int16.self)
            let target = memory.pointer(to: Int32.self)
            for index in 0..<count { target[index] = Int32(source[Int(rows[index])]) }
        case (_, .moments(let unit)):
            let source = column.values(as: Int128.self)
            let target = memory.pointer(to: Int64.self)
            for index in 0..<count { target[index] = try HeldValues.moment(source[Int(rows[index])], unit) }
        case (_, .paddedStrings):
            let source = column.values(as: BytesView.self)
            let target = memory.pointer(to: BytesView.self)
            for index in 0..<count { target[index] = HeldValues.stripped(source + Int(rows[index])) }
        default: DenseValues.gather(column.data.base, form.heldWidth, rows, count, memory.base)
        }
    }

    /// A timestamp in a unit, cut off before what is smaller; fails with `OUT_OF_RANGE` beyond 64 bits.
    private static func moment(_ nanoseconds: Int128, _ unit: Int64) throws -> Int64 {
        let (quotient, remainder) = nanoseconds.quotientAndRemainder(dividingBy: Int128(unit))
        guard let moment = Int64(exactly: remainder < 0 ? quotient - 1 : quotient) else {
            throw HoneyError(
                .data, "OUT_OF_RANGE",
                "timestamp is beyond what 64 bits hold (set hive.parquet.timestamp.time.unit=micros): "
                    + "second \(nanoseconds / CivilDate.nanosecondsPerSecond) since 1970")
        }
        return moment
    }

    private static func stripped(_ view: UnsafePointer<BytesView>) -> BytesView {
        let bytes = BytesView.bytes(at: view)
        var count = bytes.count
        while count > 0 && bytes[count - 1] == UInt8(ascii: " ") { count -= 1 }
        guard let start = bytes.baseAddress, count < bytes.count else { return view.pointee }
        return BytesView(start, count: count)
    }
}
