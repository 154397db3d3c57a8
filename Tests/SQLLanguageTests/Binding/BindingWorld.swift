import HoneyCatalog
import HoneyCore
import HoneyPlan
import Testing

@testable import HoneySQLLanguage

/// Tables and functions to bind queries with.
struct BindingWorld {
    var tables: [Table]
    var functions = SmallFunctions.catalog
    var database = "shop"
    var settings: [String: String] = [:]

    /// A shop: items, sales partitioned by day, things with nested columns.
    static let shop = BindingWorld(tables: [
        Table("shop.item (id bigint, name string, price decimal(8,2))"),
        Table("shop.sale (item bigint, amount int, customer string) partitioned by (day date, hour int)"),
        Table("shop.thing (id int, size struct<width:int,height:int>, tags array<string>)"),
        Table("archive.item (id bigint, name string, gone date)"),
        Table("shop.cheap (id bigint, label string)", kind: .view, text: "select id, name from item where price < 5"),
        Table("shop.loop (id int)", kind: .view, text: "select id from loop"),
        Table("shop.broken (id int)", kind: .view, text: "select nothing from item"),
    ])

    var context: AnalysisContext {
        AnalysisContext(
            metastore: FixedMetastore(content: tables), functions: functions, formats: FormatCatalog([]),
            session: SessionValues(
                nowNanoseconds: 0, timeZone: "UTC", user: "bee", database: database, settings: settings))
    }

    func with(_ key: String, _ value: String) -> BindingWorld {
        var world = self
        world.settings[key] = value
        return world
    }

    func bind(_ text: String) throws -> LogicalPlan {
        let plan = try Binder(context: context, dialect: .hive).bind(try Parser.query(text))
        #expect(plan.outerColumns.isEmpty, "every column has its producer: \(text)")
        return plan
    }

    func bind(_ text: String, into target: InsertTarget) throws -> LogicalPlan {
        try Binder(context: context, dialect: .hive).bind(try Parser.query(text), into: target)
    }

    /// The plan with columns numbered in order of appearance, so that goldens do not depend on how many were made.
    func text(_ query: String) throws -> String { renumbered(try bind(query).text) }

    /// The output's types.
    func types(_ query: String) throws -> [String] { try bind(query).output.map(\.type.name) }

    /// The output's names.
    func names(_ query: String) throws -> [String] { try bind(query).output.map(\.name) }

    /// The error that binding ends in, as shown to people.
    func error(_ query: String) -> String {
        do {
            return "no error: " + (try bind(query).text)
        } catch let error as HoneyError {
            return error.kind == .semantic ? error.description : "\(error.kind) error: \(error)"
        } catch {
            return "another error: \(error)"
        }
    }
}

/// Numbers columns in order of appearance; quoted text stays as it is.
func renumbered(_ text: String) -> String {
    var numbers: [Substring: Int] = [:]
    return text.replacing(/'[^']*'|#([0-9]+)/) { match in
        guard let number = match.output.1 else { return String(match.output.0) }
        numbers[number] = numbers[number] ?? numbers.count + 1
        return "#\(numbers[number] ?? 0)"
    }
}
