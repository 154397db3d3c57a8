// HighAvailability is what makes a NameNode one of several over one shared directory: the standby reads the log that the active one writes
// there, and takes it over by command. Whoever takes over raises the directory's epoch first; an active NameNode looks at the epoch between
// making a record durable and answering, so that one that was deposed never answers again.

import HoneyCore
import HoneyWorld
import NIOCore

/// Reads a log that another NameNode is writing, from where it stopped the last time.
final class LogTail {
    let directory: StorageDirectory
    /// The transaction to be told next.
    private(set) var nextTransaction: Int
    /// The segment being read, and where in it the next record begins.
    private var place: (first: Int, offset: Int, next: Int)?
    /// Records that were read and are not known to be durable.
    private var held: [Transaction] = []

    init(_ directory: StorageDirectory, nextTransaction: Int) {
        self.directory = directory
        self.nextTransaction = nextTransaction
    }

    /// The log no longer has what should be read next.
    struct Gap: Error {}

    /// Tells what is new: of the segment being written only what its writer knew to be durable, or everything when it writes no more.
    func readOn(toEnd: Bool = false, _ body: (Transaction) throws -> Void) throws {
        let listing = try directory.list()
        for range in listing.finished where range.upperBound >= nextTransaction {
            guard range.lowerBound <= nextTransaction else { throw Gap() }
            let path = StorageDirectory.finished(range.lowerBound, range.upperBound)
            try read(path, first: range.lowerBound, through: range.upperBound)
            try tell(upTo: range.upperBound, body)
            guard nextTransaction == range.upperBound + 1 else {
                throw HoneyError.damaged(
                    "log segment ends too early", path: directory.place(path), offset: place?.offset ?? 0)
            }
            place = nil
        }
        guard let first = listing.inProgress.last else { return }
        guard first <= nextTransaction else { throw Gap() }
        let durable = try read(StorageDirectory.inProgress(first), first: first)
        try tell(upTo: toEnd ? .max : durable, body)
    }

    private func tell(upTo durable: Int, _ body: (Transaction) throws -> Void) throws {
        let count = held.prefix { $0.id <= durable }.count
        for transaction in held[..<count] where transaction.id >= nextTransaction {
            try body(transaction)
            nextTransaction = transaction.id + 1
        }
        held.removeFirst(count)
    }

    /// Reads the whole records there are from where the last reading stopped; returns the last transaction they know to be durable.
    @discardableResult
    private func read(_ path: String, first: Int, through last: Int = .max) throws -> Int {
        if place?.first != first {
            place = nil
            held = []
        }
        let file = try directory.disk.open(path, .read)
        let reader = SegmentReader(file: file, path: directory.place(path), mayBeTorn: true)
        let from = place.map { (next: $0.next, offset: $0.offset) }
        let end = try reader.forEach(first: first, through: last, from: from) { held.append($0) }
        // Without its header a segment is one that is being made.
        place = end.bytes == 0 ? nil : (first, end.bytes, end.next)
        return held.last?.durable ?? 0
    }
}
