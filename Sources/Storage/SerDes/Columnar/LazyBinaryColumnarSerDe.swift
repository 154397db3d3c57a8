import HoneyCatalog
import HoneyCore

/// RCFile's usual cells: LazyBinary values without a length before them; no bytes are null.
public struct LazyBinaryColumnarSerDe: CellSerDe {
    public let names = ["org.apache.hadoop.hive.serde2.columnar.LazyBinaryColumnarSerDe"]
    public let writableClass = "org.apache.hadoop.hive.serde2.columnar.BytesRefArrayWritable"

    public init() {}

    func makeCellDecoder(for column: Int, of request: ReadRequest) throws -> any CellDecoder {
        try LazyBinaryCells.makeDecoder(for: request.columns[column].type, origin: .column)
    }

    func makeCellEncoder(for column: Int, of request: WriteRequest) throws -> any CellEncoder {
        try LazyBinaryCellEncoder(request.columns[column].type, origin: .column)
    }
}

extension CellSerDe {
    public func makeDecoder(for request: ReadRequest) throws -> any RecordDecoder { throw onlyColumns() }

    public func makeEncoder(for request: WriteRequest) throws -> any RecordEncoder { throw onlyColumns() }

    private func onlyColumns() -> HoneyError {
        HoneyError(
            .semantic, "UNSUPPORTED_SERDE", "SerDe stores columns, not records (use it with RCFILE): \(names[0])")
    }
}
