import HoneyWorld

/// Replies that wait until what they tell is durable, in the order of their transactions.
struct WaitingReplies {
    private var replies: [(message: HDFSMessage, connection: Connection, transaction: Int)] = []
    private var start = 0

    mutating func add(_ message: HDFSMessage, on connection: Connection, after transaction: Int) {
        replies.append((message, connection, transaction))
    }

    mutating func forget(_ connection: Connection) {
        guard start < replies.count else { return }
        replies[start...].removeAll { $0.connection == connection }
    }

    func hasReply(for connection: Connection) -> Bool {
        start < replies.count && replies[start...].contains { $0.connection == connection }
    }

    mutating func release(upTo durable: Int, _ effects: Effects<HDFSMessage>) {
        guard start < replies.count else { return }
        while start < replies.count, replies[start].transaction <= durable {
            effects.send(replies[start].message, on: replies[start].connection)
            start += 1
        }
        if start == replies.count {
            replies.removeAll(keepingCapacity: true)
            start = 0
        } else if start > 4096 {
            replies.removeFirst(start)
            start = 0
        }
    }
}
