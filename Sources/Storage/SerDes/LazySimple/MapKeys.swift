import HoneyCore

/// Drops entries of maps whose key is null or occurs more than once.
enum MapKeys {
    /// Of equal keys the first stays, with its value or with the last one's.
    static func deduplicated(_ column: Column, keepingLast: Bool = false) -> Column {
        let keys = column.children[0]
        let entries = column.values(as: ListEntry.self)
        var kept: [Int32] = []
        kept.reserveCapacity(keys.count)
        let data = Buffer(capacity: column.count * 8)
        let newEntries = data.pointer(to: ListEntry.self)
        for row in 0..<column.count {
            let first = kept.count
            var seen: [Value: Int] = [:]
            for index in entries[row].range where !keys.isNull(at: index) {
                var place: Int?
                // Few maps are large: their keys are compared one by one, larger ones' are hashed.
                if entries[row].count <= 8 {
                    place = kept[first...].firstIndex { equal(keys, Int($0), index) }
                } else {
                    let key = keys.value(at: index)
                    place = seen[key]
                    if place == nil { seen[key] = kept.count }
                }
                if let place {
                    if keepingLast { kept[place] = Int32(truncatingIfNeeded: index) }
                } else {
                    kept.append(Int32(truncatingIfNeeded: index))
                }
            }
            newEntries[row] = ListEntry(start: first, count: kept.count - first)
        }
        return kept.count == keys.count ? column : gathered(column, kept, data)
    }

    private static func gathered(_ column: Column, _ kept: [Int32], _ entries: Buffer) -> Column {
        let children = kept.withUnsafeBufferPointer { indices in
            column.children.map { child in
                guard let base = indices.baseAddress else { return child.sliced(0..<0) }
                return child.gathered(base, count: indices.count)
            }
        }
        return Column(
            type: column.type, count: column.count, validity: column.validity, data: entries, owners: column.owners,
            children: children)
    }

    private static func equal(_ keys: Column, _ a: Int, _ b: Int) -> Bool {
        if keys.physical == .bytes {
            let views = keys.values(as: BytesView.self)
            return views[a] == views[b]
        }
        return keys.value(at: a) == keys.value(at: b)
    }
}
