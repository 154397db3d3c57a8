import HoneyCore
import HoneyPlan

/// The tables of one WITH, over those of the WITHs around it.
///
/// As in Hive each may use the others whatever their order, so long as none ends up using itself.
final class CommonTables {
    let tables: [String: CommonTableSyntax]
    /// What the WITH's own queries see, this WITH aside.
    let environment: Environment

    init(_ tables: [String: CommonTableSyntax], environment: Environment) {
        self.tables = tables
        self.environment = environment
    }

    /// Finds the definition that a name means, with the WITH it stands in.
    func find(_ name: String) -> (CommonTableSyntax, in: CommonTables)? {
        var current: CommonTables? = self
        while let clause = current {
            if let table = clause.tables[name] { return (table, clause) }
            current = clause.environment.commonTables
        }
        return nil
    }

    var names: [String] { tables.keys.sorted() + (environment.commonTables?.names ?? []) }
}

extension QueryBinder {
    /// Adds the tables of a WITH to the environment.
    func environment(with tables: [CommonTableSyntax]) throws -> Environment {
        guard !tables.isEmpty else { return environment }
        var byName: [String: CommonTableSyntax] = [:]
        for table in tables {
            let name = session.dialect.folded(table.name)
            guard byName.updateValue(table, forKey: name) == nil else {
                throw HoneyError.semantic(
                    "DUPLICATE_NAME", "common table is defined twice: \(name)", at: table.position)
            }
        }
        var result = environment
        result.commonTables = CommonTables(byName, environment: environment)
        return result
    }

    /// Binds a use of a common table and names its columns; nil when there is none of that name.
    func bindCommonTable(_ name: String, at position: SourcePosition) throws -> (LogicalPlan, [String])? {
        guard let (table, clause) = environment.commonTables?.find(name) else { return nil }
        if let start = session.openTables.firstIndex(where: { $0.clause === clause && $0.name == name }) {
            let cycle = session.openTables[start...].map(\.name) + [name]
            throw HoneyError.semantic(
                "RECURSIVE_QUERY",
                "common table uses itself, which is not supported: \(cycle.joined(separator: " -> "))", at: position)
        }
        session.openTables.append((clause, name))
        defer { session.openTables.removeLast() }
        var within = clause.environment
        within.commonTables = clause
        let plan = try QueryBinder(session: session, environment: within).bind(table.query)
        return (plan, try columnNames(of: plan, renamedTo: table.columns, of: name, at: table.position))
    }

    /// The names a derived table's columns go by.
    func columnNames(
        of plan: LogicalPlan, renamedTo names: [String], of table: String, at position: SourcePosition
    ) throws -> [String] {
        let output = plan.output
        if names.isEmpty { return output.map { session.dialect.folded($0.name) } }
        guard names.count == output.count else {
            throw HoneyError.semantic(
                "COLUMN_COUNT_MISMATCH",
                "\(table) names \(counted(names.count, "column")), its query gives \(output.count)",
                at: position)
        }
        return names.map(session.dialect.folded)
    }
}

/// `1 column`, `2 columns`.
func counted(_ count: Int, _ noun: String) -> String { "\(count) \(noun)\(count == 1 ? "" : "s")" }
