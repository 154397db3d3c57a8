import Foundation
import HoneyHDFSMessages
import HoneyWorld
import NIOCore
import SwiftProtobuf

@testable import HoneyHDFS

/// Machines with addresses that talk to one another at once, in time that a test moves on.
final class Neighborhood {
    private final class Resident {
        let name: String
        let handle: (Event<HDFSMessage>, Moment, Effects<HDFSMessage>) -> Void
        let effects = Effects<HDFSMessage>()
        var isUp = true
        var peers: [Connection: (resident: Resident, connection: Connection)] = [:]

        init<M: Machine>(_ name: String, _ machine: M) where M.Message == HDFSMessage {
            self.name = name
            handle = { machine.handle($0, at: $1, $2) }
        }
    }

    private var residents: [NetworkAddress: Resident] = [:]
    private var queue: [(to: Resident, event: Event<HDFSMessage>)] = []
    private var timers: [(at: Int, to: Resident, timer: HoneyWorld.Timer)] = []
    private var now = Moment(monotonicNanoseconds: 1, wallMilliseconds: 1_700_000_000_000)
    private(set) var log: [String] = []
    private(set) var failures: [String: String] = [:]
    private var replies: [Int32: RPCReply.Outcome] = [:]
    private var nextCall: Int32 = 0

    static func address(_ name: String) -> NetworkAddress { .tcp(host: name, port: 8020) }

    /// Starts a machine, in place of one of that name which was killed.
    func start<M: Machine>(_ name: String, _ machine: M) where M.Message == HDFSMessage {
        let resident = Resident(name, machine)
        residents[Neighborhood.address(name)] = resident
        failures[name] = nil
        queue.append((resident, .started))
        settle()
    }

    /// Ends a machine at once; those connected to it notice.
    func kill(_ name: String) {
        guard let resident = residents.removeValue(forKey: Neighborhood.address(name)) else { return }
        end(resident)
        settle()
    }

    private func end(_ resident: Resident) {
        resident.isUp = false
        for (connection, peer) in resident.peers {
            peer.resident.peers[peer.connection] = nil
            queue.append((peer.resident, .closed(peer.connection, .ended)))
            resident.peers[connection] = nil
        }
        timers.removeAll { $0.to === resident }
    }

    /// Lets time pass with its timers.
    func run(seconds: Int) {
        let end = now.monotonicNanoseconds + .seconds(seconds)
        while let next = timers.min(by: { $0.at < $1.at }), next.at <= end {
            timers.removeAll { $0.timer == next.timer && $0.to === next.to }
            pass(to: next.at)
            queue.append((next.to, .timer(next.timer)))
            settle()
        }
        pass(to: end)
    }

    private func pass(to clock: Int) {
        now.wallMilliseconds += (clock - now.monotonicNanoseconds) / 1_000_000
        now.monotonicNanoseconds = clock
    }

    func perform(_ name: String, _ body: (Effects<HDFSMessage>) -> Void) {
        guard let resident = residents[Neighborhood.address(name)] else { return }
        body(resident.effects)
        drain(resident)
        settle()
    }

    private func settle() {
        var index = 0
        while index < queue.count {
            let (resident, event) = queue[index]
            index += 1
            guard resident.isUp else { continue }
            resident.handle(event, now, resident.effects)
            drain(resident)
        }
        queue.removeAll()
    }

    private func drain(_ resident: Resident) { for effect in resident.effects.take() { apply(effect, of: resident) } }

    private func apply(_ effect: Effect<HDFSMessage>, of resident: Resident) {
        switch effect {
        case .connect(let connection, to: let address, over: let wire):
            guard let other = residents[address] else {
                queue.append((resident, .closed(connection, .refused)))
                return
            }
            let accepted = other.effects.makeConnection()
            resident.peers[connection] = (other, accepted)
            other.peers[accepted] = (resident, connection)
            queue.append((other, .accepted(accepted, wire: wire, from: .tcp(host: resident.name, port: 9))))
            queue.append((resident, .connected(connection)))
        case .send(let connection, let message):
            if let peer = resident.peers[connection] {
                queue.append((peer.resident, .received(peer.connection, message)))
            } else if case .reply(let reply) = message {
                replies[reply.number] = reply.outcome
            }
        case .close(let connection):
            guard let peer = resident.peers.removeValue(forKey: connection) else { return }
            peer.resident.peers[peer.connection] = nil
            queue.append((peer.resident, .closed(peer.connection, .ended)))
        case .setTimer(let timer, afterNanoseconds: let delay):
            timers.append((now.monotonicNanoseconds + delay, resident, timer))
        case .cancelTimer(let timer): timers.removeAll { $0.timer == timer && $0.to === resident }
        case .sync(let token, let targets):
            var failure: DiskError?
            for target in targets {
                do throws(DiskError) {
                    switch target {
                    case .file(let file): try file.synchronize()
                    case .directory(let disk, let path): try disk.synchronize(path)
                    }
                } catch { failure = error }
            }
            queue.append((resident, .synced(token, failure: failure)))
        case .startWriteback: break
        case .log(let level, let message): log.append("\(resident.name) \(level): \(message)")
        case .stop(let reason):
            if let reason { failures[resident.name] = reason }
            residents[Neighborhood.address(resident.name)] = nil
            end(resident)
        case .notifyWhenWritable, .setReading: break
        }
    }

    /// Calls a machine over a connection of its own.
    func ask<Response: Message>(
        _ name: String, _ method: String, _ request: some Message, to protocolName: RPCProtocol = .client,
        user: String = "hdfs", as type: Response.Type = Response.self
    ) throws -> Response {
        guard let resident = residents[Neighborhood.address(name)] else {
            throw RemoteException("java.net.ConnectException", name)
        }
        nextCall += 1
        let connection = resident.effects.makeConnection()
        queue.append((resident, .accepted(connection, wire: .rpc, from: .tcp(host: "client", port: 9))))
        let body = ByteBuffer(bytes: try request.serializedBytes() as [UInt8])
        queue.append(
            (
                resident,
                .received(
                    connection,
                    .call(
                        RPCCall(
                            client: RPCClientID(high: 77, low: 1), number: nextCall, retry: 0, user: user,
                            protocolName: protocolName, method: method, body: body)))
            ))
        settle()
        switch replies[nextCall] {
        case .success(let body): return try Response(serializedBytes: Array(body.readableBytesView))
        case .failure(let exception): throw exception
        case nil: throw RemoteException.inputOutput("no reply to \(method) by \(name): \(failures[name] ?? "")")
        }
    }

    // MARK: What clients do

    func makeDirectory(_ path: String, on name: String) throws {
        let _: WireMkdirsResponse = try ask(
            name, "mkdirs",
            WireMkdirsRequest.with {
                $0.src = path
                $0.masked = .with { $0.perm = 0o755 }
                $0.createParent = true
            })
    }

    func list(_ path: String, on name: String) throws -> [String] {
        let response: WireGetListingResponse = try ask(
            name, "getListing",
            WireGetListingRequest.with {
                $0.src = path
                $0.startAfter = .init()
                $0.needLocation = false
            })
        return response.dirList.partialListing.map { String(decoding: $0.path, as: UTF8.self) }
    }
}
