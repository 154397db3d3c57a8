import HoneyCatalog
import HoneyStorage

/// Finds a table's columns in a file: by name without regard to case, or by position where that is asked for.
struct ColumnMatching {
    private let request: ReadRequest
    private let schema: [SchemaNode]
    private let byPosition: Bool
    /// By lower-case name; of several the first.
    private let named: [String: SchemaNode]

    init(_ request: ReadRequest, _ schema: [SchemaNode]) {
        self.request = request
        self.schema = schema
        named = Dictionary(schema.map { ($0.name.lowercased(), $0) }, uniquingKeysWith: { first, _ in first })
        let setting = "parquet.column.index.access"
        let value = request.serde.properties[setting] ?? request.tableParameters[setting] ?? request.settings[setting]
        byPosition = value?.lowercased() == "true"
    }

    /// The file's node of a column of the request; nil when there is none.
    func node(of column: Int) -> SchemaNode? {
        if byPosition { return column < schema.count ? schema[column] : nil }
        return named[request.columns[column].name.lowercased()]
    }

    /// How a column of the request is read.
    func plan(for column: Int) throws -> ColumnPlan {
        let type = request.columns[column].type
        return try node(of: column).map { try ColumnPlan.make($0, as: type) } ?? .missing(type)
    }
}
