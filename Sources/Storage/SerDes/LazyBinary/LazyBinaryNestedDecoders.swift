import HoneyCore

/// Decodes arrays and maps: finds the cells of all their members, then decodes those as columns.
///
/// ```
/// array: vint count, a bit for each element (1: not null), the elements that are not null
/// map:   vint count, two bits for each entry (key, value), the keys and values that are not null in turn
/// ```
final class LazyBinaryListDecoder: CellDecoder {
    let type: DataType
    private let minimumLength: Int32
    private let shapes: [LazyBinaryShape]
    private let decoders: [any CellDecoder]
    private let childTypes: [DataType]

    init(_ type: DataType, minimumLength: Int32) throws {
        self.type = type
        self.minimumLength = minimumLength
        switch type {
        case .array(let element): childTypes = [element]
        case .map(let key, let value): childTypes = [key, value]
        default: throw HoneyError.unexpected("not a list type: \(type)")
        }
        shapes = try childTypes.map { try LazyBinaryShape($0) }
        decoders = try childTypes.map { try LazyBinaryCells.makeDecoder(for: $0, origin: .row) }
    }

    func decode(_ cells: Cells) throws -> Column {
        let data = Buffer(capacity: cells.count * 8)
        let target = data.pointer(to: ListEntry.self)
        let validity = LazyBinaryCells.validity(cells, minimumLength: minimumLength)
        var members = [CellList](repeating: CellList(), count: shapes.count)
        for row in 0..<cells.count {
            let start = members[0].count
            let length = Int(cells.lengths[row])
            if length >= Int(minimumLength) {
                var cursor = WritableCursor(
                    cells.bytes, from: Int(cells.starts[row]), to: Int(cells.starts[row]) + length)
                try takeMembers(&cursor, &members)
            }
            target[row] = ListEntry(start: start, count: members[0].count - start)
        }
        var children: [Column] = []
        for (list, decoder) in zip(members, decoders) {
            children.append(try list.withCells(in: cells) { try decoder.decode($0) })
        }
        return Column(type: type, count: cells.count, validity: validity, data: data, children: children)
    }

    private func takeMembers(_ cursor: inout WritableCursor, _ members: inout [CellList]) throws {
        let count = try cursor.readCount(of: "count of elements")
        let bits = try cursor.take((count * shapes.count + 7) / 8)
        let base = cursor.base
        func isThere(_ bit: Int) -> Bool { base[bits + bit >> 3] >> UInt8(bit & 7) & 1 != 0 }
        if shapes.count == 1 {
            for element in 0..<count {
                if isThere(element) {
                    let cell = try shapes[0].take(&cursor)
                    members[0].append(start: cell.start, length: cell.length)
                } else {
                    members[0].appendMissing()
                }
            }
        } else {
            try takeEntries(count, isThere, &cursor, &members)
        }
        guard cursor.isAtEnd else { throw LazyBinaryCells.wrong(type) }
    }

    /// Takes a map's entries as Hive does: those without a key are dropped, and of equal keys the first stays.
    private func takeEntries(
        _ count: Int, _ isThere: (Int) -> Bool, _ cursor: inout WritableCursor, _ members: inout [CellList]
    ) throws {
        let base = cursor.base
        var seen: Set<[UInt8]> = []
        for entry in 0..<count {
            let key = isThere(entry * 2) ? try shapes[0].take(&cursor) : nil
            let value = isThere(entry * 2 + 1) ? try shapes[1].take(&cursor) : nil
            guard let key else { continue }
            if count > 1 {
                let bytes = UnsafeBufferPointer(start: base + key.start, count: key.length)
                guard seen.insert(Array(bytes)).inserted else { continue }
            }
            members[0].append(start: key.start, length: key.length)
            if let value {
                members[1].append(start: value.start, length: value.length)
            } else {
                members[1].appendMissing()
            }
        }
    }
}

/// Decodes structs: before every eight fields comes a byte of bits (1: not null); fields may be missing at the end.
final class LazyBinaryStructDecoder: CellDecoder {
    let type: DataType
    private let minimumLength: Int32
    private let walk: LazyBinaryStructWalk
    private let decoders: [any CellDecoder]

    init(_ type: DataType, fields: [Field], minimumLength: Int32) throws {
        self.type = type
        self.minimumLength = minimumLength
        walk = try LazyBinaryStructWalk(types: fields.map(\.type), wanted: Array(fields.indices))
        decoders = try fields.map { try LazyBinaryCells.makeDecoder(for: $0.type, origin: .row) }
    }

    func decode(_ cells: Cells) throws -> Column {
        let validity = LazyBinaryCells.validity(cells, minimumLength: minimumLength)
        var members = [CellList](repeating: CellList(), count: decoders.count)
        for row in 0..<cells.count {
            let start = Int(cells.starts[row])
            // A null struct's fields are null; it has no bytes to walk.
            try walk.take(cells.bytes, from: start, to: start + max(Int(cells.lengths[row]), 0), into: &members)
        }
        var children: [Column] = []
        for (list, decoder) in zip(members, decoders) {
            children.append(try list.withCells(in: cells) { try decoder.decode($0) })
        }
        return Column(
            type: type, count: cells.count, validity: validity, data: Buffer(capacity: 0), children: children)
    }
}

/// Steps through a struct's or a row's fields and notes the cells of some.
struct LazyBinaryStructWalk {
    private let shapes: [LazyBinaryShape]
    /// For each field, the lists that its cells go to.
    private let targets: [[Int]]

    /// `wanted[list]` is the field whose cells go to that list.
    init(types: [DataType], wanted: [Int]) throws {
        // What follows the last wanted field need not be walked.
        let count = (wanted.max() ?? -1) + 1
        shapes = try types.prefix(count).map { try LazyBinaryShape($0) }
        targets = (0..<count).map { field in wanted.indices.filter { wanted[$0] == field } }
    }

    func take(
        _ base: UnsafePointer<UInt8>, from start: Int, to end: Int, into members: inout [CellList]
    ) throws {
        var cursor = WritableCursor(base, from: start, to: end)
        var bits: UInt8 = 0
        for field in shapes.indices {
            if field & 7 == 0 { bits = cursor.isAtEnd ? 0 : try cursor.readByte() }
            let isThere = bits >> UInt8(field & 7) & 1 != 0
            if isThere {
                let cell = try shapes[field].take(&cursor)
                for list in targets[field] { members[list].append(start: cell.start, length: cell.length) }
            } else {
                for list in targets[field] { members[list].appendMissing() }
            }
        }
    }
}
