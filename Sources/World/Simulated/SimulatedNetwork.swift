/// What is between hosts: how fast each reaches each, and who doesn't reach whom.
package final class SimulatedNetwork<Message: Sendable> {
    weak var world: SimulatedWorld<Message>!
    private(set) var random: SeededRandom
    let size: (Message) -> Int
    /// What holds where nothing else was said.
    package var usual = LinkConditions()
    private var special: [Way: LinkConditions] = [:]
    private var blocked: Set<Way> = []
    private var stalled: [SimulatedEnd<Message>] = []
    /// How long connecting is tried.
    package var connectTimeoutNanoseconds = Int.seconds(20)
    /// How long a connection waits for an acknowledgement before it breaks.
    package var silenceTimeoutNanoseconds = Int.seconds(120)
    /// A connection is not writable any more when so many bytes wait, and again when only a quarter does.
    package var unsentBytes = 256 << 10

    private struct Way: Hashable {
        var from: String
        var to: String
    }

    init(random: SeededRandom, size: @escaping (Message) -> Int) {
        self.random = random
        self.size = size
    }

    // MARK: Conditions

    package func conditions(from: String, to: String) -> LinkConditions { special[Way(from: from, to: to)] ?? usual }

    /// Sets how one host reaches another; nil for as usual.
    package func set(_ conditions: LinkConditions?, from: String, to: String) {
        special[Way(from: from, to: to)] = conditions
    }

    /// Lets nothing pass from one host to another, silently.
    package func block(from: String, to: String) {
        if from != to { blocked.insert(Way(from: from, to: to)) }
    }

    /// Lets everything pass again; connections that did not break meanwhile go on.
    package func unblock(from: String, to: String) {
        guard blocked.remove(Way(from: from, to: to)) != nil else { return }
        retryStalled()
    }

    package func unblockAll() {
        blocked.removeAll()
        retryStalled()
    }

    /// Gives all ways their usual conditions.
    package func forgetSpecialConditions() { special.removeAll() }

    func isBlocked(from: String, to: String) -> Bool {
        !blocked.isEmpty && blocked.contains(Way(from: from, to: to))
    }

    // MARK: Ways

    /// Draws how long a message of so many bytes takes, without those before it.
    func drawDelay(_ conditions: LinkConditions) -> Int {
        var delay = conditions.latencyNanoseconds
        if conditions.jitterNanoseconds > 0 {
            delay += Int.random(in: 0...conditions.jitterNanoseconds, using: &random)
        }
        if happens(conditions.lossThousandths) {
            var wait = Int.milliseconds(200)
            while happens(conditions.lossThousandths) { wait *= 2 }
            delay += wait
        }
        return delay
    }

    func happens(_ thousandths: Int) -> Bool {
        thousandths > 0 && Int.random(in: 0..<1000, using: &random) < thousandths
    }

    func draw(_ range: ClosedRange<Int>) -> Int { Int.random(in: range, using: &random) }

    /// Remembers an end whose messages don't pass.
    func noteStalled(_ end: SimulatedEnd<Message>) { stalled.append(end) }

    /// Lets what did not pass be sent again.
    func retryStalled() {
        let ends = stalled
        stalled.removeAll()
        for end in ends { end.retry(after: draw(0...Int.seconds(2))) }
    }

    // MARK: Connecting

    func connect(
        _ connection: Connection, of process: SimulatedProcess<Message>, to address: NetworkAddress, over wire: WireName
    ) -> SimulatedEnd<Message> {
        let end = SimulatedEnd(connection, process: process, codec: codec(wire, isServer: false))
        guard case .tcp(let host, let port) = address else {
            end.failToOpen(.failed("a simulated network has no Unix-domain sockets"), after: 0)
            return end
        }
        end.peerHost = host
        knock(end, host: host, port: port, wire: wire, wait: .seconds(1), left: connectTimeoutNanoseconds)
        return end
    }

    private func codec(_ wire: WireName, isServer: Bool) -> (any WireCodec<Message>)? {
        world.wires[wire]?.makeCodec(isServer: isServer)
    }

    /// Asks a port for a connection, again and again while nobody hears it.
    private func knock(
        _ end: SimulatedEnd<Message>, host: String, port: Int, wire: WireName, wait: Int, left: Int
    ) {
        let own = end.process.host.name
        let isHeard =
            !isBlocked(from: own, to: host) && !isBlocked(from: host, to: own) && world.hosts[host]?.isUp ?? false
        guard isHeard else {
            guard world.hosts[host] != nil else {
                return end.failToOpen(.failed("no address is known for \(host)"), after: .milliseconds(1))
            }
            guard left > wait else { return end.failToOpen(.timedOut, after: left) }
            world.after(wait) { [self] in
                guard end.isOpening else { return }
                knock(end, host: host, port: port, wire: wire, wait: 2 * wait, left: left - wait)
            }
            return
        }
        world.after(drawDelay(conditions(from: own, to: host))) { [self] in
            guard end.isOpening else { return }
            let back = drawDelay(conditions(from: host, to: own))
            guard let (server, spoken) = world.listener(host: host, port: port), spoken == wire,
                !server.host.refusesConnections
            else { return end.failToOpen(.refused, after: back) }
            let other = SimulatedEnd(
                server.makeConnection(), process: server, codec: codec(wire, isServer: true))
            other.peerHost = own
            other.join(end)
            server.connections[other.connection] = other
            other.beginAccepted(wire: wire, from: .tcp(host: own, port: draw(32768...60999)))
            world.after(back) { end.open() }
        }
    }
}
