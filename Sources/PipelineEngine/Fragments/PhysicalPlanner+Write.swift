import HoneyCatalog
import HoneyCore
import HoneyExecution
import HoneyPlan

extension PhysicalPlanner {
    /// Plans a write; the rows of one bucket go to one instance, sorted when the table is.
    func planWrite(_ write: Write) throws -> Planned {
        // Every column is written, in the order of the input.
        let order = write.input.output
        var input = try plan(write.input, needed: Set(order.map(\.id)))
        if input.plan.output != order {
            input.plan = node(
                order, .project(input.plan, order.map { NamedExpression(id: $0.id, name: $0.name, .column($0)) }))
        }
        let storages = [write.target.storage] + write.target.otherStorage.values
        let isBucketed = storages.contains { $0.bucketCount > 0 }
        if isBucketed { input = bucketed(input, write.target) }
        if write.target.gathersRows { input = gathered(input) }
        return Planned(plan: node(write.columns, .write(input.plan, write.target)), isSpread: input.isSpread)
    }

    /// Brings the rows of each dynamic partition, or of each bucket, to one instance, sorted when the table is.
    private func bucketed(_ input: Planned, _ target: WriteTarget) -> Planned {
        let columns = input.plan.output
        let keys = target.storage.sortColumns.compactMap { sorted -> Sort.Key? in
            guard let index = target.storage.columns.firstIndex(where: { $0.name == sorted.name.lowercased() }) else {
                return nil
            }
            return Sort.Key(
                .column(columns[index]), isAscending: sorted.isAscending, nullsFirst: sorted.isAscending)
        }
        func ordered(_ plan: PhysicalPlan) -> PhysicalPlan {
            keys.isEmpty ? plan : node(columns, .sort(plan, keys: keys, limit: nil), rows: plan.estimatedRows)
        }
        guard input.isSpread else { return Planned(plan: ordered(input.plan), isSpread: false) }
        let dynamic = columns[target.storage.columns.count...].map { Expression.column($0) }
        // Partitions may be bucketed each in its own way.
        let exchange = self.exchange(input.plan, dynamic.isEmpty ? .buckets(target) : .hash(keys: dynamic))
        return Planned(plan: ordered(exchange), isSpread: true)
    }
}
