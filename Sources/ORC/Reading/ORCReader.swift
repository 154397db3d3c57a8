import HoneyCatalog
import HoneyCore
import HoneyFiles
import HoneyStorage

/// Reads a split's stripes: of each the row groups that may hold wanted rows, and of these the wanted columns, each
/// only once a row needs it.
final class ORCReader: BatchReader {
    private let tail: FileTail?
    private let context: ReadContext?
    private let types: [DataType]
    private let late: LateDecoding
    /// One a projected column; nil for those that the file does not have.
    private var columns: [ProjectedColumn?] = []
    private let skipping: Skipping?
    /// The stripes that are left, the next one last: their numbers, and which of their row groups the split owns.
    private var stripesLeft: [(number: Int, groups: Range<Int>)] = []

    // The stripe at hand.
    private var stripe: Stripe?
    /// Its runs of row groups that are left, the next one last.
    private var runsLeft: [Range<Int>] = []
    private var nextRow = 0
    private var runEnd = 0

    init(_ request: ReadRequest, split: ByteRange, of file: any ReadableFile) throws {
        types = request.projection.map { request.columns[$0].type }
        late = LateDecoding(types: types, filters: request.filters)
        // Writers that were stopped leave files of no bytes, which hold no rows.
        guard file.size > 0 else {
            tail = nil
            context = nil
            skipping = nil
            return
        }
        let tail = try FileTail(of: file, sharing: request.footers)
        try tail.checkSupported()
        self.tail = tail
        context = tail.context
        let mapping = ColumnMapping(
            request.columns, of: tail, settings: request.settings, tableParameters: request.tableParameters)
        let tree = DecoderTree(tail)
        columns = try request.projection.map { index in
            try mapping.types[index].map {
                ProjectedColumn(try tree.decoder($0, as: request.columns[index].type))
            }
        }
        skipping = try Skipping(request, mapping: mapping, tail: tail)
        let share = SplitShare(split, of: tail, fileBytes: file.size)
        stripesLeft = tail.footer.stripes.indices.map { ($0, share.groups(of: tail.footer.stripes[$0])) }
            .filter { !$0.groups.isEmpty }.reversed()
    }

    var counters: ReadCounters { context?.counters ?? ReadCounters() }

    func next() throws -> Batch? {
        guard let context else { return nil }
        while nextRow == runEnd {
            guard try startRun(context) else { return nil }
        }
        return try placingErrors(in: context.path, at: stripe?.offset ?? 0) { try nextBatch(context) }
    }

    /// Goes to the next run of row groups; false at the end of the split.
    private func startRun(_ context: ReadContext) throws -> Bool {
        if skipping == nil, columns.allSatisfy({ $0 == nil }) { return countStripe(context) }
        while runsLeft.isEmpty {
            guard let (number, groups) = stripesLeft.popLast(), let tail else { return false }
            let information = tail.footer.stripes[number]
            try placingErrors(in: context.path, at: Int(information.offset)) {
                try startStripe(number, information, owning: groups, context)
            }
        }
        guard let groups = runsLeft.popLast(), let stripe else { return false }
        nextRow = stripe.rows(before: groups.lowerBound)
        runEnd = stripe.rows(before: groups.upperBound)
        context.counters.rowsRead += runEnd - nextRow
        for column in columns { column?.enter(groups) }
        return true
    }

    private func startStripe(
        _ number: Int, _ information: ORCStripeInformation, owning owned: Range<Int>, _ context: ReadContext
    ) throws {
        guard information.numberOfRows > 0, try skipping?.mayHoldRows(inStripe: number) ?? true else { return }
        let stripe = try Stripe(
            information, groupRows: Int(tail?.footer.rowIndexStride ?? 0), context: context)
        self.stripe = stripe
        for column in columns { try column?.enter(stripe) }
        let numbers = columns.compactMap { $0?.columns }.flatMap { $0 }
        let isShared = tail.map { SplitShare.groupRows(of: information, in: $0) == stripe.groupRows } ?? false
        guard isShared, stripe.hasRowIndexes(of: numbers) else {
            // Without places to go to, the stripe is read whole, by the split that owns its first rows.
            let passing = try skipping?.groups(of: stripe) ?? [0..<stripe.groupCount]
            runsLeft = owned.lowerBound == 0 && !passing.isEmpty ? [0..<stripe.groupCount] : []
            return
        }
        let passing = try skipping?.groups(of: stripe) ?? [owned]
        runsLeft = passing.map { $0.clamped(to: owned) }.filter { !$0.isEmpty }.reversed()
        if runsLeft != [0..<stripe.groupCount], !runsLeft.isEmpty { try stripe.loadRowIndexes(of: numbers) }
    }

    /// The next rows of the run that pass the filters; an empty batch when none does up to its end.
    private func nextBatch(_ context: ReadContext) throws -> Batch {
        while nextRow < runEnd {
            let first = nextRow
            let count = min(Batch.targetRows, runEnd - first)
            nextRow += count
            let batch = try late.batch(count: count, prepare: { try load($0, from: first) }) { position, rows, left in
                guard let column = columns[position] else {
                    return Column.constant(.null, type: types[position], count: left)
                }
                return try column.decode(from: first, count: count, chosen: rows, chosenCount: left)
            }
            if batch.count > 0 { return batch }
        }
        return late.emptyBatch
    }

    /// Reads the streams of columns that have nothing yet, neighbours at once.
    private func load(_ positions: [Int], from row: Int) throws {
        guard let context else { return }
        let wanted = positions.compactMap { columns[$0] }
        let streams = try wanted.flatMap { try $0.streamsToLoad(from: row) }
        guard !streams.isEmpty else { return }
        try StripeReads.load(streams, context: context)
        for column in wanted { try column.didLoad() }
    }

    /// Goes to the next stripe of a split of which rows are only counted; false at the end.
    private func countStripe(_ context: ReadContext) -> Bool {
        guard let (number, groups) = stripesLeft.popLast(), let tail else { return false }
        let rowCount = Int(tail.footer.stripes[number].numberOfRows)
        let groupRows = SplitShare.groupRows(of: tail.footer.stripes[number], in: tail)
        nextRow = groups.lowerBound * groupRows
        runEnd = groups.upperBound > (rowCount - 1) / groupRows ? rowCount : groups.upperBound * groupRows
        context.counters.rowsRead += runEnd - nextRow
        return true
    }
}
