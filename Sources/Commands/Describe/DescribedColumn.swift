import HoneyCatalog
import HoneyCore
import HoneyPlan

/// A column, or a part of one, that a statement describes.
struct DescribedColumn {
    private let table: Table
    private let column: TableColumn
    private let name: String
    private let type: DataType

    /// Follows a way such as `c`, `$elem$`, `field`; `$key$` and `$value$` lead into maps.
    init(_ way: [String], of table: Table) throws {
        self.table = table
        column = table.columns[try ColumnChecks.index(of: way[0], in: table.columns)]
        var type = column.type
        for step in way.dropFirst() { type = try DescribedColumn.step(step, into: type) }
        self.type = type
        name = way.count == 1 ? column.name : way[way.count - 1].lowercased()
    }

    private static func step(_ step: String, into type: DataType) throws -> DataType {
        switch (type, step.lowercased()) {
        case (.array(let element), "$elem$"): return element
        case (.map(let key, _), "$key$"): return key
        case (.map(_, let value), "$value$"): return value
        case (.structure(let fields), let name):
            if let field = fields.first(where: { $0.name.lowercased() == name }) { return field.type }
            let hint = SpellingSuggestion.hint(for: name, in: fields.map(\.name))
            throw HoneyError(.semantic, "FIELD_NOT_FOUND", "no such field: \(name)\(hint)")
        default:
            throw HoneyError(.semantic, "FIELD_NOT_FOUND", "type \(type.name) has no part \(step)")
        }
    }

    func report(_ style: DescribeTable.Style, in context: any CommandContext) throws -> CommandResult {
        if style == .formatted { return try statistics(in: context) }
        let row = [name, type.name, column.comment ?? ""].map { Padding.field($0) }
        return .rows(["col_name", "data_type", "comment"], [row])
    }

    private func statistics(in context: any CommandContext) throws -> CommandResult {
        let known = try context.metastore.statistics(of: table).columns[column.name]
        let names = [
            "col_name", "data_type", "min", "max", "num_nulls", "distinct_count", "avg_col_len", "max_col_len",
            "num_trues",
            "num_falses", "comment",
        ]
        let values = [
            name, type.name, text(known?.minimum), text(known?.maximum), text(known?.nullCount),
            text(known?.distinctCount),
            known?.averageBytes.map { String($0) } ?? "", "", "", "", column.comment ?? "",
        ]
        var header = names.map { Padding.field($0) }
        header[0] = "# " + header[0]
        let blank = [""] + [String](repeating: " ", count: names.count - 1)
        return .rows(names, [header, blank, values.map { Padding.field($0) }])
    }

    private func text(_ count: Double?) -> String {
        count.flatMap { Int(exactly: $0.rounded()) }.map { String($0) } ?? ""
    }

    private func text(_ value: Value?) -> String {
        guard let value, !value.isNull else { return "" }
        var sink = ByteSink()
        ValueText.append(.of(column.type, [value]), row: 0, to: &sink)
        return sink.string
    }
}
