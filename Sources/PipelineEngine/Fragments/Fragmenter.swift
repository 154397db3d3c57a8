import HoneyExecution
import HoneyPlan

/// Cuts a plan at its exchanges into fragments.
struct Fragmenter {
    private var fragments: [Fragment] = []
    private let threads: Int

    /// The fragments of a plan: the result's first, senders after their receivers.
    static func cut(_ plan: PhysicalPlan, threads: Int) -> [Fragment] {
        var fragmenter = Fragmenter(threads: max(threads, 1))
        fragmenter.add(plan, target: nil)
        return fragmenter.fragments
    }

    private init(threads: Int) { self.threads = threads }

    private mutating func add(_ plan: PhysicalPlan, target: Fragment.Target?) {
        let index = fragments.count
        fragments.append(Fragment(id: index, root: plan, target: target, instances: 1))
        fragments[index].root = strip(plan)
        fragments[index].instances = isSpread(fragments[index].root) ? threads : 1
    }

    private mutating func strip(_ plan: PhysicalPlan) -> PhysicalPlan {
        if case .exchange(let input, let exchange) = plan.node {
            add(input, target: Fragment.Target(exchangeID: plan.id, exchange: exchange))
            var leaf = plan
            leaf.node = .receive(exchangeID: plan.id, exchange)
            return leaf
        }
        return plan.mapChildren { strip($0) }
    }

    /// Tells whether a fragment's rows come in several streams.
    private func isSpread(_ plan: PhysicalPlan) -> Bool {
        switch plan.node {
        case .scan, .union: true
        case .values: false
        case .receive(_, let exchange):
            switch exchange {
            case .gather, .mergeGather: false
            case .broadcast, .hash, .buckets, .pass: true
            }
        case .join(let join): isSpread(join.probe)
        default: plan.children.first.map(isSpread) ?? false
        }
    }
}
