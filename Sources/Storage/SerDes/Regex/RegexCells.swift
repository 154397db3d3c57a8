import HoneyCore

/// Decodes groups of a match as Java's `valueOf` of each type does; what it would refuse is null.
struct RegexCells {
    private let text: TextConversion

    init(_ text: TextConversion) { self.text = text }

    /// `isMatch` tells whether a row's line matches; what it lacks otherwise is an optional group.
    func decode(_ type: DataType, _ groups: Cells, isMatch: (Int) -> Bool) throws -> Column {
        switch type {
        case .boolean: return booleans(groups, isMatch: isMatch)
        case .tinyint, .smallint, .int, .bigint:
            // LazySimpleSerDe drops fractions, which Java's integers do not have.
            var list = CellList()
            list.removeAll(reserving: groups.count)
            for row in 0..<groups.count {
                let isWhole = groups.length(row) >= 0 && !groups[row].contains(0x2E)
                list.append(start: Int(groups.starts[row]), length: isWhole ? groups.length(row) : -1)
            }
            return try list.withCells(in: groups) { try text.decoded($0, as: type) }
        case .decimal:
            // So does it refuse blanks around decimals, which HiveDecimal does not mind.
            var list = CellList()
            list.removeAll(reserving: groups.count)
            for row in 0..<groups.count { appendTrimmed(groups, row, to: &list) }
            return try list.withCells(in: groups) { try text.decoded($0, as: type) }
        default: return try text.decoded(groups, as: type)
        }
    }

    private func appendTrimmed(_ groups: Cells, _ row: Int, to list: inout CellList) {
        var start = Int(groups.starts[row])
        var end = start + groups.length(row)
        while start < end, groups.bytes[start] <= 0x20 { start += 1 }
        while end > start, groups.bytes[end - 1] <= 0x20 { end -= 1 }
        list.append(start: start, length: groups.length(row) < 0 ? -1 : end - start)
    }

    /// All that is not `true` is false, a group that did not take part too.
    private func booleans(_ groups: Cells, isMatch: (Int) -> Bool) -> Column {
        let data = Buffer(capacity: groups.count)
        let out = data.pointer(to: UInt8.self)
        var nulls = NullMarks(count: groups.count)
        let word = Array("true".utf8)
        for row in 0..<groups.count {
            let isTrue = groups.length(row) == 4 && groups[row].elementsEqual(word) { $0 | 0x20 == $1 }
            out[row] = isTrue ? 1 : 0
            if !isMatch(row) { nulls.mark(row) }
        }
        return Column(type: .boolean, count: groups.count, validity: nulls.bitmap, data: data)
    }
}
