// FormatContracts is what every file format must do, whoever made it: the contract that each runs with each of its SerDes and
// compressions, random rows, and the tables that Hive wrote. In come variants, out go expectations of Swift Testing.

package import HoneyCatalog
package import HoneyCore
package import HoneyStorage

/// One format with one SerDe and one compression, and what must be known of it to test it.
package struct FormatVariant: Sendable, CustomStringConvertible {
    package var name: String
    /// Makes a table in memory of this variant.
    package var table: @Sendable ([TableColumn]) -> FileTable
    /// Whether every value comes back as it was written; text cannot tell an empty list from a null element and the like.
    package var holdsNestedValues = true
    /// Which uniontypes it stores.
    package var unions = RandomRows.Unions.none
    /// What is read of a written value: itself, but for what the format cannot hold (Avro's timestamps are of milliseconds).
    package var asRead: @Sendable (Value, DataType) -> Value = { value, _ in value }
    /// Settings that make row groups, blocks or stripes of about three rows, so that a small file has several.
    package var settingsForSmallGroups: [String: String] = [:]
    /// Table parameters that do.
    package var parametersForSmallGroups: [String: String] = [:]
    /// Whether rows of a reader's projection are told apart by column filters before later columns are decoded.
    package var decodesLate = true
    /// Whether damage is always noticed or leads to rows, and every prefix of a file is an error or its first rows.
    package var describesDamage = true

    package init(_ name: String, table: @escaping @Sendable ([TableColumn]) -> FileTable) {
        self.name = name
        self.table = table
    }

    package var description: String { name }

    /// The table with small groups.
    package func smallGroups(_ columns: [TableColumn]) -> FileTable {
        var table = table(columns)
        table.settings.merge(settingsForSmallGroups) { $1 }
        table.tableParameters.merge(parametersForSmallGroups) { $1 }
        return table
    }

    /// The rows as they are read back.
    package func asRead(_ rows: [[Value]], _ columns: [TableColumn]) -> [[Value]] {
        rows.map { row in zip(row, columns).map { asRead($0, $1.type) } }
    }
}
