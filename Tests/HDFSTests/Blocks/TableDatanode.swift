import Foundation
import HoneyHDFSMessages
import HoneyWorld
import SwiftProtobuf

@testable import HoneyHDFS

/// A DataNode that is a table of replicas, as a machine that talks to a NameNode and takes moved blocks.
final class TableDatanode: Machine {
    typealias Message = HDFSMessage

    let name: String
    let capacity: Int
    var replicas: [UInt64: Block] = [:]
    private let link: NameNodePeer
    private let version: StorageVersion
    private var timer: HoneyWorld.Timer?

    init(_ name: String, capacity: Int, nameNode: NetworkAddress, version: StorageVersion) {
        self.name = name
        self.capacity = capacity
        self.version = version
        var random = SeededRandom(seed: UInt64(name.utf8.reduce(0) { $0 * 31 + Int($1) }))
        link = NameNodePeer(to: nameNode, user: "hdfs", random: &random)
    }

    private var registration: WireDatanodeRegistration {
        .ofTable(
            .with {
                $0.ipAddr = name
                $0.hostName = name
                $0.datanodeUuid = "uuid-" + name
                $0.xferPort = 8020
                $0.infoPort = 9864
                $0.ipcPort = 9867
            }, in: version.identity)
    }

    private var storage: WireDatanodeStorage { .with { $0.storageUuid = "DS-" + name } }

    func handle(_ event: Event<HDFSMessage>, at now: Moment, _ effects: Effects<HDFSMessage>) {
        switch event {
        case .started:
            timer = effects.setTimer(after: .seconds(3))
            register(effects)
        case .timer(let fired) where fired == timer:
            timer = effects.setTimer(after: .seconds(3))
            beat(effects)
        case .received(let connection, .transfer(.operation(.replace(let move)))):
            effects.send(.transfer(.response(.with { $0.status = .inProgress })), on: connection)
            receive(Block(move.header.block), hint: move.delHint, effects)
            effects.send(.transfer(.response(.with { $0.status = .success })), on: connection)
        default: _ = link.take(event, effects)
        }
    }

    private func call<Response: SwiftProtobuf.Message>(
        _ method: String, _ request: some SwiftProtobuf.Message, _ effects: Effects<HDFSMessage>,
        then next: @escaping (Response) -> Void = { _ in }
    ) {
        link.call(.datanode, method, request, effects) { (result: Result<Response, RemoteException>) in
            if case .success(let response) = result { next(response) }
        }
    }

    private func register(_ effects: Effects<HDFSMessage>) {
        let request = WireRegisterDatanodeRequest.with { $0.registration = registration }
        call("registerDatanode", request, effects) { [self] (_: WireRegisterDatanodeResponse) in
            beat(effects)
            let report = WireBlockReportRequest.with {
                $0.registration = registration
                $0.blockPoolID = version.blockPoolID
                $0.reports = [
                    .with {
                        $0.storage = storage
                        $0.numberOfBlocks = UInt64(replicas.count)
                        $0.blocksBuffers = [
                            Data(BlockReportReader.buffer(of: replicas.values.map { ($0, .finalized) }))
                        ]
                    }
                ]
            }
            call("blockReport", report, effects) { (_: WireBlockReportResponse) in }
        }
    }

    private func beat(_ effects: Effects<HDFSMessage>) {
        let used = replicas.values.reduce(0) { $0 + $1.size }
        let request = WireHeartbeatRequest.with {
            $0.registration = registration
            $0.reports = [
                .with {
                    $0.storageUuid = "DS-" + name
                    $0.capacity = UInt64(capacity)
                    $0.dfsUsed = UInt64(used)
                    $0.remaining = UInt64(capacity - used)
                    $0.blockPoolUsed = UInt64(used)
                    $0.storage = storage
                }
            ]
        }
        call("sendHeartbeat", request, effects) { [self] (response: WireHeartbeatResponse) in
            for command in response.cmds where command.cmdType == .blockCommand && command.blkCmd.action == .invalidate
            {
                for block in command.blkCmd.blocks {
                    guard let held = replicas.removeValue(forKey: block.blockID) else { continue }
                    tell(held, .deleted, hint: "", effects)
                }
            }
        }
    }

    /// Holds a replica from now on, and says so.
    func receive(_ block: Block, hint: String = "", _ effects: Effects<HDFSMessage>) {
        replicas[block.id] = block
        tell(block, .received, hint: hint, effects)
    }

    private func tell(
        _ block: Block, _ status: WireReceivedDeletedBlockInfo.BlockStatus, hint: String,
        _ effects: Effects<HDFSMessage>
    ) {
        let request = WireBlockReceivedAndDeletedRequest.with {
            $0.registration = registration
            $0.blockPoolID = version.blockPoolID
            $0.blocks = [
                .with {
                    $0.storageUuid = "DS-" + name
                    $0.blocks = [
                        .with {
                            $0.block = block.message
                            $0.status = status
                            if !hint.isEmpty { $0.deleteHint = hint }
                        }
                    ]
                }
            ]
        }
        call("blockReceivedAndDeleted", request, effects) { (_: WireBlockReceivedAndDeletedResponse) in }
    }
}
