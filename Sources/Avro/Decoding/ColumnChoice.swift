import HoneyCatalog
import HoneyCore
import HoneyStorage

/// Where a projected column comes from.
enum ColumnSource {
    /// A decoded column.
    case slot(Int)
    /// One value for all rows.
    case value(Value)

    /// Makes the column of decoded ones, as its type.
    func column(_ decoded: [Column], type: DataType, count: Int) throws -> Column {
        switch self {
        case .slot(let index): try ColumnConversion.convert(decoded[index], to: type)
        case .value(let value): Column.constant(value, type: type, count: count)
        }
    }
}

/// The fields of a file that a projection needs, each once.
struct ColumnChoice {
    private(set) var columns: [DecodingPlan.Column] = []
    /// One a projected column.
    private(set) var parts: [ColumnSource] = []

    /// Finds the columns of a request in a file's schema; fails with `UNSUPPORTED_FILE` for those that cannot be read.
    init(_ request: ReadRequest, _ matching: FieldMatching) throws {
        let written = try matching.writer.rowFields()
        let wanted = try matching.reader?.rowFields()
        for index in request.projection {
            let column = request.columns[index]
            let match = matching.match(column.name, column.type, written: written, wanted: wanted)
            guard let field = match.written else {
                parts.append(.value(match.missing))
                continue
            }
            if let known = columns.firstIndex(where: { $0.written == field }) {
                parts.append(.slot(known))
                continue
            }
            let type = try matching.decodedType(written[field].type, match.wanted, column.type, column.name)
            parts.append(.slot(columns.count))
            columns.append(
                DecodingPlan.Column(
                    written: field, wanted: match.wanted, type: type, slot: columns.count, name: column.name))
        }
    }
}
