import Algorithms

/// A histogram of at most so many bins that adapts to its data: the two nearest bins merge when there are too many.
///
/// After Ben-Haim and Tom-Tov, "A streaming parallel decision tree algorithm" (2010).
struct NumericHistogram {
    struct Bin {
        var centre: Double
        var height: Double
    }

    private(set) var bins: [Bin] = []

    /// Adds a value, keeping at most `limit` bins.
    mutating func add(_ value: Double, height: Double = 1, limit: Int) {
        let index = bins.partitioningIndex { !($0.centre < value) }
        if index < bins.count, bins[index].centre == value {
            bins[index].height += height
            return
        }
        bins.insert(Bin(centre: value, height: height), at: index)
        if bins.count > limit { mergeNearest() }
    }

    private mutating func mergeNearest() {
        guard bins.count > 1 else { return }
        var nearest = 0
        for index in 1..<(bins.count - 1)
        where bins[index + 1].centre - bins[index].centre < bins[nearest + 1].centre - bins[nearest].centre {
            nearest = index
        }
        let left = bins[nearest]
        let right = bins[nearest + 1]
        let height = left.height + right.height
        bins[nearest] = Bin(centre: (left.centre * left.height + right.centre * right.height) / height, height: height)
        bins.remove(at: nearest + 1)
    }

    /// The value below which a fraction of the data lies; nil without data.
    func quantile(_ fraction: Double) -> Double? {
        let total = bins.reduce(0) { $0 + $1.height }
        var below = 0.0
        for (index, bin) in bins.enumerated() {
            if (below + bin.height) / total >= fraction {
                guard index > 0 else { return bin.centre }
                let previous = bins[index - 1].centre
                return previous + (fraction * total - below) * (bin.centre - previous) / bin.height
            }
            below += bin.height
        }
        return bins.last?.centre
    }
}
