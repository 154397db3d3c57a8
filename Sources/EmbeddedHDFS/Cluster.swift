import Dispatch
import Glibc
import HoneyCore
import HoneyHDFS
import HoneyWorld
import NIOCore
import NIOPosix
import Synchronization

/// The daemons of a home while this process serves them: a NameNode and its DataNodes, each on an event loop of its own.
final class Cluster: Sendable {
    private let sockets: SocketDirectory
    private let group: MultiThreadedEventLoopGroup
    private let log: HomeLog
    private let nameNode: MachineHost<NameNode>
    private let dataNodes: [MachineHost<DataNode>]
    private let disks = Mutex<[Handed]>([])

    /// Prepares the daemons; nothing runs yet.
    private init(_ home: HomeLayout, sockets: SocketDirectory, log: HomeLog) {
        self.sockets = sockets
        self.log = log
        group = MultiThreadedEventLoopGroup(numberOfThreads: 1 + home.dataDirectories.count)
        nameNode = MachineHost(on: group.next(), wires: [RPCWire()]) { level, text in
            log.write(level, "NameNode: \(text)")
        }
        dataNodes = home.dataDirectories.indices.map { [group] node in
            MachineHost(
                on: group.next(), wires: [RPCWire(), TransferWire()],
                route: { sockets.placeForDaemons(of: $0) },
                log: { level, text in log.write(level, "DataNode \(node + 1): \(text)") })
        }
        nameNode.ended.whenSuccess { [weak self] in self?.noteEnd(of: "NameNode", $0) }
        for (node, host) in dataNodes.enumerated() {
            host.ended.whenSuccess { [weak self] in self?.noteEnd(of: "DataNode \(node + 1)", $0) }
        }
    }

    /// Starts the daemons on what the home's directories hold, and lets clients come once all blocks are known.
    ///
    /// Fails when a directory or its content is unusable; then nothing runs any more.
    static func start(
        _ home: HomeLayout, sockets: SocketDirectory, properties: [String: String], user: String, log: HomeLog
    ) throws -> Cluster {
        let cluster = Cluster(home, sockets: sockets, log: log)
        do {
            try cluster.start(home, properties, user)
            return cluster
        } catch {
            cluster.stop()
            throw error
        }
    }

    private func start(_ home: HomeLayout, _ properties: [String: String], _ user: String) throws {
        var configuration = try NameNodeConfiguration(properties: properties)
        configuration.superuser = user
        // All nodes are here in a moment: there is no waiting for some of them, and no use in it once they are.
        configuration.knowsAllDataNodes = true
        configuration.blocks.safeModeThreshold = 1
        configuration.blocks.safeModeDatanodes = home.dataDirectories.count
        configuration.blocks.safeModeExtension = 0
        let disk = try takeDisk(home.nameDirectory)
        var random = SystemRandomNumberGenerator()
        let seeds = (0...dataNodes.count).map { _ in random.next() }
        sockets.beginStarting()
        _ = try nameNode.start(listening: [(sockets.startingNameNode, .rpc)]) { [configuration] _ in
            NameNode(configuration: configuration, disks: [disk.value], random: SeededRandom(seed: seeds[0]))
        }.wait()
        let starts = try dataNodes.indices.map { node in
            try start(node, home.dataDirectories[node], properties, user, seed: seeds[node + 1])
        }
        for start in starts { _ = try start.wait() }
        try waitUntilReady()
        try sockets.open()
        started.store(true, ordering: .relaxed)
    }

    private func start(
        _ node: Int, _ directory: String, _ properties: [String: String], _ user: String, seed: UInt64
    ) throws -> EventLoopFuture<[NetworkAddress]> {
        var configuration = try DataNodeConfiguration(properties: properties)
        configuration.nameNodes = [SocketDirectory.nameNode]
        configuration.host = SocketDirectory.host
        configuration.transferAddress = SocketDirectory.transfer(node)
        configuration.rpcAddress = SocketDirectory.rpc(node)
        configuration.httpPort = 0
        configuration.user = user
        let disk = try takeDisk(directory)
        return dataNodes[node].start(listening: [
            (sockets.place(of: configuration.transferAddress), .transfer),
            (sockets.place(of: configuration.rpcAddress), .rpc),
        ]) { [configuration] _ in
            DataNode(configuration: configuration, disks: [disk.value], random: SeededRandom(seed: seed))
        }
    }

    /// Carries a disk to the event loop of the machine that has it until it has ended.
    private struct Handed: @unchecked Sendable {
        var value: RealDisk
    }

    /// Takes a directory; one whose last process is just ending is waited for.
    private func takeDisk(_ directory: String) throws -> Handed {
        let deadline = ContinuousClock.now + .seconds(10)
        while true {
            do throws(DiskError) {
                let disk = Handed(value: try RealDisk(directory: directory))
                disks.withLock { $0.append(disk) }
                return disk
            } catch {
                guard error.cause == .failed, ContinuousClock.now < deadline else {
                    throw HoneyError(.environment, "IO_ERROR", error.message, file: FilePosition(directory))
                }
                usleep(2_000)
            }
        }
    }

    // MARK: Readiness

    /// Waits until all DataNodes have reported what they hold. Blocks that none of them has keep nobody from the others.
    private func waitUntilReady() throws {
        while true {
            if let failure { throw failure }
            if isReady() { return }
            usleep(500)
        }
    }

    private func isReady() -> Bool {
        let answer = Answer()
        let expected = dataNodes.count
        nameNode.perform { nameNode, _, _ in
            guard let blocks = nameNode.blockManager else { return }
            if blocks.safeMode.isOn, blocks.registry.reportedCount == expected { blocks.safeMode.leave() }
            answer.isReady.store(!blocks.safeMode.isOn, ordering: .relaxed)
            answer.came.signal()
        }
        // A machine that has ended answers nothing.
        return answer.came.wait(timeout: .now() + 1) == .success && answer.isReady.load(ordering: .relaxed)
    }

    private final class Answer: Sendable {
        let isReady = Atomic<Bool>(false)
        let came = DispatchSemaphore(value: 0)
    }

    // MARK: Clients

    /// Has the files closed of clients whose processes have ended.
    func releaseFiles(of marks: ClientMarks) {
        for name in marks.leftBehind() {
            nameNode.perform { nameNode, now, effects in
                if nameNode.releaseLeases(of: name, at: now, effects) { marks.remove(name) }
            }
        }
    }

    // MARK: Ending

    private struct Ending {
        var isWanted = false
        var failure: HoneyError?
        var onFailure: (@Sendable () -> Void)?
    }
    private let ending = Mutex(Ending())

    /// Why the daemons cannot go on, when one of them has ended by itself.
    var failure: HoneyError? { ending.withLock { $0.failure } }

    /// Calls `handler` once when a daemon ends by itself; at once when one has.
    func whenFailed(_ handler: @escaping @Sendable () -> Void) {
        let hasFailed = ending.withLock { ending in
            if ending.failure == nil { ending.onFailure = handler }
            return ending.failure != nil
        }
        if hasFailed { handler() }
    }

    private func noteEnd(of daemon: String, _ end: MachineEnd) {
        let handler = ending.withLock { ending -> (@Sendable () -> Void)? in
            guard !ending.isWanted, ending.failure == nil else { return nil }
            let reason = if case .failed(let reason) = end { reason } else { "it was stopped" }
            ending.failure = HoneyError(
                .environment, "HDFS_UNAVAILABLE", "\(daemon) of the home's HDFS ended: \(reason)")
            return ending.onFailure
        }
        handler?()
    }

    /// Ends the daemons in order and waits for it. What was acknowledged is on disk in any case.
    func stop() {
        ending.withLock { $0.isWanted = true }
        sockets.remove()
        for host in dataNodes { end(host) }
        end(nameNode)
        for host in dataNodes { _ = try? host.ended.wait() }
        _ = try? nameNode.ended.wait()
        for disk in disks.withLock({ $0 }) { disk.value.release() }
        try? group.syncShutdownGracefully()
    }

    /// Ends a daemon; one that never started, or does not end when asked, at once.
    private func end<M>(_ host: MachineHost<M>) {
        host.requestStop()
        let patience = host.eventLoop.scheduleTask(in: .seconds(hasStarted ? 5 : 0)) { host.kill() }
        host.ended.whenComplete { _ in patience.cancel() }
    }

    private var hasStarted: Bool { started.load(ordering: .relaxed) }
    private let started = Atomic<Bool>(false)
}
