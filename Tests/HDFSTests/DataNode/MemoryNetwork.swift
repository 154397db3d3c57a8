import HoneyWorld
import NIOCore

@testable import HoneyHDFS

/// Machines of HDFS that talk in memory, in virtual time, one event after another.
final class MemoryNetwork {
    /// One process.
    final class Process {
        let name: String
        let addresses: [NetworkAddress: WireName]
        var handle: (Event<HDFSMessage>, Moment, Effects<HDFSMessage>) -> Void
        let effects = Effects<HDFSMessage>()
        var isAlive = true
        var failure: String?
        var log: [String] = []
        /// What it had brought to the disk before it was synced.
        var writebacks: [Range<Int>] = []
        /// The other end of each open connection.
        var peers: [Connection: (process: Process, connection: Connection)] = [:]
        var unread: [Connection: [HDFSMessage]] = [:]

        init(
            _ name: String, _ addresses: [NetworkAddress: WireName],
            _ handle: @escaping (Event<HDFSMessage>, Moment, Effects<HDFSMessage>) -> Void
        ) {
            self.name = name
            self.addresses = addresses
            self.handle = handle
        }
    }

    private(set) var processes: [Process] = []
    private var queue = CircularBuffer<(Process, Event<HDFSMessage>)>()
    private var timers: [(at: Int, order: Int, process: Process, timer: Timer)] = []
    private var order = 0
    private(set) var now = Moment(monotonicNanoseconds: 1, wallMilliseconds: 1_700_000_000_000)
    /// Called before each target of a sync; false leaves it out, and the sync is never answered.
    var mayMakeDurable: (Process, SyncTarget) -> Bool = { _, _ in true }

    func start(_ process: Process) {
        processes.append(process)
        queue.append((process, .started))
    }

    /// Ends a process at once.
    func kill(_ process: Process) {
        process.isAlive = false
        processes.removeAll { $0 === process }
        timers.removeAll { $0.process === process }
        for (connection, peer) in process.peers.sorted(by: { $0.key.number < $1.key.number }) {
            process.peers[connection] = nil
            if peer.process.peers.removeValue(forKey: peer.connection) != nil {
                queue.append((peer.process, .closed(peer.connection, .ended)))
            }
        }
    }

    /// Lets something happen in a process, with its effects.
    func perform(_ process: Process, _ work: (Moment, Effects<HDFSMessage>) -> Void) {
        work(now, process.effects)
        apply(process)
    }

    /// Handles events until there are none, without letting time pass.
    func settle() {
        while let (process, event) = queue.popFirst() {
            guard process.isAlive else { continue }
            if case .received(let connection, let message) = event, process.unread[connection] != nil {
                process.unread[connection]?.append(message)
                continue
            }
            process.handle(event, now, process.effects)
            apply(process)
        }
    }

    /// Lets so much time pass.
    func run(_ nanoseconds: Int) {
        let end = now.monotonicNanoseconds + nanoseconds
        settle()
        while let next = timers.min(by: { ($0.at, $0.order) < ($1.at, $1.order) }), next.at <= end {
            advance(to: next.at)
            timers.removeAll { $0.order == next.order }
            queue.append((next.process, .timer(next.timer)))
            settle()
        }
        advance(to: end)
    }

    private func advance(to moment: Int) {
        now.wallMilliseconds += (moment - now.monotonicNanoseconds) / 1_000_000
        now.monotonicNanoseconds = max(moment, now.monotonicNanoseconds)
    }

    private func apply(_ process: Process) {
        for effect in process.effects.take() {
            guard process.isAlive else { return }
            switch effect {
            case .connect(let connection, let address, let wire): connect(process, connection, address, wire)
            case .send(let connection, let message):
                if let peer = process.peers[connection] {
                    queue.append((peer.process, .received(peer.connection, message)))
                }
            case .close(let connection):
                guard let peer = process.peers.removeValue(forKey: connection) else { continue }
                if peer.process.peers.removeValue(forKey: peer.connection) != nil {
                    queue.append((peer.process, .closed(peer.connection, .ended)))
                }
            case .notifyWhenWritable(let connection): queue.append((process, .writable(connection)))
            case .setReading(let connection, let isReading):
                if !isReading {
                    process.unread[connection] = process.unread[connection] ?? []
                } else if let messages = process.unread.removeValue(forKey: connection) {
                    for message in messages.reversed() { queue.prepend((process, .received(connection, message))) }
                }
            case .setTimer(let timer, let nanoseconds):
                order += 1
                timers.append((now.monotonicNanoseconds + nanoseconds, order, process, timer))
            case .cancelTimer(let timer): timers.removeAll { $0.process === process && $0.timer == timer }
            case .sync(let token, let targets): sync(process, token, targets)
            case .startWriteback(_, let range): process.writebacks.append(range)
            case .log(let level, let line): process.log.append("\(level.rawValue) \(line)")
            case .stop(let reason):
                process.failure = reason
                kill(process)
            }
        }
    }

    private func connect(
        _ process: Process, _ connection: Connection, _ address: NetworkAddress, _ wire: WireName
    ) {
        guard let other = processes.first(where: { $0.addresses[address] == wire }) else {
            queue.append((process, .closed(connection, .refused)))
            return
        }
        let accepted = other.effects.makeConnection()
        process.peers[connection] = (other, accepted)
        other.peers[accepted] = (process, connection)
        queue.append((other, .accepted(accepted, wire: wire, from: .tcp(host: "127.0.0.1", port: 50_000))))
        queue.append((process, .connected(connection)))
    }

    private func sync(_ process: Process, _ token: SyncToken, _ targets: [SyncTarget]) {
        var failure: DiskError?
        for target in targets {
            guard mayMakeDurable(process, target) else { return }
            do throws(DiskError) {
                switch target {
                case .file(let file): try file.synchronize()
                case .directory(let disk, let path): try disk.synchronize(path)
                }
            } catch {
                failure = failure ?? error
            }
        }
        queue.append((process, .synced(token, failure: failure)))
    }
}
