import HoneyHDFSMessages
import HoneyWorld

extension DataNode {
    /// What becomes of a replica that came whole.
    enum Ending {
        /// It is finished; `hint` names the DataNode it was moved from.
        case finished(hint: String)
        /// A client goes on writing it.
        case adopted
        /// It is finished for a client that will give it another stamp, so that the NameNode is not told.
        case finishedQuietly
    }

    /// Writes what is new of a packet that was found right, and has it brought to the disk while more comes.
    func write(_ packet: TransferPacket, to replica: OpenReplica) throws {
        try replica.write(at: Int(packet.offsetInBlock), data: packet.data, checksums: packet.checksums)
        guard configuration.writesBehind, let range = replica.takeWriteback() else { return }
        board.effects.startWriteback(replica.data, range)
    }

    /// Brings a replica to its end, durably, and tells the NameNodes; `done` hears why that failed.
    ///
    /// `done` is not called when another writer took the replica over meanwhile.
    func finish(_ replica: OpenReplica, as ending: Ending, _ done: @escaping ((any Error)?) -> Void) {
        let writer = replica.writer
        let isDurable = configuration.syncsOnClose
        func fail(_ error: any Error) {
            store.examine(replica.volume, after: error)
            done(error)
        }
        board.makeDurable(isDurable ? store.bytes(of: replica) : []) { [self] failure in
            guard replica.writer === writer, store.open[replica.id] === replica else { return }
            if let failure { return fail(failure) }
            let targets: [SyncTarget]
            do {
                if case .adopted = ending {
                    targets = try store.adopt(replica)
                } else {
                    targets = try store.finalize(replica)
                }
            } catch {
                return fail(error)
            }
            board.makeDurable(isDurable ? targets : []) { [self] failure in
                if let failure { return fail(failure) }
                if case .finished(let hint) = ending {
                    // Its stamp may be another by now, when the writer has begun to recover the end of the block.
                    report(.received, store.block(replica.id) ?? replica.block, on: replica.volume, hint: hint)
                }
                done(nil)
            }
        }
    }
}
