import HoneyCatalog

extension LogicalPlan: CustomStringConvertible {
    /// The plan as a tree, a node a line, inputs indented below; subqueries follow the node whose expressions use them.
    ///
    /// ```
    /// project [name#2, cast(price#3 as double) as dear#5]
    ///   filter price#3 > 5
    ///     scan default.shop [id#1, name#2, price#3]
    /// ```
    public var text: String {
        var writer = PlanText()
        writer.write(self, depth: 0)
        return writer.lines.joined(separator: "\n")
    }

    public var description: String { text }
}

private struct PlanText {
    var lines: [String] = []
    private var expressions = ExpressionText()

    mutating func write(_ plan: LogicalPlan, depth: Int) {
        expressions.subqueries = []
        lines.append(indentation(depth) + line(plan))
        let subqueries = expressions.subqueries
        let first = expressions.firstNumber
        expressions.firstNumber += subqueries.count
        for (offset, subquery) in subqueries.enumerated() {
            lines.append(indentation(depth + 1) + "subquery \(first + offset):")
            write(subquery.plan, depth: depth + 2)
        }
        for child in plan.children { write(child, depth: depth + 1) }
    }

    private func indentation(_ depth: Int) -> String { String(repeating: "  ", count: depth) }

    private mutating func line(_ plan: LogicalPlan) -> String {
        switch plan {
        case .scan(let scan): return line(scan)
        case .values(let values): return line(values)
        case .filter(let filter): return "filter " + expressions.text(filter.predicate)
        case .project(let project): return "project [" + list(project.outputs) + "]"
        case .aggregate(let aggregate): return line(aggregate)
        case .join(let join): return line(join)
        case .sort(let sort):
            return "sort [" + keys(sort.keys) + "]" + (sort.limit.map { " limit \($0)" } ?? "")
        case .limit(let limit):
            return "limit " + (limit.count.map { "\($0)" } ?? "all")
                + (limit.offset > 0 ? " offset \(limit.offset)" : "")
        case .union(let union): return "union [" + names(union.columns) + "]"
        case .write(let write):
            let keys = write.target.dynamicPartitionKeys.map(\.name).joined(separator: ", ")
            return "write " + write.target.storage.location + (keys.isEmpty ? "" : " partitioned by [\(keys)]")
        }
    }

    private mutating func line(_ scan: Scan) -> String {
        var line = "scan " + scan.table.qualifiedName
        if !scan.alias.isEmpty, scan.alias != scan.table.name { line += " as " + scan.alias }
        line += " [" + names(scan.columns.map(\.reference)) + "]"
        if !scan.filters.isEmpty { line += " where [" + expressions.list(scan.filters) + "]" }
        if let partitions = scan.partitions, scan.table.isPartitioned { line += " partitions \(partitions.count)" }
        return line
    }

    private mutating func line(_ values: Values) -> String {
        var rows: [String] = []
        for row in values.rows.prefix(10) { rows.append("(" + expressions.list(row) + ")") }
        if values.rows.count > 10 { rows.append("… \(values.rows.count) rows") }
        return "values [" + names(values.columns) + "] " + rows.joined(separator: ", ")
    }

    private mutating func line(_ aggregate: Aggregate) -> String {
        var line = "aggregate [" + list(aggregate.groups) + "]"
        var calls: [String] = []
        for named in aggregate.aggregates {
            calls.append(expressions.text(named.call) + " as " + named.reference.description)
        }
        line += " [" + calls.joined(separator: ", ") + "]"
        if let sets = aggregate.groupingSets {
            let texts = sets.map { set in
                "("
                    + set.map { aggregate.groups.indices.contains($0) ? aggregate.groups[$0].name : "?" }
                    .joined(separator: ", ") + ")"
            }
            line += " grouping sets (" + texts.joined(separator: ", ") + ")"
        }
        if let id = aggregate.groupingID { line += " grouping id " + id.description }
        return line
    }

    private mutating func line(_ join: Join) -> String {
        let kind =
            switch join.kind {
            case .inner: join.condition == nil ? "cross" : "inner"
            case .left: "left"
            case .right: "right"
            case .full: "full"
            case .semi: "semi"
            case .anti: "anti"
            case .nullAwareAnti: "null-aware anti"
            case .single: "single"
            case .mark(let column): "mark " + column.description
            }
        return kind + " join" + (join.condition.map { " on " + expressions.text($0) } ?? "")
    }

    private mutating func keys(_ keys: [Sort.Key]) -> String {
        var parts: [String] = []
        for key in keys {
            // Hive's default is nulls first when ascending, last when descending; only the other way is said.
            let nulls = key.nullsFirst == key.isAscending ? "" : key.nullsFirst ? " nulls first" : " nulls last"
            parts.append(expressions.text(key.expression) + (key.isAscending ? "" : " desc") + nulls)
        }
        return parts.joined(separator: ", ")
    }

    private mutating func list(_ outputs: [NamedExpression]) -> String {
        var parts: [String] = []
        for output in outputs {
            let text = expressions.text(output.expression)
            parts.append(text == output.reference.description ? text : text + " as " + output.reference.description)
        }
        return parts.joined(separator: ", ")
    }

    private func names(_ columns: [ColumnReference]) -> String { columns.map(\.description).joined(separator: ", ") }
}
