import HoneyCore
package import NIOCore
import NIOPosix

/// Drives one machine in the real world: with sockets, files, timers and the system's clocks.
///
/// Everything of the machine happens on one event loop, which hosts may share. Messages that came with one read are all
/// handled before anything is sent, and what they caused to be sent leaves with one system call a connection.
package final class MachineHost<M: Machine>: @unchecked Sendable {
    // All state below is touched on the event loop only.
    package let eventLoop: any EventLoop
    let wires: [WireName: any Wire<M.Message>]
    let settings: HostSettings
    /// Tells where an address that the machine connects to really is.
    let route: @Sendable (NetworkAddress) -> NetworkAddress
    private let writeLog: @Sendable (LogLevel, String) -> Void
    private let syncs: SyncQueue
    private let endPromise: EventLoopPromise<MachineEnd>

    private var machine: M?
    /// What its machine asks for.
    let effects = Effects<M.Message>()
    private var queue = CircularBuffer<Event<M.Message>>()
    private var isHandling = false
    private var isFlushing = false
    private var unflushed: [ConnectionHandler<M>] = []
    private var timers: [Timer: Scheduled<Void>] = [:]

    /// Connections the machine knows of.
    var connections: [Connection: ConnectionHandler<M>] = [:]
    /// Channels that are not closed yet, those of connections that the machine has closed too.
    private var channels = 0
    private var listeners: [(channel: any Channel, address: NetworkAddress)] = []
    private var end: MachineEnd?

    /// Makes a host without a machine; `log` may be called from any thread.
    ///
    /// - Parameter route: tells where an address that the machine connects to really is, so that machines of one host can be reached
    ///   at sockets whose paths no message carries.
    package init(
        on eventLoop: any EventLoop, wires: [any Wire<M.Message>], settings: HostSettings = HostSettings(),
        route: @escaping @Sendable (NetworkAddress) -> NetworkAddress = { $0 },
        log: @escaping @Sendable (LogLevel, String) -> Void
    ) {
        self.eventLoop = eventLoop
        self.wires = Dictionary(uniqueKeysWithValues: wires.map { ($0.name, $0) })
        self.settings = settings
        self.route = route
        writeLog = log
        syncs = SyncQueue(reportingOn: eventLoop)
        endPromise = eventLoop.makePromise()
    }

    /// Succeeds when the machine has ended and all its connections and ports are closed.
    package var ended: EventLoopFuture<MachineEnd> { endPromise.futureResult }

    /// Listens, makes the machine, and lets it start; nobody is accepted before it has.
    ///
    /// Succeeds with the addresses it listens on, where ports that were 0 are what the system chose; the machine is made with
    /// them, on the event loop.
    package func start(
        listening places: [(address: NetworkAddress, wire: WireName)] = [],
        _ makeMachine: @escaping @Sendable ([NetworkAddress]) throws -> M
    ) -> EventLoopFuture<[NetworkAddress]> {
        let binds = places.map { place in bind(place.address, place.wire) }
        return EventLoopFuture.whenAllSucceed(binds, on: eventLoop).flatMapThrowing { [self] bound in
            let addresses = bound.map(\.address)
            listeners = bound.map { ($0.channel, $0.address) }
            machine = try makeMachine(addresses)
            deliver(.started)
            flush()
            if case .failed(let reason) = end { throw HoneyError(.environment, "CANNOT_START", reason) }
            for listener in bound { try listener.channel.syncOptions?.setOption(.autoRead, value: true) }
            return addresses
        }.flatMapErrorThrowing { [self] error in
            finish(.failed("\(error)"))
            // Where one place cannot be had, others were, or will be.
            for bind in binds { bind.whenSuccess { self.stopListening($0.channel, $0.address) } }
            throw error
        }
    }

    /// Calls the machine from any thread, such as to let a client begin something; does nothing after it has ended.
    package func perform(_ work: @escaping @Sendable (M, Moment, Effects<M.Message>) -> Void) {
        eventLoop.execute { [self] in
            guard let machine else { return }
            work(machine, .now(), effects)
            isHandling = true
            applyEffects()
            drainQueue()
            flush()
        }
    }

    /// Asks the machine to end in order; see `ended`.
    package func requestStop() {
        eventLoop.execute { [self] in
            guard machine != nil else { return }
            deliver(.stopping)
            flush()
        }
    }

    /// Ends the machine at once, with what it has not sent unsent, as a crash would.
    package func kill() {
        eventLoop.execute { [self] in
            guard end == nil else { return }
            for handler in connections.values { handler.abort() }
            finish(.failed("killed"))
        }
    }

    package func log(_ level: LogLevel, _ message: String) { writeLog(level, message) }

    // MARK: Events

    /// Lets the machine handle an event, at once or after the one it is handling.
    func deliver(_ event: Event<M.Message>) {
        guard !isHandling, !isFlushing else {
            queue.append(event)
            return
        }
        isHandling = true
        handle(event)
        drainQueue()
    }

    private func drainQueue() {
        while let event = queue.popFirst() { handle(event) }
        isHandling = false
    }

    private func handle(_ event: Event<M.Message>) {
        guard let machine else { return }
        machine.handle(event, at: .now(), effects)
        applyEffects()
    }

    private func applyEffects() {
        while !effects.isEmpty {
            for effect in effects.take() { apply(effect) }
        }
    }

    private func apply(_ effect: Effect<M.Message>) {
        guard end == nil else { return }
        switch effect {
        case .connect(let connection, let address, let wire): connect(connection, to: address, over: wire)
        case .send(let connection, let message): connections[connection]?.send(message)
        case .close(let connection): connections.removeValue(forKey: connection)?.close()
        case .notifyWhenWritable(let connection): connections[connection]?.notifyWhenWritable()
        case .setReading(let connection, let isReading): connections[connection]?.setReading(isReading)
        case .setTimer(let timer, let nanoseconds): setTimer(timer, after: nanoseconds)
        case .cancelTimer(let timer): timers.removeValue(forKey: timer)?.cancel()
        case .sync(let token, let targets):
            syncs.sync(targets) { [self] failure in
                deliver(.synced(token, failure: failure))
                flush()
            }
        case .startWriteback(let file, let range): syncs.startWriteback(file, range)
        case .log(let level, let message): writeLog(level, message)
        case .stop(let reason): finish(reason.map { .failed($0) } ?? .stopped)
        }
    }

    private func setTimer(_ timer: Timer, after nanoseconds: Int) {
        timers[timer] = eventLoop.scheduleTask(in: .nanoseconds(Int64(max(nanoseconds, 0)))) { [self] in
            guard timers.removeValue(forKey: timer) != nil else { return }
            deliver(.timer(timer))
            flush()
        }
    }

    // MARK: Sending

    /// Remembers that a connection has something to send when the events at hand are done.
    func noteUnflushed(_ handler: ConnectionHandler<M>) { unflushed.append(handler) }

    /// Sends what was written on all connections. Events that this causes are handled in the loop's next turn, so that a
    /// connection that is always ready to be written keeps nobody else waiting.
    func flush() {
        guard !isHandling, !isFlushing else { return }
        isFlushing = true
        var index = 0
        while index < unflushed.count {
            unflushed[index].flush()
            index += 1
        }
        unflushed.removeAll(keepingCapacity: true)
        isFlushing = false
        guard !queue.isEmpty else { return }
        eventLoop.execute { [self] in
            guard !isHandling else { return }
            isHandling = true
            drainQueue()
            flush()
        }
    }

    // MARK: Ending

    func channelOpened() { channels += 1 }

    func channelClosed() {
        channels -= 1
        endIfQuiet()
    }

    private func finish(_ end: MachineEnd) {
        guard self.end == nil else { return }
        self.end = end
        for timer in timers.values { timer.cancel() }
        timers.removeAll()
        for listener in listeners { stopListening(listener.channel, listener.address) }
        for handler in connections.values { handler.close() }
        connections.removeAll()
        queue.removeAll()
        // The machine may be handling the event in which it ended.
        eventLoop.execute { [self] in
            machine = nil
            syncs.stop()
            endIfQuiet()
        }
    }

    private func endIfQuiet() {
        if let end, machine == nil, channels == 0 { endPromise.succeed(end) }
    }

    /// Whether connections that come now are turned away.
    var isEnding: Bool { end != nil }
}

/// How a machine ended.
package enum MachineEnd: Hashable, Sendable {
    /// In order, as it was asked.
    case stopped
    /// It could not go on, for this reason.
    case failed(String)
}

/// What a host does the same for all its connections.
package struct HostSettings: Hashable, Sendable {
    package var connectTimeoutNanoseconds: Int
    /// A connection is not writable any more when so many bytes wait, and again when only a quarter does.
    package var unsentBytes: Int
    /// Bytes asked of the system at once on a connection with much to read.
    package var readBytes: Int

    package init(
        connectTimeoutNanoseconds: Int = .seconds(20), unsentBytes: Int = 1 << 20, readBytes: Int = 256 << 10
    ) {
        self.connectTimeoutNanoseconds = connectTimeoutNanoseconds
        self.unsentBytes = unsentBytes
        self.readBytes = readBytes
    }
}
