import HoneyWorld
import NIOCore

/// Texts with their length before them.
struct TextWire: Wire {
    var name: WireName { WireName("text") }

    func makeCodec(isServer: Bool) -> any WireCodec<String> { Codec() }

    final class Codec: WireCodec {
        func decode(_ bytes: inout ByteBuffer) throws -> String? {
            guard let text = bytes.readLengthPrefixedString(as: UInt32.self) else { return nil }
            if text == "nonsense" { throw MalformedWire("nonsense was said") }
            return text
        }

        func length(of bytes: ByteBuffer) -> Int? {
            bytes.getInteger(at: bytes.readerIndex, as: UInt32.self).map { 4 + Int($0) }
        }

        func encode(_ message: String, to sink: (ByteBuffer) -> Void) throws {
            var buffer = ByteBuffer()
            try buffer.writeLengthPrefixed(as: UInt32.self) { $0.writeString(message) }
            sink(buffer)
        }
    }
}

extension ByteBuffer {
    fileprivate mutating func readLengthPrefixedString(as: UInt32.Type) -> String? {
        readLengthPrefixedSlice(as: UInt32.self).map { String(buffer: $0) }
    }
}

/// Says back what it hears, and keeps it on its disk.
final class Echo: Machine {
    var heard: [String] = []
    var events: [String] = []
    private var answers: [SyncToken: (Connection, String)] = [:]
    private let disk: SimulatedDisk
    private var file: (any DiskFile)?

    init(disk: SimulatedDisk) { self.disk = disk }

    func handle(_ event: Event<String>, at now: Moment, _ effects: Effects<String>) {
        switch event {
        case .started:
            file = try? disk.entry("log") == nil ? disk.open("log", .create) : disk.open("log", .update)
            try? disk.synchronize("")
        case .accepted(_, _, let address): events.append("accepted \(address.description.prefix { $0 != ":" })")
        case .received(let connection, let text):
            heard.append(text)
            try? file?.write(ByteBuffer(string: text + ";"), at: file?.size ?? 0)
            answers[effects.sync([.file(file!)])] = (connection, text)
        case .synced(let token, let failure):
            guard let (connection, text) = answers.removeValue(forKey: token) else { break }
            effects.send(failure == nil ? text : "failed", on: connection)
        case .closed(_, let reason): events.append("closed \(reason)")
        case .stopping: effects.stop()
        default: break
        }
    }
}

/// Says numbers to an echo until it has heard each, again over a new connection when one ends.
final class Speaker: Machine {
    let count: Int
    var echoed: [String] = []
    var events: [String] = []
    var times: [Int] = []
    private var connection: Connection?

    init(count: Int) { self.count = count }

    func handle(_ event: Event<String>, at now: Moment, _ effects: Effects<String>) {
        switch event {
        case .started, .timer: connect(effects)
        case .connected(let opened): if opened == connection { speak(effects) }
        case .received(let from, let text):
            guard from == connection else { break }
            echoed.append(text)
            times.append(now.monotonicNanoseconds)
            if echoed.count < count { speak(effects) }
        case .closed(_, let reason):
            events.append("\(reason)")
            _ = effects.setTimer(after: .seconds(1))
        default: break
        }
    }

    func speak(_ effects: Effects<String>) { effects.send("\(echoed.count)", on: connection!) }

    private func connect(_ effects: Effects<String>) {
        connection = effects.connect(to: .tcp(host: "server", port: 7), over: WireName("text"))
    }
}

/// An echo and a speaker, each on a host of its own.
final class EchoWorld {
    let world: SimulatedWorld<String>
    let disk: SimulatedDisk
    let server: SimulatedProcess<String>
    let client: SimulatedProcess<String>

    init(seed: UInt64, count: Int = 20, asBytes: Bool = false) {
        world = SimulatedWorld(seed: seed, wires: asBytes ? [TextWire()] : [])
        let host = world.addHost("server")
        let disk = host.addDisk("disk")
        self.disk = disk
        server = world.addProcess("echo", on: host, listening: [(7, WireName("text"))]) { Echo(disk: disk) }
        client = world.addProcess("speaker", on: world.addHost("client")) { Speaker(count: count) }
    }

    var echo: Echo { server.machine as! Echo }
    var speaker: Speaker { client.machine as! Speaker }

    /// Starts both and runs until the speaker has heard everything; false when it did not in time.
    func run(seconds: Int = 3600) -> Bool {
        server.start()
        client.start()
        return finish(seconds: seconds)
    }

    func finish(seconds: Int = 3600) -> Bool {
        world.run(until: world.now + .seconds(seconds)) { [self] in
            client.isAlive && speaker.echoed.count >= speaker.count
        }
    }
}
