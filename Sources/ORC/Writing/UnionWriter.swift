import HoneyCore
import HoneyStorage

/// Writes unions: the tags, and each branch's values of the rows that have its tag.
final class UnionWriter: ColumnWriter {
    private let branches: [ColumnWriter]
    private let output: StreamOutput
    private let runs: ByteRunEncoder

    init(_ column: Int, type: DataType, branches: [ColumnWriter], setting: Setting) {
        self.branches = branches
        output = StreamOutput(setting.compressor)
        runs = ByteRunEncoder(output)
        super.init(column, type: type, hasBloom: false, setting: setting)
    }

    override var children: [ColumnWriter] { branches }
    override var encoding: ORCColumnEncoding.Kind { .direct }
    override var valueStreams: [(kind: ORCStream.Kind, output: StreamOutput)] { [(.data, output)] }

    override func appendPositions(to positions: inout [UInt64]) { runs.appendPosition(to: &positions) }

    override func finishValues(_ positions: inout [[UInt64]]) throws { try runs.flush() }

    override func writeValues(_ values: Column) throws {
        let columns = values.children.map { $0.flattened() }
        let tags = columns[0].values(as: UInt8.self)
        try runs.append(tags, count: values.count)
        for (branch, (writer, column)) in zip(branches, columns.dropFirst()).enumerated() {
            let rows = (0..<values.count).filter { Int(tags[$0]) == branch }.map { Int32($0) }
            guard !rows.isEmpty else { continue }
            try writer.write(rows.withUnsafeBufferPointer { column.gathered($0.baseAddress!, count: rows.count) })
        }
        withExtendedLifetime(columns) {}
    }
}
