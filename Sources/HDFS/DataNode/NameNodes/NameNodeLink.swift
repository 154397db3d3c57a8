import HoneyHDFSMessages
import HoneyWorld
import NIOCore
import SwiftProtobuf

/// What a DataNode has to do with one of its NameNodes: who it is, heartbeats, reports and orders.
final class NameNodeLink {
    private enum Stage {
        case handshake, registering, registered
        /// It belongs to another cluster, or does not want this DataNode.
        case refused
    }

    unowned let node: DataNode
    let caller: RPCCaller
    private var stage = Stage.handshake
    private var reports = IncrementalReports()
    private var isReporting = false
    private var isBeating = false
    private var heartbeat: Timer?
    /// Replicas of which a NameNode that does not listen is remembered to be told.
    static let reportLimit = 100_000
    /// When the next full report is due, monotonic nanoseconds.
    private var nextReport = 0
    private var isReportingAll = false
    private var reportID: Int64
    /// Whether its last heartbeat was answered.
    private(set) var isHeard = false
    private var hasComplained = false

    init(_ address: NetworkAddress, of node: DataNode) {
        self.node = node
        caller = RPCCaller(address, .datanode, of: node)
        reportID = Int64(truncatingIfNeeded: node.random.next() >> 1)
    }

    var isRefused: Bool { stage == .refused }
    var isRegistered: Bool { stage == .registered }
    var reportCount: Int { reports.count }

    func start() { shakeHands() }

    private func log(_ level: LogLevel, _ message: @autoclosure () -> String) { node.log(level, message()) }

    // MARK: Registration

    private func shakeHands() {
        stage = .handshake
        caller.call("versionRequest", WireVersionRequest(), WireVersionResponse.self) { [weak self] outcome in
            guard let self, stage == .handshake else { return }
            switch outcome {
            case .success(let response):
                do {
                    try node.accept(response.info)
                    register()
                } catch {
                    // Without a directory it is of no use to the other NameNodes either.
                    if node.store.workingVolumes.isEmpty { return node.fail("\(error)") }
                    refuse("\(error)")
                }
            case .failure(let failure): retry(failure) { $0.shakeHands() }
            }
        }
    }

    private func retry(_ failure: CallFailure, _ again: @escaping (NameNodeLink) -> Void) {
        complain("does not answer: \(failure)")
        node.board.after(min(.seconds(1), node.configuration.heartbeatInterval)) { [weak self] in
            if let self { again(self) }
        }
    }

    /// Says once that a NameNode cannot be reached, not at every try.
    private func complain(_ what: String) {
        log(hasComplained ? .debug : .warning, "NameNode \(caller.address) \(what)")
        hasComplained = true
    }

    private func refuse(_ reason: String) {
        stage = .refused
        log(.error, "NameNode \(caller.address) is not ours: \(reason)")
        caller.close()
        node.linkWasRefused(reason)
    }

    private func register() {
        stage = .registering
        let request = WireRegisterDatanodeRequest.with { $0.registration = node.registration }
        caller.call("registerDatanode", request, WireRegisterDatanodeResponse.self) { [weak self] outcome in
            guard let self, stage == .registering else { return }
            switch outcome {
            case .success:
                stage = .registered
                log(.info, "registered with NameNode \(caller.address)")
                // The full report tells all that these would.
                reports = IncrementalReports()
                nextReport = node.board.now.monotonicNanoseconds
                isReportingAll = false
                beat()
            case .failure(.remote(let exception)) where exception.shortName == "DisallowedDatanodeException":
                refuse(exception.message)
            case .failure(let failure): retry(failure) { $0.shakeHands() }
            }
        }
    }

    // MARK: Heartbeats

    private func beat() {
        node.board.cancel(heartbeat)
        heartbeat = node.board.after(node.configuration.heartbeatInterval) { [weak self] in self?.beat() }
        guard stage == .registered, !isBeating else { return }
        isBeating = true
        let isDue = !isReportingAll && node.board.now.monotonicNanoseconds >= nextReport
        var request = node.heartbeat
        request.requestFullBlockReportLease = isDue
        caller.call("sendHeartbeat", request, WireHeartbeatResponse.self) { [weak self] outcome in
            guard let self else { return }
            isBeating = false
            switch outcome {
            case .success(let response):
                isHeard = true
                hasComplained = false
                take(response, isReportDue: isDue)
            case .failure(let failure):
                isHeard = false
                complain("did not take a heartbeat: \(failure)")
                mustRegisterAgain(failure)
            }
        }
    }

    private func take(_ response: WireHeartbeatResponse, isReportDue: Bool) {
        let isActive = node.hear(response.haStatus, from: self)
        for command in response.cmds {
            if command.cmdType == .registerCommand {
                if stage == .registered {
                    log(.info, "NameNode \(caller.address) asks for registration")
                    shakeHands()
                }
            } else if isActive {
                node.execute(command)
            } else {
                log(.debug, "an order of NameNode \(caller.address), which is not active, is not obeyed")
            }
        }
        guard stage == .registered else { return }
        sendReports()
        if isReportDue, response.fullBlockReportLeaseID != 0 || !response.hasFullBlockReportLeaseID {
            reportAll(lease: response.fullBlockReportLeaseID)
        }
    }

    /// Begins anew when the NameNode says that it does not know this DataNode.
    private func mustRegisterAgain(_ failure: CallFailure) {
        guard case .remote(let exception) = failure, stage == .registered else { return }
        switch exception.shortName {
        case "UnregisteredNodeException", "IncorrectVersionException": shakeHands()
        case "DisallowedDatanodeException": refuse(exception.message)
        default: break
        }
    }

    // MARK: Reports

    /// Tells of one replica as soon as can be.
    func report(_ entry: IncrementalReports.Entry) {
        // The full report after registration tells all that there is then.
        guard stage == .registered else { return }
        reports.add(entry)
        if reports.count > Self.reportLimit {
            // One that has not listened for so long is told all at once when it does.
            reports = IncrementalReports()
            nextReport = node.board.now.monotonicNanoseconds
        }
        sendReports()
    }

    func sendReports() {
        guard stage == .registered, !isReporting, !reports.isEmpty else { return }
        let entries = reports.take()
        isReporting = true
        caller.call(
            "blockReceivedAndDeleted", node.incrementalReport(entries), WireBlockReceivedAndDeletedResponse.self
        ) { [weak self] outcome in
            guard let self else { return }
            isReporting = false
            switch outcome {
            case .success: sendReports()
            case .failure(let failure):
                // They are told again with the next heartbeat that is answered.
                reports.putBack(entries)
                log(.warning, "NameNode \(caller.address) did not take a report: \(failure)")
                mustRegisterAgain(failure)
            }
        }
    }

    /// Has the next heartbeat, which goes at once, ask for leave to report all replicas.
    func reportAllSoon() {
        guard stage == .registered else { return }
        nextReport = node.board.now.monotonicNanoseconds
        beat()
    }

    private func reportAll(lease: UInt64) {
        reportID &+= 1
        let requests = node.fullReport(id: reportID, lease: lease)
        isReportingAll = true
        nextReport = node.board.now.monotonicNanoseconds + node.configuration.reportInterval
        sendFull(requests[...])
    }

    private func sendFull(_ requests: ArraySlice<WireBlockReportRequest>) {
        guard let request = requests.first else {
            isReportingAll = false
            return
        }
        caller.call("blockReport", request, WireBlockReportResponse.self) { [weak self] outcome in
            guard let self, isReportingAll else { return }
            switch outcome {
            case .success(let response):
                if response.hasCmd, node.activeLink === self { node.execute(response.cmd) }
                sendFull(requests.dropFirst())
            case .failure(let failure):
                isReportingAll = false
                nextReport = node.board.now.monotonicNanoseconds
                log(.warning, "NameNode \(caller.address) did not take the full report: \(failure)")
                mustRegisterAgain(failure)
            }
        }
    }

    // MARK: Other calls

    /// Tells something that is not repeated when it fails.
    func tell<Request: Message, Response: Message>(
        _ method: String, _ request: Request, _ type: Response.Type,
        _ done: @escaping (Result<Response, CallFailure>) -> Void
    ) {
        caller.call(method, request, type) { [weak self] outcome in
            if case .failure(let failure) = outcome, let self {
                log(.warning, "NameNode \(caller.address) did not take \(method): \(failure)")
            }
            done(outcome)
        }
    }
}
