extension Column {
    /// Makes a column of the rows at `indices`, in that order. A negative index makes a null row.
    public func gathered(_ indices: UnsafePointer<Int32>, count rows: Int, mayHaveNegative: Bool = false) -> Column {
        if isConstant && !mayHaveNegative { return withCount(rows) }
        if isConstant { return flattened().gathered(indices, count: rows, mayHaveNegative: true) }
        let validity = gatheredValidity(indices, count: rows, mayHaveNegative: mayHaveNegative)
        let buffer = Buffer(capacity: rows * physical.width)
        switch physical.width {
        case 1: gather(UInt8.self, 0, into: buffer, indices, rows, mayHaveNegative)
        case 2: gather(UInt16.self, 0, into: buffer, indices, rows, mayHaveNegative)
        case 4: gather(UInt32.self, 0, into: buffer, indices, rows, mayHaveNegative)
        case 8: gather(UInt64.self, 0, into: buffer, indices, rows, mayHaveNegative)
        case 16: gather(UInt128.self, 0, into: buffer, indices, rows, mayHaveNegative)
        default: break
        }
        // List entries keep pointing into the same children; struct children follow the rows.
        let newChildren =
            physical == .structure
            ? children.map { $0.gathered(indices, count: rows, mayHaveNegative: mayHaveNegative) } : children
        return Column(
            type: type, count: rows, validity: validity, data: buffer, owners: owners, children: newChildren)
    }

    private func gather<T: BitwiseCopyable>(
        _: T.Type, _ missing: T, into buffer: Buffer, _ indices: UnsafePointer<Int32>, _ rows: Int,
        _ mayHaveNegative: Bool
    ) {
        let source = values(as: T.self)
        let target = buffer.pointer(to: T.self)
        if mayHaveNegative {
            for row in 0..<rows { target[row] = indices[row] < 0 ? missing : source[Int(indices[row])] }
        } else {
            for row in 0..<rows { target[row] = source[Int(indices[row])] }
        }
    }

    private func gatheredValidity(
        _ indices: UnsafePointer<Int32>, count rows: Int, mayHaveNegative: Bool
    ) -> Bitmap? {
        guard validity != nil || mayHaveNegative else { return nil }
        let mask = Bitmap(count: rows, repeating: false)
        var anyNull = false
        for row in 0..<rows {
            let index = Int(indices[row])
            let isValid = index >= 0 && (validity?[index] ?? true)
            mask.words[row >> 6] |= (isValid ? 1 : 0) << UInt64(row & 63)
            anyNull = anyNull || !isValid
        }
        return anyNull ? mask : nil
    }

    /// The same constant standing for another number of rows.
    public func withCount(_ rows: Int) -> Column {
        precondition(isConstant)
        return Column(
            type: type, count: rows, isConstant: true, validity: validity, data: data, owners: owners,
            children: children)
    }

    /// Spells a constant column out row by row; other columns are returned as they are.
    public func flattened() -> Column {
        guard isConstant else { return self }
        let single = Column(
            type: type, count: 1, validity: validity, data: data, owners: owners, children: children)
        let zeros = [Int32](repeating: 0, count: max(count, 1))
        return zeros.withUnsafeBufferPointer { single.gathered($0.baseAddress!, count: count) }
    }

    /// The rows of `range`; a copy of fixed-width data, no copy of bytes.
    public func sliced(_ range: Range<Int>) -> Column {
        if isConstant { return withCount(range.count) }
        if range == 0..<count { return self }
        let indices = range.map { Int32(truncatingIfNeeded: $0) }
        if indices.isEmpty { return Column(type: type, count: 0, data: Buffer(capacity: 0), children: children) }
        return indices.withUnsafeBufferPointer { gathered($0.baseAddress!, count: range.count) }
    }

    /// Joins columns of one type end to end.
    public static func concatenated(_ columns: [Column], type: DataType) -> Column {
        if columns.count == 1 { return columns[0] }
        let parts = columns.map { $0.flattened() }
        let rows = parts.reduce(0) { $0 + $1.count }
        let width = type.physical.width
        let buffer = Buffer(capacity: rows * width)
        var validity: Bitmap?
        if parts.contains(where: { $0.validity != nil }) { validity = Bitmap(count: rows, repeating: true) }
        var offset = 0
        var childOffset = 0
        for part in parts {
            (buffer.base + offset * width).copyMemory(from: part.data.base, byteCount: part.count * width)
            if let source = part.validity, let validity {
                for row in 0..<part.count where !source[row] { validity.clear(offset + row) }
            }
            if part.physical == .list {
                let entries = buffer.pointer(to: ListEntry.self) + offset
                for row in 0..<part.count { entries[row].start += Int32(truncatingIfNeeded: childOffset) }
                childOffset += part.children[0].count
            }
            offset += part.count
        }
        let childCount = parts.first?.children.count ?? 0
        let children = (0..<childCount).map { index in
            concatenated(parts.map { $0.children[index] }, type: parts[0].children[index].type)
        }
        return Column(
            type: type, count: rows, validity: validity, data: buffer, owners: parts.flatMap(\.owners),
            children: children)
    }

    /// A copy that owns its bytes and nothing else, so that large source buffers can go.
    public func compacted() -> Column {
        guard !owners.isEmpty || !children.isEmpty else { return self }
        if physical == .bytes {
            var arena = BytesArena()
            let source = values(as: BytesView.self)
            let buffer = Buffer(capacity: storedCount * 16)
            let target = buffer.pointer(to: BytesView.self)
            for row in 0..<storedCount { target[row] = isNull(at: row) ? BytesView() : arena.insert(source[row]) }
            return Column(
                type: type, count: count, isConstant: isConstant, validity: validity, data: buffer,
                owners: arena.blocks)
        }
        return Column(
            type: type, count: count, isConstant: isConstant, validity: validity, data: data,
            children: children.map { $0.compacted() })
    }

    /// Bytes of memory the column holds itself (shared owners not counted).
    public var memoryBytes: Int {
        storedCount * physical.width + (validity == nil ? 0 : storedCount / 8)
            + children.reduce(0) { $0 + $1.memoryBytes }
    }
}

extension Batch {
    /// The batch without a selection: only the selected rows, gathered.
    public func materialized() -> Batch {
        guard let selection else { return self }
        return Batch(
            columns: columns.map { $0.gathered(selection.indices, count: selection.count) }, count: selection.count)
    }

    /// Joins batches of one schema end to end.
    public static func concatenated(_ batches: [Batch], types: [DataType]) -> Batch {
        let whole = batches.map { $0.materialized() }
        if whole.count == 1 { return whole[0] }
        return Batch(
            columns: types.indices.map { index in
                Column.concatenated(whole.map { $0.columns[index] }, type: types[index])
            },
            count: whole.reduce(0) { $0 + $1.count })
    }
}
