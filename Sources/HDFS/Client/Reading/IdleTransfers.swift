import HoneyWorld

/// Connections of data transfer on which a read has ended, kept for the next one.
///
/// DataNodes close them after four seconds (`dfs.datanode.socket.reuse.keepalive`), so that we do after three.
final class IdleTransfers {
    private var idle: [NetworkAddress: [Idle]] = [:]
    private static let lifetime = Int.seconds(3)
    private static let limit = 16

    private final class Idle: ConnectionOwner {
        let connection: Connection
        var timer: Timer?
        var whenClosed: () -> Void = {}

        init(_ connection: Connection) { self.connection = connection }

        // Nothing may come; whoever sends something all the same is not to be talked to.
        func received(_ message: HDFSMessage, on connection: Connection) { whenClosed() }

        func closed(_ connection: Connection, _ reason: CloseReason) { whenClosed() }
    }

    func take(_ address: NetworkAddress, _ client: HDFSClient) -> Connection? {
        guard let found = idle[address]?.popLast() else { return nil }
        client.board.cancel(found.timer)
        return found.connection
    }

    func keep(_ connection: Connection, to address: NetworkAddress, _ client: HDFSClient) {
        guard idle[address, default: []].count < Self.limit else { return client.board.close(connection) }
        let kept = Idle(connection)
        let end = { [unowned self, unowned client, unowned kept] in
            client.board.cancel(kept.timer)
            idle[address]?.removeAll { $0 === kept }
            client.board.close(kept.connection)
        }
        kept.whenClosed = end
        kept.timer = client.board.after(Self.lifetime, end)
        client.board.give(connection, to: kept)
        idle[address, default: []].append(kept)
    }
}
