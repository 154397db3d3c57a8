package import HoneyCore
import HoneyHDFSMessages
import HoneyWorld
import SwiftProtobuf

/// How a file is to be made.
package struct FileCreation: Sendable {
    package var overwrites = false
    /// Makes directories above it that are missing.
    package var makesParents = true
    /// Low nine bits of a POSIX mode, before the client's mask.
    package var mode = 0o666
    /// Replicas and bytes of a block; nil takes the client's settings.
    package var replication: Int?
    package var blockBytes: Int?

    package init(overwrites: Bool = false) { self.overwrites = overwrites }

    /// Takes `dfs.replication` and `dfs.blocksize` where they are set. Fails with `INVALID_SETTING` at a value that is none.
    package init(overwrites: Bool, settings: [String: String]) throws(HoneyError) {
        self.overwrites = overwrites
        let reader = HadoopProperties(settings)
        var copies = 0
        try reader.read("dfs.replication", &copies)
        if copies > 0 { replication = copies }
        var bytes = 0
        try reader.read("dfs.blocksize", bytes: &bytes)
        if bytes > 0 { blockBytes = bytes }
    }
}

extension HDFSClient {
    /// Makes a file and opens it for writing.
    package func create(
        _ path: String, _ creation: FileCreation, completion: @escaping (Result<FileWriter, any Error>) -> Void
    ) {
        let request = WireCreateRequest.with {
            $0.src = path
            $0.masked.perm = UInt32(creation.mode & ~configuration.umask)
            $0.unmasked.perm = UInt32(creation.mode)
            $0.clientName = name
            $0.createFlag = creation.overwrites ? 3 : 1
            $0.createParent = creation.makesParents
            $0.replication = UInt32(clamping: creation.replication ?? configuration.replication)
            $0.blockSize = UInt64(clamping: creation.blockBytes ?? configuration.blockBytes)
        }
        waitingForRecovery { [self] done in
            call("create", request, as: WireCreateResponse.self) { done($0) }
        } completion: { [self] (result: Result<WireCreateResponse, any Error>) in
            let writer = result.map { FileWriter(path, $0.fs, self) }
            later { completion(writer) }
        }
    }

    /// Opens a file for writing at its end.
    package func append(_ path: String, completion: @escaping (Result<FileWriter, any Error>) -> Void) {
        let request = WireAppendRequest.with {
            $0.src = path
            $0.clientName = name
            $0.flag = 4
        }
        waitingForRecovery { [self] done in
            call("append", request, as: WireAppendResponse.self) { done($0) }
        } completion: { [self] (result: Result<WireAppendResponse, any Error>) in
            let writer = result.map { response in
                FileWriter(
                    path, response.stat, appendingTo: response.hasBlock ? response.block : nil, isAppending: true,
                    self)
            }
            later { completion(writer) }
        }
    }

    /// Repeats what is refused because the file is being taken from a writer that is gone.
    private func waitingForRecovery<Value>(
        tries: Int = 0, _ attempt: @escaping (@escaping (Result<Value, any Error>) -> Void) -> Void,
        completion: @escaping (Result<Value, any Error>) -> Void
    ) {
        attempt { [self] result in
            guard case .failure(let error) = result, tries < 20,
                (error as? RemoteException)?.shortName == "RecoveryInProgressException"
            else { return completion(result) }
            board.after(backoff(after: tries, base: .milliseconds(200), limit: .seconds(3))) { [self] in
                waitingForRecovery(tries: tries + 1, attempt, completion: completion)
            }
        }
    }

    // MARK: Leases

    func register(_ writer: FileWriter) {
        writers[writer.number] = writer
        guard leaseTimer == nil else { return }
        leaseTimer = board.after(configuration.leaseRenewal) { [unowned self] in renewLease() }
    }

    func unregister(_ writer: FileWriter) {
        writers[writer.number] = nil
        guard writers.isEmpty else { return }
        board.cancel(leaseTimer)
        leaseTimer = nil
    }

    /// Tells the NameNode that the files being written still are.
    private func renewLease() {
        leaseTimer = board.after(configuration.leaseRenewal) { [unowned self] in renewLease() }
        call("renewLease", WireRenewLeaseRequest.with { $0.clientName = name }, as: WireRenewLeaseResponse.self) {
            [unowned self] result in
            if case .failure(let error) = result { log(.warning, "lease cannot be renewed: \(error)") }
        }
    }
}
