import HoneyCatalog
import HoneyCore
import HoneyFiles
import HoneyStorage

/// Tells which rows of a row group can pass the request's predicates, by statistics, Bloom filters, dictionaries and page
/// indexes.
final class RowGroupSkipping {
    private let footer: Footer
    private var predicates: [LeafPredicate] = []
    /// Whether a predicate wants values of a column that the file does not have.
    private var wantsMissing = false
    // The offset indexes read of the row group at hand, by leaf.
    private var offsetIndexes: [Int: OffsetIndex] = [:]
    private var isPartial = false
    /// The dictionaries read of the row group at hand, by leaf.
    private var dictionaries: [Int: Column] = [:]
    private let usesDictionaries: Bool

    init(_ request: ReadRequest, _ matching: ColumnMatching, _ footer: Footer, _ reading: FileReading) {
        self.footer = footer
        usesDictionaries = request.settings["parquet.filter.dictionary.enabled"]?.lowercased() != "false"
        for predicate in request.predicates where request.columns.indices.contains(predicate.column) {
            guard let node = matching.node(of: predicate.column) else {
                if case .isNull = predicate { continue }
                wantsMissing = true
                continue
            }
            // Of nested columns, nulls and bounds are those of inner values.
            guard node.isLeaf, node.repetition != .repeated else { continue }
            predicates.append(
                LeafPredicate(
                    predicate, node, as: request.columns[predicate.column].type, isHybrid: reading.hasHybridDates))
        }
    }

    /// Those of a group's rows that may pass, in order; empty when none can.
    func rows(
        _ rows: Range<Int>, of group: RowGroup, _ reading: FileReading,
        _ openPages: (ColumnChunk) throws -> ChunkPages
    ) throws -> [Range<Int>] {
        offsetIndexes.removeAll()
        dictionaries.removeAll()
        isPartial = false
        if wantsMissing { return [] }
        var ranges = [rows]
        for predicate in predicates where predicate.node.leafIndex < group.columns.count {
            let chunk = group.columns[predicate.node.leafIndex]
            guard predicate.mayPass(knowledge(of: chunk, predicate)) else { return [] }
            guard try bloomFilterMayPass(predicate, chunk, reading) else { return [] }
        }
        for predicate in predicates where predicate.node.leafIndex < group.columns.count {
            let chunk = group.columns[predicate.node.leafIndex]
            guard try dictionaryMayPass(predicate, chunk, reading, openPages) else { return [] }
        }
        for predicate in predicates where predicate.node.leafIndex < group.columns.count {
            guard let passing = try pages(predicate, group, reading) else { continue }
            ranges = RowGroupSkipping.intersection(ranges, passing)
        }
        isPartial = ranges != [0..<group.rowCount]
        return ranges
    }

    private func knowledge(of chunk: ColumnChunk, _ predicate: LeafPredicate) -> LeafPredicate.Knowledge {
        guard let statistics = chunk.statistics else { return LeafPredicate.Knowledge() }
        var known = LeafPredicate.Knowledge(nullCount: statistics.nullCount, valueCount: chunk.valueCount)
        let orders = footer.metadata.hasTypeOrder
        let leaf = predicate.node.leafIndex
        let trustsOld = predicate.order?.trustsOldBounds ?? false
        if trustsOld || leaf < orders.count && orders[leaf] {
            known.minimum = bytes(statistics.minimum)
            known.maximum = bytes(statistics.maximum)
        }
        if trustsOld && known.minimum == nil && known.maximum == nil {
            known.minimum = bytes(statistics.oldMinimum)
            known.maximum = bytes(statistics.oldMaximum)
        }
        return known
    }

    private func bytes(_ range: Range<Int>?) -> UnsafeRawBufferPointer? {
        range.map { UnsafeRawBufferPointer(start: footer.bytes.base + $0.lowerBound, count: $0.count) }
    }

    private func bloomFilterMayPass(
        _ predicate: LeafPredicate, _ chunk: ColumnChunk, _ reading: FileReading
    ) throws -> Bool {
        guard let offset = chunk.bloomFilterOffset, let values = predicate.wantedValues, let order = predicate.order
        else { return true }
        let plain = values.map { order.plain($0) }
        // One value that cannot be looked up may be there.
        guard plain.allSatisfy({ $0 != nil }) else { return true }
        return try placingErrors(in: reading.file.location.description, at: offset) {
            guard
                let filter = try BloomFilter(
                    reading.file, at: offset, before: footer.start, counters: &reading.counters)
            else { return true }
            for value in plain {
                if let value, try filter.mayHold(value, counters: &reading.counters) { return true }
            }
            return false
        }
    }

    // MARK: Dictionaries

    /// Bytes of a dictionary that is read for the sake of skipping.
    private static let worthwhileBytes = 2 << 20

    private func dictionaryMayPass(
        _ predicate: LeafPredicate, _ chunk: ColumnChunk, _ reading: FileReading,
        _ openPages: (ColumnChunk) throws -> ChunkPages
    ) throws -> Bool {
        guard usesDictionaries, predicate.order != nil, !predicate.isNullTest, chunk.hasAllInDictionary,
            chunk.type == predicate.node.type, chunk.dataPageOffset - chunk.start <= RowGroupSkipping.worthwhileBytes
        else { return true }
        let leaf = predicate.node.leafIndex
        if dictionaries[leaf] == nil {
            let pages = try openPages(chunk)
            pages.wantedEnd = chunk.dataPageOffset
            let reader = try LeafReader(LeafPlan(node: predicate.node, type: predicate.type), reading)
            reader.enter(pages, offsetIndex: nil)
            dictionaries[leaf] = try reader.loadDictionary()
        }
        guard let dictionary = dictionaries[leaf] else { return true }
        return (0..<dictionary.count).contains { predicate.passes(dictionary.value(at: $0)) }
    }

    /// The dictionary of a leaf that is going to be read as a type, when it was read already.
    func dictionary(leaf: Int, as type: DataType) -> Column? {
        dictionaries[leaf].flatMap { $0.type == type ? $0 : nil }
    }

    // MARK: Pages

    /// The rows of the pages that may pass; nil without indexes.
    private func pages(
        _ predicate: LeafPredicate, _ group: RowGroup, _ reading: FileReading
    ) throws -> [Range<Int>]? {
        let chunk = group.columns[predicate.node.leafIndex]
        guard predicate.order != nil || predicate.isNullTest, let extent = chunk.columnIndex,
            let locations = try offsetIndex(leaf: predicate.node.leafIndex, group, reading),
            let index = try extent.read(
                reading.file, before: footer.start, counters: &reading.counters,
                { reader, bytes in try ColumnIndex(&reader, bytes: bytes) }),
            index.pageCount == locations.pages.count
        else { return nil }
        var ranges: [Range<Int>] = []
        for page in 0..<index.pageCount where index.mayPass(predicate, page: page) {
            let rows = locations.rows(of: page, rowCount: group.rowCount)
            if let last = ranges.last, last.upperBound == rows.lowerBound {
                ranges[ranges.count - 1] = last.lowerBound..<rows.upperBound
            } else {
                ranges.append(rows)
            }
        }
        return ranges
    }

    private func offsetIndex(leaf: Int, _ group: RowGroup, _ reading: FileReading) throws -> OffsetIndex? {
        if let known = offsetIndexes[leaf] { return known }
        let chunk = group.columns[leaf]
        guard
            let index = try chunk.offsetIndex?.read(
                reading.file, before: footer.start, counters: &reading.counters,
                { reader, _ in try OffsetIndex(&reader) }),
            index.isSound(in: try chunk.range(within: footer.start), rowCount: group.rowCount)
        else { return nil }
        offsetIndexes[leaf] = index
        return index
    }

    /// The offset index of a leaf that is going to be read; nil when there is none, or all rows are wanted.
    func neededOffsetIndex(leaf: Int, _ group: RowGroup, _ reading: FileReading) throws -> OffsetIndex? {
        isPartial ? try offsetIndex(leaf: leaf, group, reading) : nil
    }

    /// The rows in both lists of ascending ranges.
    static func intersection(_ a: [Range<Int>], _ b: [Range<Int>]) -> [Range<Int>] {
        var result: [Range<Int>] = []
        var first = 0
        var second = 0
        while first < a.count && second < b.count {
            let both =
                max(
                    a[first].lowerBound, b[second].lowerBound)..<max(
                    min(a[first].upperBound, b[second].upperBound), max(a[first].lowerBound, b[second].lowerBound))
            if !both.isEmpty { result.append(both) }
            if a[first].upperBound < b[second].upperBound { first += 1 } else { second += 1 }
        }
        return result
    }
}

extension LeafPredicate {
    var isNullTest: Bool {
        switch predicate {
        case .isNull, .isNotNull: true
        case .range, .oneOf: false
        }
    }
}
