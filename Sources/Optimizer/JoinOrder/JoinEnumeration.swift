import HoneyCore
import HoneyPlan

/// A set of a join graph's nodes, as bits.
typealias NodeSet = UInt64

/// Finds a cheap order for a join graph: exactly, by dynamic programming over connected sets, for up to ten nodes;
/// by always making the cheapest join next for more, and across parts that no condition connects.
struct JoinEnumeration {
    /// A plan for a set of nodes.
    struct Candidate {
        var nodes: NodeSet
        /// Builds the plan; most candidates are never asked.
        var plan: () -> LogicalPlan
        var rows: Double
        var cost: Double
        var isDependent = false
    }

    static let maximumExactNodes = 10

    let estimator: CardinalityEstimator
    private(set) var columns: [ColumnID: ColumnProfile] = [:]
    /// The relations, then the right sides of the dependents.
    private var relations: [LogicalPlan]
    private var singles: [Candidate] = []
    private var dependents: [NodeSet: (dependent: JoinGraph.Dependent, required: NodeSet)] = [:]
    /// Columns made equal, each with its node.
    private var classes: [[(node: NodeSet, column: ColumnReference)]] = []
    private var conditions: [(condition: Expression, nodes: NodeSet)] = []

    init(_ graph: JoinGraph, estimator: CardinalityEstimator) {
        self.estimator = estimator
        relations = graph.relations + graph.dependents.map(\.plan)
        var nodes: [ColumnID: NodeSet] = [:]
        addNodes(of: graph, &nodes)
        sortConditions(of: graph, nodes)
        for (bit, dependent) in dependents {
            let right = relations[bit.trailingZeroBitCount].outputIDs
            let used = (dependent.dependent.condition?.referencedColumns ?? []).subtracting(right)
            dependents[bit]!.required = used.reduce(0) { $0 | (nodes[$1] ?? 0) }
        }
    }

    private mutating func addNodes(of graph: JoinGraph, _ nodes: inout [ColumnID: NodeSet]) {
        for plan in relations {
            let bit: NodeSet = 1 << NodeSet(singles.count)
            let profile = estimator.profile(of: plan)
            columns.merge(profile.columns) { first, _ in first }
            for column in plan.output { nodes[column.id] = bit }
            singles.append(
                Candidate(
                    nodes: bit, plan: { plan }, rows: profile.rows, cost: 0,
                    isDependent: singles.count >= graph.relations.count))
        }
        for (position, dependent) in graph.dependents.enumerated() {
            let bit: NodeSet = 1 << NodeSet(graph.relations.count + position)
            dependents[bit] = (dependent, 0)
            if case .mark(let column) = dependent.kind {
                nodes[column.id] = bit
                columns[column.id] = ColumnProfile(sourceRows: 2, type: .boolean)
            }
        }
    }

    /// Equalities of relations' columns become classes, in which any two members may be compared; the rest stay as they
    /// are. Members of one relation are compared there.
    private mutating func sortConditions(of graph: JoinGraph, _ nodes: [ColumnID: NodeSet]) {
        let dependentNodes = dependents.keys.reduce(0, |)
        var equal = ColumnEquivalence()
        for condition in graph.conditions.withoutDuplicates {
            let set = condition.referencedColumns.reduce(0 as NodeSet) { $0 | (nodes[$1] ?? 0) }
            if set & dependentNodes == 0, equal.insert(condition) { continue }
            if set.nonzeroBitCount == 1 && set & dependentNodes == 0 {
                restrict(set, by: condition)
            } else {
                conditions.append((condition, set))
            }
        }
        for members in equal.classes {
            var representatives: [(node: NodeSet, column: ColumnReference)] = []
            for column in members {
                let node = nodes[column.id]!
                if let first = representatives.first(where: { $0.node == node }) {
                    restrict(node, by: .equal(.column(first.column), .column(column)))
                } else {
                    representatives.append((node, column))
                }
            }
            classes.append(representatives)
            // All members range over the values of the smallest key.
            let domain = ColumnProfile.domain(members.compactMap { columns[$0.id] })
            for member in members { domains[member.id] = domain }
        }
    }

    /// The domain of the class that a column is in.
    private var domains: [ColumnID: Double] = [:]

    private mutating func restrict(_ node: NodeSet, by condition: Expression) {
        let index = node.trailingZeroBitCount
        if case .scan(var scan) = relations[index] {
            scan.filters = (scan.filters + [condition]).withoutDuplicates
            relations[index] = .scan(scan)
        } else {
            relations[index] = relations[index].filtered(by: [condition])
        }
        let plan = relations[index]
        singles[index].plan = { plan }
        singles[index].rows = estimator.rows(of: plan)
    }

    // MARK: Search

    /// The best plan found for the whole graph.
    func best() -> LogicalPlan {
        var parts: [Candidate] = []
        for component in components() {
            if component.nonzeroBitCount <= JoinEnumeration.maximumExactNodes, let exact = exact(component) {
                parts.append(exact)
            } else {
                parts += singles.filter { $0.nodes & component != 0 }
            }
        }
        let whole = greedy(parts)
        return whole.plan().filtered(by: conditions.filter { $0.nodes == 0 }.map(\.condition))
    }

    /// Sets of nodes that conditions connect.
    private func components() -> [NodeSet] {
        var links = classes.map { $0.reduce(0 as NodeSet) { $0 | $1.node } }
        links += conditions.map(\.nodes).filter { $0.nonzeroBitCount == 2 }
        links += dependents.map { $0.key | $0.value.required }.filter { $0.nonzeroBitCount <= 2 }
        var result = singles.map(\.nodes)
        for link in links where link != 0 {
            let merged = result.filter { $0 & link != 0 }.reduce(link, |)
            result.removeAll { $0 & link != 0 }
            result.append(merged)
        }
        // A dependent of several relations belongs to them once they are together.
        for (bit, dependent) in dependents where dependent.required.nonzeroBitCount > 1 {
            guard let home = result.firstIndex(where: { $0 & dependent.required == dependent.required }) else {
                continue
            }
            if result[home] & bit != 0 { continue }
            let alone = result.first { $0 & bit != 0 }!
            result[home] |= alone
            result.removeAll { $0 == alone }
        }
        return result
    }

    /// The cheapest plan for each connected subset, from the smaller to the larger.
    private func exact(_ component: NodeSet) -> Candidate? {
        let members = singles.filter { $0.nodes & component != 0 }
        let count = members.count
        var table: [Candidate?] = Array(repeating: nil, count: 1 << count)
        for index in 0..<count { table[1 << index] = members[index] }
        if count == 1 { return members[0].isDependent ? nil : members[0] }
        for subset in 1..<(1 << count) where subset.nonzeroBitCount > 1 {
            var part = (subset - 1) & subset
            while part > 0 {
                let other = subset & ~part
                // Each pair once; `joined` tries both ways round.
                if part > other, let x = table[part], let y = table[other], let candidate = joined(x, y),
                    candidate.cost < table[subset]?.cost ?? .infinity
                {
                    table[subset] = candidate
                }
                part = (part - 1) & subset
            }
        }
        return table[(1 << count) - 1]
    }

    /// Joins the two parts whose join is cheapest until one is left; crosses parts only when no condition joins any.
    private func greedy(_ start: [Candidate]) -> Candidate {
        var parts = start
        while parts.count > 1 {
            var best: (first: Int, second: Int, result: Candidate)?
            for allowsCross in [false, true] where best == nil {
                for first in parts.indices {
                    for second in parts.indices where first < second {
                        guard let result = joined(parts[first], parts[second], allowsCross: allowsCross) else {
                            continue
                        }
                        let weight = { (candidate: Candidate) in candidate.rows + candidate.cost }
                        if best.map({ weight(result) < weight($0.result) }) ?? true { best = (first, second, result) }
                    }
                }
            }
            // Some relation is always left to cross with, as a dependent waits only for relations.
            guard let best else { preconditionFailure("a join graph with dependents only") }
            parts.remove(at: best.second)
            parts[best.first] = best.result
        }
        return parts[0]
    }

    // MARK: Joining

    /// The join of two parts, the one with fewer rows on the right; nil when nothing connects them.
    private func joined(_ a: Candidate, _ b: Candidate, allowsCross: Bool = false) -> Candidate? {
        if a.isDependent { return b.isDependent ? nil : dependent(b, a, allowsCross) }
        if b.isDependent { return dependent(a, b, allowsCross) }
        let (left, right) = a.rows >= b.rows ? (a, b) : (b, a)
        let all = left.nodes | right.nodes
        let equalities = classEqualities(left.nodes, right.nodes)
        let others = conditions.filter { item in
            item.nodes != 0 && item.nodes & ~all == 0 && item.nodes & ~left.nodes != 0 && item.nodes & ~right.nodes != 0
        }.map(\.condition)
        guard allowsCross || !equalities.isEmpty || !others.isEmpty else { return nil }
        let rows = matches(equalities, others, left.rows, right.rows)
        let isHashed = !equalities.isEmpty || others.contains { Comparison($0)?.isEquality ?? false }
        let plan = {
            LogicalPlan.join(
                Join(
                    left: left.plan(), right: right.plan(), kind: .inner,
                    condition: Expression.conjunction(equalities + others)))
        }
        return Candidate(
            nodes: all, plan: plan, rows: rows,
            cost: left.cost + right.cost + work(left.rows, right.rows, rows, isHashed))
    }

    /// Applies a semi, anti, mark or left join, and the conditions that waited for its columns.
    private func dependent(_ left: Candidate, _ right: Candidate, _ allowsCross: Bool) -> Candidate? {
        let (dependent, required) = dependents[right.nodes]!
        guard required & ~left.nodes == 0, required != 0 || allowsCross || singles.count == 2 else { return nil }
        let own = dependent.condition?.conjuncts ?? []
        let all = left.nodes | right.nodes
        let waiting = conditions.filter { item in
            item.nodes != 0 && item.nodes & ~all == 0 && item.nodes & ~left.nodes != 0
        }.map(\.condition)
        var rows: Double
        switch dependent.kind {
        case .semi, .anti, .nullAwareAnti:
            rows = left.rows * estimator.keptFraction(dependent.kind, own, right.rows, columns)
        case .left: rows = max(left.rows, estimator.matches(own, left.rows, right.rows, columns))
        default: rows = left.rows
        }
        let isHashed = own.contains { Comparison($0)?.isEquality ?? false }
        let cost = left.cost + right.cost + work(left.rows, right.rows, rows, isHashed)
        rows *= Selectivity(columns: columns).of(waiting)
        let plan = {
            LogicalPlan.join(
                Join(left: left.plan(), right: right.plan(), kind: dependent.kind, condition: dependent.condition)
            ).filtered(by: waiting)
        }
        return Candidate(nodes: all, plan: plan, rows: rows, cost: cost)
    }

    /// For each class with members on both sides, one equality between them.
    private func classEqualities(_ left: NodeSet, _ right: NodeSet) -> [Expression] {
        classes.compactMap { members in
            guard let a = members.first(where: { $0.node & left != 0 }),
                let b = members.first(where: { $0.node & right != 0 })
            else { return nil }
            return .equal(.column(a.column), .column(b.column))
        }
    }

    private func matches(_ equalities: [Expression], _ others: [Expression], _ left: Double, _ right: Double) -> Double
    {
        let keys = equalities.compactMap { equality -> (ColumnProfile, ColumnProfile, Double)? in
            guard let (a, b) = equality.keyColumns, let x = columns[a], let y = columns[b] else { return nil }
            return (x, y, domains[a] ?? ColumnProfile.domain([x, y]))
        }
        let selectivity = Selectivity(columns: columns).of(others)
        return max(left * right * selectivity / ColumnProfile.combinedDomain(keys), 1e-6)
    }

    /// Building costs more a row than probing; pairs that no key finds are all tried.
    private func work(_ left: Double, _ right: Double, _ output: Double, _ isHashed: Bool) -> Double {
        isHashed ? left + 2 * right + output : left * max(right, 1) + right + output
    }
}
