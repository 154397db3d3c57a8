import HoneyCore

/// A predicate on a column of a file, to be held against what is known of runs of its values.
struct LeafPredicate {
    /// What is known of a run of values.
    struct Knowledge {
        var minimum: UnsafeRawBufferPointer?
        var maximum: UnsafeRawBufferPointer?
        var nullCount: Int?
        /// Values, with nulls; nil when not known.
        var valueCount: Int?
    }

    let predicate: ColumnPredicate
    let node: SchemaNode
    /// What values are read as.
    let type: DataType
    let order: LeafOrder?
    /// Whether values that are there may be read as null.
    private let mayLoseValues: Bool

    init(_ predicate: ColumnPredicate, _ node: SchemaNode, as type: DataType, isHybrid: Bool) {
        self.predicate = predicate
        self.node = node
        self.type = type
        order = LeafOrder(node, as: type, isHybrid: isHybrid)
        mayLoseValues = LeafConversion(node, to: type, isHybrid: isHybrid).canLoseValues
    }

    /// Tells whether any value may pass.
    func mayPass(_ known: Knowledge) -> Bool {
        let isAllNull = known.nullCount != nil && known.nullCount == known.valueCount
        switch predicate {
        case .isNull: return mayLoseValues || known.nullCount != 0
        case .isNotNull: return !isAllNull
        case .range(_, let lower, let upper):
            return !isAllNull && mayLie(known, lower: lower, upper: upper)
        case .oneOf(_, let values):
            return !isAllNull
                && values.contains {
                    let bound = ColumnPredicate.Bound($0, isInclusive: true)
                    return mayLie(known, lower: bound, upper: bound)
                }
        }
    }

    private func mayLie(_ known: Knowledge, lower: ColumnPredicate.Bound?, upper: ColumnPredicate.Bound?) -> Bool {
        guard let order, let minimum = known.minimum.flatMap({ order.bound($0) }),
            let maximum = known.maximum.flatMap({ order.bound($0) })
        else { return true }
        // Bounds the wrong way round are none.
        guard let bounds = OrderedValue.order(minimum, maximum), bounds <= 0 else { return true }
        if let lower, let value = order.value(lower.value), let position = OrderedValue.order(maximum, value) {
            if position < 0 || position == 0 && !lower.isInclusive { return false }
        }
        if let upper, let value = order.value(upper.value), let position = OrderedValue.order(minimum, value) {
            if position > 0 || position == 0 && !upper.isInclusive { return false }
        }
        return true
    }

    /// The values one of which a passing row must have; nil when there are others.
    var wantedValues: [Value]? {
        switch predicate {
        case .oneOf(_, let values): return values
        case .range(_, let lower?, let upper?) where lower == upper && lower.isInclusive: return [lower.value]
        default: return nil
        }
    }
}
