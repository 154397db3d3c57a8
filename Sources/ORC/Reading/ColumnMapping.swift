import HoneyCatalog
import HoneyCore
import HoneyStorage

/// Which column of a file each of a table's columns is: by name, or by place where the file has no names.
struct ColumnMapping {
    /// One a column of the table; nil where the file has no such column.
    let types: [TypeNode?]

    init(_ columns: [TableColumn], of tail: FileTail, settings: [String: String], tableParameters: [String: String]) {
        let present = tail.rowColumns
        let forced = tableParameters["orc.force.positional.evolution"] ?? settings["orc.force.positional.evolution"]
        // Hive before 2.0 wrote `_col0`, `_col1` and so on for all names.
        let hasNames = !present.allSatisfy { ColumnMapping.isPlaceholder($0.name) }
        guard hasNames, forced?.lowercased() != "true" else {
            types = columns.indices.map { $0 < present.count ? present[$0].type : nil }
            return
        }
        var places: [String: TypeNode] = [:]
        for (name, type) in present where places[name.lowercased()] == nil { places[name.lowercased()] = type }
        types = columns.map { places[$0.name.lowercased()] }
    }

    private static func isPlaceholder(_ name: String) -> Bool {
        name.hasPrefix("_col") && name.count > 4 && name.dropFirst(4).allSatisfy { $0.isASCII && $0.isNumber }
    }
}
