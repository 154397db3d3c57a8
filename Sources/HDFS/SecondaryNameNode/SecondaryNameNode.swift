// SecondaryNameNode spares a NameNode the writing of images: from time to time it fetches what was logged since the last image, merges both
// with the NameNode's own code in a directory of its own, and sends the new image back. It is a client of the NameNode and serves nobody.

import HoneyCore
import HoneyHDFSMessages
package import HoneyWorld
import NIOCore
import SwiftProtobuf

/// Makes checkpoints for one NameNode.
package final class SecondaryNameNode: Machine {
    package typealias Message = HDFSMessage

    package let configuration: SecondaryNameNodeConfiguration
    let directory: StorageDirectory
    let link: NameNodePeer
    var random: SeededRandom
    var effects = Effects<HDFSMessage>()
    private var now = Moment(monotonicNanoseconds: 0, wallMilliseconds: 0)
    private var timer: HoneyWorld.Timer?
    private var lastCheckpoint: Int?
    private(set) var isBusy = false
    /// What was merged so far; nil before it was read from the directory or the NameNode.
    var merged: Merged?
    /// Transactions of the last checkpoint that the NameNode took.
    package private(set) var lastTransaction = 0
    /// How many checkpoints the NameNode took, and how many attempts failed.
    package private(set) var counts = (made: 0, failed: 0)

    /// A name space up to a transaction.
    struct Merged {
        let version: StorageVersion
        let namespace: Namespace
        var answers: RetryCache
        var nextTransaction: Int
    }

    /// Makes one over its directory (`dfs.namenode.checkpoint.dir`), which may be empty.
    package init(configuration: SecondaryNameNodeConfiguration, disk: any Disk, random: SeededRandom) {
        self.configuration = configuration
        var random = random
        link = NameNodePeer(
            to: configuration.nameNode, user: configuration.user, random: &random, patience: configuration.callTimeout)
        self.random = random
        directory = StorageDirectory(disk)
    }

    package func handle(_ event: Event<HDFSMessage>, at now: Moment, _ effects: Effects<HDFSMessage>) {
        self.now = now
        self.effects = effects
        switch event {
        case .started: timer = effects.setTimer(after: configuration.checkPeriod)
        case .timer(let fired) where fired == timer:
            timer = effects.setTimer(after: configuration.checkPeriod)
            checkWhetherDue()
        case .stopping:
            link.close(effects)
            effects.stop()
        default: _ = link.take(event, effects)
        }
    }

    private func checkWhetherDue() {
        guard !isBusy else { return }
        if let lastCheckpoint, now.monotonicNanoseconds - lastCheckpoint < configuration.checkpointPeriod {
            isBusy = true
            ask("getTransactionId", WireGetTransactionIdRequest()) { [self] (response: WireGetTransactionIdResponse) in
                isBusy = false
                guard Int(clamping: response.txID) - lastTransaction >= configuration.checkpointTransactions else {
                    return
                }
                begin()
            }
        } else {
            begin()
        }
    }

    private func begin() {
        isBusy = true
        ask("rollEditLog", WireRollEditLogRequest()) { [self] (response: WireRollEditLogResponse) in
            try prepare(response.signature)
        }
    }

    /// Asks the NameNode; a failure, or one of what follows the answer, ends the attempt.
    func ask<Response: SwiftProtobuf.Message>(
        _ method: String, _ request: some SwiftProtobuf.Message, then next: @escaping (Response) throws -> Void
    ) {
        link.call(.namenode, method, request, effects) { [self] (result: Result<Response, RemoteException>) in
            do { try next(result.get()) } catch { fail(error) }
        }
    }

    func fail(_ error: any Error) {
        isBusy = false
        counts.failed += 1
        effects.log(.warning, "checkpoint failed and is tried again later: \(error)")
    }

    func finish(_ transaction: Int) {
        isBusy = false
        counts.made += 1
        lastTransaction = max(lastTransaction, transaction)
        lastCheckpoint = now.monotonicNanoseconds
        effects.log(.info, "made a checkpoint up to transaction \(transaction)")
    }

    /// Makes an empty name space to read into; its blocks have no DataNodes.
    func makeNamespace(_ version: StorageVersion) -> Namespace {
        let blocks = BlockManager(
            configuration: BlockConfiguration(), pool: version.blockPoolID, random: random.split())
        blocks.becomeStandby()
        return Namespace(
            blocks: blocks, leases: Leases(), owner: configuration.user, group: NameNodeConfiguration().supergroup,
            created: now.wallMilliseconds)
    }
}
