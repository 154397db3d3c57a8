import HoneyWorld
import NIOCore
import Testing

/// Says texts of any length to one who listens; both stop when all came.
private final class Reciter: Machine {
    let texts: [String]
    let address: NetworkAddress

    init(_ texts: [String], to address: NetworkAddress) {
        self.texts = texts
        self.address = address
    }

    func handle(_ event: Event<String>, at now: Moment, _ effects: Effects<String>) {
        switch event {
        case .started:
            let connection = effects.connect(to: address, over: WireName("text"))
            for text in texts { effects.send(text, on: connection) }
        case .received: effects.stop()
        case .closed(_, let reason): effects.fail("\(reason)")
        default: break
        }
    }
}

private final class Audience: Machine {
    let expected: [String]
    private var heard = 0

    init(_ expected: [String]) { self.expected = expected }

    func handle(_ event: Event<String>, at now: Moment, _ effects: Effects<String>) {
        switch event {
        case .received(let connection, let text):
            guard text == expected[heard] else { return effects.fail("text \(heard) is another") }
            heard += 1
            // Now and then it does not listen for a moment, and more has come when it does again.
            if heard % 7 == 0 {
                effects.setReading(false, connection)
                _ = effects.setTimer(after: .milliseconds(1))
                paused = connection
            }
            if heard == expected.count { effects.send("all", on: connection) }
        case .timer: if let paused { effects.setReading(true, paused) }
        case .closed, .stopping: effects.stop()
        default: break
        }
    }

    private var paused: Connection?
}

@Test func messagesOfAnyLengthComeWholeAndInOrder() throws {
    let seed = UInt64.random(in: .min ... .max)
    print("seed \(seed)")
    var random = SeededRandom(seed: seed)
    let texts = (0..<150).map { number in
        let length = [0, 5, 3_000, 70_000, 600_000].randomElement(using: &random)!
        return String(
            repeating: Character(Unicode.Scalar(UInt8(97 + number % 26))),
            count: .random(in: 0...length, using: &random))
    }
    let audience = MachineHost<Audience>(on: EventLoops.shared.next(), wires: [TextWire()]) { _, _ in }
    let address = try audience.start(listening: [(.tcp(host: "127.0.0.1", port: 0), WireName("text"))]) { _ in
        Audience(texts)
    }.wait()[0]
    let reciter = MachineHost<Reciter>(on: EventLoops.shared.next(), wires: [TextWire()]) { _, _ in }
    _ = try reciter.start { _ in Reciter(texts, to: address) }.wait()
    #expect(try reciter.ended.wait() == .stopped, "seed \(seed)")
    #expect(try audience.ended.wait() == .stopped, "seed \(seed)")
}
