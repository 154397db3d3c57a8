import HoneyCatalog
import HoneyCore
import HoneyPlan

/// Chooses the partitions to read: those whose key values satisfy the conditions over keys alone, which then need not be
/// tested for each row.
struct PartitionPruning: Rule {
    let name = "partition pruning"

    func apply(_ plan: LogicalPlan, in context: OptimizationContext) throws -> LogicalPlan {
        try plan.rewritten { node in
            guard case .scan(let scan) = node, scan.table.isPartitioned, scan.partitions == nil else { return node }
            return .scan(try pruned(scan, context))
        }
    }

    private func pruned(_ scan: Scan, _ context: OptimizationContext) throws -> Scan {
        var result = scan
        var partitions = try context.metastore.partitions(of: scan.table)
        let keys = scan.columns.compactMap { column -> (id: ColumnID, position: Int)? in
            guard case .table(let index) = column.source, index >= scan.table.storage.columns.count else { return nil }
            return (column.reference.id, index - scan.table.storage.columns.count)
        }
        for condition in scan.filters {
            let used = condition.referencedColumns
            guard !used.isEmpty, used.isSubset(of: keys.map(\.id)) else { continue }
            var columns: [ColumnID: Column] = [:]
            for key in keys where used.contains(key.id) {
                columns[key.id] = values(
                    of: key.position, scan.table.partitionKeys[key.position].type, partitions, context)
            }
            guard columns.count == used.count,
                let truth = context.evaluator.column(of: condition, over: columns, count: partitions.count)
            else { continue }
            partitions = partitions.indices.filter { truth.value(at: $0) == .boolean(true) }.map { partitions[$0] }
            result.filters.removeAll { $0 == condition }
        }
        result.partitions = partitions
        return result
    }

    /// A key's value in each partition, from the text that names its directory.
    private func values(
        of position: Int, _ type: DataType, _ partitions: [Partition], _ context: OptimizationContext
    ) -> Column? {
        var result: [Value] = []
        for partition in partitions {
            guard partition.values.indices.contains(position) else { return nil }
            let text = partition.values[position]
            if text == Partition.nullValue {
                result.append(.null)
            } else if type == .string {
                result.append(.string(text))
            } else {
                let cast = Expression.cast(.literal(.string(text), .string), to: type)
                guard let value = context.evaluator.value(of: cast) else { return nil }
                result.append(value)
            }
        }
        return Column.of(type, result)
    }
}
