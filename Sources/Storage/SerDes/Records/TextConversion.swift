import HoneyCore

/// Reads columns of text as other types: no bytes mean null, and what does not parse is null.
struct TextConversion {
    private let cells: LazySimpleCells

    init(timestampPatterns: [TimestampPattern] = []) {
        var parameters = LazySimpleParameters()
        parameters.hasNullSequence = false
        parameters.timestampPatterns = timestampPatterns
        cells = LazySimpleCells(parameters)
    }

    /// Makes the patterns of a table's `timestamp.formats` count.
    init(_ properties: [String: String]) {
        self.init(timestampPatterns: TimestampPattern.list(properties["timestamp.formats"] ?? ""))
    }

    func converted(_ strings: Column, to type: DataType) throws -> Column {
        var text = CellText()
        for row in 0..<strings.count {
            if strings.isNull(at: row) { text.appendMissing() } else { text.append(strings.bytes(at: row)) }
        }
        return try text.withCells { try cells.decode(type, $0) }
    }

    /// Reads cells as values of a type.
    func decoded(_ cells: Cells, as type: DataType) throws -> Column { try self.cells.decode(type, cells) }
}
