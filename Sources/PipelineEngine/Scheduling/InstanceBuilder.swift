import HoneyCore
import HoneyExecution
import HoneyPlan
import HoneyStorage
import Synchronization

/// Makes the operators of every fragment instance and the channels between them.
struct InstanceBuilder {
    /// What joins the senders and receivers of one exchange.
    private enum Channel {
        /// Every receiver takes from the one queue.
        case shared(BatchQueue)
        /// A queue a receiver.
        case byReceiver([BatchQueue])
        /// A queue a sender.
        case bySender([BatchQueue])
        /// The rows are collected into a join's table.
        case table(JoinTable)
    }

    /// Who takes an exchange's rows.
    private struct Receiver {
        var instances: Int
        /// The join that collects them, and what it produces.
        var join: HashJoin?
        var output: [ColumnReference] = []
    }

    /// Where the first fragment's rows arrive.
    let results: BatchQueue
    private let fragments: [Fragment]
    private let query: QueryState
    private let context: QueryContext
    private let evaluation: EvaluationContext
    private let handler: FileTableHandler
    private var channels: [Int: Channel] = [:]
    private var splits: [Int: SplitQueue] = [:]

    init(_ fragments: [Fragment], query: QueryState, context: QueryContext) throws {
        self.fragments = fragments
        self.query = query
        self.context = context
        evaluation = EvaluationContext(functions: context.functions, session: context.session)
        handler = FileTableHandler(storage: context.storage, fileSystems: context.fileSystems)
        results = BatchQueue(producers: fragments[0].instances, capacity: 8, memory: query.memory)
        // A receiver is known before its senders: fragments are in that order.
        var receivers: [Int: Receiver] = [:]
        for fragment in fragments {
            try prepare(fragment.root, instances: fragment.instances, receivers: &receivers)
            guard let target = fragment.target else { continue }
            try connect(fragment, target, receiver: receivers[target.exchangeID])
        }
    }

    private mutating func prepare(
        _ plan: PhysicalPlan, instances: Int, receivers: inout [Int: Receiver]
    ) throws {
        switch plan.node {
        case .scan(let scan):
            let queue = try SplitQueue(
                scan, handler: handler, settings: context.session.settings, places: context.places)
            splits[plan.id] = queue
            _ = query.totalSplits.wrappingAdd(queue.count, ordering: .relaxed)
        case .receive(let id, _): receivers[id] = Receiver(instances: instances)
        case .join(let join):
            try prepare(join.probe, instances: instances, receivers: &receivers)
            receivers[join.build.id] = Receiver(instances: instances, join: join, output: plan.output)
            return
        default: break
        }
        for child in plan.children { try prepare(child, instances: instances, receivers: &receivers) }
    }

    private mutating func connect(
        _ fragment: Fragment, _ target: Fragment.Target, receiver: Receiver?
    ) throws {
        guard let receiver else { throw HoneyError.unexpected("a fragment sends to an exchange that no one receives") }
        let senders = fragment.instances
        func queue(_ producers: Int) -> BatchQueue {
            BatchQueue(producers: producers, capacity: 4 * max(producers, 2), memory: query.memory)
        }
        switch target.exchange {
        case .gather, .pass: channels[target.exchangeID] = .shared(queue(senders))
        case .mergeGather: channels[target.exchangeID] = .bySender((0..<senders).map { _ in queue(1) })
        case .hash, .buckets:
            channels[target.exchangeID] = .byReceiver((0..<receiver.instances).map { _ in queue(senders) })
        case .broadcast:
            guard let join = receiver.join else { throw HoneyError.unexpected("a broadcast feeds no join") }
            channels[target.exchangeID] = .table(
                JoinTable(
                    join, output: receiver.output, buildInput: fragment.root.output, builders: senders,
                    probers: receiver.instances,
                    memory: query.memory))
        }
    }

    /// Makes all drivers, those of fragments that others wait for first.
    func makeDrivers() throws -> [Driver] {
        var drivers: [Driver] = []
        for fragment in fragments.reversed() {
            for instance in 0..<fragment.instances {
                var operators = try chain(fragment.root, instance: instance, of: fragment.instances)
                operators.append(try sink(fragment, instance: instance))
                drivers.append(Driver(operators, query: query))
            }
        }
        return drivers
    }

    private func reservation(_ plan: PhysicalPlan) -> MemoryReservation {
        MemoryReservation(query.memory, for: PlanText.title(plan))
    }

    /// Makes the operators of a fragment's plan, its source first. `joins` are those above that a scan may filter by.
    private func chain(
        _ plan: PhysicalPlan, instance: Int, of instances: Int, joins: [HashJoin] = []
    ) throws -> [(nodeID: Int, operator: any Operator)] {
        // Rows that a join drops may go earlier only past operators that look at one row at a time.
        var passed: [HashJoin] = []
        switch plan.node {
        case .filter: passed = joins
        case .project(_, let outputs): passed = joins.filter { $0.probesWhatPasses(outputs) }
        case .join(let join): passed = joins + [join]
        default: break
        }
        func after(
            _ input: PhysicalPlan, _ make: ([ColumnReference]) throws -> any Operator
        ) throws -> [(nodeID: Int, operator: any Operator)] {
            try chain(input, instance: instance, of: instances, joins: passed) + [(plan.id, make(input.output))]
        }
        switch plan.node {
        case .scan(let scan):
            let source = try ScanSource(
                scan, nodeID: plan.id, splits: splits[plan.id]!, place: instance % max(context.places.count, 1),
                joins: joinFilters(joins, scan), handler: handler,
                query: query, in: evaluation,
                memory: reservation(plan))
            return [(plan.id, source)]
        case .values(let rows): return [(plan.id, try ValuesSource(rows, columns: plan.output, in: evaluation))]
        case .filter(let input, let predicate):
            return try after(input) { try FilterOperator(predicate, over: $0, in: evaluation) }
        case .project(let input, let outputs):
            return try after(input) { try ProjectOperator(outputs.map(\.expression), over: $0, in: evaluation) }
        case .expand(let expand):
            return try after(expand.input) { _ in
                ExpandOperator(sets: expand.sets, groupCount: expand.groupCount, groupingType: expand.groupingID?.type)
            }
        case .aggregate(let aggregate):
            return try after(aggregate.input) {
                try HashAggregateOperator(aggregate, over: $0, in: evaluation, memory: reservation(plan))
            }
        case .join(let join):
            guard case .table(let table)? = channels[join.build.id] else {
                throw HoneyError.unexpected("a join has no table")
            }
            return try after(join.probe) {
                try JoinProbeOperator(
                    join, table: table, probeInput: $0, output: plan.output, in: evaluation, memory: reservation(plan))
            }
        case .sort(let input, let keys, let limit):
            return try after(input) {
                try SortOperator(keys: keys, limit: limit, over: $0, in: evaluation, memory: reservation(plan))
            }
        case .limit(let input, let count, let offset):
            return try after(input) { _ in LimitOperator(count: count, offset: offset) }
        case .union(let inputs):
            let queues = inputs.compactMap { input -> BatchQueue? in
                if case .shared(let queue)? = channels[input.id] { queue } else { nil }
            }
            return [(plan.id, ExchangeSource(queues))]
        case .receive(let id, let exchange): return [(plan.id, try receiver(id, exchange, plan, instance))]
        case .write(let input, let target):
            return try after(input) {
                try WriteOperator(
                    target, over: $0, instance: instance, of: instances, handler: handler, memory: reservation(plan))
            }
        case .exchange: throw HoneyError.unexpected("an exchange was left in a fragment")
        }
    }

    /// The most selective joins are nearest to the scan.
    private func joinFilters(_ joins: [HashJoin], _ scan: PhysicalScan) -> [JoinFilter] {
        let columns = (scan.columns + scan.filterColumns).map(\.reference)
        return joins.reversed().compactMap { join in
            guard case .table(let table)? = channels[join.build.id] else { return nil }
            return JoinFilter(join, table: table, projection: columns)
        }
    }

    private func receiver(
        _ id: Int, _ exchange: Exchange, _ plan: PhysicalPlan, _ instance: Int
    ) throws -> any Operator {
        switch (channels[id], exchange) {
        case (.shared(let queue)?, _): return ExchangeSource([queue])
        case (.byReceiver(let queues)?, _): return ExchangeSource([queues[instance]])
        case (.bySender(let queues)?, .mergeGather(let keys)):
            return MergeSource(
                queues, try SortedMerge(keys: keys, streams: queues.count, over: plan.output, in: evaluation))
        default: throw HoneyError.unexpected("an exchange has no channel")
        }
    }

    private func sink(_ fragment: Fragment, instance: Int) throws -> (nodeID: Int, operator: any Operator) {
        guard let target = fragment.target else { return (-1, ExchangeSink([results])) }
        let input = fragment.root.output
        switch (channels[target.exchangeID], target.exchange) {
        case (.shared(let queue)?, _): return (target.exchangeID, ExchangeSink([queue]))
        case (.bySender(let queues)?, _): return (target.exchangeID, ExchangeSink([queues[instance]]))
        case (.byReceiver(let queues)?, .hash(let keys)):
            let partitioner = try HashPartitioner(keys, parts: queues.count, over: input, in: evaluation)
            return (target.exchangeID, ExchangeSink(queues, partitioner: partitioner))
        case (.byReceiver(let queues)?, .buckets(let written)):
            let partitioner = try BucketPartitioner(written, parts: queues.count)
            return (target.exchangeID, ExchangeSink(queues, partitioner: partitioner))
        case (.table(let table)?, _):
            return (target.exchangeID, try JoinBuildSink(table, in: evaluation))
        default: throw HoneyError.unexpected("an exchange has no channel")
        }
    }
}

extension HashJoin {
    /// Tells whether the columns of the probe keys go through a projection as they are.
    fileprivate func probesWhatPasses(_ outputs: [NamedExpression]) -> Bool {
        keys.allSatisfy { key in
            key.probe.referencedColumns.allSatisfy { id in
                outputs.contains { output in
                    if case .column(let reference) = output.expression {
                        output.id == id && reference.id == id
                    } else {
                        false
                    }
                }
            }
        }
    }
}
