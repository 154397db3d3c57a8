import HoneyCore
import HoneyWorld
import NIOCore

/// Reads a name space from one directory: the last good image and all of the log after it.
struct NamespaceLoader {
    let directory: StorageDirectory
    let listing: StorageDirectory.Listing

    init(_ directory: StorageDirectory) throws {
        self.directory = directory
        listing = try directory.list()
    }

    /// What was read.
    struct Outcome {
        /// The image it began with; 0 for the empty name space.
        var image = 0
        var nextTransaction = 1
    }

    /// Reads everything into a new name space.
    func load(into namespace: Namespace, answers: inout RetryCache) throws -> Outcome {
        var outcome = Outcome()
        namespace.isReplaying = true
        defer { namespace.isReplaying = false }
        if let image = listing.images.last {
            let path = StorageDirectory.image(image)
            let reader = ImageReader(file: try directory.disk.open(path, .read), path: directory.place(path))
            try reader.verify()
            outcome.image = try reader.read(into: namespace, answers: &answers)
            outcome.nextTransaction = outcome.image + 1
        }
        var cache = answers
        try forEachSegment(from: outcome.nextTransaction, &outcome) { transaction in
            try namespace.replay(transaction, answers: &cache)
        }
        answers = cache
        return outcome
    }

    /// Tells the transaction after the last one without applying any; to find which of several directories knows most.
    func nextTransaction() throws -> Int {
        var end = (listing.images.last ?? 0) + 1
        if let last = listing.finished.last { end = max(end, last.upperBound + 1) }
        if let first = listing.inProgress.last {
            let (next, _) = try segment(StorageDirectory.inProgress(first), mayBeTorn: true).forEach(first: first) {
                _ in
            }
            end = max(end, next)
        }
        return end
    }

    private func segment(_ path: String, mayBeTorn: Bool) throws -> SegmentReader {
        SegmentReader(file: try directory.disk.open(path, .read), path: directory.place(path), mayBeTorn: mayBeTorn)
    }

    private func forEachSegment(
        from first: Int, _ outcome: inout Outcome, _ body: (Transaction) throws -> Void
    ) throws {
        var next = first
        for range in listing.finished where range.upperBound >= next {
            let path = StorageDirectory.finished(range.lowerBound, range.upperBound)
            try checkGap(next, range.lowerBound, path)
            let wanted = next
            let reader = try segment(path, mayBeTorn: false)
            let (end, bytes) = try reader.forEach(first: range.lowerBound) { transaction in
                if transaction.id >= wanted { try body(transaction) }
            }
            guard end == range.upperBound + 1 else {
                throw HoneyError.damaged("log segment ends too early", path: directory.place(path), offset: bytes)
            }
            next = end
        }
        for start in listing.inProgress {
            let path = StorageDirectory.inProgress(start)
            try checkGap(next, start, path)
            let wanted = next
            let isLast = start == listing.inProgress.last
            let (end, _) = try segment(path, mayBeTorn: isLast).forEach(first: start) { transaction in
                if transaction.id >= wanted { try body(transaction) }
            }
            next = max(next, end)
        }
        outcome.nextTransaction = next
    }

    private func checkGap(_ next: Int, _ first: Int, _ path: String) throws {
        guard first > next else { return }
        throw HoneyError.damaged(
            "log lacks transactions \(next) to \(first - 1) before this segment", path: directory.place(path))
    }
}

extension Namespace {
    /// Applies a transaction that is in the log.
    func replay(_ transaction: Transaction, answers: inout RetryCache) throws(MisfitEdit) {
        let wasReplaying = isReplaying
        isReplaying = true
        defer { isReplaying = wasReplaying }
        for edit in transaction.edits { try apply(edit) }
        if let answered = transaction.answered { answers.insert(answered, time: transaction.time) }
    }
}
