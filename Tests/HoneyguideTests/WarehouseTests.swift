import Foundation
import FormatContracts
import HoneyCatalog
import HoneyCore
import HoneyPlan
import HoneyTestKit
import Honeyguide
import Testing

/// Tables that Hive wrote, from their definitions to their rows, in every format, SerDe and codec.
///
/// `HONEYGUIDE_WAREHOUSE=DIR` names a folder to check instead of the fixtures; it has the same files: `manifest.json`,
/// definitions, data and expected rows.
@Suite struct WarehouseTests {
    static let folder =
        ProcessInfo.processInfo.environment["HONEYGUIDE_WAREHOUSE"].map { URL(fileURLWithPath: $0) }
        ?? HiveFixture.directory

    struct Entry: Sendable, CustomStringConvertible {
        var description: String
        var definition: String
        var data: String
        var expected: String
        var isPartitioned: Bool
        var isOrdered: Bool
    }

    static func entries() throws -> [Entry] {
        let manifest = try JSON(Data(contentsOf: folder.appendingPathComponent("manifest.json")))
        guard case .array(let tables) = manifest["tables"] else { return [] }
        return tables.map { table in
            func text(_ name: String) -> String { if case .string(let text) = table[name] { text } else { "" } }
            return Entry(
                description: text("table"), definition: text("ddl"), data: text("data"), expected: text("expected"),
                isPartitioned: table["partitioned"] == .boolean(true), isOrdered: table["ordered"] == .boolean(true))
        }
    }

    @Test func everyTableReadsAsItsExpectedRows() throws {
        let entries = try WarehouseTests.entries()
        #expect(entries.count > 0)
        let home = TemporaryHome()
        let session = try home.makeSession()
        var same = 0
        for entry in entries {
            do {
                let difference = try WarehouseTests.difference(of: entry, in: session)
                #expect(difference == nil, "\(entry): \(difference ?? "")")
                if difference == nil { same += 1 }
            } catch {
                Issue.record("\(entry): \(error)")
            }
        }
        print("\(same) of \(entries.count) tables read as their expected rows (\(WarehouseTests.folder.path))")
    }

    /// What is wrong with a table's rows; nil when they are the expected ones.
    static func difference(of entry: Entry, in session: Session) throws -> String? {
        let definition = try String(contentsOf: folder.appendingPathComponent(entry.definition), encoding: .utf8)
            .replacingOccurrences(of: "${LOCATION}", with: folder.appendingPathComponent(entry.data).path)
            // Spark, which made the tables for Hive's SerDe, does not pass this clause on: the files have \N.
            .replacingOccurrences(of: " NULL DEFINED AS 'NA'", with: "")
            .trimmingCharacters(in: CharacterSet(charactersIn: "; \n"))
        _ = try session.execute(definition)
        if entry.isPartitioned {
            session.settings["hive.msck.path.validation"] = "ignore"
            _ = try session.execute("msck repair table \(entry)")
        }
        let result = try session.execute("select * from \(entry)")
        let columns = result.schema.fields.map { TableColumn($0.name, $0.type) }
        let rows = try result.rows().map { row in zip(row, columns).map { HiveFixture.json($0, $1.type) } }
        let lines = try Data(contentsOf: folder.appendingPathComponent(entry.expected)).split(separator: 0x0A)
        let expected = try lines.map { line in
            let object = try JSON(line)
            return columns.map { HiveFixture.normalized(object[$0.name] ?? .null, $0.type) }
        }
        guard rows.count == expected.count else { return "\(rows.count) rows instead of \(expected.count)" }
        // Files of several tasks are read in any order.
        let isOrdered = entry.isOrdered && !entry.isPartitioned
        let found = isOrdered ? rows : rows.sorted { "\($0)" < "\($1)" }
        let wanted = isOrdered ? expected : expected.sorted { "\($0)" < "\($1)" }
        guard let row = found.indices.first(where: { found[$0] != wanted[$0] }) else { return nil }
        let column = columns.indices.first { found[row][$0] != wanted[row][$0] } ?? 0
        return "row \(row), \(columns[column].name): \(found[row][column]) instead of \(wanted[row][column])"
    }
}
