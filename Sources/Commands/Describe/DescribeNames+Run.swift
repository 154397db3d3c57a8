import HoneyCatalog
import HoneyCore
public import HoneyPlan

extension DescribeDatabase {
    public func run(in context: any CommandContext) throws -> CommandResult {
        let database = try context.requireDatabase(name)
        let parameters = database.parameters.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }
        return .rows(
            ["db_name", "comment", "location", "owner_name", "owner_type", "parameters"],
            [
                [
                    database.name, database.comment, database.location, database.ownerName, database.ownerType,
                    isExtended && !parameters.isEmpty ? "{\(parameters.joined(separator: ", "))}" : "",
                ]
            ])
    }
}

extension DescribeFunction {
    public func run(in context: any CommandContext) throws -> CommandResult {
        let name = name.lowercased()
        let found = context.functions.documented.first { $0.name == name || $0.aliases.contains(name) }
        guard let found else {
            let hint = SpellingSuggestion.hint(for: name, in: context.functions.names)
            return .rows(["tab_name"], [["Function '\(name)' does not exist.\(hint)"]])
        }
        var lines = ["\(found.documentation.usage) - \(found.documentation.summary)"]
        if isExtended {
            let others = ([found.name] + found.aliases).filter { $0 != name }
            if !others.isEmpty { lines.append("Synonyms: \(others.joined(separator: ", "))") }
            let example = found.documentation.example
            lines += ["Example:", "  > \(example.query);", "  \(example.result)", "Function type:BUILTIN"]
        }
        return .rows(["tab_name"], lines.map { [$0] })
    }
}
