import HoneyHDFS
import HoneyWorld
import NIOCore

/// What one client does to files: writes, flushes, appends, reads its own and others', and compares.
final class FileWorkload {
    let name: String
    unowned let simulation: Simulation
    let process: SimulatedProcess<HDFSMessage>
    private var random: SeededRandom
    private(set) var left: Int
    private(set) var acknowledged = 0
    private(set) var isDone = false
    private var life = 0
    private var hasBegun = false
    private var own: [FileRecord] = []
    private var nextName = 0

    /// The file being written.
    private var writing: (record: FileRecord, writer: FileWriter, maker: PacketMaker)?

    init(
        _ name: String, process: SimulatedProcess<HDFSMessage>, simulation: Simulation, operations: Int,
        random: SeededRandom
    ) {
        self.name = name
        self.process = process
        self.simulation = simulation
        self.random = random
        left = operations
    }

    func begin() {
        hasBegun = true
        guard simulation.heldDown[name, default: 0] == 0 else { return }
        process.start()
        next()
    }

    /// Hears that the process was killed.
    func died() {
        life += 1
        writing?.record.stage = .left
        writing = nil
    }

    func resume() { if hasBegun, !isDone { next() } }

    private func draw(_ range: ClosedRange<Int>) -> Int { Int.random(in: range, using: &random) }

    /// Calls the client; `work` gets what makes completions that a later life does not hear.
    func ask(_ work: @escaping (HDFSClient) -> Void) {
        process.perform(HDFSClient.self) { client, now, effects in client.run(at: now, effects, work) }
    }

    /// Makes a completion that only this life hears, after which the next thing is done.
    private func then<Value>(
        _ body: @escaping (Result<Value, any Error>) -> Void
    ) -> (Result<Value, any Error>) -> Void {
        let life = life
        return { [self] result in
            guard self.life == life else { return }
            acknowledged += 1
            body(result)
            pause()
        }
    }

    private func pause() {
        let life = life
        let pace = simulation.scenario.writerPaceMilliseconds
        simulation.world.after(.milliseconds(draw(0...max(2 * pace, 1)))) { [self] in
            if self.life == life { next() }
        }
    }

    private func say(_ what: @autoclosure () -> String) { simulation.world.trace?("    \(name) \(what())") }

    private func next() {
        guard left > 0 else {
            if writing != nil { return close() }
            isDone = true
            return
        }
        left -= 1
        if let writing {
            switch draw(0...9) {
            case 0...3: write(writing.record)
            case 4, 5: flush(sync: draw(0...1) == 0)
            case 6: read()
            default: close()
            }
            return
        }
        switch draw(0...19) {
        case 0...6: create()
        case 7...13: append()
        case 14...16: read()
        case 17: delete()
        default: rename()
        }
    }

    private func makePath() -> String {
        nextName += 1
        return "/files/\(name)-\(nextName)"
    }

    // MARK: Writing

    private func create() {
        let record = simulation.makeRecord(makePath())
        own.append(record)
        // Until the answer comes nobody knows whether it is there.
        record.mayBeGone = true
        say("creates \(record.paths[0])")
        ask { [self] client in
            client.create(
                record.paths[0], FileCreation(),
                completion: then { [self] result in
                    switch result {
                    case .success(let writer):
                        record.mayBeGone = false
                        begin(record, writer)
                    case .failure(let error):
                        record.stage = .left
                        simulation.note(failureOf: "create of \(record.paths[0])", error)
                    }
                })
        }
    }

    private func begin(_ record: FileRecord, _ writer: FileWriter) {
        let maker = PacketMaker(
            blockBytes: writer.blockBytes, packetBytes: simulation.scenario.packetBytes,
            offset: writer.appended.inBlock)
        writing = (record, writer, maker)
        record.stage = .writing
        let life = life
        writer.failed = { [self] error in
            guard self.life == life else { return }
            say("cannot go on writing \(record.paths[0]): \(error)")
            record.stage = .left
            record.changes += 1
            if writing?.record === record { writing = nil }
        }
    }

    private func append() {
        let candidates = own.filter { $0.stage == .closed && $0.isCertain }
        guard !candidates.isEmpty else { return create() }
        let record = candidates[draw(0...candidates.count - 1)]
        say("appends to \(record.paths[0])")
        record.stage = .left
        ask { [self] client in
            client.append(
                record.paths[0],
                completion: then { [self] result in
                    switch result {
                    case .success(let writer):
                        if writer.appended.size != record.acknowledged {
                            simulation.fail(
                                "\(record.paths[0]) is opened at \(writer.appended.size) for appending, but has \(record.acknowledged) bytes"
                            )
                        }
                        begin(record, writer)
                    case .failure(let error): simulation.note(failureOf: "append to \(record.paths[0])", error)
                    }
                })
        }
    }

    private func write(_ record: FileRecord) {
        let most = [100, 600, 5000, 30_000][draw(0...3)]
        let count = min(draw(1...most), FileRecord.greatestSize - record.written)
        let range = record.written..<record.written + count
        say("writes \(count) bytes at \(record.written) of \(record.paths[0])")
        record.written += count
        var packets: [OutgoingPacket] = []
        record.withBytes(range) { bytes in writing?.maker.append(bytes) { packets.append($0) } }
        ask { [self] _ in
            writing?.writer.write(packets)
            pause()
        }
    }

    private func flush(sync: Bool) {
        guard let record = writing?.record else { return pause() }
        let size = record.written
        var packets: [OutgoingPacket] = []
        writing?.maker.flush(sync: sync) { packets.append($0) }
        say("flushes \(record.paths[0]) at \(size)")
        ask { [self] _ in
            guard let writer = writing?.writer, writing?.record === record else { return pause() }
            writer.write(packets)
            writer.flush(
                completion: then { [self] result in
                    guard case .success = result else { return }
                    say("has flushed \(record.paths[0]) at \(size)")
                    record.acknowledged = max(record.acknowledged, size)
                })
        }
    }

    private func close() {
        guard let record = writing?.record else { return pause() }
        var packets: [OutgoingPacket] = []
        writing?.maker.finish { packets.append($0) }
        say("closes \(record.paths[0]) at \(record.written)")
        ask { [self] _ in
            guard let writer = writing?.writer, writing?.record === record else { return pause() }
            writer.write(packets)
            writer.close(
                completion: then { [self] result in
                    guard case .success = result else { return }
                    say("has closed \(record.paths[0]) at \(record.written)")
                    record.acknowledged = record.written
                    record.stage = .closed
                    record.changes += 1
                    writing = nil
                })
        }
    }

    // MARK: Names

    private func delete() {
        let candidates = own.filter { $0.stage == .closed && $0.isCertain }
        guard !candidates.isEmpty else { return create() }
        let record = candidates[draw(0...candidates.count - 1)]
        record.mayBeGone = true
        record.changes += 1
        say("deletes \(record.paths[0])")
        ask { [self] client in
            client.perform(.delete(record.paths[0], isRecursive: false), replication: 1) { [self] outcome in
                then { [self] (_: Result<Void, any Error>) in
                    guard case .done = outcome else {
                        return simulation.fail("\(record.paths[0]) cannot be deleted: \(outcome)")
                    }
                    record.paths = []
                }(.success(()))
            }
        }
    }

    private func rename() {
        let candidates = own.filter { $0.stage == .closed && $0.isCertain }
        guard !candidates.isEmpty else { return create() }
        let record = candidates[draw(0...candidates.count - 1)]
        let (old, new) = (record.paths[0], makePath())
        record.paths.append(new)
        record.changes += 1
        say("renames \(old) to \(new)")
        ask { [self] client in
            client.perform(.replace(old, to: new, overwrites: false), replication: 1) { [self] outcome in
                then { [self] (_: Result<Void, any Error>) in
                    guard case .done = outcome else { return simulation.fail("\(old) cannot be renamed: \(outcome)") }
                    record.paths = [new]
                }(.success(()))
            }
        }
    }

    // MARK: Reading

    private func read() {
        let candidates = simulation.files.filter { $0.isCertain }
        guard !candidates.isEmpty else { return pause() }
        let record = candidates[draw(0...candidates.count - 1)]
        let (changes, least, path) = (record.changes, record.acknowledged, record.paths[0])
        say("reads \(path), of which it must see \(least)")
        ask { [self] client in
            ReadCheck.read(
                path, client,
                completion: then { [self] result in
                    switch result {
                    case .success(let bytes):
                        say("has read \(bytes.readableBytes) bytes of \(path)")
                        simulation.check(bytes, of: record, least: least)
                    case .failure(let error):
                        if record.changes == changes { simulation.note(failureOf: "reading of \(path)", error) }
                    }
                })
        }
    }
}
