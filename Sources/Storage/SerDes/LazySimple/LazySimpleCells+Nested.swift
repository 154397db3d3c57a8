import HoneyCore

extension LazySimpleCells {
    /// Decodes lists: items between separators; no bytes are no items.
    func arrays(_ type: DataType, _ element: DataType, _ cells: Cells, level: Int) throws -> Column {
        let separator = try parameters.separator(level: level)
        var items = CellList()
        let (data, nulls) = lists(cells) { row in
            cut(cells, row, at: separator) { items.append(start: $0, length: $1) }
            return items.starts.count
        }
        let child = try items.withCells(in: cells) { try decode(element, $0, level: level + 1) }
        return Column(
            type: type, count: cells.count, validity: nulls.bitmap, data: data, children: [child])
    }

    /// Decodes maps: an entry's key ends at its first key separator; null keys and repeated keys are dropped.
    func maps(_ type: DataType, key: DataType, value: DataType, _ cells: Cells, level: Int) throws -> Column {
        let separator = try parameters.separator(level: level)
        let keySeparator = try parameters.separator(level: level + 1)
        var keys = CellList()
        var values = CellList()
        let (data, nulls) = lists(cells) { row in
            cut(cells, row, at: separator) { start, length in
                let end = firstSeparator(cells.bytes, start, start + length, keySeparator)
                keys.append(start: start, length: end - start)
                if end < start + length {
                    values.append(start: end + 1, length: start + length - end - 1)
                } else {
                    values.appendMissing()
                }
            }
            return keys.starts.count
        }
        let keyColumn = try keys.withCells(in: cells) { try decode(key, $0, level: level + 2) }
        let valueColumn = try values.withCells(in: cells) { try decode(value, $0, level: level + 2) }
        let column = Column(
            type: type, count: cells.count, validity: nulls.bitmap, data: data, children: [keyColumn, valueColumn])
        return MapKeys.deduplicated(column)
    }

    /// Decodes structs: fields between separators, missing ones null, what is too much dropped or left in the last.
    func structures(_ type: DataType, _ fields: [Field], _ cells: Cells, level: Int) throws -> Column {
        let separator = try parameters.separator(level: level)
        var members = [CellList](repeating: CellList(), count: fields.count)
        var nulls = NullMarks(count: cells.count)
        for row in 0..<cells.count {
            var index = 0
            if isNull(cells.start(row), cells.length(row)) {
                nulls.mark(row)
            } else {
                var start = Int(cells.starts[row])
                let end = start + cells.length(row)
                while index < fields.count, start <= end {
                    let takesRest = parameters.lastColumnTakesRest && index == fields.count - 1
                    let stop = takesRest ? end : firstSeparator(cells.bytes, start, end, separator)
                    members[index].append(start: start, length: stop - start)
                    start = stop + 1
                    index += 1
                }
            }
            for missing in index..<fields.count { members[missing].appendMissing() }
        }
        let children = try zip(fields, members).map { field, list in
            try list.withCells(in: cells) { try decode(field.type, $0, level: level + 1) }
        }
        return Column(
            type: type, count: cells.count, validity: nulls.bitmap, data: Buffer(capacity: 0), children: children)
    }

    /// Decodes unions: a tag, a separator, the value of the tag's type. Null when the tag is none of the type's.
    func unions(_ type: DataType, _ branches: [DataType], _ cells: Cells, level: Int) throws -> Column {
        let separator = try parameters.separator(level: level)
        var members = [CellList](repeating: CellList(), count: branches.count)
        let tags = Buffer(capacity: cells.count)
        let tag = tags.pointer(to: Int8.self)
        var nulls = NullMarks(count: cells.count)
        for row in 0..<cells.count {
            let start = Int(cells.starts[row])
            let end = start + max(cells.length(row), 0)
            let stop = firstSeparator(cells.bytes, start, end, separator)
            let digits = UnsafeBufferPointer(start: cells.bytes + start, count: stop - start)
            tag[row] = 0
            var taken: Int?
            if !isNull(cells.start(row), cells.length(row)), stop < end,
                let number = IntegerText.parse(digits), branches.indices.contains(Int(truncatingIfNeeded: number))
            {
                tag[row] = Int8(truncatingIfNeeded: number)
                taken = Int(truncatingIfNeeded: number)
            } else {
                nulls.mark(row)
            }
            for branch in branches.indices {
                if branch == taken {
                    members[branch].append(start: stop + 1, length: end - stop - 1)
                } else {
                    members[branch].appendMissing()
                }
            }
        }
        let values = try zip(branches, members).map { branch, list in
            try list.withCells(in: cells) { try decode(branch, $0, level: level + 1) }
        }
        let validity = nulls.bitmap
        let tagColumn = Column(type: .tinyint, count: cells.count, validity: validity, data: tags)
        return Column(
            type: type, count: cells.count, validity: validity, data: Buffer(capacity: 0),
            children: [tagColumn] + values)
    }

    /// Makes list entries row by row; `add` adds a row's members and returns how many members there are then.
    private func lists(_ cells: Cells, add: (Int) -> Int) -> (data: Buffer, nulls: NullMarks) {
        let data = Buffer(capacity: cells.count * 8)
        let entries = data.pointer(to: ListEntry.self)
        var nulls = NullMarks(count: cells.count)
        var total = 0
        for row in 0..<cells.count {
            if isNull(cells.start(row), cells.length(row)) {
                entries[row] = ListEntry(start: 0, count: 0)
                nulls.mark(row)
            } else {
                let before = total
                if cells.length(row) > 0 { total = add(row) }
                entries[row] = ListEntry(start: before, count: total - before)
            }
        }
        return (data, nulls)
    }

    /// Calls `body` with the start and length of each part of a cell.
    private func cut(_ cells: Cells, _ row: Int, at separator: UInt8, _ body: (Int, Int) -> Void) {
        var start = Int(cells.starts[row])
        let end = start + cells.length(row)
        while start <= end {
            let stop = firstSeparator(cells.bytes, start, end, separator)
            body(start, stop - start)
            start = stop + 1
        }
    }

    /// Finds the first separator that is not escaped, or the end.
    private func firstSeparator(
        _ bytes: UnsafePointer<UInt8>, _ start: Int, _ end: Int, _ separator: UInt8
    ) -> Int {
        var index = start
        while index < end {
            if bytes[index] == separator { return index }
            index += bytes[index] == parameters.escape && index + 1 < end ? 2 : 1
        }
        return end
    }
}
