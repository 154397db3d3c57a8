import HoneyCore

extension ColumnChunk {
    /// The encodings whose values are a dictionary's, as bits, and those of levels only.
    private static let dictionaryEncodings: UInt32 =
        1 << UInt32(Encoding.plainDictionary.rawValue) | 1 << UInt32(Encoding.runLengthDictionary.rawValue)
    private static let levelEncodings: UInt32 =
        1 << UInt32(Encoding.runLength.rawValue) | 1 << UInt32(Encoding.bitPacked.rawValue)

    /// Tells whether every value of the chunk is in its dictionary.
    var hasAllInDictionary: Bool {
        guard start < dataPageOffset else { return false }
        if let dataPageEncodings {
            return dataPageEncodings != 0 && dataPageEncodings & ~ColumnChunk.dictionaryEncodings == 0
        }
        // Without statistics of pages, `PLAIN` may be that of a newer dictionary page or of data pages.
        return encodings & 1 << UInt32(Encoding.plainDictionary.rawValue) != 0
            && encodings & ~(1 << UInt32(Encoding.plainDictionary.rawValue) | ColumnChunk.levelEncodings) == 0
    }
}

extension LeafPredicate {
    /// Tells whether a value as it is read passes; true where that is not known.
    func passes(_ value: Value) -> Bool {
        switch predicate {
        case .isNull, .isNotNull: return true
        case .range(_, let lower, let upper):
            guard !value.isNull else { return false }
            return isBeyond(value, lower, -1) && isBeyond(value, upper, 1)
        case .oneOf(_, let values):
            guard !value.isNull else { return false }
            return values.contains { isBeyond(value, .init($0, isInclusive: true), 0) }
        }
    }

    /// Tells whether a value lies on the inner side of a bound (-1: a lower one, 1: an upper one), or is equal to it (0).
    private func isBeyond(_ value: Value, _ bound: ColumnPredicate.Bound?, _ side: Int) -> Bool {
        guard let bound, let order, let ordered = order.value(value), let limit = order.value(bound.value),
            let position = OrderedValue.order(ordered, limit)
        else { return true }
        return position == 0 ? bound.isInclusive : position == -side && side != 0
    }
}
