import HoneyCatalog
import HoneyCore
import HoneyPlan

/// Runs a plan the way its definition reads: loops over rows, and subqueries run anew for every outer row.
final class ReferenceInterpreter {
    typealias Row = [Value]
    typealias Bindings = [ColumnID: Value]

    /// A scalar subquery gave several rows.
    struct TooManyRows: Error {}
    /// The plan takes too long to run this way.
    struct TooLong: Error {}

    let tables: [String: [Row]]
    private var steps = 0

    init(tables: [String: [Row]]) { self.tables = tables }

    private func countStep() throws {
        steps += 1
        if steps > 12_000 { throw TooLong() }
    }

    func run(_ plan: LogicalPlan) throws -> [Row] {
        steps = 0
        return try rows(of: plan)
    }

    private func rows(of plan: LogicalPlan, _ outer: Bindings = [:]) throws -> [Row] {
        try countStep()
        switch plan {
        case .scan(let scan):
            let all = (tables[scan.table.name] ?? []).map { row in
                scan.columns.map { column -> Value in
                    if case .table(let index) = column.source { row[index] } else { .null }
                }
            }
            return try all.filter { row in
                try scan.filters.allSatisfy { try value($0, bound(plan.output, row, outer)) == .boolean(true) }
            }
        case .values(let values): return try values.rows.map { try $0.map { try value($0, outer) } }
        case .filter(let filter):
            return try rows(of: filter.input, outer).filter {
                try value(filter.predicate, bound(filter.input.output, $0, outer)) == .boolean(true)
            }
        case .project(let project):
            return try rows(of: project.input, outer).map { row in
                let bindings = bound(project.input.output, row, outer)
                return try project.outputs.map { try value($0.expression, bindings) }
            }
        case .aggregate(let aggregate): return try rows(of: aggregate, outer)
        case .join(let join): return try rows(of: join, outer)
        case .sort(let sort): return try rows(of: sort, outer)
        case .limit(let limit):
            let rest = try rows(of: limit.input, outer).dropFirst(limit.offset)
            return Array(rest.prefix(limit.count ?? .max))
        case .union(let union): return try union.inputs.flatMap { try rows(of: $0, outer) }
        case .write: return []
        }
    }

    private func bound(_ columns: [ColumnReference], _ row: Row, _ outer: Bindings) -> Bindings {
        zip(columns, row).reduce(into: outer) { $0[$1.0.id] = $1.1 }
    }

    private func value(_ expression: Expression, _ bindings: Bindings) throws -> Value {
        try countStep()
        switch expression {
        case .literal(let value, _): return value
        case .column(let reference):
            guard let value = bindings[reference.id] else { throw HoneyError.unexpected("unbound \(reference.id)") }
            return value
        case .cast(let operand, let type): return TestFunctions.cast(try value(operand, bindings), operand.type, type)
        case .call(let call):
            guard let function = TestFunctions.catalog.scalar(call.function) as? ValueFunction else {
                throw HoneyError.unexpected("no function \(call.function)")
            }
            let arguments = try call.arguments.map { try value($0, bindings) }
            return function.body(arguments, call.arguments.map(\.type), call.type)
        case .subquery(let subquery): return try value(subquery, bindings)
        }
    }

    private func value(_ subquery: Subquery, _ bindings: Bindings) throws -> Value {
        let found = try rows(of: subquery.plan, bindings)
        switch subquery.form {
        case .scalar:
            if found.count > 1 { throw TooManyRows() }
            return found.first?[0] ?? .null
        case .exists(let isNegated): return .boolean(found.isEmpty == isNegated)
        case .membership(let tested, let isNegated):
            let wanted = try tested.map { try value($0, bindings) }
            var result = Value.boolean(false)
            for row in found {
                var equal = Value.boolean(true)
                for (a, b) in zip(wanted, row) {
                    if a == .null || b == .null {
                        if equal != .boolean(false) { equal = .null }
                    } else if a != b {
                        equal = .boolean(false)
                    }
                }
                if equal == .boolean(true) { result = equal }
                if equal == .null && result != .boolean(true) { result = .null }
            }
            if result == .null { return .null }
            return .boolean((result == .boolean(true)) != isNegated)
        }
    }

    private func rows(of aggregate: Aggregate, _ outer: Bindings) throws -> [Row] {
        let columns = aggregate.input.output
        var groups: [Row: [Bindings]] = aggregate.groups.isEmpty ? [[]: []] : [:]
        for row in try rows(of: aggregate.input, outer) {
            let bindings = bound(columns, row, outer)
            groups[try aggregate.groups.map { try value($0.expression, bindings) }, default: []].append(bindings)
        }
        return try groups.map { key, members in key + (try aggregate.aggregates.map { try value($0.call, members) }) }
    }

    private func value(_ call: AggregateCall, _ members: [Bindings]) throws -> Value {
        if call.arguments.isEmpty { return .integer(Int64(members.count)) }
        var values = try members.map { try value(call.arguments[0], $0) }.filter { $0 != .null }
        if call.isDistinct { values = Array(Set(values)) }
        if call.function == "count" { return .integer(Int64(values.count)) }
        guard let first = values.first else { return .null }
        return values.dropFirst().reduce(first) { a, b in
            switch (call.function, a, b) {
            case ("sum", .integer(let x), .integer(let y)): .integer(x &+ y)
            case ("min", _, _): TestFunctions.order(a, b) < 0 ? a : b
            default: TestFunctions.order(a, b) > 0 ? a : b
            }
        }
    }

    private func rows(of join: Join, _ outer: Bindings) throws -> [Row] {
        let left = try rows(of: join.left, outer)
        let right = try rows(of: join.right, outer)
        let leftNulls = Row(repeating: .null, count: join.left.output.count)
        let rightNulls = Row(repeating: .null, count: join.right.output.count)
        var isRightMatched = [Bool](repeating: false, count: right.count)
        var result: [Row] = []
        for row in left {
            let bindings = bound(join.left.output, row, outer)
            var matches: [Int] = []
            var anyNull = false
            for (index, other) in right.enumerated() {
                let truth = try join.condition.map { try value($0, bound(join.right.output, other, bindings)) }
                if truth == nil || truth == .boolean(true) {
                    matches.append(index)
                    isRightMatched[index] = true
                }
                if truth == .null { anyNull = true }
            }
            switch join.kind {
            case .inner, .right: result += matches.map { row + right[$0] }
            case .left, .full: result += matches.isEmpty ? [row + rightNulls] : matches.map { row + right[$0] }
            case .single:
                if matches.count > 1 { throw TooManyRows() }
                result.append(row + (matches.first.map { right[$0] } ?? rightNulls))
            case .semi: if !matches.isEmpty { result.append(row) }
            case .anti: if matches.isEmpty { result.append(row) }
            case .nullAwareAnti: if matches.isEmpty && !anyNull { result.append(row) }
            case .mark: result.append(row + [matches.isEmpty ? (anyNull ? .null : .boolean(false)) : .boolean(true)])
            }
        }
        if join.kind == .right || join.kind == .full {
            for index in right.indices where !isRightMatched[index] { result.append(leftNulls + right[index]) }
        }
        return result
    }

    private func rows(of sort: Sort, _ outer: Bindings) throws -> [Row] {
        let input = try rows(of: sort.input, outer)
        let keyed = try input.map { row in
            (row: row, keys: try sort.keys.map { try value($0.expression, bound(sort.input.output, row, outer)) })
        }
        let sorted = keyed.enumerated().sorted { a, b in
            for (index, key) in sort.keys.enumerated() {
                let (x, y) = (a.element.keys[index], b.element.keys[index])
                if x == y { continue }
                if x == .null || y == .null { return (x == .null) == key.nullsFirst }
                return (TestFunctions.order(x, y) < 0) == key.isAscending
            }
            return a.offset < b.offset
        }
        return Array(sorted.map(\.element.row).prefix(sort.limit ?? .max))
    }
}
