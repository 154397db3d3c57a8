import HoneyHDFSMessages
import HoneyWorld

/// What a NameNode is still to be told of single replicas, the newest of each.
struct IncrementalReports {
    struct Entry {
        var block: Block
        var status: WireReceivedDeletedBlockInfo.BlockStatus
        var storageID: String
        /// The DataNode it was moved from, which may delete its own; empty when it was not.
        var hint: String
    }

    private var entries: [Entry] = []
    private var places: [UInt64: Int] = [:]

    var isEmpty: Bool { entries.isEmpty }
    var count: Int { entries.count }

    mutating func add(_ entry: Entry) {
        if let place = places[entry.block.id] {
            entries[place] = entry
        } else {
            places[entry.block.id] = entries.count
            entries.append(entry)
        }
    }

    mutating func take() -> [Entry] {
        defer { self = IncrementalReports() }
        return entries
    }

    /// Takes back what could not be told, unless there is newer.
    mutating func putBack(_ old: [Entry]) {
        for entry in old where places[entry.block.id] == nil { add(entry) }
    }
}
