import HoneyCatalog
import HoneyCore

/// Hive's binary rows: a struct's fields one after another, with bits that tell which are null.
public struct LazyBinarySerDe: SerDe {
    public let names = [
        "org.apache.hadoop.hive.serde2.lazybinary.LazyBinarySerDe",
        "org.apache.hadoop.hive.serde2.lazybinary.LazyBinarySerDe2",
    ]
    public let writableClass = "org.apache.hadoop.io.BytesWritable"

    public init() {}

    public func makeDecoder(for request: ReadRequest) throws -> any RecordDecoder {
        try LazyBinaryDecoder(request)
    }

    public func makeEncoder(for request: WriteRequest) throws -> any RecordEncoder {
        try LazyBinaryEncoder(request.columns.map(\.type))
    }
}

/// Turns binary rows into columns: finds the wanted cells of all rows, then decodes them column by column.
final class LazyBinaryDecoder: RecordDecoder {
    private let walk: LazyBinaryStructWalk
    private let decoders: [any CellDecoder]
    private let late: LateDecoding
    private var members: [CellList]
    private var chosen = CellList()

    init(_ request: ReadRequest) throws {
        let types = request.projection.map { request.columns[$0].type }
        walk = try LazyBinaryStructWalk(types: request.columns.map(\.type), wanted: request.projection)
        decoders = try types.map { try LazyBinaryCells.makeDecoder(for: $0, origin: .row) }
        late = LateDecoding(types: types, filters: request.filters)
        members = [CellList](repeating: CellList(), count: types.count)
    }

    func decode(_ block: RecordBlock) throws -> Batch {
        for list in members.indices { members[list].removeAll(reserving: block.count) }
        let base = UnsafePointer(block.bytes.pointer(to: UInt8.self))
        defer { withExtendedLifetime(block.bytes) {} }
        for row in 0..<block.count {
            let start = Int(block.offsets[row])
            try walk.take(base, from: start, to: start + Int(block.lengths[row]), into: &members)
        }
        return try late.batch(count: block.count) { column, rows, count in
            let list = rows.map { choose($0, count, of: members[column]) } ?? members[column]
            return try list.starts.withUnsafeBufferPointer { starts in
                try list.lengths.withUnsafeBufferPointer { lengths in
                    guard let starts = starts.baseAddress, let lengths = lengths.baseAddress else {
                        return ColumnBuilder(decoders[column].type, capacity: 1).finish()
                    }
                    return try decoders[column].decode(
                        Cells(bytes: base, starts: starts, lengths: lengths, count: count, owner: block.bytes))
                }
            }
        }
    }

    private func choose(_ rows: UnsafePointer<Int32>, _ count: Int, of list: CellList) -> CellList {
        chosen.removeAll(reserving: count)
        for index in 0..<count {
            let row = Int(rows[index])
            chosen.append(start: Int(list.starts[row]), length: Int(list.lengths[row]))
        }
        return chosen
    }
}
