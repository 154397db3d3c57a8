/// What a machine wants done: the driver takes the list after each event and does it in order.
///
/// One value serves a machine for its whole life, so that numbers of connections and timers are never used twice.
package final class Effects<Message: Sendable> {
    private var pending: [Effect<Message>] = []
    private var nextNumber = 1

    package init() {}

    /// Takes what was asked for since the last call.
    package func take() -> [Effect<Message>] {
        defer { pending.removeAll(keepingCapacity: true) }
        return pending
    }

    package var isEmpty: Bool { pending.isEmpty }

    /// Makes a number for a connection that the driver accepted.
    package func makeConnection() -> Connection { Connection(number: makeNumber()) }

    private func makeNumber() -> Int {
        defer { nextNumber += 1 }
        return nextNumber
    }

    /// Opens a connection; `connected` or `closed` follows. Messages sent before are sent when it is open.
    package func connect(to address: NetworkAddress, over wire: WireName) -> Connection {
        let connection = makeConnection()
        pending.append(.connect(connection, to: address, over: wire))
        return connection
    }

    /// Sends a message after those sent before; is ignored when the connection has ended.
    package func send(_ message: Message, on connection: Connection) { pending.append(.send(connection, message)) }

    /// Ends a connection after what was sent on it; no event follows.
    package func close(_ connection: Connection) { pending.append(.close(connection)) }

    /// Asks for `writable` once little of what was sent is still waiting.
    package func notifyWhenWritable(_ connection: Connection) { pending.append(.notifyWhenWritable(connection)) }

    /// Stops or resumes reading a connection, so that a sender who is too fast waits.
    package func setReading(_ isReading: Bool, _ connection: Connection) {
        pending.append(.setReading(connection, isReading))
    }

    package func setTimer(after nanoseconds: Int) -> Timer {
        let timer = Timer(number: makeNumber())
        pending.append(.setTimer(timer, afterNanoseconds: nanoseconds))
        return timer
    }

    /// Forgets a timer; its event does not come any more.
    package func cancel(_ timer: Timer) { pending.append(.cancelTimer(timer)) }

    /// Makes what was written durable; `synced` follows.
    package func sync(_ targets: [SyncTarget]) -> SyncToken {
        let token = SyncToken(number: makeNumber())
        pending.append(.sync(token, targets))
        return token
    }

    /// Begins to bring bytes of a file to the disk, so that a sync that is asked for later has less to wait for; no event follows.
    package func startWriteback(_ file: any DiskFile, _ range: Range<Int>) {
        pending.append(.startWriteback(file, range))
    }

    /// Writes a line to the daemon's log.
    package func log(_ level: LogLevel, _ message: @autoclosure () -> String) {
        pending.append(.log(level, message()))
    }

    /// Ends the machine in order: what was sent is sent, then its connections and ports close.
    package func stop() { pending.append(.stop(nil)) }

    /// Ends the machine because it cannot go on, such as a NameNode that cannot write its log.
    package func fail(_ reason: String) { pending.append(.stop(reason)) }
}

/// One thing a machine wants done.
package enum Effect<Message: Sendable> {
    case connect(Connection, to: NetworkAddress, over: WireName)
    case send(Connection, Message)
    case close(Connection)
    case notifyWhenWritable(Connection)
    case setReading(Connection, Bool)
    case setTimer(Timer, afterNanoseconds: Int)
    case cancelTimer(Timer)
    case sync(SyncToken, [SyncTarget])
    case startWriteback(any DiskFile, Range<Int>)
    case log(LogLevel, String)
    case stop(String?)
}

package enum LogLevel: String, Hashable, Sendable, Comparable, CaseIterable {
    case debug, info, warning, error

    package static func < (left: LogLevel, right: LogLevel) -> Bool {
        allCases.firstIndex(of: left)! < allCases.firstIndex(of: right)!
    }
}
