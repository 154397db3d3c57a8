import HoneyCore
import Testing

struct SpellingSuggestionTests {
    @Test func findsTheNearestNameWithoutRegardToCase() {
        #expect(SpellingSuggestion.nearest(to: "prce", in: ["name", "Price", "prize"]) == "Price")
        #expect(SpellingSuggestion.nearest(to: "FLIGTHS", in: ["flights", "lights"]) == "flights")
    }

    @Test func saysNothingWhenNoNameIsNear() {
        #expect(SpellingSuggestion.nearest(to: "price", in: ["quantity", "tax"]) == nil)
        #expect(SpellingSuggestion.nearest(to: "a", in: ["b"]) == nil)
        #expect(SpellingSuggestion.nearest(to: "", in: ["b"]) == nil)
        #expect(SpellingSuggestion.hint(for: "price", in: []) == "")
    }

    @Test func prefersTheFirstInOrderAmongEquallyNearNames() {
        #expect(SpellingSuggestion.nearest(to: "colx", in: ["colb", "cola"]) == "cola")
    }

    @Test func copesWithVeryLongNames() {
        let long = String(repeating: "x", count: 100_000)
        #expect(SpellingSuggestion.hint(for: long, in: [long]) == " (did you mean \(long)?)")
    }
}
