public import HoneyCatalog
import HoneyCore

/// Comma-separated values as opencsv reads and writes them: Hive's OpenCSVSerde, to which every column is a string.
public struct CSVSerDe: SerDe {
    public let names = ["org.apache.hadoop.hive.serde2.OpenCSVSerde", "com.bizo.hive.serde.csv.CSVSerde"]
    public let writableClass = "org.apache.hadoop.io.Text"

    public init() {}

    public func columns(declared: [TableColumn], properties: [String: String]) -> [TableColumn]? {
        declared.map { TableColumn($0.name, .string, comment: $0.comment) }
    }

    public func makeDecoder(for request: ReadRequest) throws -> any RecordDecoder {
        try TranscodingDecoder.wrapping(CSVDecoder(request), for: request)
    }

    public func makeEncoder(for request: WriteRequest) throws -> any RecordEncoder {
        try TranscodingEncoder.wrapping(CSVEncoder(request), for: request)
    }
}

/// Turns CSV records into columns.
final class CSVDecoder: RecordDecoder {
    private let wanted: WantedFields
    private let types: [DataType]
    private let rows: CSVRows
    private let late: LateDecoding
    /// Reads text as another type, where a request wants one.
    private let text: TextConversion

    init(_ request: ReadRequest) throws {
        wanted = WantedFields(request)
        types = request.projection.map { request.columns[$0].type }
        rows = CSVRows(try CSVCharacters(reading: request.serde.properties), wanted)
        late = LateDecoding(types: types, filters: request.filters)
        text = TextConversion(request.serde.properties)
    }

    func decode(_ block: RecordBlock) throws -> Batch {
        let strings = rows.columns(block)
        return try late.batch(count: block.count) { column, rows, count in
            guard let slot = wanted.slots[column] else { return try block.rowOffsets(rows, count) }
            let whole = strings[slot]
            let chosen = rows.map { whole.gathered($0, count: count) } ?? whole
            return types[column] == .string ? chosen : try text.converted(chosen, to: types[column])
        }
    }
}
