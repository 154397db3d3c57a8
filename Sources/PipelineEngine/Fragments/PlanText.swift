import HoneyCatalog
import HoneyCore
import HoneyExecution
import HoneyPlan
import HoneyStorage

/// Writes fragments as text, the way Impala's EXPLAIN does.
enum PlanText {
    /// All fragments, the result's first.
    static func render(_ fragments: [Fragment]) -> String {
        var text = ""
        for fragment in fragments {
            let name = twoDigits(fragment.id)
            text += "F\(name):PLAN FRAGMENT [\(partitioning(fragment.root))] instances=\(fragment.instances)\n"
            if let target = fragment.target {
                text += "  SEND TO \(twoDigits(target.exchangeID)) [\(label(target.exchange))]\n"
            } else {
                text += "  RESULT [\(fragment.root.output.map(\.name).joined(separator: ", "))]\n"
            }
            render(fragment.root, indent: "  ", into: &text)
            text += "\n"
        }
        return text
    }

    /// A node's number and name, such as `03:HASH JOIN`.
    static func title(_ plan: PhysicalPlan) -> String { "\(twoDigits(plan.id)):\(name(plan))" }

    private static func render(_ plan: PhysicalPlan, indent: String, into text: inout String) {
        let detail = self.detail(plan)
        text += indent + title(plan) + (detail.isEmpty ? "" : " [\(detail)]") + "\n"
        for line in lines(plan) { text += indent + "|  " + line + "\n" }
        if let rows = plan.estimatedRows { text += indent + "|  rows=\(Int(rows))\n" }
        if case .join(let join) = plan.node {
            text += indent + "|--" + title(join.build) + " [\(self.detail(join.build))]\n"
            render(join.probe, indent: indent, into: &text)
        } else if case .union(let inputs) = plan.node {
            for input in inputs { text += indent + "|--" + title(input) + "\n" }
        } else if let input = plan.children.first {
            render(input, indent: indent, into: &text)
        }
    }

    static func name(_ plan: PhysicalPlan) -> String {
        switch plan.node {
        case .scan: return "SCAN"
        case .values: return "VALUES"
        case .filter: return "SELECT"
        case .project: return "PROJECT"
        case .expand: return "EXPAND"
        case .aggregate: return "AGGREGATE"
        case .join(let join): return join.keys.isEmpty ? "NESTED LOOP JOIN" : "HASH JOIN"
        case .sort(_, _, let limit): return limit == nil ? "SORT" : "TOP-N"
        case .limit: return "LIMIT"
        case .union: return "UNION"
        case .exchange(_, .mergeGather), .receive(_, .mergeGather): return "MERGING-EXCHANGE"
        case .exchange, .receive: return "EXCHANGE"
        case .write: return "WRITE"
        }
    }

    static func detail(_ plan: PhysicalPlan) -> String {
        switch plan.node {
        case .scan(let scan):
            let name = scan.table.qualifiedName
            return scan.alias == scan.table.name || scan.alias.isEmpty ? name : "\(name) \(scan.alias)"
        case .values(let rows): return "\(rows.count) rows"
        case .aggregate(let aggregate):
            switch aggregate.phase {
            case .single: return "SINGLE"
            case .partial: return "STREAMING"
            case .final: return "FINALIZE"
            }
        case .join(let join): return label(join.kind)
        case .exchange(_, let exchange), .receive(_, let exchange): return label(exchange)
        case .write(_, let target): return target.storage.location
        case .filter, .project, .expand, .sort, .limit, .union: return ""
        }
    }

    private static func lines(_ plan: PhysicalPlan) -> [String] {
        switch plan.node {
        case .scan(let scan):
            var lines: [String] = []
            if let partitions = scan.partitions { lines.append("partitions=\(partitions.count)") }
            lines.append(
                "columns: " + (scan.columns + scan.filterColumns).map(\.reference.name).joined(separator: ", "))
            if !scan.filters.isEmpty { lines.append("predicates: " + list(scan.filters)) }
            return lines
        case .filter(_, let predicate): return ["predicates: \(predicate)"]
        case .project(_, let outputs): return ["columns: " + outputs.map(\.name).joined(separator: ", ")]
        case .expand(let expand): return ["grouping sets: \(expand.sets.count)"]
        case .aggregate(let aggregate):
            var lines: [String] = []
            if !aggregate.calls.isEmpty {
                lines.append(
                    "output: "
                        + aggregate.calls.map { call in
                            let arguments = call.call.arguments.isEmpty ? "*" : list(call.call.arguments)
                            return "\(call.call.function)(\(call.call.isDistinct ? "distinct " : "")\(arguments))"
                        }.joined(separator: ", "))
            }
            if !aggregate.groups.isEmpty { lines.append("group by: " + list(aggregate.groups.map(\.expression))) }
            return lines
        case .join(let join):
            var lines: [String] = []
            if !join.keys.isEmpty {
                lines.append(
                    "hash predicates: "
                        + join.keys.map { "\($0.probe) \($0.isNullSafe ? "<=>" : "=") \($0.build)" }
                        .joined(separator: ", "))
            }
            if let residual = join.residual { lines.append("other predicates: \(residual)") }
            return lines
        case .sort(_, let keys, let limit):
            let order = "order by: " + keys.map(text).joined(separator: ", ")
            return limit.map { [order, "limit: \($0)"] } ?? [order]
        case .limit(_, let count, let offset):
            return [count.map { "limit: \($0)" }, offset > 0 ? "offset: \(offset)" : nil].compactMap { $0 }
        case .exchange, .receive, .union, .values, .write: return []
        }
    }

    private static func list(_ expressions: [Expression]) -> String {
        expressions.map { "\($0)" }.joined(separator: ", ")
    }

    private static func text(_ key: Sort.Key) -> String {
        "\(key.expression) \(key.isAscending ? "ASC" : "DESC") NULLS \(key.nullsFirst ? "FIRST" : "LAST")"
    }

    private static func label(_ exchange: Exchange) -> String {
        switch exchange {
        case .gather: "UNPARTITIONED"
        case .mergeGather(let keys): "UNPARTITIONED, order by: " + keys.map(text).joined(separator: ", ")
        case .broadcast: "BROADCAST"
        case .hash(let keys): "HASH(\(list(keys)))"
        case .buckets(let target): "BUCKETS(\(target.storage.bucketColumns.joined(separator: ", ")))"
        case .pass: "RANDOM"
        }
    }

    private static func label(_ kind: Join.Kind) -> String {
        switch kind {
        case .inner: "INNER JOIN"
        case .left: "LEFT OUTER JOIN"
        case .right: "RIGHT OUTER JOIN"
        case .full: "FULL OUTER JOIN"
        case .semi: "LEFT SEMI JOIN"
        case .anti: "LEFT ANTI JOIN"
        case .nullAwareAnti: "NULL AWARE LEFT ANTI JOIN"
        case .single: "SINGLE JOIN"
        case .mark: "MARK JOIN"
        }
    }

    /// How the rows at a fragment's start are spread.
    private static func partitioning(_ plan: PhysicalPlan) -> String {
        switch plan.node {
        case .scan, .union: "RANDOM"
        case .values: "UNPARTITIONED"
        case .receive(_, let exchange): label(exchange).split(separator: ",").first.map(String.init) ?? ""
        case .join(let join): partitioning(join.probe)
        default: plan.children.first.map(partitioning) ?? ""
        }
    }

    private static func twoDigits(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
}

/// Makes a query's summary from what its nodes did.
enum SummaryRows {
    static func make(
        _ plan: PhysicalPlan, fragments: [Fragment], totals: [Int: QueryState.NodeTotals]
    ) -> [QuerySummary.Row] {
        var rows: [QuerySummary.Row] = []
        add(plan, depth: 0, totals, &rows)
        return rows
    }

    private static func add(
        _ plan: PhysicalPlan, depth: Int, _ totals: [Int: QueryState.NodeTotals], _ rows: inout [QuerySummary.Row]
    ) {
        let done = totals[plan.id] ?? QueryState.NodeTotals()
        rows.append(
            QuerySummary.Row(
                operatorName: PlanText.title(plan), depth: depth,
                instances: done.instances == 0 ? done.senders : done.instances,
                totalNanoseconds: done.totalNanoseconds, maximumNanoseconds: done.maximumNanoseconds, rows: done.rows,
                estimatedRows: plan.estimatedRows, bytesRequested: done.read.bytesRequested,
                bytesRead: done.read.bytesRead, bytesDecompressed: done.read.bytesDecompressed,
                partsSkipped: done.read.partsSkipped, peakMemoryBytes: done.peakMemoryBytes,
                detail: PlanText.detail(plan), locality: done.locality))
        for child in plan.children { add(child, depth: depth + 1, totals, &rows) }
    }
}
