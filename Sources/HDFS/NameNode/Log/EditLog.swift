import HoneyCore
import HoneyWorld
import NIOCore

/// The log being written: several directories in step, durable in groups.
///
/// While one sync is on its way transactions gather; they are written and synced together once it is done.
package final class EditLog {
    private(set) var directories: [StorageDirectory]
    let version: StorageVersion
    /// The first transaction of the segment being written.
    private(set) var segmentStart: Int
    /// The number the next transaction gets.
    private(set) var nextTransaction: Int
    /// The last transaction written to the directories, durable or not.
    private var written: Int
    /// The last transaction that survives a crash.
    private(set) var durable: Int
    /// The transaction that the newest image ends with; 0 when there is none.
    private(set) var lastImage: Int
    private var gathered = ByteBuffer()
    private var inFlight = 0

    init(_ directories: [StorageDirectory], version: StorageVersion, nextTransaction: Int, lastImage: Int) {
        self.directories = directories
        self.version = version
        self.nextTransaction = nextTransaction
        self.lastImage = lastImage
        segmentStart = nextTransaction
        written = nextTransaction - 1
        durable = nextTransaction - 1
    }

    var lastTransaction: Int { nextTransaction - 1 }

    /// Hears of an image that all directories have now.
    func noteImage(_ transaction: Int) { lastImage = max(lastImage, transaction) }

    /// Gives a transaction its number and gathers it for the next sync.
    func append(_ transaction: Transaction) -> Int {
        var transaction = transaction
        transaction.id = nextTransaction
        transaction.durable = durable
        transaction.write(to: &gathered)
        nextTransaction += 1
        return transaction.id
    }

    /// Writes what was gathered and asks for its durability, unless a sync is on its way.
    func flush<Message>(_ effects: Effects<Message>) throws {
        guard inFlight == 0, gathered.readableBytes > 0 else { return }
        try write { reason in effects.log(.error, reason) }
        #if HONEY_BUG_SKIP_FSYNC
            durable = written
        #else
            for directory in directories {
                guard let segment = directory.segment else { continue }
                directory.syncing = effects.sync([.file(segment)])
                directory.syncingBytes = directory.offset
                inFlight += 1
            }
        #endif
    }

    private func write(_ complain: (String) -> Void) throws {
        try forEachDirectory(complain) { directory in
            guard let segment = directory.segment else { return }
            try segment.write(gathered, at: directory.offset)
            directory.offset += gathered.readableBytes
        }
        gathered.clear()
        written = lastTransaction
    }

    /// Hears of a sync; true when it was the log's own.
    func synced<Message>(_ token: SyncToken, failure: DiskError?, _ effects: Effects<Message>) throws -> Bool {
        guard let directory = directories.first(where: { $0.syncing == token }) else { return false }
        directory.syncing = nil
        inFlight -= 1
        if let failure {
            try drop(directory, failure) { effects.log(.error, $0) }
        } else {
            directory.durableBytes = directory.syncingBytes
        }
        if inFlight == 0 { durable = written }
        return true
    }

    /// Does something in each directory; one that fails is dropped, and the last one's failure is everybody's.
    func forEachDirectory(_ complain: (String) -> Void, _ body: (StorageDirectory) throws -> Void) throws {
        for directory in directories {
            do { try body(directory) } catch { try drop(directory, error, complain) }
        }
    }

    /// Reads from the first directory that can be read; others are dropped. A `RemoteException` refuses and drops none.
    func read<Value>(_ complain: (String) -> Void, _ body: (StorageDirectory) throws -> Value) throws -> Value {
        while true {
            let directory = directories[0]
            do { return try body(directory) } catch let refusal as RemoteException { throw refusal } catch {
                try drop(directory, error, complain)
            }
        }
    }

    private func drop(_ directory: StorageDirectory, _ failure: any Error, _ complain: (String) -> Void) throws {
        if directories.count == 1 { throw failure }
        if directory.syncing != nil { inFlight -= 1 }
        directories.removeAll { $0 === directory }
        complain("storage directory \(directory.disk.name) is dropped: \(failure)")
    }

    /// Writes and syncs everything before it returns; for starting, ending and checkpoints.
    func synchronize(_ complain: (String) -> Void) throws {
        try write(complain)
        try forEachDirectory(complain) { directory in
            try directory.segment?.synchronize()
            directory.durableBytes = directory.offset
            directory.syncing = nil
        }
        inFlight = 0
        durable = written
    }

    func startSegment(_ complain: (String) -> Void) throws {
        segmentStart = nextTransaction
        try forEachDirectory(complain) {
            try $0.startSegment(first: nextTransaction, namespaceID: version.namespaceID)
        }
    }

    /// Ends the segment and starts one; tells the first transaction of the new one.
    @discardableResult
    func roll(_ complain: (String) -> Void) throws -> Int {
        guard nextTransaction > segmentStart else { return segmentStart }
        try finishSegment(complain)
        try startSegment(complain)
        return segmentStart
    }

    func finishSegment(_ complain: (String) -> Void) throws {
        try synchronize(complain)
        try forEachDirectory(complain) { try $0.finishSegment(first: segmentStart, last: lastTransaction) }
    }
}
