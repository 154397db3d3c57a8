import HoneyCore
import HoneyPlan

/// A histogram a group: approximate percentiles, or the histogram itself.
final class HistogramAccumulator: Accumulator {
    enum Form: Sendable { case percentile, histogram }

    private var histograms: [NumericHistogram] = []
    private var fractions = Fractions()
    private var limit: Int?
    private let form: Form
    private let type: DataType

    init(_ form: Form, _ type: DataType) {
        self.form = form
        self.type = type
    }

    func reserve(groupCount: Int) {
        guard groupCount > histograms.count else { return }
        histograms += [NumericHistogram](repeating: NumericHistogram(), count: groupCount - histograms.count)
    }

    var memoryBytes: Int { histograms.reduce(0) { $0 + 16 + $1.bins.capacity * 16 } }

    func update(_ arguments: [Column], rows: GroupedRows) throws {
        let limitColumn: Column?
        switch form {
        case .percentile:
            try fractions.take(from: arguments[1], rows: rows)
            limitColumn = arguments.count > 2 ? arguments[2] : nil
        case .histogram: limitColumn = arguments[1]
        }
        try takeLimit(from: limitColumn, rows)
        let limit = limit ?? 10_000
        let values = arguments[0].values(as: Double.self)
        rows.forEach(in: arguments[0]) { group, row in
            if !values[row].isNaN { histograms[group].add(values[row], limit: limit) }
        }
    }

    private func takeLimit(from column: Column?, _ rows: GroupedRows) throws {
        guard limit == nil, let column, rows.count > 0 else { return }
        let row = rows.selection.map { $0[0] } ?? 0
        guard !column.isNull(at: row) else { return }
        let bins = Int(column.values(as: Int32.self)[column.storedIndex(row)])
        guard bins >= 2 else {
            throw HoneyError(.semantic, "BAD_BIN_COUNT", "a histogram has at least two bins, not: \(bins)")
        }
        limit = bins
    }

    /// Partial states are the bins as centre, height, centre, …; the fractions; and the number of bins.
    func merge(_ partials: [Column], rows: GroupedRows) throws {
        try fractions.take(from: partials[1], rows: rows)
        try takeLimit(from: partials[2], rows)
        let limit = limit ?? 10_000
        let entries = partials[0].values(as: ListEntry.self)
        let numbers = partials[0].children[0].values(as: Double.self)
        rows.forEach(in: partials[0]) { group, row in
            for index in stride(from: entries[row].range.lowerBound, to: entries[row].range.upperBound - 1, by: 2) {
                histograms[group].add(numbers[index], height: numbers[index + 1], limit: limit)
            }
        }
    }

    func partials(_ groups: Range<Int>) -> [Column] {
        let bins = ColumnBuilder(.array(.double), capacity: groups.count)
        for group in groups {
            for bin in histograms[group].bins {
                bins.children[0].append(bin.centre)
                bins.children[0].append(bin.height)
            }
            bins.appendList(elementCount: histograms[group].bins.count * 2)
        }
        let limits = Column.constant(
            limit.map { .integer(Int64($0)) } ?? .null, type: .int, count: groups.count)
        return [bins.finish(), fractions.column(groups.count), limits.flattened()]
    }

    func results(_ groups: Range<Int>) -> Column {
        switch form {
        case .percentile: return fractions.results(groups, type) { histograms[$0].quantile($1) }
        case .histogram:
            return .of(
                type,
                groups.map { group in
                    let bins = histograms[group].bins
                    return bins.isEmpty
                        ? .null : .array(bins.map { .structure([.real($0.centre), .real($0.height)]) })
                })
        }
    }
}
