import HoneyHDFS
import HoneyWorld
import NIOCore
import SwiftProtobuf

/// A client that knows calls only: it repeats each, under its number, until it is answered.
final class Caller: Machine {
    let id: RPCClientID
    let name: String
    private let address: NetworkAddress
    private var random: SeededRandom
    private var effects = Effects<HDFSMessage>()
    private var connection: Connection?
    private var isConnected = false
    private var calls: [Int32: Call] = [:]
    private var lastNumber: Int32 = -1
    private var timers: [Timer: () -> Void] = [:]

    private struct Call {
        var message: RPCCall
        var completion: (RPCReply.Outcome) -> Void
        var sending = 0
    }

    init(nameNode address: NetworkAddress, random: SeededRandom) {
        self.address = address
        self.random = random
        id = RPCClientID(high: self.random.next(), low: self.random.next())
        name = "client-\(id.low)"
    }

    func run(_ effects: Effects<HDFSMessage>, _ work: (Caller) -> Void) {
        self.effects = effects
        work(self)
    }

    /// Calls a method; the completion hears the response, or what was refused.
    func call<Request: Message, Response: Message>(
        _ method: String, _ request: Request, as type: Response.Type,
        completion: @escaping (Result<Response, any Error>) -> Void
    ) {
        do {
            let bytes: [UInt8] = try request.serializedBytes()
            lastNumber += 1
            let message = RPCCall(
                client: id, number: lastNumber, retry: 0, user: "hdfs", protocolName: .client, method: method,
                body: ByteBuffer(bytes: bytes))
            calls[lastNumber] = Call(message: message) { outcome in
                completion(
                    Result {
                        switch outcome {
                        case .failure(let refusal): throw refusal
                        case .success(let body):
                            try Response(
                                serializedBytes: body.getBytes(at: body.readerIndex, length: body.readableBytes) ?? [])
                        }
                    })
            }
            send(lastNumber)
        } catch {
            completion(.failure(error))
        }
    }

    func handle(_ event: Event<HDFSMessage>, at now: Moment, _ effects: Effects<HDFSMessage>) {
        self.effects = effects
        switch event {
        case .received(let from, .reply(let reply)):
            if from == connection { answered(reply) }
        case .closed(let ended, _):
            guard ended == connection else { break }
            connection = nil
            for number in calls.keys.sorted() { again(number) }
        case .timer(let timer): timers.removeValue(forKey: timer)?()
        case .stopping: effects.stop()
        default: break
        }
    }

    private func send(_ number: Int32) {
        guard let call = calls[number] else { return }
        let connection = self.connection ?? effects.connect(to: address, over: .rpc)
        self.connection = connection
        effects.send(.call(call.message), on: connection)
        // Who hears nothing for so long asks again on another connection.
        let sending = call.sending
        after(.seconds(30)) { [unowned self] in
            guard calls[number]?.sending == sending, self.connection == connection else { return }
            effects.close(connection)
            self.connection = nil
            for number in calls.keys.sorted() { again(number) }
        }
    }

    private func again(_ number: Int32) {
        calls[number]?.sending += 1
        calls[number]?.message.retry += 1
        after(.milliseconds(200) + Int(random.next() % 2_000_000_000)) { [unowned self] in send(number) }
    }

    private func answered(_ reply: RPCReply) {
        guard let call = calls[reply.number] else { return }
        if case .failure(let refusal) = reply.outcome,
            ["SafeModeException", "RetriableException", "StandbyException"].contains(refusal.shortName)
        {
            return again(reply.number)
        }
        calls[reply.number] = nil
        call.completion(reply.outcome)
    }

    private func after(_ nanoseconds: Int, _ work: @escaping () -> Void) {
        timers[effects.setTimer(after: nanoseconds)] = work
    }
}
