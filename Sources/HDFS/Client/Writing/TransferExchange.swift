import HoneyCore
import HoneyHDFSMessages
import HoneyWorld

/// One operation of data transfer that is answered by a response and nothing else.
final class TransferExchange: ConnectionOwner {
    private let client: HDFSClient
    private var connection: Connection?
    private var timer: Timer?
    private let completion: (Result<WireBlockOpResponse, any Error>) -> Void

    @discardableResult
    init(
        _ operation: TransferOperation, with node: WireDatanodeID, _ client: HDFSClient,
        completion: @escaping (Result<WireBlockOpResponse, any Error>) -> Void
    ) {
        self.client = client
        self.completion = completion
        let connection = client.board.connect(
            to: client.configuration.transferAddress(node), over: .transfer, for: self)
        self.connection = connection
        client.board.effects.send(.transfer(.operation(operation)), on: connection)
        // A whole block may be copied or read through before the answer comes.
        timer = client.board.after(10 * client.configuration.socketTimeout) { [weak self] in
            self?.finish(.failure(HoneyError(.environment, "IO_ERROR", "no answer from DataNode \(node.hostName)")))
        }
    }

    private func finish(_ result: Result<WireBlockOpResponse, any Error>) {
        guard let connection else { return }
        self.connection = nil
        client.board.cancel(timer)
        client.board.close(connection)
        completion(result)
    }

    func closed(_ connection: Connection, _ reason: CloseReason) {
        finish(.failure(HoneyError(.environment, "IO_ERROR", "DataNode does not answer: \(reason.text)")))
    }

    func received(_ message: HDFSMessage, on connection: Connection) {
        guard case .transfer(.response(let response)) = message else { return }
        switch response.status {
        case .inProgress: break
        case .success: finish(.success(response))
        default:
            finish(
                .failure(
                    HoneyError(
                        .environment, "IO_ERROR", "DataNode refuses: \(response.status) \(response.message)")))
        }
    }
}
