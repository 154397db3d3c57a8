import HoneyPlan

extension PhysicalPlan {
    /// Inputs in order; a join's build side is the second.
    public var children: [PhysicalPlan] {
        switch node {
        case .scan, .values, .receive: []
        case .filter(let input, _), .project(let input, _), .sort(let input, _, _), .limit(let input, _, _),
            .exchange(let input, _), .write(let input, _):
            [input]
        case .expand(let expand): [expand.input]
        case .aggregate(let aggregate): [aggregate.input]
        case .join(let join): [join.probe, join.build]
        case .union(let inputs): inputs
        }
    }

    /// The same node over other inputs.
    public func mapChildren(_ transform: (PhysicalPlan) throws -> PhysicalPlan) rethrows -> PhysicalPlan {
        var copy = self
        switch node {
        case .scan, .values, .receive: break
        case .filter(let input, let predicate): copy.node = .filter(try transform(input), predicate: predicate)
        case .project(let input, let outputs): copy.node = .project(try transform(input), outputs)
        case .expand(var expand):
            expand.input = try transform(expand.input)
            copy.node = .expand(expand)
        case .aggregate(var aggregate):
            aggregate.input = try transform(aggregate.input)
            copy.node = .aggregate(aggregate)
        case .join(var join):
            join.probe = try transform(join.probe)
            join.build = try transform(join.build)
            copy.node = .join(join)
        case .sort(let input, let keys, let limit): copy.node = .sort(try transform(input), keys: keys, limit: limit)
        case .limit(let input, let count, let offset):
            copy.node = .limit(try transform(input), count: count, offset: offset)
        case .union(let inputs): copy.node = .union(try inputs.map(transform))
        case .exchange(let input, let exchange): copy.node = .exchange(try transform(input), exchange)
        case .write(let input, let target): copy.node = .write(try transform(input), target)
        }
        return copy
    }
}

/// A part of a plan that runs without an exchange, in some instances at once.
public struct Fragment: Hashable, Sendable, Codable {
    /// Counts from 0; the fragment that gives the query's result is 0.
    public var id: Int
    /// Exchanges below are cut: `receive` stands for them.
    public var root: PhysicalPlan
    /// Where its rows go: the id of the exchange node and how; nil to the client.
    public var target: Target?
    public var instances: Int

    public struct Target: Hashable, Sendable, Codable {
        public var exchangeID: Int
        public var exchange: Exchange

        public init(exchangeID: Int, exchange: Exchange) {
            self.exchangeID = exchangeID
            self.exchange = exchange
        }
    }

    public init(id: Int, root: PhysicalPlan, target: Target?, instances: Int) {
        self.id = id
        self.root = root
        self.target = target
        self.instances = instances
    }
}
