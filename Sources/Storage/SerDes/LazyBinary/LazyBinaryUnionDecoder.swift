import HoneyCore

/// Decodes unions.
///
/// ```
/// tag u8 | the value of the tag's type as in a row, or nothing when it is null
/// ```
final class LazyBinaryUnionDecoder: CellDecoder {
    let type: DataType
    private let minimumLength: Int32
    private let shapes: [LazyBinaryShape]
    private let decoders: [any CellDecoder]

    init(_ type: DataType, branches: [DataType], minimumLength: Int32) throws {
        self.type = type
        self.minimumLength = minimumLength
        shapes = try branches.map { try LazyBinaryShape($0) }
        decoders = try branches.map { try LazyBinaryCells.makeDecoder(for: $0, origin: .row) }
    }

    func decode(_ cells: Cells) throws -> Column {
        // A union without its tag has no value.
        let validity = LazyBinaryCells.validity(cells, minimumLength: max(minimumLength, 1))
        let tags = Buffer(capacity: max(cells.count, 1))
        let tag = tags.pointer(to: Int8.self)
        var members = [CellList](repeating: CellList(), count: shapes.count)
        for row in 0..<cells.count {
            let start = Int(cells.starts[row])
            let length = Int(cells.lengths[row])
            tag[row] = 0
            var taken: Int?
            if length >= 1 {
                let number = Int(cells.bytes[start])
                guard number < shapes.count else { throw LazyBinaryCells.wrong(type) }
                tag[row] = Int8(number)
                if length > 1 {
                    var cursor = WritableCursor(cells.bytes, from: start + 1, to: start + length)
                    let cell = try shapes[number].take(&cursor)
                    guard cursor.isAtEnd else { throw LazyBinaryCells.wrong(type) }
                    members[number].append(start: cell.start, length: cell.length)
                    taken = number
                }
            }
            for branch in shapes.indices where branch != taken { members[branch].appendMissing() }
        }
        var children = [Column(type: .tinyint, count: cells.count, validity: validity, data: tags)]
        for (list, decoder) in zip(members, decoders) {
            children.append(try list.withCells(in: cells) { try decoder.decode($0) })
        }
        return Column(
            type: type, count: cells.count, validity: validity, data: Buffer(capacity: 0), children: children)
    }
}
