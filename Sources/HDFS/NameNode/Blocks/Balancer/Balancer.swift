import HoneyHDFSMessages
package import HoneyWorld
import NIOCore
import SwiftProtobuf

/// Moves replicas from full DataNodes to empty ones, in iterations, until all are about equally full.
///
/// Each iteration asks the NameNode how full nodes are, plans, asks for blocks of the full ones, and has the empty ones fetch
/// them (`OP_REPLACE_BLOCK`); they tell the NameNode, which has the replica deleted where it was.
package final class Balancer: Machine {
    package typealias Message = HDFSMessage

    let configuration: BalancerConfiguration
    private(set) var effects = Effects<HDFSMessage>()
    /// How it ended; nil while it runs.
    package private(set) var exit: BalancerExit?
    /// What it printed.
    package private(set) var output: [String] = []
    private let print: (String) -> Void
    var now = Moment(monotonicNanoseconds: 0, wallMilliseconds: 0)
    private var began = 0
    private var client: RPCClientID
    private var connections: [RPCProtocol: Connection] = [:]
    private var replies: [Int32: (RPCReply.Outcome) -> Void] = [:]
    private var nextCall: Int32 = 0
    private var pauseTimer: HoneyWorld.Timer?
    private var iteration = 0
    private var idleIterations = 0
    private var bytesMoved = 0
    var pool = ""
    var dispatch: BalancerDispatch?

    /// `print` hears each line of its report.
    package init(
        configuration: BalancerConfiguration, random: SeededRandom, print: @escaping (String) -> Void = { _ in }
    ) {
        var random = random
        self.configuration = configuration
        self.print = print
        client = RPCClientID(high: random.next(), low: random.next())
    }

    package func handle(_ event: Event<HDFSMessage>, at now: Moment, _ effects: Effects<HDFSMessage>) {
        self.now = now
        self.effects = effects
        guard exit == nil else { return }
        switch event {
        case .started:
            began = now.monotonicNanoseconds
            say(BalancerReport.header)
            askForPool()
        case .received(_, .reply(let reply)):
            replies.removeValue(forKey: reply.number)?(reply.outcome)
        case .received(let connection, .transfer(.response(let response))):
            dispatch?.take(response, on: connection)
        case .closed(let connection, let reason):
            if connections.values.contains(connection) {
                end(.failed, "IO error: the NameNode's connection ended: \(reason).  Exiting...")
            } else {
                dispatch?.lose(connection)
            }
        case .timer(let timer):
            if timer == pauseTimer { iterate() } else { dispatch?.expire(timer) }
        case .stopping:
            end(.noMoveProgress, "Interrupted.  Exiting...")
        case .accepted, .connected, .received, .writable, .synced: break
        }
    }

    private func say(_ line: String) {
        output.append(line)
        print(line)
    }

    private func end(_ exit: BalancerExit, _ line: String) {
        guard self.exit == nil else { return }
        self.exit = exit
        say(line)
        say(
            BalancerReport.duration(
                at: now.wallMilliseconds, nanoseconds: now.monotonicNanoseconds - began))
        effects.stop()
    }

    /// Calls the NameNode; a failure ends the balancer.
    func call<Response: SwiftProtobuf.Message>(
        _ name: RPCProtocol, _ method: String, _ request: some SwiftProtobuf.Message,
        then take: @escaping (Response) -> Void
    ) {
        let connection = connections[name] ?? effects.connect(to: configuration.namenode, over: .rpc)
        connections[name] = connection
        let number = nextCall
        nextCall += 1
        replies[number] = { [unowned self] outcome in
            switch outcome {
            case .success(let body):
                guard let response = try? Response(wire: body) else {
                    return end(.failed, "IO error: the reply to \(method) is malformed.  Exiting...")
                }
                take(response)
            case .failure(let error): end(.failed, "\(error.description).  Exiting...")
            }
        }
        guard let body = try? request.wireBytes() else {
            return end(.failed, "IO error: \(method) cannot be asked.  Exiting...")
        }
        effects.send(
            .call(
                RPCCall(
                    client: client, number: number, retry: 0, user: configuration.user, protocolName: name,
                    method: method, body: body)), on: connection)
    }

    private func askForPool() {
        call(.namenode, "versionRequest", WireVersionRequest()) { [unowned self] (response: WireVersionResponse) in
            pool = response.info.blockPoolID
            if let bandwidth = configuration.bandwidth {
                let request = WireSetBalancerBandwidthRequest.with { $0.bandwidth = Int64(bandwidth) }
                call(.client, "setBalancerBandwidth", request) { (_: WireSetBalancerBandwidthResponse) in }
            }
            iterate()
        }
    }

    private func iterate() {
        pauseTimer = nil
        let request = WireGetDatanodeStorageReportRequest.with { $0.type = .live }
        call(.client, "getDatanodeStorageReport", request) {
            [unowned self] (response: WireGetDatanodeStorageReportResponse) in
            plan(response.datanodeStorageReports.map(\.datanodeInfo))
        }
    }

    private func plan(_ nodes: [WireDatanodeInfo]) {
        let plan = BalancePlan(
            nodes: nodes, threshold: configuration.threshold, bytesPerNode: configuration.bytesPerNode)
        guard plan.bytesLeft > 0 else {
            report(left: 0, moving: 0)
            return end(.success, "The cluster is balanced. Exiting...")
        }
        let moving = plan.bytesToMove
        guard moving > 0 else {
            report(left: plan.bytesLeft, moving: 0)
            return end(.noMoveBlock, "No block can be moved. Exiting...")
        }
        let before = dispatch?.moved ?? []
        dispatch = BalancerDispatch(self, plan, alreadyMoved: before) { [unowned self] bytes in
            bytesMoved += bytes
            report(left: plan.bytesLeft, moving: moving)
            finishIteration(bytes)
        }
        dispatch?.start()
    }

    private func report(left: Int, moving: Int) {
        say(
            BalancerReport.line(
                at: now.wallMilliseconds, iteration: iteration, moved: bytesMoved, left: left, moving: moving,
                namenode: configuration.namenodeName))
    }

    private func finishIteration(_ bytes: Int) {
        iteration += 1
        idleIterations = bytes > 0 ? 0 : idleIterations + 1
        if configuration.idleIterations >= 0, idleIterations >= configuration.idleIterations {
            return end(
                .noMoveProgress,
                "No block has been moved for \(configuration.idleIterations) iterations. Exiting...")
        }
        pauseTimer = effects.setTimer(after: configuration.pause)
    }
}
