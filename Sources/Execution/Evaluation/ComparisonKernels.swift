import HoneyCore

/// One of the six orderings, as a type so that loops are made for each.
protocol Ordering {
    static func holds<T: Comparable>(_ a: T, _ b: T) -> Bool
    /// The same for a three-way result.
    static func holds(order: Int) -> Bool
}

enum Equal: Ordering {
    @inline(__always) static func holds<T: Comparable>(_ a: T, _ b: T) -> Bool { a == b }
    @inline(__always) static func holds(order: Int) -> Bool { order == 0 }
}
enum NotEqual: Ordering {
    @inline(__always) static func holds<T: Comparable>(_ a: T, _ b: T) -> Bool { a != b }
    @inline(__always) static func holds(order: Int) -> Bool { order != 0 }
}
enum Less: Ordering {
    @inline(__always) static func holds<T: Comparable>(_ a: T, _ b: T) -> Bool { a < b }
    @inline(__always) static func holds(order: Int) -> Bool { order < 0 }
}
enum LessOrEqual: Ordering {
    @inline(__always) static func holds<T: Comparable>(_ a: T, _ b: T) -> Bool { a <= b }
    @inline(__always) static func holds(order: Int) -> Bool { order <= 0 }
}
enum Greater: Ordering {
    @inline(__always) static func holds<T: Comparable>(_ a: T, _ b: T) -> Bool { a > b }
    @inline(__always) static func holds(order: Int) -> Bool { order > 0 }
}
enum GreaterOrEqual: Ordering {
    @inline(__always) static func holds<T: Comparable>(_ a: T, _ b: T) -> Bool { a >= b }
    @inline(__always) static func holds(order: Int) -> Bool { order >= 0 }
}

/// A comparison of a column with a constant that goes straight to a selection.
struct ConstantComparison {
    var sign: String
    var constant: Column

    /// Chooses among the rows of `previous` (or all); the column must have the constant's layout.
    func select(_ column: Column, count: Int, among previous: Selection?) -> Selection {
        switch sign {
        case "=": select(Equal.self, column, count, previous)
        case "<>": select(NotEqual.self, column, count, previous)
        case "<": select(Less.self, column, count, previous)
        case "<=": select(LessOrEqual.self, column, count, previous)
        case ">": select(Greater.self, column, count, previous)
        default: select(GreaterOrEqual.self, column, count, previous)
        }
    }

    private func select<O: Ordering>(
        _: O.Type, _ column: Column, _ count: Int, _ previous: Selection?
    ) -> Selection {
        switch column.physical {
        case .bool: return numbers(O.self, UInt8.self, column, count, previous)
        case .int8: return numbers(O.self, Int8.self, column, count, previous)
        case .int16: return numbers(O.self, Int16.self, column, count, previous)
        case .int32: return numbers(O.self, Int32.self, column, count, previous)
        case .int64: return numbers(O.self, Int64.self, column, count, previous)
        case .int128: return numbers(O.self, Int128.self, column, count, previous)
        default: return strings(O.self, column, count, previous)
        }
    }

    private func numbers<O: Ordering, T: Comparable & BitwiseCopyable>(
        _: O.Type, _: T.Type, _ column: Column, _ count: Int, _ previous: Selection?
    ) -> Selection {
        let values = column.values(as: T.self)
        let bound = constant.values(as: T.self)[0]
        return SelectionLoop.select(column, count: count, among: previous) { O.holds(values[$0], bound) }
    }

    private func strings<O: Ordering>(
        _: O.Type, _ column: Column, _ count: Int, _ previous: Selection?
    ) -> Selection {
        let values = column.values(as: BytesView.self)
        let bound = constant.values(as: BytesView.self)[0]
        if O.self == Equal.self || O.self == NotEqual.self {
            let wanted = O.self == Equal.self
            if bound.isInline {
                return SelectionLoop.select(column, count: count, among: previous) {
                    ((values[$0].head == bound.head) && (values[$0].tail == bound.tail)) == wanted
                }
            }
            return SelectionLoop.select(column, count: count, among: previous) { (values[$0] == bound) == wanted }
        }
        return SelectionLoop.select(column, count: count, among: previous) {
            O.holds(order: BytesView.compare(values[$0], bound))
        }
    }
}

/// The loops that turn a condition into a selection without branching on it.
enum SelectionLoop {
    /// Chooses the rows that are not null and for which `condition` (given the stored row) holds.
    @inline(__always)
    static func select(
        _ column: Column, count: Int, among previous: Selection?, _ condition: (Int) -> Bool
    ) -> Selection {
        if column.isConstant {
            let passes = count > 0 && !column.isNull(at: 0) && condition(0)
            return passes ? (previous ?? all(count)) : Selection(capacity: 0) { _ in 0 }
        }
        if let previous {
            return Selection(capacity: previous.count) { target in
                var kept = 0
                let source = previous.indices
                if let words = column.validity?.words {
                    for position in 0..<previous.count {
                        let row = Int(source[position])
                        target[kept] = source[position]
                        let valid = UInt8(truncatingIfNeeded: (words[row >> 6] >> UInt64(row & 63)) & 1)
                        kept &+= Int(unsafeBitCast(condition(row), to: UInt8.self) & valid)
                    }
                } else {
                    for position in 0..<previous.count {
                        let row = Int(source[position])
                        target[kept] = source[position]
                        kept &+= Int(unsafeBitCast(condition(row), to: UInt8.self))
                    }
                }
                return kept
            }
        }
        return Selection(capacity: count) { target in
            var kept = 0
            if let words = column.validity?.words {
                for row in 0..<count {
                    target[kept] = Int32(truncatingIfNeeded: row)
                    let valid = UInt8(truncatingIfNeeded: (words[row >> 6] >> UInt64(row & 63)) & 1)
                    kept &+= Int(unsafeBitCast(condition(row), to: UInt8.self) & valid)
                }
            } else {
                for row in 0..<count {
                    target[kept] = Int32(truncatingIfNeeded: row)
                    kept &+= Int(unsafeBitCast(condition(row), to: UInt8.self))
                }
            }
            return kept
        }
    }

    static func all(_ count: Int) -> Selection {
        Selection(capacity: count) { target in
            for row in 0..<count { target[row] = Int32(truncatingIfNeeded: row) }
            return count
        }
    }
}
