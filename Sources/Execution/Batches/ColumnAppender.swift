package import HoneyCore

/// Collects rows of many columns into one long column that owns all its bytes; what lives longer than a batch is kept so.
package final class ColumnAppender {
    package let type: DataType
    package private(set) var count = 0
    private let physical: PhysicalType
    private let width: Int
    private var capacity: Int
    private var data: Buffer
    /// Null mask words, made at the first null; bits past `count` are set.
    private var validity: UnsafeMutablePointer<UInt64>?
    private var arena = BytesArena(firstBlockBytes: 1024)
    private let children: [ColumnAppender]

    package init(_ type: DataType, capacity: Int = 64) {
        self.type = type
        physical = type.physical
        width = type.physical.width
        self.capacity = (max(capacity, 64) + 63) & ~63
        data = Buffer(capacity: self.capacity * width)
        children = type.childTypes.map { ColumnAppender($0) }
    }

    deinit { validity?.deallocate() }

    /// Bytes held.
    package var memoryBytes: Int {
        data.capacity + arena.allocatedBytes + (validity == nil ? 0 : capacity / 8)
            + children.reduce(0) { $0 + $1.memoryBytes }
    }

    /// Appends the selected rows of a column, or the first `rows` without a selection.
    package func append(_ column: Column, rows: Int, selection: Selection? = nil) {
        if let selection {
            append(column, indices: UnsafePointer(selection.indices), count: selection.count)
        } else {
            append(column, indices: nil, count: rows)
        }
    }

    /// Appends the rows at `indices` (nil: rows `0..<count`).
    package func append(_ column: Column, indices: UnsafePointer<Int32>?, count rows: Int) {
        guard rows > 0 else { return }
        makeRoom(for: rows)
        appendValidity(column, indices, rows)
        switch physical {
        case .bool, .int8: copy(UInt8.self, column, indices, rows)
        case .int16: copy(UInt16.self, column, indices, rows)
        case .int32, .float: copy(UInt32.self, column, indices, rows)
        case .int64, .double: copy(UInt64.self, column, indices, rows)
        case .int128: copy(UInt128.self, column, indices, rows)
        case .bytes: copyBytes(column, indices, rows)
        case .list: copyLists(column, indices, rows)
        case .structure:
            for (child, source) in zip(children, column.children) {
                if column.isConstant {
                    child.append(source.asConstant.withCount(rows), indices: nil, count: rows)
                } else {
                    child.append(source, indices: indices, count: rows)
                }
            }
        }
        count += rows
    }

    /// Appends whole columns end to end, then gives the result.
    package func finish() -> Column {
        var mask: Bitmap?
        if let validity {
            let bitmap = Bitmap(count: count, repeating: true)
            bitmap.words.update(from: validity, count: max(Bitmap.wordCount(for: count), 1))
            mask = bitmap
        }
        return Column(
            type: type, count: count, validity: mask, data: data, owners: arena.blocks,
            children: children.map { $0.finish() })
    }

    private func makeRoom(for rows: Int) {
        guard count + rows > capacity else { return }
        let larger = (max(capacity * 2, count + rows) + 63) & ~63
        let buffer = Buffer(capacity: larger * width)
        buffer.base.copyMemory(from: data.base, byteCount: count * width)
        data = buffer
        if let old = validity {
            validity = ColumnAppender.makeWords(larger)
            validity!.update(from: old, count: capacity / 64)
            old.deallocate()
        }
        capacity = larger
    }

    private static func makeWords(_ rows: Int) -> UnsafeMutablePointer<UInt64> {
        let words = UnsafeMutablePointer<UInt64>.allocate(capacity: rows / 64)
        words.initialize(repeating: ~0, count: rows / 64)
        return words
    }

    private func appendValidity(_ column: Column, _ indices: UnsafePointer<Int32>?, _ rows: Int) {
        guard let source = column.validity else { return }
        if validity == nil { validity = ColumnAppender.makeWords(capacity) }
        let words = validity!
        for position in 0..<rows {
            let row = column.isConstant ? 0 : indices.map { Int($0[position]) } ?? position
            if !source[row] {
                let target = count + position
                words[target >> 6] &= ~(UInt64(1) << UInt64(target & 63))
            }
        }
    }

    private func copy<T: BitwiseCopyable>(
        _: T.Type, _ column: Column, _ indices: UnsafePointer<Int32>?, _ rows: Int
    ) {
        let source = column.values(as: T.self)
        let target = data.pointer(to: T.self) + count
        if column.isConstant {
            target.update(repeating: source[0], count: rows)
        } else if let indices {
            for position in 0..<rows { target[position] = source[Int(indices[position])] }
        } else {
            target.update(from: source, count: rows)
        }
    }

    private func copyBytes(_ column: Column, _ indices: UnsafePointer<Int32>?, _ rows: Int) {
        let source = column.values(as: BytesView.self)
        let target = data.pointer(to: BytesView.self) + count
        if column.isConstant {
            target.update(repeating: column.isNull(at: 0) ? BytesView() : arena.insert(source[0]), count: rows)
            return
        }
        let validity = column.validity
        for position in 0..<rows {
            let row = indices.map { Int($0[position]) } ?? position
            let view = source[row]
            if view.isInline {
                target[position] = view
            } else {
                target[position] = validity?[row] == false ? BytesView() : arena.insert(view)
            }
        }
    }

    private func copyLists(_ column: Column, _ indices: UnsafePointer<Int32>?, _ rows: Int) {
        let source = column.values(as: ListEntry.self)
        let target = data.pointer(to: ListEntry.self) + count
        var wanted: [Int32] = []
        let first = children[0].count
        for position in 0..<rows {
            let row = column.isConstant ? 0 : indices.map { Int($0[position]) } ?? position
            let range = column.isNull(at: row) ? 0..<0 : source[row].range
            target[position] = ListEntry(start: first + wanted.count, count: range.count)
            for element in range { wanted.append(Int32(truncatingIfNeeded: element)) }
        }
        guard !wanted.isEmpty else { return }
        wanted.withUnsafeBufferPointer { list in
            for (child, elements) in zip(children, column.children) {
                child.append(elements, indices: list.baseAddress!, count: list.count)
            }
        }
    }
}

/// Collects the rows of many batches.
package final class BatchAppender {
    package private(set) var count = 0
    private let appenders: [ColumnAppender]

    package init(_ types: [DataType]) { appenders = types.map { ColumnAppender($0) } }

    package var memoryBytes: Int { appenders.reduce(0) { $0 + $1.memoryBytes } }

    /// Appends a batch's (selected) rows.
    package func append(_ batch: Batch) {
        for (appender, column) in zip(appenders, batch.columns) {
            appender.append(column, rows: batch.count, selection: batch.selection)
        }
        count += batch.rowCount
    }

    package func finish() -> Batch { Batch(columns: appenders.map { $0.finish() }, count: count) }
}
