import HoneyCatalog
import HoneyCore
import HoneyPlan

/// What must hold of a table's columns.
enum ColumnChecks {
    /// Returns the columns with lower-case names; fails when names repeat or a type cannot be stored.
    static func checked(_ columns: [TableColumn], _ partitionKeys: [TableColumn]) throws -> (
        columns: [TableColumn], partitionKeys: [TableColumn]
    ) {
        let columns = columns.map { TableColumn($0.name.lowercased(), $0.type, comment: $0.comment) }
        let keys = partitionKeys.map { TableColumn($0.name.lowercased(), $0.type, comment: $0.comment) }
        var seen: Set<String> = []
        for column in columns + keys where !seen.insert(column.name).inserted {
            let isKey = keys.contains { $0.name == column.name } && columns.contains { $0.name == column.name }
            throw HoneyError(
                .semantic, "DUPLICATE_COLUMN",
                isKey
                    ? "column is both stored and a partition key: \(column.name)"
                    : "column occurs more than once: \(column.name)")
        }
        guard !columns.isEmpty else {
            throw HoneyError(.semantic, "NO_COLUMNS", "a table needs at least one column besides partition keys")
        }
        for column in columns { try requireStorable(column.type, of: column.name) }
        for key in keys where key.type.isComplex || key.type == .binary {
            throw HoneyError(
                .semantic, "PARTITION_KEY_TYPE", "partition keys must be primitive: \(key.name) is \(key.type.name)")
        }
        for key in keys { try requireStorable(key.type, of: key.name) }
        return (columns, keys)
    }

    private static func requireStorable(_ type: DataType, of name: String) throws {
        switch type {
        case .void, .intervalYearMonth, .intervalDayTime:
            throw HoneyError(.semantic, "TYPE_NOT_STORABLE", "values of type \(type.name) cannot be stored: \(name)")
        case .array(let element): try requireStorable(element, of: name)
        case .map(let key, let value):
            try requireStorable(key, of: name)
            try requireStorable(value, of: name)
        case .structure(let fields): for field in fields { try requireStorable(field.type, of: name) }
        case .union(let branches): for branch in branches { try requireStorable(branch, of: name) }
        default: break
        }
    }

    /// Finds a column; fails with `COLUMN_NOT_FOUND` and the nearest name.
    static func index(of name: String, in columns: [TableColumn]) throws -> Int {
        if let index = columns.firstIndex(where: { $0.name == name.lowercased() }) { return index }
        let hint = SpellingSuggestion.hint(for: name.lowercased(), in: columns.map(\.name))
        throw HoneyError(.semantic, "COLUMN_NOT_FOUND", "no such column: \(name.lowercased())\(hint)")
    }

    /// Fails unless stored values of one type may be read as another, as Hive allows changes of columns; all may when
    /// `hive.metastore.disallow.incompatible.col.type.changes` is false.
    static func requireChangeable(_ name: String, from old: DataType, to new: DataType, _ settings: Settings) throws {
        if settings["hive.metastore.disallow.incompatible.col.type.changes"]?.lowercased() == "false" { return }
        // Hive's metastore lets text become a double, but not a decimal.
        let isAllowed =
            !old.isComplex && !new.isComplex && !(old.isText && new.isDecimal) && old.isImplicitlyConvertible(to: new)
        guard old == new || isAllowed else {
            throw HoneyError(
                .semantic, "INCOMPATIBLE_TYPE",
                "column cannot change to an incompatible type: \(name) from \(old.name) to \(new.name)")
        }
    }

    /// Fails when a column by which rows were put into buckets gets another type or goes: its values would hash otherwise.
    static func requireBucketsKept(_ storage: StorageDescriptor, _ columns: [TableColumn]) throws {
        for name in storage.bucketColumns where storage.bucketCount > 0 {
            let old = storage.columns.first { $0.name == name }?.type
            guard old != nil, !columns.contains(where: { $0.name == name && $0.type == old }) else { continue }
            throw HoneyError(
                .semantic, "BUCKET_COLUMN",
                "column tells a row's bucket and cannot change (first alter table … not clustered): \(name)")
        }
    }
}
