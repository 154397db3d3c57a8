import HoneyCore
import HoneyWorld
import NIOCore

/// Reads a name space from one directory: the last good image and all of the log after it.
struct NamespaceLoader {
    let directory: StorageDirectory
    let listing: StorageDirectory.Listing
    /// Newer images that could not be read.
    private(set) var damagedImages: [Int] = []
    /// Where each segment in progress ends, once it was read: the transaction after it, and its whole bytes.
    private var ends: [Int: (next: Int, bytes: Int)] = [:]

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
    mutating func load(
        into namespace: Namespace, answers: inout RetryCache, _ complain: (String) -> Void
    ) throws -> Outcome {
        var outcome = Outcome()
        namespace.isReplaying = true
        defer { namespace.isReplaying = false }
        if let reader = try newestGoodImage(complain) {
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

    /// The newest image whose checksum is right; the log goes back far enough for the one before the last as well.
    private mutating func newestGoodImage(_ complain: (String) -> Void) throws -> ImageReader? {
        var failure: (any Error)?
        for image in listing.images.reversed() {
            let path = StorageDirectory.image(image)
            do {
                let reader = ImageReader(file: try directory.disk.open(path, .read), path: directory.place(path))
                try reader.verify()
                return reader
            } catch {
                failure = failure ?? error
                damagedImages.append(image)
                complain("image is not used: \(error)")
            }
        }
        if let failure { throw failure }
        return nil
    }

    /// The last transaction that names of files tell of, and 0 or more that follow in a segment in progress.
    var lastNamedTransaction: Int {
        max(listing.images.last ?? 0, listing.finished.last?.upperBound ?? 0, (listing.inProgress.last ?? 1) - 1)
    }

    /// Tells the transactions from `first` on of the segment in progress; returns the one after the last.
    ///
    /// Directories in step have the same segment in progress, of which each was written as far as the crash let it.
    mutating func readOn(from first: Int, _ body: (Transaction) throws -> Void) throws -> Int {
        guard let start = listing.inProgress.last else { return lastNamedTransaction + 1 }
        let end = try readInProgress(start, isLast: true) { if $0.id >= first { try body($0) } }
        return max(end, lastNamedTransaction + 1)
    }

    private mutating func readInProgress(
        _ start: Int, isLast: Bool, _ body: (Transaction) throws -> Void
    ) throws -> Int {
        let end = try segment(StorageDirectory.inProgress(start), mayBeTorn: isLast).forEach(first: start, body)
        ends[start] = end
        return end.next
    }

    /// Ends the segments that were being written: whole records stay when this directory has all there is, else they go, since an
    /// image follows.
    mutating func finish(keeps: Bool) throws {
        for first in listing.inProgress {
            let path = StorageDirectory.inProgress(first)
            if keeps, ends[first] == nil {
                _ = try readInProgress(first, isLast: first == listing.inProgress.last) { _ in }
            }
            guard keeps, let end = ends[first], end.next > first else {
                try directory.disk.remove(path)
                continue
            }
            try copy(path, bytes: end.bytes, to: StorageDirectory.finished(first, end.next - 1))
            try directory.disk.remove(path)
        }
        for transaction in listing.checkpoints { try directory.disk.remove(StorageDirectory.checkpoint(transaction)) }
        if try directory.disk.entry(StorageDirectory.folder) != nil {
            try directory.disk.synchronize(StorageDirectory.folder)
        }
    }

    /// Writes a segment anew under another name. Where a sync failed before the NameNode ended, the system shows bytes that are not
    /// on the disk and that no later sync would put there.
    private func copy(_ path: String, bytes: Int, to target: String) throws {
        let source = try directory.disk.open(path, .read)
        let draft = path + ".copy"
        let file = try directory.disk.open(draft, .create)
        var offset = 0
        while offset < bytes {
            var piece = ByteBuffer()
            let read = try source.read(at: offset, count: min(1 << 20, bytes - offset), into: &piece)
            guard read > 0 else { throw HoneyError.damaged("log segment ends too early", path: directory.place(path)) }
            try file.write(piece, at: offset)
            offset += read
        }
        try file.synchronize()
        try directory.disk.rename(draft, to: target)
    }

    /// Removes images that could not be read, once there is a good one for the same transactions.
    func removeDamagedImages() throws {
        for image in damagedImages { try directory.disk.remove(StorageDirectory.image(image)) }
    }

    private func segment(_ path: String, mayBeTorn: Bool) throws -> SegmentReader {
        SegmentReader(file: try directory.disk.open(path, .read), path: directory.place(path), mayBeTorn: mayBeTorn)
    }

    private mutating func forEachSegment(
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
            let end = try readInProgress(start, isLast: isLast) { transaction in
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
