public import HoneyCatalog
public import HoneyCommands
import HoneyCore

extension Conversion {
    /// Reads `t` or `db.t`, with or without backquotes; fails with `INVALID_NAME`.
    public static func tableName(_ text: String) throws -> TableName {
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
            .map { $0.filter { $0 != "`" } }
        guard (1...2).contains(parts.count), parts.allSatisfy({ !$0.isEmpty }) else {
            throw HoneyError(.semantic, "INVALID_NAME", "not a table's name, and without a slash no directory: \(text)")
        }
        return parts.count == 2 ? TableName(database: parts[0], parts[1]) : TableName(parts[0])
    }

    /// Reads columns as `create table` lists them: `a int, b decimal(10,2)`; fails with `INVALID_COLUMNS`.
    public static func columns(in text: String) throws -> [TableColumn] {
        var depth = 0
        var parts = [""]
        for character in text {
            if "(<".contains(character) { depth += 1 }
            if ")>".contains(character) { depth -= 1 }
            if character == ",", depth == 0 { parts.append("") } else { parts[parts.count - 1].append(character) }
        }
        return try parts.map { part in
            let words = part.split(separator: " ", maxSplits: 1)
            guard words.count == 2, let type = DataType(name: String(words[1])) else {
                throw HoneyError(
                    .semantic, "INVALID_COLUMNS", "expected a name and a type ('a int, b string') but found: \(part)")
            }
            return TableColumn(words[0].filter { $0 != "`" }.lowercased(), type)
        }
    }
}
