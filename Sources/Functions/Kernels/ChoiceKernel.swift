import HoneyCore
import HoneyPlan

/// Takes each row from one of several columns: CASE, IF, COALESCE.
enum ChoiceKernel {
    /// `case(condition, result, …[, else])`: the first condition that is true decides; without an else, null.
    static func makeCase(_ type: DataType) -> Kernel {
        { arguments, count in
            let pairs = arguments.count / 2
            var sources = (0..<pairs).map { arguments[$0 * 2 + 1] }
            sources.append(arguments.count % 2 == 1 ? arguments[arguments.count - 1] : .null(type, count: count))
            let conditions = (0..<pairs).map { arguments[$0 * 2] }
            return withChoice(count) { choice in
                for row in 0..<count { choice[row] = Int32(truncatingIfNeeded: pairs) }
                // Backwards, so that earlier conditions overwrite later ones.
                for index in stride(from: pairs - 1, through: 0, by: -1) {
                    mark(conditions[index], Int32(truncatingIfNeeded: index), choice, count)
                }
                return pick(sources, choice, type, count)
            }
        }
    }

    /// `coalesce(a, b, …)`: the first that is not null.
    static func makeCoalesce(_ type: DataType) -> Kernel {
        { arguments, count in
            // Nothing after a column without nulls is ever asked.
            let last = arguments.firstIndex { !$0.mayHaveNulls && $0.type != .void } ?? arguments.count - 1
            let sources = Array(arguments[...last])
            if sources.count == 1 { return sources[0].type == .void ? .null(type, count: count) : sources[0] }
            return withChoice(count) { choice in
                for row in 0..<count {
                    choice[row] = Int32(
                        truncatingIfNeeded: sources.firstIndex { $0.type != .void && !$0.isNull(at: row) } ?? last)
                }
                return pick(sources, choice, type, count)
            }
        }
    }

    /// `nullif(a, b)`: null where both are equal, else a.
    static func makeNullIf(_ type: DataType) -> Kernel {
        { arguments, count in
            let a = arguments[0].flattened()
            let b = arguments[1]
            if a.type == .void || b.isConstantNull { return arguments[0] }
            let equal = ComparisonKernel.compare(.equal, a, b, count)
            let mask = withExtendedLifetime(equal) {
                let flags = equal.pointer(to: UInt8.self)
                return ElementLoop.mask(count, and: a.validity) { row in
                    flags[row] != 0 && !b.isNull(at: row) ? 0 : 1
                }
            }
            return a.withValidity(mask)
        }
    }

    private static func withChoice(_ count: Int, _ body: (UnsafeMutablePointer<Int32>) -> Column) -> Column {
        withUnsafeTemporaryAllocation(of: Int32.self, capacity: max(count, 1)) { body($0.baseAddress!) }
    }

    /// Writes `index` to the choice of the rows where a condition is true.
    private static func mark(
        _ condition: Column, _ index: Int32, _ choice: UnsafeMutablePointer<Int32>, _ count: Int
    ) {
        if condition.isConstantNull { return }
        let values = condition.values(as: UInt8.self)
        if condition.isConstant {
            if values[0] != 0 { for row in 0..<count { choice[row] = index } }
        } else if let words = condition.validity?.words {
            for row in 0..<count {
                let isValid = UInt8(truncatingIfNeeded: words[row >> 6] >> UInt64(row & 63)) & 1
                choice[row] = values[row] & isValid != 0 ? index : choice[row]
            }
        } else {
            for row in 0..<count { choice[row] = values[row] != 0 ? index : choice[row] }
        }
    }

    /// Makes the column whose row `i` is that of `sources[choice[i]]`.
    static func pick(
        _ sources: [Column], _ choice: UnsafePointer<Int32>, _ type: DataType, _ count: Int
    ) -> Column {
        let sources = sources.map { $0.type == .void && type != .void ? Column.null(type, count: count) : $0 }
        let validity = pickedValidity(sources, choice, count)
        let owners = sources.flatMap(\.owners)
        let buffer = Buffer(capacity: count * type.physical.width)
        var children: [Column] = []
        switch type.physical {
        case .bool, .int8: copy(UInt8.self, sources, choice, buffer, count)
        case .int16: copy(UInt16.self, sources, choice, buffer, count)
        case .int32, .float: copy(UInt32.self, sources, choice, buffer, count)
        case .int64, .double: copy(UInt64.self, sources, choice, buffer, count)
        case .int128, .bytes: copy(UInt128.self, sources, choice, buffer, count)
        case .list: children = copyLists(sources, choice, buffer, count)
        case .structure:
            children = sources[0].children.indices.map { index in
                let parts = sources.map { source in
                    source.isConstant ? source.children[index].asConstant(count: count) : source.children[index]
                }
                return pick(parts, choice, parts[0].type, count)
            }
        }
        return Column(type: type, count: count, validity: validity, data: buffer, owners: owners, children: children)
    }

    private static func copy<T: BitwiseCopyable>(
        _: T.Type, _ sources: [Column], _ choice: UnsafePointer<Int32>, _ buffer: Buffer, _ count: Int
    ) {
        let target = buffer.pointer(to: T.self)
        if sources.count == 2 {
            let first = sources[0].values(as: T.self)
            let second = sources[1].values(as: T.self)
            let strideFirst = sources[0].isConstant ? 0 : 1
            let strideSecond = sources[1].isConstant ? 0 : 1
            for row in 0..<count {
                let x = first[row &* strideFirst]
                let y = second[row &* strideSecond]
                target[row] = choice[row] == 0 ? x : y
            }
            return
        }
        let places = sources.map { (base: $0.values(as: T.self), stride: $0.isConstant ? 0 : 1) }
        places.withUnsafeBufferPointer { places in
            for row in 0..<count {
                let place = places[Int(choice[row])]
                target[row] = place.base[row &* place.stride]
            }
        }
    }

    /// Joins the sources' children and shifts each entry to where its children went.
    private static func copyLists(
        _ sources: [Column], _ choice: UnsafePointer<Int32>, _ buffer: Buffer, _ count: Int
    ) -> [Column] {
        copy(UInt64.self, sources, choice, buffer, count)
        var offsets: [Int32] = []
        var total = 0
        for source in sources {
            offsets.append(Int32(truncatingIfNeeded: total))
            total += source.children[0].count
        }
        let entries = buffer.pointer(to: ListEntry.self)
        for row in 0..<count { entries[row].start &+= offsets[Int(choice[row])] }
        return sources[0].children.indices.map { index in
            Column.concatenated(sources.map { $0.children[index] }, type: sources[0].children[index].type)
        }
    }

    private static func pickedValidity(
        _ sources: [Column], _ choice: UnsafePointer<Int32>, _ count: Int
    ) -> Bitmap? {
        if sources.allSatisfy({ $0.validity == nil }) { return nil }
        return ElementLoop.mask(count, and: nil) { row in sources[Int(choice[row])].isNull(at: row) ? 0 : 1 }
    }
}
