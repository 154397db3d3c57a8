import HoneyCore
import HoneyStorage

/// Decodes structs: their members' columns, by name, those that the file lacks being null.
final class StructDecoder: ColumnDecoder {
    private let members: [ColumnDecoder?]
    private let memberTypes: [DataType]

    init(_ node: TypeNode, type: DataType, members: [ColumnDecoder?], context: ReadContext) {
        self.members = members
        if case .structure(let fields) = type { memberTypes = fields.map(\.type) } else { memberTypes = [] }
        super.init(node, type: type, context: context)
    }

    override var children: [ColumnDecoder] { members.compactMap { $0 } }

    override func skipValues(_ count: Int) throws { for child in children { try child.skip(count) } }

    override func decodeValues(rows: Int, count: Int, validity: Bitmap?) throws -> Column {
        let columns = try zip(members, memberTypes).map { member, type in
            guard let member else { return Column.constant(.null, type: type, count: rows).flattened() }
            let values = try member.decode(count)
            guard let validity else { return values }
            return StructDecoder.spread(values, validity, rows: rows)
        }
        return Column(type: type, count: rows, validity: validity, data: Buffer(capacity: 0), children: columns)
    }

    /// Puts values in the rows where there are some; others are null.
    static func spread(_ values: Column, _ validity: Bitmap, rows: Int) -> Column {
        withUnsafeTemporaryAllocation(of: Int32.self, capacity: max(rows, 1)) { indices in
            var value: Int32 = 0
            for row in 0..<rows {
                let isThere = validity[row]
                indices[row] = isThere ? value : -1
                value += isThere ? 1 : 0
            }
            guard values.count > 0 else {
                return Column.constant(.null, type: values.type, count: rows).flattened()
            }
            return values.gathered(indices.baseAddress!, count: rows, mayHaveNegative: true)
        }
    }
}

/// Decodes lists and maps: how many elements each has, and the elements.
final class ListDecoder: ColumnDecoder {
    private let lengths: IntegerRuns
    private let elements: [ColumnDecoder]
    private var scratch = IntegerScratch()

    init(_ node: TypeNode, type: DataType, elements: [ColumnDecoder], context: ReadContext) {
        lengths = IntegerRuns(StreamBytes(context), isSigned: false)
        self.elements = elements
        super.init(node, type: type, context: context)
    }

    deinit { scratch.deallocate() }

    override var children: [ColumnDecoder] { elements }
    override var indexedStreams: [any IndexedStream] { [lengths] }

    override func enterValues(_ stripe: Stripe) throws {
        lengths.bytes.enter(stripe.range(.length, of: column))
        lengths.restart(isVersion2: try directVersion2(stripe))
    }

    override func skipValues(_ count: Int) throws {
        var left = count
        while left > 0 {
            let step = min(left, Batch.targetRows)
            let sizes = scratch.reserve(step)
            try lengths.read(step, into: sizes)
            let total = try StringDecoder.total(sizes, step).bytes
            for child in elements { try child.skip(total) }
            left -= step
        }
    }

    override func decodeValues(rows: Int, count: Int, validity: Bitmap?) throws -> Column {
        let sizes = scratch.reserve(count)
        try lengths.read(count, into: sizes)
        let total = try StringDecoder.total(sizes, count).bytes
        guard total <= ListDecoder.mostElements(of: elements) else {
            throw HoneyError.damaged("lists have too many elements: \(total)")
        }
        sizes[count] = 0
        let buffer = Buffer(capacity: rows * 8)
        let entries = buffer.pointer(to: ListEntry.self)
        var start = 0
        var value = 0
        for row in 0..<rows {
            guard validity?[row] ?? true else {
                entries[row] = ListEntry(start: 0, count: 0)
                continue
            }
            let size = Int(sizes[value])
            entries[row] = ListEntry(start: start, count: size)
            start += size
            value += 1
        }
        let children = try elements.map { try $0.decode(total) }
        return Column(type: type, count: rows, validity: validity, data: buffer, children: children)
    }

    /// Elements of one batch: where no stream has to hold them, so many must do.
    private static func mostElements(of decoders: [ColumnDecoder]) -> Int {
        decoders.contains { $0.streams.contains { !$0.extent.isEmpty } } ? Int(Int32.max) : 1 << 24
    }
}
