import NIOCore
import Testing

@testable import HoneyHDFS

struct RetryCacheTests {
    private func call(_ number: Int) -> Transaction.AnsweredCall {
        Transaction.AnsweredCall(
            client: RPCClientID(high: 1, low: 2), number: Int32(number), reply: ByteBuffer(integer: number))
    }

    @Test func aClockThatJumpsForgetsNothingRecent() {
        var cache = RetryCache(lifetime: 600_000)
        cache.insert(call(1), time: 1_000)
        cache.insert(call(2), time: 26_871_000_000)
        #expect(cache.reply(to: call(1).client, 1) == ByteBuffer(integer: 1))
    }

    @Test func oldAnswersGoOnceThereAreMany() {
        var cache = RetryCache(lifetime: 1_000)
        let many = RetryCache.fewest
        for number in 0..<(many + 10) { cache.insert(call(number), time: 0) }
        #expect(cache.count == many + 10)
        cache.insert(call(many + 10), time: 2_000)
        #expect(cache.count == many)
        #expect(cache.reply(to: call(0).client, 10) == nil && cache.reply(to: call(0).client, 11) != nil)
    }

    @Test func thereAreNeverTooMany() {
        var cache = RetryCache(lifetime: 1_000)
        for number in 0..<(RetryCache.most + 10) { cache.insert(call(number), time: 0) }
        #expect(cache.count == RetryCache.most)
    }
}
