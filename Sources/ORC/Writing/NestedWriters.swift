import HoneyCore
import HoneyStorage

/// Writes structs; the root of every file is one.
final class StructWriter: ColumnWriter {
    private let members: [ColumnWriter]

    init(_ column: Int, type: DataType, members: [ColumnWriter], setting: Setting) {
        self.members = members
        super.init(column, type: type, hasBloom: false, setting: setting)
    }

    override var children: [ColumnWriter] { members }
    override var encoding: ORCColumnEncoding.Kind { .direct }

    override func writeValues(_ values: Column) throws {
        for (member, column) in zip(members, values.children) { try member.write(column.flattened()) }
    }

    /// Writes rows of a file.
    func write(rows columns: [Column], count: Int) throws {
        try write(Column(type: type, count: count, data: Buffer(capacity: 0), children: columns))
    }
}

/// Writes lists and maps.
final class ListWriter: ColumnWriter {
    private let elements: [ColumnWriter]
    private let lengths: StreamOutput
    private let lengthRuns: IntegerRunEncoder
    private var scratch = IntegerScratch()

    init(_ column: Int, type: DataType, elements: [ColumnWriter], setting: Setting) {
        self.elements = elements
        lengths = StreamOutput(setting.compressor)
        lengthRuns = IntegerRunEncoder(lengths, isSigned: false)
        super.init(column, type: type, hasBloom: false, setting: setting)
    }

    deinit { scratch.deallocate() }

    override var children: [ColumnWriter] { elements }
    override var valueStreams: [(kind: ORCStream.Kind, output: StreamOutput)] { [(.length, lengths)] }

    override func appendPositions(to positions: inout [UInt64]) { lengthRuns.appendPosition(to: &positions) }

    override func finishValues(_ positions: inout [[UInt64]]) throws { try lengthRuns.flush() }

    override func writeValues(_ values: Column) throws {
        let entries = values.values(as: ListEntry.self)
        let sizes = scratch.reserve(values.count)
        var total = 0
        var isSequence = true
        for row in 0..<values.count {
            let entry = entries[row]
            isSequence = isSequence && (entry.count == 0 || Int(entry.start) == total)
            sizes[row] = Int64(entry.count)
            total += Int(entry.count)
        }
        statistics.add(sizes, count: values.count)
        try lengthRuns.append(sizes, count: values.count)
        guard total > 0 else { return }
        let columns = values.children.map { $0.flattened() }
        // Mostly the elements lie in the order of their lists, none between them.
        if isSequence {
            for (writer, column) in zip(elements, columns) { try writer.write(column.sliced(0..<total)) }
            return
        }
        var indices: [Int32] = []
        indices.reserveCapacity(total)
        for row in 0..<values.count { for index in entries[row].range { indices.append(Int32(index)) } }
        for (writer, column) in zip(elements, columns) {
            try writer.write(indices.withUnsafeBufferPointer { column.gathered($0.baseAddress!, count: total) })
        }
    }
}
