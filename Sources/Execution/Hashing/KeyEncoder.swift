package import HoneyCore

/// Turns the key columns of a batch into key words and hashes; its buffers are used again for the next batch.
package final class KeyEncoder {
    package let layout: KeyLayout
    /// `layout.wordCount` words a row, of the rows taken.
    package private(set) var words: UnsafeMutablePointer<UInt64>
    package private(set) var hashes: UnsafeMutablePointer<UInt64>
    /// 1 for rows with a null in a key for which null is no value; meaningful when `hasRejected`.
    package private(set) var rejected: UnsafeMutablePointer<UInt8>
    package private(set) var hasRejected = false
    package private(set) var count = 0
    private var capacity: Int
    private var hasLongBytes = false
    /// Keeps spellings of complex values until the next batch.
    private var spellings = BytesArena()

    package init(_ layout: KeyLayout) {
        self.layout = layout
        capacity = Batch.targetRows
        words = .allocate(capacity: max(capacity * layout.wordCount, 1))
        hashes = .allocate(capacity: capacity)
        rejected = .allocate(capacity: capacity)
    }

    deinit {
        words.deallocate()
        hashes.deallocate()
        rejected.deallocate()
    }

    package var memoryBytes: Int { capacity * (layout.wordCount * 8 + 9) }

    /// Encodes and hashes the rows `selection` names, or the first `count`.
    package func encode(_ columns: [Column], count rows: Int, selection: Selection?) {
        count = selection?.count ?? rows
        makeRoom(count)
        hasRejected = false
        hasLongBytes = false
        spellings = BytesArena()
        if let offset = layout.nullOffset {
            for row in 0..<count { words[row * layout.wordCount + offset] = 0 }
        }
        for (part, column) in zip(layout.parts, columns) { encode(part, column, selection) }
        hash()
    }

    private func makeRoom(_ rows: Int) {
        guard rows > capacity else { return }
        words.deallocate()
        hashes.deallocate()
        rejected.deallocate()
        capacity = rows
        words = .allocate(capacity: max(capacity * layout.wordCount, 1))
        hashes = .allocate(capacity: capacity)
        rejected = .allocate(capacity: capacity)
    }

    private func encode(_ part: KeyLayout.Part, _ column: Column, _ selection: Selection?) {
        switch part.physical {
        case .bool: narrow(UInt8.self, part, column, selection) { UInt64($0) }
        case .int8: narrow(Int8.self, part, column, selection) { UInt64(UInt8(bitPattern: $0)) }
        case .int16: narrow(Int16.self, part, column, selection) { UInt64(UInt16(bitPattern: $0)) }
        case .int32: narrow(Int32.self, part, column, selection) { UInt64(UInt32(bitPattern: $0)) }
        case .float: narrow(Float.self, part, column, selection) { UInt64(($0.isNaN ? Float.nan : $0 + 0).bitPattern) }
        case .int64: narrow(UInt64.self, part, column, selection) { $0 }
        case .double: narrow(Double.self, part, column, selection) { ($0.isNaN ? Double.nan : $0 + 0).bitPattern }
        case .int128:
            wide(UInt128.self, part, column, selection) {
                (UInt64(truncatingIfNeeded: $0), UInt64(truncatingIfNeeded: $0 >> 64))
            }
        case .bytes:
            var longest: UInt64 = 0
            wide(BytesView.self, part, column, selection) {
                longest = max(longest, $0.head & KeyLayout.nullLength)
                return ($0.head, $0.tail)
            }
            if longest > UInt64(BytesView.inlineCapacity) { hasLongBytes = true }
        case .list, .structure: spell(part, column, selection)
        }
        if column.validity != nil { markNulls(part, column, selection) }
    }

    @inline(__always)
    private func narrow<T: BitwiseCopyable>(
        _: T.Type, _ part: KeyLayout.Part, _ column: Column, _ selection: Selection?, _ word: (T) -> UInt64
    ) {
        let source = column.values(as: T.self)
        let stride = layout.wordCount
        let target = words + part.offset
        if column.isConstant {
            let value = word(source[0])
            for row in 0..<count { target[row * stride] = value }
        } else if let indices = selection?.indices {
            for row in 0..<count { target[row * stride] = word(source[Int(indices[row])]) }
        } else {
            for row in 0..<count { target[row * stride] = word(source[row]) }
        }
    }

    @inline(__always)
    private func wide<T: BitwiseCopyable>(
        _: T.Type, _ part: KeyLayout.Part, _ column: Column, _ selection: Selection?,
        _ pair: (T) -> (UInt64, UInt64)
    ) {
        let source = column.values(as: T.self)
        let stride = layout.wordCount
        let target = words + part.offset
        let indices = selection?.indices
        let isConstant = column.isConstant
        for row in 0..<count {
            let (low, high) = pair(source[isConstant ? 0 : indices.map { Int($0[row]) } ?? row])
            target[row * stride] = low
            target[row * stride + 1] = high
        }
    }

    private func spell(_ part: KeyLayout.Part, _ column: Column, _ selection: Selection?) {
        let stride = layout.wordCount
        hasLongBytes = true
        var bytes: [UInt8] = []
        for row in 0..<count {
            bytes.removeAll(keepingCapacity: true)
            column.spell(row: selection.map { $0[row] } ?? row, into: &bytes)
            let view = bytes.withUnsafeBufferPointer { spellings.insert($0) }
            words[row * stride + part.offset] = view.head
            words[row * stride + part.offset + 1] = view.tail
        }
    }

    private func markNulls(_ part: KeyLayout.Part, _ column: Column, _ selection: Selection?) {
        let stride = layout.wordCount
        if !part.keepsNull && !hasRejected {
            rejected.initialize(repeating: 0, count: count)
            hasRejected = true
        }
        for row in 0..<count where column.isNull(at: selection.map { $0[row] } ?? row) {
            let target = words + row * stride
            switch part.physical {
            case .bool, .int8, .int16, .int32, .float: target[part.offset] = 1 << 32
            case .int64, .double: target[part.offset] = 0
            case .int128:
                target[part.offset] = 0
                target[part.offset + 1] = 0
            case .bytes, .list, .structure:
                target[part.offset] = KeyLayout.nullLength
                target[part.offset + 1] = 0
            }
            if part.keepsNull {
                if let offset = layout.nullOffset { target[offset] |= part.nullBit }
            } else {
                rejected[row] = 1
            }
        }
    }

    private func hash() {
        let words = words
        let hashes = hashes
        if hasLongBytes {
            for row in 0..<count { hashes[row] = KeyEncoder.hashByContent(words + row * layout.wordCount, layout) }
            return
        }
        switch layout.wordCount {
        case 0: hashes.initialize(repeating: 0, count: count)
        case 1: for row in 0..<count { hashes[row] = HashMixing.hash(words[row]) }
        case 2: for row in 0..<count { hashes[row] = HashMixing.hash(words[2 * row], words[2 * row + 1]) }
        case let width:
            for row in 0..<count {
                let key = words + row * width
                var hash = HashMixing.hash(key[0], key[1])
                var word = 2
                while word + 1 < width {
                    hash = HashMixing.combine(hash, key[word], key[word + 1])
                    word += 2
                }
                if word < width { hash = HashMixing.combine(hash, key[word], 0) }
                hashes[row] = hash
            }
        }
    }

    /// The same hash, with long strings taken by content: short ones must hash alike in either way.
    private static func hashByContent(_ key: UnsafePointer<UInt64>, _ layout: KeyLayout) -> UInt64 {
        let width = layout.wordCount
        return withUnsafeTemporaryAllocation(of: UInt64.self, capacity: width + 1) { copy in
            for word in 0..<width { copy[word] = key[word] }
            copy[width] = 0
            for offset in layout.byteOffsets {
                let length = key[offset] & KeyLayout.nullLength
                if length > UInt64(BytesView.inlineCapacity), length != KeyLayout.nullLength {
                    copy[offset + 1] = HashMixing.hashLong(KeyLayout.view(key + offset))
                }
            }
            if width == 1 { return HashMixing.hash(copy[0]) }
            var hash = HashMixing.hash(copy[0], copy[1])
            var word = 2
            while word < width {
                hash = HashMixing.combine(hash, copy[word], copy[word + 1])
                word += 2
            }
            return hash
        }
    }
}
