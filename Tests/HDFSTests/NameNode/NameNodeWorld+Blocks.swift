import Foundation
import HoneyHDFSMessages
import HoneyWorld
import NIOCore
import SwiftProtobuf

@testable import HoneyHDFS

/// A NameNode that one DataNode, which is a table, and a client that writes to it can ask.
protocol NameNodeAsking {
    func ask<Response: Message>(_ method: String, _ request: some Message, of name: RPCProtocol) throws -> Response
    var node: NameNode { get }
}

extension NameNodeWorld: NameNodeAsking {
    func ask<Response: Message>(_ method: String, _ request: some Message, of name: RPCProtocol) throws -> Response {
        try ask(method, request, to: name)
    }
}

extension NameNodeAsking {
    private var registration: WireDatanodeRegistration { registration(uuid: "uuid-1") }

    private func registration(uuid: String) -> WireDatanodeRegistration {
        .ofTable(
            .with {
                $0.ipAddr = "10.0.0.1"
                $0.hostName = "one"
                $0.datanodeUuid = uuid
                $0.xferPort = 9866
                $0.infoPort = 9864
                $0.ipcPort = 9867
            }, in: node.blockManager!.identity)
    }

    /// Has another DataNode register at the address of the one there is.
    func replaceDatanode() throws {
        let _: WireRegisterDatanodeResponse = try ask(
            "registerDatanode",
            WireRegisterDatanodeRequest.with { $0.registration = registration(uuid: "uuid-2") }, of: .datanode)
    }

    /// Registers the DataNode and has it tell of its storage and the blocks in it.
    func startDatanode(capacity: UInt64 = 1 << 40, holding blocks: [Block] = []) throws {
        let _: WireRegisterDatanodeResponse = try ask(
            "registerDatanode", WireRegisterDatanodeRequest.with { $0.registration = registration }, of: .datanode)
        try beat(capacity: capacity)
        let _: WireBlockReportResponse = try ask(
            "blockReport",
            WireBlockReportRequest.with {
                $0.registration = registration
                $0.blockPoolID = node.blockManager!.pool
                $0.reports = [
                    .with {
                        $0.storage = .with { $0.storageUuid = "DS-1" }
                        $0.numberOfBlocks = UInt64(blocks.count)
                        $0.blocksBuffers = [.init(BlockReportReader.buffer(of: blocks.map { ($0, .finalized) }))]
                    }
                ]
            }, of: .datanode)
    }

    @discardableResult
    func beat(capacity: UInt64 = 1 << 40) throws -> WireHeartbeatResponse {
        try ask(
            "sendHeartbeat",
            WireHeartbeatRequest.with {
                $0.registration = registration
                $0.reports = [
                    .with {
                        $0.storageUuid = "DS-1"
                        $0.capacity = capacity
                        $0.remaining = capacity
                        $0.storage = .with { $0.storageUuid = "DS-1" }
                    }
                ]
            }, of: .datanode)
    }

    /// Tells that the DataNode has a whole replica.
    func receive(_ block: Block) throws {
        let _: WireBlockReceivedAndDeletedResponse = try ask(
            "blockReceivedAndDeleted",
            WireBlockReceivedAndDeletedRequest.with {
                $0.registration = registration
                $0.blockPoolID = node.blockManager!.pool
                $0.blocks = [
                    .with {
                        $0.storageUuid = "DS-1"
                        $0.blocks = [
                            .with {
                                $0.block = block.message
                                $0.status = .received
                            }
                        ]
                    }
                ]
            }, of: .datanode)
    }

    /// Makes a file and asks for its first block.
    func beginFile(_ path: String) throws -> (id: UInt64, block: Block) {
        let made: WireCreateResponse = try ask("create", NameNodeWorld.creation(path), of: .client)
        let added: WireAddBlockResponse = try ask(
            "addBlock",
            WireAddBlockRequest.with {
                $0.src = path
                $0.clientName = "writer"
                $0.fileID = made.fs.fileID
            }, of: .client)
        return (made.fs.fileID, Block(added.block.b))
    }

    /// Has a file taken from its writer; tells whether it is closed.
    func recoverLease(of path: String) throws -> Bool {
        let response: WireRecoverLeaseResponse = try ask(
            "recoverLease",
            WireRecoverLeaseRequest.with {
                $0.src = path
                $0.clientName = "somebody"
            }, of: .client)
        return response.result
    }

    func complete(_ path: String, _ id: UInt64, _ last: Block) throws -> Bool {
        let done: WireCompleteResponse = try ask(
            "complete",
            WireCompleteRequest.with {
                $0.src = path
                $0.clientName = "writer"
                $0.fileID = id
                $0.last = last.extended(pool: node.blockManager!.pool)
            }, of: .client)
        return done.result
    }

    /// Writes a file of one block.
    @discardableResult
    func write(_ path: String, bytes: Int) throws -> Block {
        var (id, block) = try beginFile(path)
        block.size = bytes
        try receive(block)
        let isComplete = try complete(path, id, block)
        precondition(isComplete)
        return block
    }
}
