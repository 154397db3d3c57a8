// World is what a daemon lives in: a clock, a network, disks and randomness; real or simulated.
// A daemon's logic is a `Machine`: events in, effects out. `Real/` drives machines with sockets, files and the system's clock,
// `Simulated/` with virtual time, a network and disks that fail as a seed says. It knows no protocol and no file system.

/// The logic of a daemon or a client, without input or output of its own.
///
/// A machine is confined to whoever drives it: all its events come one after another. It must not block, ask for the time, use
/// threads or any randomness but what it was given, so that a simulation repeats from its seed.
package protocol Machine<Message>: AnyObject, SendableMetatype {
    associatedtype Message: Sendable

    /// Handles one event; what it wants done goes to `effects`, which the driver does after it returns.
    func handle(_ event: Event<Message>, at now: Moment, _ effects: Effects<Message>)
}

/// What happens to a machine.
package enum Event<Message: Sendable> {
    /// The first event: disks are there, nothing else has happened.
    case started
    /// Somebody connected to one of our ports.
    case accepted(Connection, wire: WireName, from: NetworkAddress)
    /// A connection we asked for is open.
    case connected(Connection)
    case received(Connection, Message)
    /// A connection has ended or could not be made; nothing comes on it any more. Never told for one we closed ourselves.
    case closed(Connection, CloseReason)
    /// A connection has sent most of what it was given; told once for each `notifyWhenWritable`.
    case writable(Connection)
    case timer(Timer)
    /// What `sync` asked for is durable, or failed and may be lost.
    case synced(SyncToken, failure: DiskError?)
    /// Somebody asked the machine to end in order; it answers with `effects.stop()` when it is ready.
    case stopping
}

/// Why a connection ended.
package enum CloseReason: Hashable, Sendable {
    case refused
    case ended
    case timedOut
    /// The bytes that came were not what the wire says.
    case malformed(String)
    case failed(String)
}

/// One connection of a machine; numbers are the machine's own.
package struct Connection: Hashable, Sendable {
    package let number: Int

    package init(number: Int) { self.number = number }
}

/// One timer of a machine.
package struct Timer: Hashable, Sendable {
    package let number: Int

    package init(number: Int) { self.number = number }
}

/// One request for durability of a machine.
package struct SyncToken: Hashable, Sendable {
    package let number: Int

    package init(number: Int) { self.number = number }
}

/// A language spoken on a connection, such as `rpc`.
package struct WireName: Hashable, Sendable {
    package let name: String

    package init(_ name: String) { self.name = name }
}
