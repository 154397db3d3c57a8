import NIOCore

/// Answers to calls that changed something, so that a call that comes again is answered as the first time and not done twice.
package struct RetryCache {
    private var replies: [Key: ByteBuffer] = [:]
    private var order: [(key: Key, time: Int)] = []
    private var start = 0
    /// Milliseconds an answer is kept: `dfs.namenode.retrycache.expirytime.millis`.
    let lifetime: Int

    /// So many are kept however old they are: clocks jump, and who takes over has another one than who answered.
    static let fewest = 1 << 13
    /// More are never kept.
    static let most = 1 << 20

    private struct Key: Hashable {
        var client: RPCClientID
        var number: Int32
    }

    init(lifetime: Int) { self.lifetime = lifetime }

    package var count: Int { replies.count }

    func reply(to client: RPCClientID, _ number: Int32) -> ByteBuffer? {
        replies[Key(client: client, number: number)]
    }

    /// Keeps an answer given at `time`, wall milliseconds, and forgets those that are too old.
    mutating func insert(_ call: Transaction.AnsweredCall, time: Int) {
        let key = Key(client: call.client, number: call.number)
        if replies.updateValue(call.reply, forKey: key) == nil { order.append((key, time)) }
        while order.count - start > Self.fewest,
            order[start].time.addingClamped(lifetime) < time || order.count - start > Self.most
        {
            replies[order[start].key] = nil
            start += 1
        }
        if start > 1024, start > order.count / 2 {
            order.removeFirst(start)
            start = 0
        }
    }

    /// All answers with their times, oldest first.
    func forEach(_ body: (Transaction.AnsweredCall, Int) -> Void) {
        for (key, time) in order[start...] {
            guard let reply = replies[key] else { continue }
            body(Transaction.AnsweredCall(client: key.client, number: key.number, reply: reply), time)
        }
    }
}
