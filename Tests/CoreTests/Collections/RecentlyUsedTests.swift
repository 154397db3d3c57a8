import HoneyCore
import Testing

struct RecentlyUsedTests {
    @Test func whatWasUsedLongestAgoGoes() {
        var kept = RecentlyUsed<String, Int>(limit: 2)
        kept.keep(1, for: "a")
        kept.keep(2, for: "b")
        #expect(kept.value(for: "a") == 1)
        kept.keep(3, for: "c")
        #expect(kept.value(for: "b") == nil)
        #expect(kept.value(for: "a") == 1 && kept.value(for: "c") == 3 && kept.count == 2)
    }

    @Test func costsAreCountedAndGivenBack() {
        var kept = RecentlyUsed<Int, String>(limit: 10)
        kept.keep("four", for: 1, cost: 4)
        kept.keep("five", for: 2, cost: 5)
        kept.keep("six", for: 1, cost: 6)
        #expect(kept.value(for: 2) == nil && kept.value(for: 1) == "six" && kept.cost == 6)
        kept.keep("four", for: 3, cost: 4)
        #expect(kept.count == 2 && kept.cost == 10)
        kept.remove(3)
        kept.remove(3)
        #expect(kept.cost == 6)
    }

    @Test func whatIsTooMuchByItselfIsNotKept() {
        var kept = RecentlyUsed<Int, String>(limit: 10)
        kept.keep("old", for: 1, cost: 3)
        kept.keep("other", for: 2, cost: 3)
        kept.keep("new", for: 1, cost: 11)
        #expect(kept.value(for: 1) == nil && kept.value(for: 2) == "other" && kept.cost == 3)
    }
}
