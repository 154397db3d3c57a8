import FoundationEssentials
import HoneyHDFSMessages
import HoneyWorld
import SwiftProtobuf

/// The moves of one iteration: asks for blocks, starts moves as nodes have room for them, and waits for all.
final class BalancerDispatch {
    private struct Running {
        var block: UInt64
        var bytes: Int
        var nodes: [String]
        var timer: HoneyWorld.Timer
    }

    private unowned let balancer: Balancer
    private let plan: BalancePlan
    private let finish: (Int) -> Void
    /// Bytes still to move, as `plan.moves`.
    private var left: [Int]
    /// Blocks of each source that may be moved, and how often they were asked for.
    private var candidates: [Int: [WireBlockWithLocations]] = [:]
    private var requests: [Int: Int] = [:]
    private var asking = 0
    private var running: [Connection: Running] = [:]
    private var busy: [String: Int] = [:]
    private var bytesMoved = 0
    private var isFinished = false
    /// Blocks that were moved, now or before: one is not moved twice.
    private(set) var moved: Set<UInt64>

    private static let requestsPerSource = 5

    init(_ balancer: Balancer, _ plan: BalancePlan, alreadyMoved: Set<UInt64>, finish: @escaping (Int) -> Void) {
        self.balancer = balancer
        self.plan = plan
        self.finish = finish
        left = plan.moves.map(\.bytes)
        moved = alreadyMoved
    }

    func start() {
        for source in Set(plan.moves.map(\.source)).sorted() { ask(source) }
    }

    private func ask(_ source: Int) {
        requests[source, default: 0] += 1
        asking += 1
        let wanted = plan.moves.indices.reduce(0) { $0 + (plan.moves[$1].source == source ? max(0, left[$1]) : 0) }
        let request = WireGetBlocksRequest.with {
            $0.datanode = plan.nodes[source].id
            $0.size = UInt64(min(2 * wanted, balancer.configuration.bytesPerRequest))
            $0.minBlockSize = UInt64(balancer.configuration.smallestBlock)
        }
        balancer.call(.namenode, "getBlocks", request) { [unowned self] (response: WireGetBlocksResponse) in
            asking -= 1
            candidates[source] = response.blocks.blocks
            advance()
        }
    }

    /// Starts what can be started; finishes when nothing runs and nothing more can.
    private func advance() {
        guard !isFinished else { return }
        for index in plan.moves.indices { startMoves(index) }
        guard running.isEmpty, asking == 0 else { return }
        let wanting = Set(plan.moves.indices.filter { left[$0] > 0 }.map { plan.moves[$0].source }).sorted()
            .filter { requests[$0, default: 0] < Self.requestsPerSource && bytesMoved > 0 }
        guard wanting.isEmpty else {
            for source in wanting { ask(source) }
            return
        }
        isFinished = true
        finish(bytesMoved)
    }

    private func startMoves(_ index: Int) {
        let move = plan.moves[index]
        let target = plan.nodes[move.target]
        var kept: [WireBlockWithLocations] = []
        for block in candidates[move.source] ?? [] {
            guard left[index] > 0, !moved.contains(block.block.blockID) else {
                kept.append(block)
                continue
            }
            guard let proxy = proxy(for: block, move), hasRoom(proxy.id.datanodeUuid), hasRoom(target.id.datanodeUuid)
            else {
                kept.append(block)
                continue
            }
            start(block, index, proxy)
        }
        candidates[move.source] = kept.filter { !moved.contains($0.block.blockID) }
    }

    private func hasRoom(_ uuid: String) -> Bool { busy[uuid, default: 0] < balancer.configuration.movesPerNode }

    /// Chooses whom the target copies from: a holder on its own rack, or the source; nil when the block may not move there.
    private func proxy(for block: WireBlockWithLocations, _ move: BalancePlan.Move) -> WireDatanodeInfo? {
        let (source, target) = (plan.nodes[move.source], plan.nodes[move.target])
        let holders = block.datanodeUuids.compactMap { uuid in plan.nodes.first { $0.id.datanodeUuid == uuid } }
        guard block.datanodeUuids.contains(source.id.datanodeUuid),
            !block.datanodeUuids.contains(target.id.datanodeUuid)
        else { return nil }
        let before = Set(holders.map(\.location))
        let rest = holders.filter { $0.id.datanodeUuid != source.id.datanodeUuid }
        guard Set((rest + [target]).map(\.location)).count >= min(2, before.count) else { return nil }
        return holders.first { $0.location == target.location && hasRoom($0.id.datanodeUuid) } ?? source
    }

    private func start(_ block: WireBlockWithLocations, _ index: Int, _ proxy: WireDatanodeInfo) {
        let move = plan.moves[index]
        let (source, target) = (plan.nodes[move.source], plan.nodes[move.target])
        let named = Block(block.block)
        moved.insert(named.id)
        left[index] -= named.size
        let nodes = [proxy.id.datanodeUuid, target.id.datanodeUuid]
        for node in nodes { busy[node, default: 0] += 1 }
        let place = target.id
        let address: NetworkAddress =
            place.ipAddr.hasPrefix("/")
            ? .local(path: place.ipAddr) : .tcp(host: place.ipAddr, port: Int(place.xferPort))
        let connection = balancer.effects.connect(to: address, over: .transfer)
        running[connection] = Running(
            block: named.id, bytes: named.size, nodes: nodes,
            timer: balancer.effects.setTimer(after: balancer.configuration.moveTimeout))
        let operation = WireOpReplaceBlock.with {
            $0.header = .with {
                $0.block = named.extended(pool: balancer.pool)
                $0.token = .with {
                    $0.identifier = .init()
                    $0.password = .init()
                    $0.kind = ""
                    $0.service = ""
                }
            }
            $0.delHint = source.id.datanodeUuid
            $0.source = proxy
        }
        balancer.effects.send(.transfer(.operation(.replace(operation))), on: connection)
    }

    /// Takes a target's answer; while it copies it says that it is in progress.
    func take(_ response: WireBlockOpResponse, on connection: Connection) {
        guard let move = running[connection], response.status != .inProgress else { return }
        if response.status == .success {
            bytesMoved += move.bytes
        } else {
            balancer.effects.log(.warning, "moving block \(move.block) failed: \(response.message)")
        }
        balancer.effects.close(connection)
        end(connection)
    }

    func lose(_ connection: Connection) {
        guard let move = running[connection] else { return }
        balancer.effects.log(.warning, "moving block \(move.block) failed: the connection ended")
        end(connection)
    }

    func expire(_ timer: HoneyWorld.Timer) {
        guard let connection = running.first(where: { $0.value.timer == timer })?.key else { return }
        balancer.effects.close(connection)
        end(connection)
    }

    private func end(_ connection: Connection) {
        guard let move = running.removeValue(forKey: connection) else { return }
        balancer.effects.cancel(move.timer)
        for node in move.nodes { busy[node, default: 1] -= 1 }
        advance()
    }
}
