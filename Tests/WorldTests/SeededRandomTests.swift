import HoneyWorld
import Testing

@Test func randomNumbersRepeatFromTheirSeed() {
    var one = SeededRandom(seed: 7)
    var other = SeededRandom(seed: 7)
    #expect((0..<100).map { _ in one.next() } == (0..<100).map { _ in other.next() })
    var part = one.split()
    #expect(part.next() != one.next())
}
