package import HoneyCore

/// Numbers distinct keys from 0 in the order they come: open addressing over slots that hold half the hash and the number.
///
/// ```
/// slot   bits 32..63 of the hash | number + 1   (0: empty)
/// ```
package final class GroupTable {
    package let layout: KeyLayout
    package private(set) var count = 0
    private var slots: UnsafeMutablePointer<UInt64>
    private var mask: Int
    /// Keys, `layout.wordCount` words each; long strings lie in `arena`.
    private var words: UnsafeMutablePointer<UInt64>
    private var hashes: UnsafeMutablePointer<UInt64>
    private var capacity: Int
    private var arena = BytesArena(firstBlockBytes: 1024)
    /// What `touch` read; kept so that it is read.
    private var touched: UInt64 = 0
    /// The values themselves of keys that the words only spell.
    private var complexKeys: [ColumnAppender?]
    /// Positions (among the rows taken) that made new groups in the last call, when asked for.
    package private(set) var insertedRows: [Int32] = []

    package init(_ layout: KeyLayout) {
        self.layout = layout
        capacity = 256
        mask = 1023
        slots = .allocate(capacity: mask + 1)
        slots.initialize(repeating: 0, count: mask + 1)
        words = .allocate(capacity: capacity * max(layout.wordCount, 1))
        hashes = .allocate(capacity: capacity)
        complexKeys = layout.parts.map { $0.isSpelled ? ColumnAppender($0.type) : nil }
    }

    deinit {
        slots.deallocate()
        words.deallocate()
        hashes.deallocate()
    }

    package var memoryBytes: Int {
        (mask + 1) * 8 + capacity * (layout.wordCount + 1) * 8 + arena.allocatedBytes
            + complexKeys.reduce(0) { $0 + ($1?.memoryBytes ?? 0) }
    }

    /// Forgets all keys, keeping room for as many again.
    package func removeAll() {
        count = 0
        slots.initialize(repeating: 0, count: mask + 1)
        arena = BytesArena(firstBlockBytes: 1024)
        complexKeys = layout.parts.map { $0.isSpelled ? ColumnAppender($0.type) : nil }
    }

    /// Finds or makes the number of each encoded key. `columns` and `selection` are those encoded.
    package func number(
        _ keys: KeyEncoder, columns: [Column], selection: Selection?, into groups: UnsafeMutablePointer<Int32>,
        collectingInserted: Bool = false
    ) throws {
        try reserve(keys.count)
        if collectingInserted { insertedRows.removeAll(keepingCapacity: true) }
        switch layout.wordCount {
        case 1: number(keys, columns, selection, groups, collectingInserted) { $0[0] == $1[0] }
        case 2 where layout.byteOffsets.isEmpty:
            number(keys, columns, selection, groups, collectingInserted) { ($0[0] == $1[0]) && ($0[1] == $1[1]) }
        case 2:
            let layout = layout
            number(keys, columns, selection, groups, collectingInserted) {
                $0[0] == $1[0] && ($0[1] == $1[1] || layout.equalByContent($0, $1))
            }
        default:
            let layout = layout
            number(keys, columns, selection, groups, collectingInserted) { layout.equal($0, $1) }
        }
    }

    @inline(__always)
    private func number(
        _ keys: KeyEncoder, _ columns: [Column], _ selection: Selection?, _ groups: UnsafeMutablePointer<Int32>,
        _ collectingInserted: Bool, _ equal: (UnsafePointer<UInt64>, UnsafePointer<UInt64>) -> Bool
    ) {
        let width = layout.wordCount
        let slots = slots
        let mask = mask
        let stored = words
        let incoming = keys.words
        let incomingHashes = keys.hashes
        if mask >= GroupTable.farSlots { touch(incomingHashes, count: keys.count) }
        for row in 0..<keys.count {
            let hash = incomingHashes[row]
            let tag = hash & 0xFFFF_FFFF_0000_0000
            let key = incoming + row * width
            var slot = Int(truncatingIfNeeded: hash) & mask
            while true {
                let entry = slots[slot]
                if entry == 0 {
                    slots[slot] = tag | UInt64(count + 1)
                    groups[row] = Int32(truncatingIfNeeded: count)
                    insert(key, hash, columns, selection.map { $0[row] } ?? row)
                    if collectingInserted { insertedRows.append(Int32(truncatingIfNeeded: row)) }
                    break
                }
                let group = Int(entry & 0xFFFF_FFFF) - 1
                if entry & 0xFFFF_FFFF_0000_0000 == tag, equal(stored + group * width, key) {
                    groups[row] = Int32(truncatingIfNeeded: group)
                    break
                }
                slot = (slot + 1) & mask
            }
        }
    }

    /// Slots beyond which a table is unlikely to lie in the nearer caches.
    private static let farSlots = 1 << 15

    /// Brings the slots of hashes, and the keys they point to, into the caches: these loads do not wait for each other, while
    /// each look-up has to wait for its own.
    private func touch(_ hashes: UnsafePointer<UInt64>, count: Int) {
        let slots = slots
        let mask = mask
        let width = layout.wordCount
        var seen: UInt64 = 0
        withUnsafeTemporaryAllocation(of: UInt64.self, capacity: max(count, 1)) { entries in
            for row in 0..<count { entries[row] = slots[Int(truncatingIfNeeded: hashes[row]) & mask] }
            // An empty slot stands for the key before the first, whose place is always there.
            for row in 0..<count { seen ^= words[max(Int(entries[row] & 0xFFFF_FFFF) &- 1, 0) &* width] }
        }
        touched = seen
    }

    private func insert(_ key: UnsafePointer<UInt64>, _ hash: UInt64, _ columns: [Column], _ row: Int) {
        let target = words + count * layout.wordCount
        target.update(from: key, count: layout.wordCount)
        hashes[count] = hash
        for offset in layout.byteOffsets {
            let length = key[offset] & KeyLayout.nullLength
            if length > UInt64(BytesView.inlineCapacity), length != KeyLayout.nullLength {
                let view = arena.insert(KeyLayout.view(key + offset))
                target[offset + 1] = view.tail
            }
        }
        for index in complexKeys.indices {
            if let appender = complexKeys[index] {
                withUnsafePointer(to: Int32(truncatingIfNeeded: row)) {
                    appender.append(columns[index], indices: $0, count: 1)
                }
            }
        }
        count += 1
    }

    /// Makes room for `more` keys, so that the loops need not look.
    private func reserve(_ more: Int) throws {
        guard count + more < Int(Int32.max) else {
            throw HoneyError(
                .environment, "TOO_MANY_GROUPS", "more groups in one hash table than it can number: \(count)")
        }
        if count + more > capacity {
            let larger = max(capacity * 2, count + more)
            let newWords = UnsafeMutablePointer<UInt64>.allocate(capacity: larger * max(layout.wordCount, 1))
            newWords.update(from: words, count: count * layout.wordCount)
            words.deallocate()
            words = newWords
            let newHashes = UnsafeMutablePointer<UInt64>.allocate(capacity: larger)
            newHashes.update(from: hashes, count: count)
            hashes.deallocate()
            hashes = newHashes
            capacity = larger
        }
        if (count + more) * 2 > mask + 1 {
            var size = (mask + 1) * 2
            while (count + more) * 2 > size { size *= 2 }
            slots.deallocate()
            slots = .allocate(capacity: size)
            slots.initialize(repeating: 0, count: size)
            mask = size - 1
            for group in 0..<count {
                var slot = Int(truncatingIfNeeded: hashes[group]) & mask
                while slots[slot] != 0 { slot = (slot + 1) & mask }
                slots[slot] = hashes[group] & 0xFFFF_FFFF_0000_0000 | UInt64(group + 1)
            }
        }
    }

    /// The keys of a range of groups as columns.
    package func keys(_ range: Range<Int>) -> [Column] {
        layout.parts.indices.map { index in
            if let complex = complexKeys[index] { return complex.finish().sliced(range) }
            return decode(layout.parts[index], range)
        }
    }

    private func decode(_ part: KeyLayout.Part, _ range: Range<Int>) -> Column {
        let rows = range.count
        let buffer = Buffer(capacity: rows * part.physical.width)
        let width = layout.wordCount
        let source = words + (range.lowerBound * width + part.offset)
        let nulls = layout.nullOffset.map { words + (range.lowerBound * width + $0) }
        var mask: Bitmap?
        func clear(_ row: Int) {
            if mask == nil { mask = Bitmap(count: rows, repeating: true) }
            mask!.clear(row)
        }
        func narrow<T: FixedWidthInteger & BitwiseCopyable>(_: T.Type) {
            let target = buffer.pointer(to: T.self)
            for row in 0..<rows { target[row] = T(truncatingIfNeeded: source[row * width]) }
        }
        switch part.physical {
        case .bool, .int8: narrow(UInt8.self)
        case .int16: narrow(UInt16.self)
        case .int32, .float: narrow(UInt32.self)
        case .int64, .double: narrow(UInt64.self)
        default:
            let target = buffer.pointer(to: UInt64.self)
            for row in 0..<rows {
                target[2 * row] = source[row * width]
                target[2 * row + 1] = source[row * width + 1]
            }
        }
        switch part.physical {
        case .bool, .int8, .int16, .int32, .float:
            for row in 0..<rows where source[row * width] >> 32 != 0 { clear(row) }
        case .int64, .double, .int128:
            if part.nullBit != 0, let nulls {
                for row in 0..<rows where nulls[row * width] & part.nullBit != 0 { clear(row) }
            }
        default:
            let views = buffer.pointer(to: BytesView.self)
            for row in 0..<rows where source[row * width] & KeyLayout.nullLength == KeyLayout.nullLength {
                clear(row)
                views[row] = BytesView()
            }
        }
        return Column(type: part.type, count: rows, validity: mask, data: buffer, owners: arena.blocks)
    }
}
