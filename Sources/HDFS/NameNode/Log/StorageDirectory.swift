import HoneyCore
import HoneyWorld
import NIOCore

// A directory of `dfs.namenode.name.dir`:
//
// current/VERSION                     who the name space is
// current/fsimage_N                   the name space after transaction N; the last two are kept
// current/fsimage.ckpt_N              one being written
// current/edits_A-B                   a finished segment of the log
// current/edits_inprogress_A          the one being written
//
// N, A, B have 19 digits.

/// One place that holds the whole of a name space's log and images.
final class StorageDirectory {
    let disk: any Disk
    /// The segment being written, and where its next record goes.
    var segment: (any DiskFile)?
    var offset = 0
    /// Bytes of the segment that are durable.
    var durableBytes = 0
    /// The sync that is on its way.
    var syncing: SyncToken?
    var syncingBytes = 0

    init(_ disk: any Disk) { self.disk = disk }

    static let folder = "current"
    /// A file with a greater number in its name is none of ours.
    static let greatestTransaction = 1 << 60

    static func digits(_ number: Int) -> String {
        let text = String(number)
        return String(repeating: "0", count: max(0, 19 - text.count)) + text
    }
    static func image(_ transaction: Int) -> String { "\(folder)/fsimage_" + digits(transaction) }
    static func checkpoint(_ transaction: Int) -> String { "\(folder)/fsimage.ckpt_" + digits(transaction) }
    static func inProgress(_ first: Int) -> String { "\(folder)/edits_inprogress_" + digits(first) }
    static func finished(_ first: Int, _ last: Int) -> String {
        "\(folder)/edits_" + digits(first) + "-" + digits(last)
    }

    /// What a directory holds, each kind in order.
    struct Listing {
        var images: [Int] = []
        var finished: [ClosedRange<Int>] = []
        var inProgress: [Int] = []
        var checkpoints: [Int] = []

        /// Whether there is a name space in it.
        var isFormatted: Bool { !images.isEmpty || !finished.isEmpty || !inProgress.isEmpty }
    }

    func list() throws -> Listing {
        var listing = Listing()
        guard try disk.entry(Self.folder) != nil else { return listing }
        for entry in try disk.list(Self.folder) where !entry.isDirectory {
            let name = entry.name
            if let number = Self.number(name, after: "fsimage_") {
                listing.images.append(number)
            } else if let number = Self.number(name, after: "edits_inprogress_") {
                listing.inProgress.append(number)
            } else if let number = Self.number(name, after: "fsimage.ckpt_") {
                listing.checkpoints.append(number)
            } else if name.hasPrefix("edits_") {
                let numbers = name.dropFirst(6).split(separator: "-").compactMap { Int($0) }
                if numbers.count == 2, numbers[0] <= numbers[1], numbers[1] <= Self.greatestTransaction {
                    listing.finished.append(numbers[0]...numbers[1])
                }
            }
        }
        listing.images.sort()
        listing.inProgress.sort()
        listing.finished.sort { ($0.lowerBound, $0.upperBound) < ($1.lowerBound, $1.upperBound) }
        return listing
    }

    private static func number(_ name: String, after prefix: String) -> Int? {
        guard name.hasPrefix(prefix), let number = Int(name.dropFirst(prefix.count)) else { return nil }
        return (0...greatestTransaction).contains(number) ? number : nil
    }

    func readVersion() throws -> StorageVersion? {
        let path = Self.folder + "/VERSION"
        guard try disk.entry(path) != nil else { return nil }
        let file = try disk.open(path, .read)
        guard file.size < 1 << 16 else { throw HoneyError.damaged("version file is too long", path: place(path)) }
        var bytes = ByteBuffer()
        try file.read(at: 0, count: file.size, into: &bytes)
        return try StorageVersion(parsing: String(buffer: bytes), path: place(path))
    }

    /// Makes the directory with its version file, durably.
    func format(_ version: StorageVersion) throws {
        try disk.makeDirectory(Self.folder)
        let draft = Self.folder + "/VERSION.new"
        let file = try disk.open(draft, .create)
        try file.write(ByteBuffer(string: version.text), at: 0)
        try file.synchronize()
        try disk.rename(draft, to: Self.folder + "/VERSION")
        try disk.synchronize(Self.folder)
        try disk.synchronize("")
    }

    /// What messages call a file here.
    func place(_ path: String) -> String { disk.name + "/" + path }

    // MARK: The segment being written

    func startSegment(first: Int, namespaceID: UInt32) throws {
        let file = try disk.open(Self.inProgress(first), .create)
        let header = Transaction.header(namespaceID: namespaceID, first: first)
        try file.write(header, at: 0)
        try file.synchronize()
        try disk.synchronize(Self.folder)
        segment = file
        offset = header.readableBytes
        durableBytes = offset
        syncing = nil
    }

    /// Ends a segment that was made durable: it gets the name of a finished one, or goes when there is nothing in it.
    func finishSegment(first: Int, last: Int) throws {
        segment = nil
        syncing = nil
        if last < first {
            try disk.remove(Self.inProgress(first))
        } else {
            try disk.rename(Self.inProgress(first), to: Self.finished(first, last))
        }
        try disk.synchronize(Self.folder)
    }

    /// Removes images but the last two and segments nobody needs to come from the older of them.
    func purge() throws {
        let listing = try list()
        let kept = listing.images.suffix(2)
        for image in listing.images.dropLast(2) { try disk.remove(Self.image(image)) }
        guard let oldest = kept.first else { return }
        for segment in listing.finished where segment.upperBound <= oldest {
            try disk.remove(Self.finished(segment.lowerBound, segment.upperBound))
        }
        // One of a later transaction is being received.
        for transaction in listing.checkpoints where transaction <= kept.last ?? 0 {
            try disk.remove(Self.checkpoint(transaction))
        }
    }
}
