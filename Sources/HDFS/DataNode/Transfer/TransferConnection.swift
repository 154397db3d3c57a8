import HoneyHDFSMessages
import HoneyWorld
import SwiftProtobuf

/// A connection to the transfer port between operations.
final class TransferConnection: ConnectionOwner {
    private let connection: Connection
    private unowned let node: DataNode
    private var patience: Timer?
    /// What the last read was of, until the reader has told how it went.
    private var lastRead: Block?

    init(_ connection: Connection, of node: DataNode) {
        self.connection = connection
        self.node = node
    }

    /// Waits for the first operation.
    func begin() { wait(node.configuration.socketTimeout) }

    /// Waits for another operation after one that ended well.
    func goOn(afterReading block: Block? = nil) {
        lastRead = block
        wait(block == nil ? node.configuration.keepAlive : node.configuration.socketTimeout)
    }

    private func wait(_ nanoseconds: Int) {
        node.board.give(connection, to: self)
        node.board.cancel(patience)
        patience = node.board.after(nanoseconds) { [self] in
            patience = nil
            node.board.close(connection)
        }
    }

    func received(_ message: HDFSMessage, on connection: Connection) {
        node.board.cancel(patience)
        patience = nil
        switch message {
        case .transfer(.operation(let operation)): perform(operation)
        case .transfer(.readStatus(let status)):
            if status.status == .errorChecksum, let lastRead { node.scanner.suspect(lastRead) }
            lastRead = nil
            wait(node.configuration.keepAlive)
        default: node.board.close(connection)
        }
    }

    func closed(_ connection: Connection, _ reason: CloseReason) {
        node.board.cancel(patience)
        patience = nil
    }

    private func perform(_ operation: TransferOperation) {
        guard node.isReady, let number = node.makeSessionNumber() else {
            node.board.close(connection)
            return
        }
        switch operation {
        case .write(let write): WriteSession(number, write, connection, of: node).begin()
        case .read(let read): ReadSession(number, read, connection, of: node).begin()
        case .transfer(let transfer): node.transfer(transfer, answeringOn: connection)
        case .replace(let replace): ReplaceSession(number, replace, connection, of: node).begin()
        case .copy(let copy): node.copy(copy, number, on: connection)
        case .checksum(let checksum): node.tellChecksum(checksum, on: connection)
        }
    }
}

extension WireBlockOpResponse {
    static func make(_ status: WireStatus, _ message: String = "", firstBadLink: String = "") -> WireBlockOpResponse {
        .with {
            $0.status = status
            if !message.isEmpty { $0.message = message }
            $0.firstBadLink = firstBadLink
        }
    }
}

extension WireDatanodeID {
    /// As Hadoop names it in answers.
    var transferName: String { "\(ipAddr):\(xferPort)" }
}
