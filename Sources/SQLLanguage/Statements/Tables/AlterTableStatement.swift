import HoneyCommands
import HoneyCore
import HoneyPlan

struct AlterTableStatement: CommandStatement {
    let position: SourcePosition
    let command: AlterTable
}

extension Parser {
    /// name change
    func parseAlterTable(at place: SourcePosition) throws -> any Statement {
        let table = try expectTableName()
        if isAt(.partition) { return try parseAlterPartition(of: table, at: place) }
        if take(.add) {
            if isAt(.columns) { return altered(table, try parseColumns(isReplacing: false), place) }
            return try parseAddPartitions(to: table, at: place)
        }
        if take(.drop) { return try parseDropPartitions(of: table, at: place) }
        if take(.concatenate) {
            return ConcatenateTableStatement(position: place, command: ConcatenateTable(table: table))
        }
        return altered(table, try parseTableChange(), place)
    }

    /// name ("rename" "to" name | "set" "tblproperties" properties | "unset" "tblproperties" …)
    func parseAlterView(at place: SourcePosition) throws -> any Statement {
        let view = try expectTableName()
        let change: AlterTable.Change
        if isAt(.add) || isAt(.drop) { throw unsupported("partitions of a view") }
        if isAt(.as) || isAt(.select) { throw unsupported("new queries of a view") }
        if take(.rename) {
            change = try parseRename()
        } else if take(.unset) {
            change = try parseUnset()
        } else {
            try expect(.set, .tblproperties)
            change = .setProperties(try expectProperties())
        }
        return AlterTableStatement(position: place, command: AlterTable(table: view, change: change, isView: true))
    }

    private func altered(
        _ table: TableName, _ change: AlterTable.Change, _ place: SourcePosition
    ) -> AlterTableStatement {
        AlterTableStatement(position: place, command: AlterTable(table: table, change: change))
    }

    /// "rename" "to" name | "replace" columns | "change" column | "set" … | "unset" … | bucketing | "not" "clustered"
    private func parseTableChange() throws -> AlterTable.Change {
        switch token.keyword {
        case .touch, .archive, .unarchive, .exchange, .compact, .enable, .disable, .recordreader,
            .update, .skewed, .into:
            throw unsupported("'alter table … \(token.text.lowercased())' statements")
        default: break
        }
        if take(.rename) { return try parseRename() }
        if take(.replace) { return try parseColumns(isReplacing: true) }
        if take(.change) { return try parseChangedColumn() }
        if take(.unset) { return try parseUnset() }
        if isAt(.clustered) { return .storage(.bucketing(try parseBucketing())) }
        if take(.not) {
            if isAt(.sorted) || isAt(.skewed) || isAt(.stored) {
                throw unsupported("'alter table … not \(token.text.lowercased())' statements")
            }
            try expect(.clustered)
            return .storage(.bucketing(nil))
        }
        try expectSet()
        if take(.tblproperties) { return .setProperties(try expectProperties()) }
        return .storage(try parseStorageChange())
    }

    private func expectSet() throws {
        guard !take(.set) else { return }
        throw unexpected(
            "a change such as 'rename to', 'add columns' or 'set tblproperties'",
            candidates: [.add, .drop, .set, .partition])
    }

    private func parseRename() throws -> AlterTable.Change {
        try expect(.to)
        return .rename(to: try expectTableName())
    }

    /// "tblproperties" ["if" "exists"] "(" string, … ")"
    private func parseUnset() throws -> AlterTable.Change {
        try expect(.tblproperties)
        let ifExists = try takeIfExists()
        let keys = try parenthesizedList { try expectString("a property name in quotes") }
        return .unsetProperties(keys, ifExists: ifExists)
    }

    /// "columns" "(" columns ")" ["cascade" | "restrict"]
    func parseColumns(isReplacing: Bool) throws -> AlterTable.Change {
        try expect(.columns)
        let columns = try parenthesizedList { try parseColumn() }
        let cascade = takeCascade()
        return isReplacing ? .replaceColumns(columns, cascade: cascade) : .addColumns(columns, cascade: cascade)
    }

    private func takeCascade() -> Bool { take(anyOf: [.cascade, .restrict]) == .cascade }

    /// ["column"] name name type ["comment" string] ["first" | "after" name] ["cascade" | "restrict"]
    func parseChangedColumn() throws -> AlterTable.Change {
        _ = take(.column)
        let name = try expectName("a column name")
        let column = try parseColumn()
        var columnPosition: AlterTable.ColumnPosition?
        if take(.first) {
            columnPosition = .first
        } else if take(.after) {
            columnPosition = .after(try expectName("a column name"))
        }
        return .changeColumn(name, to: column, position: columnPosition, cascade: takeCascade())
    }

    /// "location" string | "fileformat" format | "serdeproperties" properties
    ///     | "serde" string ["with" "serdeproperties" properties]
    func parseStorageChange() throws -> StorageChange {
        if isAt(.skewed) { throw unsupported("skewed tables") }
        if take(.location) { return .location(try expectString("a location in quotes")) }
        if take(.fileformat) { return .fileFormat(try parseFileFormat()) }
        if take(.serdeproperties) { return .serdeProperties(try expectProperties()) }
        try expect(.serde)
        let serde = try expectString("a class name in quotes")
        guard take(.with) else { return .serde(serde, properties: [:]) }
        try expect(.serdeproperties)
        return .serde(serde, properties: try expectProperties())
    }
}
