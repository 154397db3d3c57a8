import HoneyWorld
import NIOCore
import Testing

struct SimulatedWorldTests {
    private let numbers = (0..<20).map { "\($0)" }

    @Test(arguments: [false, true]) func messagesComeInOrder(asBytes: Bool) {
        let pair = EchoWorld(seed: 1, asBytes: asBytes)
        #expect(pair.run())
        #expect(pair.speaker.echoed == numbers)
        #expect(pair.echo.heard == numbers)
        #expect(pair.echo.events == ["accepted client"])
        #expect(pair.world.now < .seconds(1))
    }

    @Test func aSeedDecidesEverything() {
        func fingerprint(_ seed: UInt64) -> UInt64 {
            let pair = EchoWorld(seed: seed)
            pair.world.network.usual.cutThousandths = 50
            pair.world.network.usual.lossThousandths = 50
            #expect(pair.run())
            return pair.world.fingerprint
        }
        #expect(fingerprint(5) == fingerprint(5))
        #expect(fingerprint(5) != fingerprint(6))
    }

    @Test func aCutConnectionLeavesInDoubtWhatWasHeard() {
        var twice = 0
        for seed in 0..<20 as Range<UInt64> {
            let pair = EchoWorld(seed: seed)
            pair.world.network.usual.cutThousandths = 100
            #expect(pair.run())
            #expect(pair.speaker.echoed == numbers, "seed \(seed)")
            #expect(Set(pair.echo.heard) == Set(numbers))
            twice += pair.echo.heard.count - numbers.count
        }
        #expect(twice > 0)
    }

    @Test func killedServersLeaveTheirDiskAndTheirClientsKnow() throws {
        let pair = EchoWorld(seed: 3)
        pair.world.after(.milliseconds(30)) { pair.server.kill() }
        pair.world.after(.seconds(5)) { pair.server.start() }
        #expect(pair.run())
        #expect(pair.speaker.events.first?.contains("reset") == true)
        #expect(pair.speaker.events.dropFirst().first == "refused")
        #expect(pair.world.now > .seconds(5))
    }

    @Test func whatWasAnsweredSurvivesALossOfPower() throws {
        for seed in 0..<30 as Range<UInt64> {
            let pair = EchoWorld(seed: seed)
            pair.server.start()
            pair.client.start()
            pair.world.run(until: .milliseconds(40))
            let answered = pair.speaker.echoed
            #expect(answered.count > 3)
            pair.world.losePower(pair.server.host)
            pair.world.restorePower(pair.server.host)
            var left = ByteBuffer()
            let file = try pair.disk.open("log", .read)
            try file.read(at: 0, count: file.size, into: &left)
            #expect(String(buffer: left).hasPrefix(answered.map { $0 + ";" }.joined()), "seed \(seed)")
        }
    }

    @Test func nobodyHearsOfALossOfPowerUntilTheHostIsBack() {
        let pair = EchoWorld(seed: 4)
        pair.server.start()
        pair.client.start()
        pair.world.run(until: .milliseconds(20))
        pair.world.losePower(pair.server.host)
        pair.world.run(until: .seconds(60))
        #expect(pair.speaker.events.isEmpty)
        pair.world.restorePower(pair.server.host)
        pair.server.start()
        // Who only waits would wait for ever; who says something hears that nobody knows him.
        pair.client.perform(Speaker.self) { speaker, _, effects in speaker.speak(effects) }
        #expect(pair.finish(seconds: 600))
        #expect(pair.speaker.events == ["failed(\"connection reset by peer\")"])
        #expect(pair.speaker.echoed == numbers)
    }

    @Test func aPartitionThatHealsLosesNothingAndOneThatStaysBreaksConnections() {
        let pair = EchoWorld(seed: 5)
        pair.world.after(.milliseconds(20)) { pair.world.network.block(from: "client", to: "server") }
        pair.world.after(.seconds(60)) { pair.world.network.unblockAll() }
        #expect(pair.run())
        #expect(pair.speaker.events.isEmpty)
        #expect(pair.world.now > .seconds(60))

        let other = EchoWorld(seed: 5)
        other.world.after(.milliseconds(20)) { other.world.network.block(from: "client", to: "server") }
        other.world.after(.seconds(300)) { other.world.network.unblockAll() }
        #expect(other.run())
        #expect(other.speaker.events.first == "timedOut")
        #expect(other.speaker.echoed == numbers)
    }

    @Test func oneWayAloneMayBeBlocked() {
        let pair = EchoWorld(seed: 6)
        pair.server.start()
        pair.client.start()
        pair.world.after(.milliseconds(20)) { pair.world.network.block(from: "server", to: "client") }
        pair.world.run(until: .seconds(100))
        // One more was heard than was answered.
        #expect(pair.echo.heard.count == pair.speaker.echoed.count + 1)
        pair.world.network.unblockAll()
        #expect(pair.finish())
        #expect(pair.echo.heard == numbers)
    }

    @Test func aPausedProcessCatchesUp() {
        let pair = EchoWorld(seed: 7)
        pair.world.after(.milliseconds(20)) { pair.server.pause() }
        pair.world.after(.seconds(500)) { pair.server.resume() }
        #expect(pair.run())
        #expect(pair.world.now > .seconds(500))
        #expect(pair.speaker.events.isEmpty)
        #expect(pair.echo.heard == numbers)
    }

    @Test func slowLinksTakeTheirTime() {
        let pair = EchoWorld(seed: 8, count: 10)
        let slow = LinkConditions(latencyNanoseconds: .seconds(2))
        pair.world.network.set(slow, from: "client", to: "server")
        #expect(pair.run())
        #expect(pair.world.now > .seconds(20))
    }

    @Test func malformedBytesEndAConnection() {
        let pair = EchoWorld(seed: 9, count: 1, asBytes: true)
        #expect(pair.run())
        pair.client.perform(Speaker.self) { _, _, effects in
            let connection = effects.connect(to: .tcp(host: "server", port: 7), over: WireName("text"))
            effects.send("nonsense", on: connection)
        }
        pair.world.run(until: pair.world.now + .seconds(5))
        #expect(pair.echo.events.contains("closed malformed(\"nonsense was said\")"))
        #expect(pair.speaker.events == ["ended"])
    }

    @Test func clocksDriftJumpAndNeverRunBackwards() {
        var clock = SimulatedClock()
        let start = clock.moment(at: 0)
        clock.setDrift(millionths: 100_000, at: 0)
        let fast = clock.moment(at: .seconds(100))
        #expect(fast.monotonicNanoseconds - start.monotonicNanoseconds == .seconds(110))
        #expect(fast.wallMilliseconds - start.wallMilliseconds == 110_000)
        clock.setDrift(millionths: 0, at: .seconds(100))
        clock.wallErrorMilliseconds = -3_600_000
        let later = clock.moment(at: .seconds(101))
        #expect(later.monotonicNanoseconds - fast.monotonicNanoseconds == .seconds(1))
        #expect(later.wallMilliseconds - fast.wallMilliseconds == 1000 - 3_600_000)
    }

    @Test func anOrderlyEndIsTold() {
        let pair = EchoWorld(seed: 10)
        var end: MachineEnd?
        pair.server.onEnd = { end = $0 }
        pair.world.after(.milliseconds(20)) { pair.server.requestStop() }
        pair.server.start()
        pair.client.start()
        pair.world.run(until: .seconds(3))
        #expect(end == .stopped)
        #expect(pair.speaker.events == ["ended", "refused", "refused"])
    }
}
