import HoneyCore

/// What a column holds in a row group, a stripe or a file, as it is being written.
struct ValueStatistics {
    let type: DataType
    private(set) var count = 0
    private(set) var hasNull = false
    // Of integers, dates (days), timestamps (milliseconds) and lists (elements).
    private var least = Int64.max
    private var most = Int64.min
    /// Also bytes of strings, and how many booleans are true.
    private var sum: Int64 = 0
    private var sumOverflows = false
    private var leastReal = Double.infinity
    private var mostReal = -Double.infinity
    private var sumReal = 0.0
    private var leastDecimal = Int128.max
    private var mostDecimal = Int128.min
    private var sumDecimal: Int128 = 0
    private var leastText: [UInt8] = []
    private var mostText: [UInt8] = []

    init(_ type: DataType) { self.type = type }

    mutating func removeAll() {
        let old = (leastText, mostText)
        self = ValueStatistics(type)
        (leastText, mostText) = old
        leastText.removeAll(keepingCapacity: true)
        mostText.removeAll(keepingCapacity: true)
    }

    mutating func add(rows: Int, nulls: Int) {
        count += rows - nulls
        hasNull = hasNull || nulls > 0
    }

    mutating func add(_ values: UnsafePointer<Int64>, count: Int, sums: Bool = true) {
        var least = least
        var most = most
        var total: Int64 = 0
        var overflows = false
        for index in 0..<count {
            least = min(least, values[index])
            most = max(most, values[index])
            let (partial, overflow) = total.addingReportingOverflow(values[index])
            total = partial
            overflows = overflows || overflow
        }
        self.least = least
        self.most = most
        if sums { add(sum: total, overflows: overflows) }
    }

    mutating func add(sum part: Int64, overflows: Bool = false) {
        let (total, overflow) = sum.addingReportingOverflow(part)
        sum = total
        sumOverflows = sumOverflows || overflows || overflow
    }

    mutating func add(_ value: Double) {
        if value.isNaN {
            // Nothing may be skipped then; every reader takes these for what they are.
            leastReal = -.infinity
            mostReal = .infinity
        }
        leastReal = value < leastReal ? value : leastReal
        mostReal = value > mostReal ? value : mostReal
        sumReal += value
    }

    mutating func add(_ value: Int128) {
        leastDecimal = min(leastDecimal, value)
        mostDecimal = max(mostDecimal, value)
        let (total, overflow) = sumDecimal.addingReportingOverflow(value)
        sumDecimal = total
        sumOverflows = sumOverflows || overflow
    }

    /// Adds decimals by their extremes and their sum.
    mutating func add(least: Int128, most: Int128, sum part: Int128) {
        leastDecimal = min(leastDecimal, least)
        mostDecimal = max(mostDecimal, most)
        let (total, overflow) = sumDecimal.addingReportingOverflow(part)
        sumDecimal = total
        sumOverflows = sumOverflows || overflow
    }

    /// Adds strings: the least and the most of some new ones.
    mutating func add(least: UnsafeBufferPointer<UInt8>, most: UnsafeBufferPointer<UInt8>, isFirst: Bool) {
        if isFirst || leastText.withUnsafeBufferPointer({ compareBytes(least, $0) }) < 0 {
            leastText.replaceSubrange(0..<leastText.count, with: least)
        }
        if isFirst || mostText.withUnsafeBufferPointer({ compareBytes(most, $0) }) > 0 {
            mostText.replaceSubrange(0..<mostText.count, with: most)
        }
    }

    mutating func merge(_ other: ValueStatistics) {
        if other.count > 0, type.isText {
            other.leastText.withUnsafeBufferPointer { least in
                other.mostText.withUnsafeBufferPointer { most in
                    add(least: least, most: most, isFirst: count == 0)
                }
            }
        }
        count += other.count
        hasNull = hasNull || other.hasNull
        least = min(least, other.least)
        most = max(most, other.most)
        add(sum: other.sum, overflows: other.sumOverflows)
        leastReal = min(leastReal, other.leastReal)
        mostReal = max(mostReal, other.mostReal)
        sumReal += other.sumReal
        leastDecimal = min(leastDecimal, other.leastDecimal)
        mostDecimal = max(mostDecimal, other.mostDecimal)
        let (total, overflow) = sumDecimal.addingReportingOverflow(other.sumDecimal)
        sumDecimal = total
        sumOverflows = sumOverflows || overflow
    }

    /// The statistics as files have them.
    var message: ORCColumnStatistics {
        var message = ORCColumnStatistics()
        message.numberOfValues = UInt64(count)
        message.hasNull_p = hasNull
        guard count > 0 else { return message }
        switch type {
        case .tinyint, .smallint, .int, .bigint:
            message.intStatistics.minimum = least
            message.intStatistics.maximum = most
            if !sumOverflows { message.intStatistics.sum = sum }
        case .boolean: message.bucketStatistics.count = [UInt64(sum)]
        case .float, .double:
            message.doubleStatistics.minimum = leastReal
            message.doubleStatistics.maximum = mostReal
            message.doubleStatistics.sum = sumReal
        case .string, .varchar, .char:
            // What is no UTF-8 cannot be told in the footer, and what stands for it would be another bound.
            if let least = String(validating: leastText, as: UTF8.self),
                let most = String(validating: mostText, as: UTF8.self)
            {
                message.stringStatistics.minimum = least
                message.stringStatistics.maximum = most
            }
            message.stringStatistics.sum = sum
        case .binary: message.binaryStatistics.sum = sum
        case .date:
            message.dateStatistics.minimum = Int32(truncatingIfNeeded: least)
            message.dateStatistics.maximum = Int32(truncatingIfNeeded: most)
        case .timestamp:
            // The writer's clock is UTC's, so that both kinds are the same.
            message.timestampStatistics.minimum = least
            message.timestampStatistics.maximum = most
            message.timestampStatistics.minimumUtc = least
            message.timestampStatistics.maximumUtc = most
        case .decimal(_, let scale):
            message.decimalStatistics.minimum = ValueStatistics.text(leastDecimal, scale)
            message.decimalStatistics.maximum = ValueStatistics.text(mostDecimal, scale)
            if !sumOverflows { message.decimalStatistics.sum = ValueStatistics.text(sumDecimal, scale) }
        case .array, .map:
            message.collectionStatistics.minChildren = UInt64(least)
            message.collectionStatistics.maxChildren = UInt64(most)
            message.collectionStatistics.totalChildren = UInt64(sum)
        default: break
        }
        return message
    }

    /// A decimal without zeros at its end, as Hive has it.
    static func text(_ unscaled: Int128, _ scale: Int) -> String {
        var sink = ByteSink()
        append(unscaled, scale, to: &sink)
        return sink.string
    }

    static func append(_ unscaled: Int128, _ scale: Int, to sink: inout ByteSink) {
        var unscaled = unscaled
        var scale = scale
        while scale > 0 {
            let (quotient, remainder) = unscaled.quotientAndRemainder(dividingBy: 10)
            if remainder != 0 { break }
            unscaled = quotient
            scale -= 1
        }
        DecimalText.append(unscaled, scale: scale, to: &sink)
    }
}
