import HoneyCore

extension JSONColumnDecoder {
    /// Decodes arrays. OpenX takes an empty string for null and any other value for an array's only element.
    func arrays(_ tokens: Cells, _ block: RecordBlock) throws -> Column {
        let data = Buffer(capacity: tokens.count * 8)
        let entries = data.pointer(to: ListEntry.self)
        var nulls = NullMarks(count: tokens.count)
        var elements = CellList()
        for row in 0..<tokens.count {
            let before = elements.count
            if tokens.length(row) < 0 {
                nulls.mark(row)
            } else if tokens.start(row)[0] == 0x5B {
                var scanner = scanner(tokens, row)
                while scanner.hasElement(isFirst: elements.count == before), let value = scanner.scanValue() {
                    elements.append(start: value.start, length: value.length)
                }
            } else if dialect.isLenient {
                if isBlankString(tokens, row) {
                    nulls.mark(row)
                } else {
                    elements.append(start: Int(tokens.starts[row]), length: tokens.length(row))
                }
            } else {
                try mismatch(tokens, row, &nulls, block)
            }
            entries[row] = ListEntry(start: before, count: elements.count - before)
        }
        let child = try elements.withCells(in: tokens) { try children[0].decode($0, in: block) }
        return Column(type: type, count: tokens.count, validity: nulls.bitmap, data: data, children: [child])
    }

    /// Decodes maps; of equal keys the last value stays. OpenX takes a blank string for null.
    func maps(_ tokens: Cells, _ block: RecordBlock) throws -> Column {
        let data = Buffer(capacity: tokens.count * 8)
        let entries = data.pointer(to: ListEntry.self)
        var nulls = NullMarks(count: tokens.count)
        var keys = CellList()
        var values = CellList()
        for row in 0..<tokens.count {
            let before = keys.count
            if tokens.length(row) < 0 {
                nulls.mark(row)
            } else if tokens.start(row)[0] == 0x7B {
                var scanner = scanner(tokens, row)
                while let key = scanner.nextKey(isFirst: keys.count == before), let value = scanner.scanValue() {
                    keys.append(start: key.start, length: key.length)
                    values.append(start: value.start, length: value.length)
                }
            } else if dialect.isLenient, isBlankString(tokens, row) {
                nulls.mark(row)
            } else {
                try mismatch(tokens, row, &nulls, block)
            }
            entries[row] = ListEntry(start: before, count: keys.count - before)
        }
        let keyColumn = try keys.withCells(in: tokens) { try children[0].decode($0, in: block) }
        let valueColumn = try values.withCells(in: tokens) { try children[1].decode($0, in: block) }
        return MapKeys.deduplicated(
            Column(
                type: type, count: tokens.count, validity: nulls.bitmap, data: data, children: [keyColumn, valueColumn]),
            keepingLast: true)
    }

    /// Decodes structs; missing fields are null. OpenX takes arrays for fields in order and a blank string for fields that
    /// are all null.
    func structures(_ tokens: Cells, _ block: RecordBlock) throws -> Column {
        var nulls = NullMarks(count: tokens.count)
        let found = RecordCells(fieldCount: children.count)
        found.reset(rows: tokens.count)
        for row in 0..<tokens.count {
            if tokens.length(row) < 0 {
                nulls.mark(row)
            } else if tokens.start(row)[0] == 0x7B {
                try findFields(tokens, row, found, block)
            } else if dialect.isLenient, tokens.start(row)[0] == 0x5B {
                findElements(tokens, row, found)
            } else if !dialect.isLenient || !isBlankString(tokens, row) {
                try mismatch(tokens, row, &nulls, block)
            }
        }
        let columns = try children.enumerated().map { field, decoder in
            try decoder.decode(
                found.cells(field: field, rows: nil, count: tokens.count, of: tokens.bytes, owner: tokens.owner),
                in: block)
        }
        return Column(
            type: type, count: tokens.count, validity: nulls.bitmap, data: Buffer(capacity: 0), children: columns)
    }

    private func findFields(_ tokens: Cells, _ row: Int, _ found: RecordCells, _ block: RecordBlock) throws {
        guard let names else { return }
        var scanner = scanner(tokens, row)
        var ordinal = 0
        while let key = scanner.nextKey(isFirst: ordinal == 0), let value = scanner.scanValue() {
            let field = names.slot(of: key, in: tokens.bytes, ordinal: ordinal)
            if field >= 0 {
                found.set(field: field, row: row, start: value.start, length: value.length)
            } else if dialect.refusesUnknownFields {
                throw block.damaged("malformed JSON: no member of the struct has this field", at: key.start)
            }
            ordinal += 1
        }
    }

    private func findElements(_ tokens: Cells, _ row: Int, _ found: RecordCells) {
        var scanner = scanner(tokens, row)
        var field = 0
        while scanner.hasElement(isFirst: field == 0), let value = scanner.scanValue() {
            if field < children.count { found.set(field: field, row: row, start: value.start, length: value.length) }
            field += 1
        }
    }

    /// Starts within a token's brackets; its grammar has been checked.
    private func scanner(_ tokens: Cells, _ row: Int) -> JSONScanner {
        let start = Int(tokens.starts[row])
        return JSONScanner(tokens.bytes, from: start + 1, to: start + tokens.length(row), dialect.isLenient)
    }

    private func isBlankString(_ tokens: Cells, _ row: Int) -> Bool {
        let first = tokens.start(row)[0]
        guard first == 0x22 || first == 0x27 else { return false }
        return withText(tokens, row) { $0.allSatisfy { $0 <= 0x20 } }
    }
}
