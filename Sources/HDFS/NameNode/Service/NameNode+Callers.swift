import HoneyWorld

/// Who calls: users with their groups, those who act for others, and connections that nobody uses.
extension NameNode {
    /// Who is on the other side of a connection.
    struct Peer {
        var host: String
        /// When the last call came, or the connection; monotonic nanoseconds.
        var lastHeard: Int
        var hasCalled = false

        mutating func hear(at now: Int) {
            lastHeard = now
            hasCalled = true
        }
    }

    /// Users whose groups were asked for lately.
    struct KnownCallers {
        private var known: [String: (caller: Caller, since: Int)] = [:]

        func caller(_ user: String, notBefore deadline: Int) -> Caller? {
            known[user].flatMap { $0.since >= deadline ? $0.caller : nil }
        }

        mutating func insert(_ caller: Caller, at now: Int) {
            if known.count > 10_000 { known.removeAll() }
            known[caller.user] = (caller, now)
        }

        mutating func removeAll() { known.removeAll() }
    }

    /// The user of a call; fails when somebody acts for him who may not.
    func caller(_ call: RPCCall, on connection: Connection) throws(RemoteException) -> Caller {
        var caller = caller(named: call.user)
        caller.host = peers[connection]?.host ?? ""
        if let realUser = call.realUser {
            try configuration.impersonation.check(realUser, actsFor: caller)
        }
        return caller
    }

    /// A user who asks in this process or over HTTP.
    func caller(named user: String) -> Caller {
        let clock = now.monotonicNanoseconds
        if let known = callers.caller(user, notBefore: clock - configuration.groupLifetime) { return known }
        let groups = groups(user)
        let caller = Caller(
            user: user, groups: groups,
            isSuperuser: user == configuration.superuser || groups.contains(configuration.supergroup)
                || !configuration.enforcesPermissions,
            host: "")
        callers.insert(caller, at: clock)
        return caller
    }

    /// Closes connections whose client never finished its first call, and idle ones when there are very many.
    func closeIdleConnections() {
        let clock = now.monotonicNanoseconds
        let isCrowded = peers.count > configuration.idleThreshold
        let idle = peers.filter { connection, peer in
            guard peer.hasCalled else { return clock - peer.lastHeard > configuration.handshakeTimeout }
            return isCrowded && clock - peer.lastHeard > configuration.idleTimeout && !waiting.hasReply(for: connection)
        }
        for connection in idle.keys.sorted(by: { $0.number < $1.number }) {
            peers[connection] = nil
            waiting.forget(connection)
            effects.close(connection)
        }
    }
}
