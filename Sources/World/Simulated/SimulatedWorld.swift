/// Time, hosts and a network that one seed decides.
package final class SimulatedWorld<Message: Sendable> {
    /// True nanoseconds since the world began; what machines are told are the clocks of their hosts.
    package private(set) var now = 0
    package let network: SimulatedNetwork<Message>
    /// For decisions of the world itself.
    package var random: SeededRandom
    package private(set) var hosts: [String: SimulatedHost] = [:]
    package private(set) var processes: [String: SimulatedProcess<Message>] = [:]
    let wires: [WireName: any Wire<Message>]
    private var queue = EventQueue()
    /// Hears what happens, line by line; nil costs nothing.
    package var trace: ((String) -> Void)?
    /// Says in the trace what a message is; nil leaves messages out.
    package var describe: ((Message) -> String?)?
    /// A number that differs when two histories differ.
    package private(set) var fingerprint: UInt64 = 0xCBF2_9CE4_8422_2325
    package private(set) var eventCount = 0

    /// Makes an empty world; with `wires` messages go through their codecs as bytes, without them they go as they are.
    ///
    /// `size` tells how many bytes a message counts where it does not become bytes.
    package init(
        seed: UInt64, wires: [any Wire<Message>] = [], size: @escaping (Message) -> Int = { _ in 200 }
    ) {
        random = SeededRandom(seed: seed)
        self.wires = Dictionary(uniqueKeysWithValues: wires.map { ($0.name, $0) })
        network = SimulatedNetwork(random: random.split(), size: size)
        network.world = self
    }

    // MARK: Building

    /// Adds a computer; its name is its address too.
    @discardableResult
    package func addHost(_ name: String) -> SimulatedHost {
        let host = SimulatedHost(name: name, random: random.split())
        host.trueTime = { [unowned self] in now }
        hosts[name] = host
        return host
    }

    /// Adds a process to a host, which does not run before it is started.
    @discardableResult
    package func addProcess(
        _ name: String, on host: SimulatedHost, listening places: [(port: Int, wire: WireName)] = [],
        _ makeMachine: @escaping () throws -> any Machine<Message>
    ) -> SimulatedProcess<Message> {
        let process = SimulatedProcess(name: name, host: host, places: places, world: self, makeMachine)
        processes[name] = process
        return process
    }

    /// All processes of a host, by name.
    package func processes(on host: SimulatedHost) -> [SimulatedProcess<Message>] {
        processes.values.filter { $0.host === host }.sorted { $0.name < $1.name }
    }

    /// Finds who listens on a port of a host.
    func listener(host: String, port: Int) -> (process: SimulatedProcess<Message>, wire: WireName)? {
        for process in processes.values where process.host.name == host && process.isAlive {
            if let place = process.places.first(where: { $0.port == port }) { return (process, place.wire) }
        }
        return nil
    }

    // MARK: Time

    /// Lets something happen later.
    package func after(_ nanoseconds: Int, _ work: @escaping () -> Void) {
        queue.insert(at: now + max(nanoseconds, 0), work)
    }

    /// Lets the next event happen; false when there is none.
    @discardableResult
    package func step() -> Bool {
        guard let time = queue.nextTime else { return false }
        now = time
        eventCount += 1
        queue.removeFirst()()
        return true
    }

    /// Lets everything happen up to a time, or until `condition` tells that it is enough.
    ///
    /// Returns whether the condition held.
    @discardableResult
    package func run(until time: Int, _ condition: () -> Bool = { false }) -> Bool {
        while !condition() {
            guard let next = queue.nextTime, next <= time else {
                now = max(now, time)
                return condition()
            }
            step()
        }
        return true
    }

    // MARK: Faults of whole computers

    /// Takes a host's power: its processes are gone, nobody is told, and its disks keep what they may.
    package func losePower(_ host: SimulatedHost) {
        note("power lost", host.name)
        for process in processes(on: host) { process.vanish() }
        host.losePower()
    }

    /// Gives a host its power back; its processes are started by who wants them.
    package func restorePower(_ host: SimulatedHost) {
        note("power restored", host.name)
        host.restorePower()
        network.retryStalled()
    }

    // MARK: History

    /// Adds to the history's number and tells the trace.
    func note(_ event: @autoclosure () -> String, _ subject: String) {
        mix(UInt64(truncatingIfNeeded: now))
        guard let trace else { return }
        trace("\(Self.seconds(now)) \(subject): \(event())")
    }

    /// Tells the trace of a message.
    func tell(_ message: Message, from: String, to: String) {
        guard let trace, let text = describe?(message) else { return }
        trace("\(Self.seconds(now)) \(from) → \(to): \(text)")
    }

    func mix(_ number: UInt64) {
        fingerprint = (fingerprint ^ number) &* 0x0000_0100_0000_01B3
        fingerprint ^= fingerprint >> 29
    }

    /// Writes a time as seconds with six digits.
    package static func seconds(_ nanoseconds: Int) -> String {
        let fraction = String(1_000_000 + nanoseconds / 1000 % 1_000_000).dropFirst()
        return "\(nanoseconds / .seconds(1)).\(fraction)"
    }
}
