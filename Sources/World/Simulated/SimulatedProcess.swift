import NIOCore

/// A machine on a simulated host, which can be killed, paused and started anew.
package final class SimulatedProcess<Message: Sendable> {
    package let name: String
    package let host: SimulatedHost
    let places: [(port: Int, wire: WireName)]
    unowned let world: SimulatedWorld<Message>
    private let makeMachine: () throws -> any Machine<Message>

    /// The machine while it runs.
    package private(set) var machine: (any Machine<Message>)?
    /// How the last machine ended by itself; nil while one runs or when it was killed.
    package private(set) var end: MachineEnd?
    /// Hears that the machine ended by itself.
    package var onEnd: ((MachineEnd) -> Void)?
    /// Counts starts, so that what was meant for a dead machine never reaches its successor.
    private(set) var life = 0
    private var effects = Effects<Message>()
    var connections: [Connection: SimulatedEnd<Message>] = [:]
    private var timers: Set<Timer> = []
    private var syncsBusyUntil = 0
    private var isHandling = false
    private var queue: [Event<Message>] = []
    package private(set) var isPaused = false
    /// What happened while it was paused.
    private var held: [() -> Void] = []

    init(
        name: String, host: SimulatedHost, places: [(port: Int, wire: WireName)], world: SimulatedWorld<Message>,
        _ makeMachine: @escaping () throws -> any Machine<Message>
    ) {
        self.name = name
        self.host = host
        self.places = places
        self.world = world
        self.makeMachine = makeMachine
    }

    package var isAlive: Bool { machine != nil }

    // MARK: Life and death

    /// Starts a new machine; does nothing while one runs or its host has no power.
    package func start() {
        guard machine == nil, host.isUp else { return }
        world.note("starts", name)
        life += 1
        effects = Effects()
        end = nil
        syncsBusyUntil = world.now
        do {
            machine = try makeMachine()
            deliver(.started)
        } catch {
            finish(.failed("\(error)"))
        }
    }

    /// Ends the machine at once, as `kill -9` does: the system closes its connections, and what it wrote to disks stays.
    package func kill() {
        guard machine != nil else { return }
        world.note("is killed", name)
        for end in connections.inOrder { end.orphan() }
        clear()
    }

    /// Ends the machine at once with its host, of which nobody hears.
    func vanish() {
        guard machine != nil else { return }
        for end in connections.inOrder { end.vanish() }
        clear()
    }

    private func clear() {
        machine = nil
        life += 1
        connections.removeAll()
        timers.removeAll()
        queue.removeAll()
        held.removeAll()
        isPaused = false
    }

    /// Asks the machine to end in order.
    package func requestStop() {
        let life = life
        post { [self] in
            if self.life == life { deliver(.stopping) }
        }
    }

    /// Stops the process without ending it; what happens to it waits.
    package func pause() {
        guard machine != nil else { return }
        world.note("pauses", name)
        isPaused = true
    }

    package func resume() {
        guard isPaused else { return }
        world.note("resumes", name)
        isPaused = false
        let held = held
        self.held = []
        let life = life
        for work in held where self.life == life { post(work) }
    }

    private func finish(_ end: MachineEnd) {
        guard machine != nil || self.end == nil else { return }
        world.note("ends: \(end)", name)
        self.end = end
        for connection in connections.inOrder { connection.close() }
        clear()
        onEnd?(end)
    }

    // MARK: Events

    /// Does something now, or once the process is not paused any more.
    func post(_ work: @escaping () -> Void) {
        if isPaused { held.append(work) } else { work() }
    }

    /// Calls the machine from outside, such as to let a client begin something.
    package func perform<M: Machine<Message>>(_ type: M.Type, _ work: @escaping (M, Moment, Effects<Message>) -> Void) {
        let life = life
        post { [self] in
            guard self.life == life, let machine = machine as? M else { return }
            handling { work(machine, host.moment, effects) }
        }
    }

    /// Lets the machine handle an event, at once or after the one it is handling.
    func deliver(_ event: Event<Message>) {
        guard machine != nil else { return }
        guard !isHandling else {
            queue.append(event)
            return
        }
        handling { handle(event) }
    }

    private func handling(_ work: () -> Void) {
        isHandling = true
        work()
        applyEffects()
        while !queue.isEmpty {
            handle(queue.removeFirst())
            applyEffects()
        }
        isHandling = false
    }

    private func handle(_ event: Event<Message>) {
        guard let machine else { return }
        world.mix(UInt64(truncatingIfNeeded: world.now))
        world.mix(UInt64(event.kind))
        machine.handle(event, at: host.moment, effects)
    }

    private func applyEffects() {
        while !effects.isEmpty {
            for effect in effects.take() { apply(effect) }
        }
    }

    private func apply(_ effect: Effect<Message>) {
        guard machine != nil else { return }
        switch effect {
        case .connect(let connection, let address, let wire):
            connections[connection] = world.network.connect(connection, of: self, to: address, over: wire)
        case .send(let connection, let message): connections[connection]?.send(message)
        case .close(let connection): connections.removeValue(forKey: connection)?.close()
        case .notifyWhenWritable(let connection): connections[connection]?.notifyWhenWritable()
        case .setReading(let connection, let isReading): connections[connection]?.setReading(isReading)
        case .setTimer(let timer, let nanoseconds): setTimer(timer, after: nanoseconds)
        case .cancelTimer(let timer): timers.remove(timer)
        case .sync(let token, let targets): sync(targets, token)
        // A power failure keeps what it likes of the bytes that were not synced, with this or without.
        case .startWriteback: break
        case .log(let level, let message): world.note("\(level.rawValue): \(message)", name)
        case .stop(let reason): finish(reason.map { .failed($0) } ?? .stopped)
        }
    }

    func makeConnection() -> Connection { effects.makeConnection() }

    private func setTimer(_ timer: Timer, after nanoseconds: Int) {
        timers.insert(timer)
        let life = life
        world.after(host.clock.trueDuration(of: nanoseconds)) { [self] in
            guard self.life == life, timers.contains(timer) else { return }
            post { [self] in
                guard self.life == life, timers.remove(timer) != nil else { return }
                deliver(.timer(timer))
            }
        }
    }

    /// Syncs one request after another; what is written after one was asked for it does not make durable.
    private func sync(_ targets: [SyncTarget], _ token: SyncToken) {
        let requests = targets.map { SimulatedSync($0) }
        let takes = requests.reduce(0) { $0 + $1.drawLatency() }
        syncsBusyUntil = max(syncsBusyUntil, world.now) + takes
        let life = life
        world.after(syncsBusyUntil - world.now) { [self] in
            // The disks do it even when the process has died meanwhile.
            var failure: DiskError?
            for request in requests where failure == nil {
                do throws(DiskError) { try request.finish() } catch { failure = error }
            }
            guard self.life == life else { return }
            post { [self] in
                if self.life == life { deliver(.synced(token, failure: failure)) }
            }
        }
    }
}

extension Dictionary where Key == Connection {
    /// The values in the order of their connections' numbers, so that a seed decides everything.
    var inOrder: [Value] { sorted { $0.key.number < $1.key.number }.map(\.value) }
}

extension Event {
    /// A number for each kind, for the history.
    fileprivate var kind: Int {
        switch self {
        case .started: 1
        case .accepted(let connection, _, _): 2 &+ connection.number << 4
        case .connected(let connection): 3 &+ connection.number << 4
        case .received(let connection, _): 4 &+ connection.number << 4
        case .closed(let connection, _): 5 &+ connection.number << 4
        case .writable(let connection): 6 &+ connection.number << 4
        case .timer(let timer): 7 &+ timer.number << 4
        case .synced(let token, _): 8 &+ token.number << 4
        case .stopping: 9
        }
    }
}
