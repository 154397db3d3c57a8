import HoneyCore
import HoneyWorld
import NIOCore

/// Images written by the NameNode itself or received from a secondary.
extension EditLog {
    /// Writes an image of the name space, which has all transactions, to every directory, and keeps the last two.
    ///
    /// The segment being written must be finished, or there must be none yet.
    func saveImage(of namespace: Namespace, answers: RetryCache, _ complain: (String) -> Void) throws {
        let transaction = lastTransaction
        var drafts: [(directory: StorageDirectory, file: any DiskFile, size: Int)] = []
        try forEachDirectory(complain) { directory in
            drafts.append((directory, try directory.disk.open(StorageDirectory.checkpoint(transaction), .create), 0))
        }
        try Image.write(
            namespace, answers: answers, namespaceID: version.namespaceID, transaction: transaction
        ) { piece in
            try forEachDirectory(complain) { directory in
                guard let index = drafts.firstIndex(where: { $0.directory === directory }) else { return }
                try drafts[index].file.write(piece, at: drafts[index].size)
                drafts[index].size += piece.readableBytes
            }
        }
        try forEachDirectory(complain) { directory in
            guard let draft = drafts.first(where: { $0.directory === directory }) else { return }
            try draft.file.synchronize()
            try directory.adoptImage(transaction)
        }
        noteImage(transaction)
    }
}

extension StorageDirectory {
    /// Gives a checkpoint that was made durable the name of an image, and removes what nobody needs any more.
    func adoptImage(_ transaction: Int) throws {
        try disk.rename(Self.checkpoint(transaction), to: Self.image(transaction))
        try disk.synchronize(Self.folder)
        try purge()
    }
}
