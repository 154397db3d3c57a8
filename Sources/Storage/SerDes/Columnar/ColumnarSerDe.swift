import HoneyCatalog
import HoneyCore

/// RCFile's cells as text: each is what LazySimpleSerDe makes of a field.
public struct ColumnarSerDe: CellSerDe {
    public let names = ["org.apache.hadoop.hive.serde2.columnar.ColumnarSerDe"]
    public let writableClass = "org.apache.hadoop.hive.serde2.columnar.BytesRefArrayWritable"

    public init() {}

    func makeCellDecoder(for column: Int, of request: ReadRequest) throws -> any CellDecoder {
        TextCellDecoder(request.columns[column].type, try LazySimpleParameters(request))
    }

    func makeCellEncoder(for column: Int, of request: WriteRequest) throws -> any CellEncoder {
        try TextCellEncoder(request.columns[column].type, try LazySimpleParameters(request))
    }
}

/// Decodes cells of text.
final class TextCellDecoder: CellDecoder {
    let type: DataType
    private let cells: LazySimpleCells

    init(_ type: DataType, _ parameters: LazySimpleParameters) {
        self.type = type
        cells = LazySimpleCells(parameters)
    }

    func decode(_ cells: Cells) throws -> Column { try self.cells.decode(type, cells) }
}

/// Encodes cells of text; null has the null sequence's bytes.
final class TextCellEncoder: CellEncoder {
    private let writer: LazySimpleWriter
    private var sink = ByteSink()

    init(_ type: DataType, _ parameters: LazySimpleParameters) throws {
        writer = LazySimpleWriter(parameters)
        try writer.check(type, level: 1)
    }

    func encode(_ column: Column, rows: CellRows, into cells: CellStore) throws {
        cells.reserve(rows.count)
        for position in 0..<rows.count {
            sink.removeAll()
            writer.append(column, row: rows[position], level: 1, to: &sink)
            sink.withBytes { cells.bytes.append(UnsafeRawBufferPointer($0)) }
            cells.append(length: sink.count)
        }
    }
}
