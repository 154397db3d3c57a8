import HoneyHDFSMessages
import HoneyWorld
import NIOCore
import SwiftProtobuf
import Testing

@testable import HoneyHDFS

/// Runs a balancer against a block manager and DataNodes that are tables.
private final class BalancerRun {
    let cluster: BlockCluster
    let balancer: Balancer
    let effects = Effects<HDFSMessage>()
    var timers: [(at: Int, timer: HoneyWorld.Timer)] = []
    var addresses: [Connection: NetworkAddress] = [:]
    var refusesMoves = false
    var moves = 0

    init(_ cluster: BlockCluster, _ configure: (inout BalancerConfiguration) -> Void = { _ in }) {
        self.cluster = cluster
        var configuration = BalancerConfiguration(
            namenode: .tcp(host: "nn", port: 8020), namenodeName: "hdfs://nn:8020")
        configuration.smallestBlock = 1
        configure(&configuration)
        balancer = Balancer(configuration: configuration, random: SeededRandom(seed: 3))
    }

    func run() throws {
        var events: [Event<HDFSMessage>] = [.started]
        for _ in 0..<100_000 {
            if events.isEmpty {
                guard balancer.exit == nil, let next = timers.min(by: { $0.at < $1.at }) else { return }
                timers.removeAll { $0.timer == next.timer }
                let seconds = max(0, next.at - cluster.now.monotonicNanoseconds + .seconds(1) - 1) / .seconds(1)
                try cluster.run(seconds: seconds)
                events.append(.timer(next.timer))
            }
            balancer.handle(events.removeFirst(), at: cluster.now, effects)
            for effect in effects.take() { try events += perform(effect) }
        }
        Issue.record("the balancer does not end")
    }

    private func perform(_ effect: Effect<HDFSMessage>) throws -> [Event<HDFSMessage>] {
        switch effect {
        case .connect(let connection, to: let address, over: _): addresses[connection] = address
        case .setTimer(let timer, afterNanoseconds: let delay):
            timers.append((cluster.now.monotonicNanoseconds + delay, timer))
        case .cancelTimer(let timer): timers.removeAll { $0.timer == timer }
        case .send(let connection, .call(let call)):
            let bytes = try answer(call)
            return [
                .received(
                    connection,
                    .reply(RPCReply(number: call.number, client: call.client, outcome: .success(bytes))))
            ]
        case .send(let connection, .transfer(.operation(.replace(let move)))):
            guard case .tcp(let host, _) = addresses[connection] else { return [] }
            let progress = WireBlockOpResponse.with { $0.status = .inProgress }
            if refusesMoves {
                return [
                    .received(connection, .transfer(.response(progress))), .closed(connection, .ended),
                ]
            }
            moves += 1
            try cluster.receive(cluster.node(host), Block(move.header.block), hint: move.delHint)
            let done = WireBlockOpResponse.with { $0.status = .success }
            return [
                .received(connection, .transfer(.response(progress))),
                .received(connection, .transfer(.response(done))),
            ]
        default: break
        }
        return []
    }

    private func answer(_ call: RPCCall) throws -> ByteBuffer {
        let request = Array(call.body.readableBytesView)
        let response: any SwiftProtobuf.Message
        switch call.method {
        case "versionRequest": response = WireVersionResponse.with { $0.info = cluster.manager.namespaceInfo }
        case "getDatanodeStorageReport":
            for node in cluster.nodes { try cluster.beat(node) }
            response = WireGetDatanodeStorageReportResponse.with {
                $0.datanodeStorageReports = cluster.manager.storageReport(of: .live)
            }
        case "getBlocks": response = try cluster.manager.heldBlocks(WireGetBlocksRequest(serializedBytes: request))
        default:
            cluster.manager.setBalancerBandwidth(7)
            response = WireSetBalancerBandwidthResponse()
        }
        let bytes: [UInt8] = try response.serializedBytes()
        return ByteBuffer(bytes: bytes)
    }
}

/// Makes a cluster whose first nodes are full and to which an empty one came.
private func unevenCluster() throws -> BlockCluster {
    let cluster = try BlockCluster(["a", "b", "c"])
    for node in cluster.nodes { node.capacity = 100 << 20 }
    for node in cluster.nodes { try cluster.beat(node) }
    for _ in 0..<60 { try cluster.write(size: 1 << 20, replication: 3) }
    let late = BlockCluster.Node("d")
    late.capacity = 100 << 20
    cluster.nodes.append(late)
    try cluster.start(late)
    return cluster
}

@Test func balancingFillsTheEmptyNode() throws {
    let cluster = try unevenCluster()
    let run = BalancerRun(cluster) { $0.bandwidth = 1 << 20 }
    try run.run()
    try cluster.run(seconds: 10)
    #expect(run.balancer.exit == .success && run.moves > 0)
    #expect(run.balancer.output.first == BalancerReport.header)
    #expect(run.balancer.output.contains("The cluster is balanced. Exiting..."))
    let average = cluster.nodes.reduce(0) { $0 + $1.replicas.count } / 4
    for node in cluster.nodes { #expect(abs(node.replicas.count - average) <= 11) }
    for block in cluster.manager.blocks.values { #expect(cluster.holders(block).count == 3) }
}

@Test func aBalancerThatMovesNothingGivesUp() throws {
    let run = BalancerRun(try unevenCluster())
    run.refusesMoves = true
    try run.run()
    #expect(run.balancer.exit == .noMoveProgress)
    #expect(run.balancer.output.contains("No block has been moved for 5 iterations. Exiting..."))
}

@Test func balancerLinesAreHadoops() {
    #expect(BalancerReport.bytes(0) == "0 B" && BalancerReport.bytes(1 << 30) == "1 GB")
    #expect(BalancerReport.bytes(1_536) == "1.50 KB" && BalancerReport.bytes(1_023) == "1023 B")
    #expect(BalancerReport.time(1_696_792_022_000) == "Oct 8, 2023, 7:07:02 PM")
    #expect(
        BalancerReport.line(
            at: 1_696_792_022_000, iteration: 0, moved: 0, left: 1 << 30, moving: 10, namenode: "hdfs://nn:8020")
            == "Oct 8, 2023, 7:07:02 PM           0                  0 B                1 GB               10 B  hdfs://nn:8020"
    )
}

@Test func settingsAreReadByHadoopsNames() throws {
    let read = try BlockConfiguration(properties: [
        "dfs.heartbeat.interval": "1", "dfs.namenode.heartbeat.recheck-interval": "10s",
        "dfs.namenode.avoid.read.stale.datanode": "false", "dfs.namenode.safemode.threshold-pct": "0.5",
    ])
    #expect(read.deadInterval == .seconds(30) && !read.avoidsStaleReads && read.safeModeThreshold == 0.5)
    #expect(BlockConfiguration().deadInterval == .seconds(630))
    #expect(throws: (any Error).self) { try BlockConfiguration(properties: ["dfs.replication": "three"]) }
    #expect(throws: (any Error).self) {
        try BlockConfiguration(properties: ["dfs.heartbeat.interval": "9223372036854775807"])
    }
}
