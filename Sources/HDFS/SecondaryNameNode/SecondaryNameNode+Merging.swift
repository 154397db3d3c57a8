import HoneyCore
import HoneyHDFSMessages
import HoneyWorld
import NIOCore
import SwiftProtobuf

/// The steps of a checkpoint: what there is, what is missing, the merged image, and its way back.
extension SecondaryNameNode {
    /// Begins once the NameNode has ended its segment: all before `curSegmentTxID` is finished and can be fetched.
    func prepare(_ signature: WireCheckpointSignature) throws {
        let version = try version(signature)
        let target = Int(clamping: signature.curSegmentTxID) - 1
        let newest = Int(clamping: signature.mostRecentCheckpointTxID)
        if target <= newest { return finish(newest) }
        if merged == nil { try readDirectory(version) }
        let next = merged?.nextTransaction ?? 1
        ask("getEditLogManifest", WireGetEditLogManifestRequest.with { $0.sinceTxID = UInt64(next) }) {
            [self] (response: WireGetEditLogManifestResponse) in
            let segments = response.manifest.logs.filter { !$0.isInProgress && Int(clamping: $0.endTxID) <= target }
            // The NameNode keeps the log from its older image on; who has less begins with the newer one.
            if merged == nil || Int(clamping: segments.first?.startTxID ?? .max) > next {
                fetchImage(newest, version) { [self] in
                    try fetch(
                        segments.filter { Int(clamping: $0.endTxID) > newest }[...], target, version)
                }
            } else {
                try fetch(segments[...], target, version)
            }
        }
    }

    /// Tells whose name space it is; a directory of another one is an error that stays until somebody empties it.
    private func version(_ signature: WireCheckpointSignature) throws -> StorageVersion {
        let version = StorageVersion(
            namespaceID: signature.storageInfo.namespceID, clusterID: signature.storageInfo.clusterID,
            blockPoolID: signature.blockPoolID, creationTime: signature.storageInfo.cTime)
        if let own = try directory.readVersion() {
            guard own == version else {
                throw HoneyError.damaged(
                    "storage directory belongs to another name space", path: directory.place("current/VERSION"))
            }
        } else {
            try directory.format(version)
        }
        return version
    }

    /// Reads what an earlier checkpoint left in the directory; what cannot be read is fetched again.
    private func readDirectory(_ version: StorageVersion) throws {
        var loader = try NamespaceLoader(directory)
        try loader.finish(keeps: false)
        guard !loader.listing.images.isEmpty else { return }
        let namespace = makeNamespace(version)
        var answers = RetryCache(lifetime: NameNodeConfiguration().retryLifetime)
        do {
            let outcome = try loader.load(into: namespace, answers: &answers) { effects.log(.warning, $0) }
            merged = Merged(
                version: version, namespace: namespace, answers: answers, nextTransaction: outcome.nextTransaction)
        } catch {
            effects.log(.warning, "what is left of the last checkpoint is fetched again: \(error)")
            for image in loader.listing.images { try directory.disk.remove(StorageDirectory.image(image)) }
            for segment in loader.listing.finished {
                try directory.disk.remove(StorageDirectory.finished(segment.lowerBound, segment.upperBound))
            }
        }
    }

    // MARK: Fetching

    private func fetchImage(_ image: Int, _ version: StorageVersion, then next: @escaping () throws -> Void) {
        let draft = StorageDirectory.checkpoint(image)
        fetch(.image, image, to: draft) { [self] in
            try directory.disk.rename(draft, to: StorageDirectory.image(image))
            try directory.disk.synchronize(StorageDirectory.folder)
            merged = nil
            let namespace = makeNamespace(version)
            var answers = RetryCache(lifetime: NameNodeConfiguration().retryLifetime)
            let path = StorageDirectory.image(image)
            let reader = ImageReader(file: try directory.disk.open(path, .read), path: directory.place(path))
            try reader.verify()
            namespace.isReplaying = true
            defer { namespace.isReplaying = false }
            let read = try reader.read(into: namespace, answers: &answers)
            merged = Merged(version: version, namespace: namespace, answers: answers, nextTransaction: read + 1)
            try next()
        }
    }

    /// Fetches and applies segments one after another, then goes on to the image.
    private func fetch(_ segments: ArraySlice<WireRemoteEditLog>, _ target: Int, _ version: StorageVersion) throws {
        guard let segment = segments.first else { return try saveImage(target, version) }
        let (first, last) = (Int(clamping: segment.startTxID), Int(clamping: segment.endTxID))
        guard first <= last, last <= StorageDirectory.greatestTransaction else {
            throw RemoteException.inputOutput("manifest names a segment that is none: \(first) to \(last)")
        }
        let draft = StorageDirectory.folder + "/edits.new"
        fetch(.edits, first, to: draft) { [self] in
            let path = StorageDirectory.finished(first, last)
            try directory.disk.rename(draft, to: path)
            try directory.disk.synchronize(StorageDirectory.folder)
            try apply(path, first)
            try fetch(segments.dropFirst(), target, version)
        }
    }

    private func fetch(
        _ kind: WireReadStorageRequest.Kind, _ transaction: Int, to path: String, then next: @escaping () throws -> Void
    ) {
        do {
            let file = try directory.disk.open(path, .create)
            fetchPiece(kind, transaction, to: file) {
                try file.synchronize()
                try next()
            }
        } catch { fail(error) }
    }

    private func fetchPiece(
        _ kind: WireReadStorageRequest.Kind, _ transaction: Int, to file: any DiskFile,
        then next: @escaping () throws -> Void
    ) {
        let offset = file.size
        let request = WireReadStorageRequest.with {
            $0.kind = kind
            $0.txID = UInt64(transaction)
            $0.offset = UInt64(offset)
            $0.count = UInt32(ImageSender.pieceBytes)
        }
        ask("readStorage", request) { [self] (response: WireReadStorageResponse) in
            try file.write(ByteBuffer(bytes: response.bytes), at: offset)
            let size = offset + response.bytes.count
            if size >= Int(clamping: response.fileBytes) { return try next() }
            guard !response.bytes.isEmpty else {
                throw RemoteException.inputOutput("NameNode sends no more of \(kind) \(transaction)")
            }
            fetchPiece(kind, transaction, to: file, then: next)
        }
    }

    // MARK: Merging

    private func apply(_ path: String, _ first: Int) throws {
        guard var merged else { throw HoneyError.unexpected("there is nothing to merge a segment with") }
        // Half a segment applied is no state to go on from.
        self.merged = nil
        guard first <= merged.nextTransaction else {
            throw HoneyError.damaged(
                "log lacks transactions from \(merged.nextTransaction) on", path: directory.place(path))
        }
        let file = try directory.disk.open(path, .read)
        let reader = SegmentReader(file: file, path: directory.place(path), mayBeTorn: false)
        let (next, _) = try reader.forEach(first: first) { transaction in
            guard transaction.id >= merged.nextTransaction else { return }
            try merged.namespace.replay(transaction, answers: &merged.answers)
        }
        merged.nextTransaction = max(merged.nextTransaction, next)
        self.merged = merged
    }

    private func saveImage(_ target: Int, _ version: StorageVersion) throws {
        guard let merged, merged.nextTransaction == target + 1 else {
            throw HoneyError.unexpected("log ends at \((self.merged?.nextTransaction ?? 1) - 1), not at \(target)")
        }
        let draft = StorageDirectory.checkpoint(target)
        let file = try directory.disk.open(draft, .create)
        try Image.write(
            merged.namespace, answers: merged.answers, namespaceID: version.namespaceID, transaction: target
        ) { piece in try file.write(piece, at: file.size) }
        try file.synchronize()
        try directory.adoptImage(target)
        ImageSender(file, transaction: target, version: version, over: link).send(effects) { [self] failure in
            if let failure { fail(failure) } else { finish(target) }
        }
    }
}
