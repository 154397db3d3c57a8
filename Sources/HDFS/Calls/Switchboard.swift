// What DataNodes and clients have in common: whose a connection or a timer is, and calls of RPC over connections that are made when there is
// something to ask.

import HoneyWorld

/// Who hears of what happens on a connection.
protocol ConnectionOwner: AnyObject {
    func connected(_ connection: Connection)
    func received(_ message: HDFSMessage, on connection: Connection)
    func writable(_ connection: Connection)
    func closed(_ connection: Connection, _ reason: CloseReason)
}

extension ConnectionOwner {
    func connected(_ connection: Connection) {}
    func writable(_ connection: Connection) {}
}

/// Passes a machine's events on to the part that waits for them.
final class Switchboard {
    private(set) var effects = Effects<HDFSMessage>()
    private(set) var now = Moment(monotonicNanoseconds: 0, wallMilliseconds: 0)
    private var owners: [Connection: any ConnectionOwner] = [:]
    private var timers: [Timer: () -> Void] = [:]
    private var syncs: [SyncToken: (DiskError?) -> Void] = [:]

    func begin(_ now: Moment, _ effects: Effects<HDFSMessage>) {
        self.now = now
        self.effects = effects
    }

    /// Passes an event on; false when it is about nothing that somebody asked for.
    @discardableResult
    func pass(_ event: Event<HDFSMessage>) -> Bool {
        switch event {
        case .connected(let connection): owners[connection]?.connected(connection)
        case .received(let connection, let message): owners[connection]?.received(message, on: connection)
        case .writable(let connection): owners[connection]?.writable(connection)
        case .closed(let connection, let reason):
            owners.removeValue(forKey: connection)?.closed(connection, reason)
        case .timer(let timer): timers.removeValue(forKey: timer)?()
        case .synced(let token, let failure): syncs.removeValue(forKey: token)?(failure)
        case .started, .accepted, .stopping: return false
        }
        return true
    }

    // MARK: Connections

    func connect(to address: NetworkAddress, over wire: WireName, for owner: any ConnectionOwner) -> Connection {
        let connection = effects.connect(to: address, over: wire)
        owners[connection] = owner
        return connection
    }

    func give(_ connection: Connection, to owner: any ConnectionOwner) { owners[connection] = owner }

    func close(_ connection: Connection) {
        guard owners.removeValue(forKey: connection) != nil else { return }
        effects.close(connection)
    }

    /// Lets the owner of a connection go on sending.
    func wake(_ connection: Connection) { owners[connection]?.writable(connection) }

    func send(_ message: TransferMessage, on connection: Connection) {
        effects.send(.transfer(message), on: connection)
    }

    /// Ends all connections, tells their owners, and forgets what was waited for.
    func end() {
        let open = owners.sorted { $0.key.number < $1.key.number }
        owners = [:]
        timers = [:]
        syncs = [:]
        for (connection, owner) in open {
            effects.close(connection)
            owner.closed(connection, .ended)
        }
    }

    // MARK: Time and durability

    /// Calls `work` after a while, unless the timer is cancelled.
    @discardableResult
    func after(_ nanoseconds: Int, _ work: @escaping () -> Void) -> Timer {
        let timer = effects.setTimer(after: nanoseconds)
        timers[timer] = work
        return timer
    }

    func cancel(_ timer: Timer?) {
        guard let timer, timers.removeValue(forKey: timer) != nil else { return }
        effects.cancel(timer)
    }

    /// Calls `done` when all targets are durable, or with why they may not be.
    func makeDurable(_ targets: [SyncTarget], _ done: @escaping (DiskError?) -> Void) {
        #if HONEY_BUG_SKIP_FSYNC
            done(nil)
        #else
            guard !targets.isEmpty else { return done(nil) }
            syncs[effects.sync(targets)] = done
        #endif
    }
}
