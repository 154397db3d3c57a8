import HoneyCore
import HoneyStorage

/// A wanted column: where its decoder stands in a stripe, and what of it is loaded.
final class ProjectedColumn {
    private let decoder: ColumnDecoder
    private var stripe: Stripe?
    /// Rows of the stripe before the decoder's next one.
    private var row = 0
    private var isLoaded = false
    /// The row groups being read.
    private var groups = 0..<0

    init(_ decoder: ColumnDecoder) { self.decoder = decoder }

    /// The numbers of the file's columns that it takes.
    var columns: [Int] { decoder.columns }

    /// Starts on a stripe.
    func enter(_ stripe: Stripe) throws {
        try decoder.enter(stripe)
        self.stripe = stripe
    }

    /// Starts on a run of row groups; nothing of them is read yet.
    func enter(_ groups: Range<Int>) {
        self.groups = groups
        row = groups.lowerBound * (stripe?.groupRows ?? 0)
        isLoaded = false
    }

    /// The streams to load before rows from `first` on can be decoded; none when that is done.
    ///
    /// Row indexes must be loaded where parts of a stripe are read.
    func streamsToLoad(from first: Int) throws -> [StreamBytes] {
        guard !isLoaded, let stripe else { return [] }
        let group = first / stripe.groupRows
        if group > groups.lowerBound, stripe.hasRowIndexes(of: columns) {
            // Nobody wanted rows of the groups before.
            try stripe.loadRowIndexes(of: columns)
            groups = group..<groups.upperBound
            row = group * stripe.groupRows
        }
        if groups != 0..<stripe.groupCount { try decoder.want(groups, of: stripe) }
        return decoder.streams
    }

    /// Is told that the streams are loaded.
    func didLoad() throws {
        guard !isLoaded, let stripe else { return }
        isLoaded = true
        if groups.lowerBound > 0 { try decoder.seek(to: groups.lowerBound, of: stripe) }
    }

    /// Decodes rows `first ..< first + count` of the stripe, or the chosen ones among them.
    func decode(from first: Int, count: Int, chosen: UnsafePointer<Int32>?, chosenCount: Int) throws -> Column {
        guard let chosen else {
            try move(to: first)
            row = first + count
            return try decoder.decode(count)
        }
        // What is before the first chosen row and after the last one need not be decoded.
        let lead = Int(chosen[0])
        let span = Int(chosen[chosenCount - 1]) + 1 - lead
        try move(to: first + lead)
        row = first + lead + span
        if span == chosenCount { return try decoder.decode(span) }
        if lead == 0 { return try decoder.decode(span, chosen: chosen, chosenCount: chosenCount) }
        return try withUnsafeTemporaryAllocation(of: Int32.self, capacity: chosenCount) { indices in
            for index in 0..<chosenCount { indices[index] = chosen[index] - Int32(truncatingIfNeeded: lead) }
            return try decoder.decode(span, chosen: indices.baseAddress!, chosenCount: chosenCount)
        }
    }

    private func move(to target: Int) throws {
        guard target > row, let stripe else { return }
        let group = target / stripe.groupRows
        if group > row / stripe.groupRows, stripe.hasRowIndexes(of: columns) {
            try stripe.loadRowIndexes(of: columns)
            try decoder.seek(to: group, of: stripe)
            row = group * stripe.groupRows
        }
        try decoder.skip(target - row)
        row = target
    }
}
