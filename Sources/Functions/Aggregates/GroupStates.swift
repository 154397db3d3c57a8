import HoneyCore
import HoneyPlan

/// One plain value a group, in memory that grows with the groups.
final class GroupStates<T: BitwiseCopyable> {
    private(set) var base: UnsafeMutablePointer<T>
    private(set) var count = 0
    private var capacity = 16
    private let initial: T

    init(_ initial: T) {
        self.initial = initial
        base = .allocate(capacity: capacity)
    }

    deinit { base.deallocate() }

    var memoryBytes: Int { capacity * MemoryLayout<T>.stride }

    /// Makes room for groups `0..<groupCount`; new ones get the initial value.
    func reserve(_ groupCount: Int) {
        guard groupCount > count else { return }
        if groupCount > capacity {
            capacity = max(groupCount, capacity * 2)
            let larger = UnsafeMutablePointer<T>.allocate(capacity: capacity)
            larger.update(from: base, count: count)
            base.deallocate()
            base = larger
        }
        (base + count).initialize(repeating: initial, count: groupCount - count)
        count = groupCount
    }

    /// The states of some groups as a column.
    func column(_ type: DataType, _ groups: Range<Int>, validity: Bitmap? = nil) -> Column {
        let buffer = Buffer(capacity: groups.count * MemoryLayout<T>.stride)
        buffer.pointer(to: T.self).update(from: base + groups.lowerBound, count: groups.count)
        return Column(type: type, count: groups.count, validity: validity, data: buffer)
    }
}

extension GroupStates where T == UInt8 {
    /// The mask of some groups whose flag is set; nil when all are.
    func mask(_ groups: Range<Int>) -> Bitmap? {
        let base = base + groups.lowerBound
        return ElementLoop.mask(groups.count, and: nil) { base[$0] != 0 ? 1 : 0 }
    }
}

extension GroupedRows {
    /// Calls a body with the group and the stored row of each row that is not null.
    @inline(__always)
    func forEach(in column: Column, _ body: (_ group: Int, _ row: Int) -> Void) {
        if column.isConstant || column.type == .void {
            if column.isConstantNull { return }
            for position in 0..<count { body(groups.map { Int($0[position]) } ?? 0, 0) }
        } else if let validity = column.validity {
            for position in 0..<count {
                let row = selection.map { $0[position] } ?? position
                if validity[row] { body(groups.map { Int($0[position]) } ?? 0, row) }
            }
        } else if let groups {
            if let indices = selection?.indices {
                for position in 0..<count { body(Int(groups[position]), Int(indices[position])) }
            } else {
                for position in 0..<count { body(Int(groups[position]), position) }
            }
        } else if let indices = selection?.indices {
            for position in 0..<count { body(0, Int(indices[position])) }
        } else {
            for position in 0..<count { body(0, position) }
        }
    }

    /// Calls a body with the group and row of each row where none of two columns is null; rows are not stored rows.
    @inline(__always)
    func forEachPair(_ a: Column, _ b: Column, _ body: (_ group: Int, _ row: Int) -> Void) {
        for position in 0..<count {
            let row = selection.map { $0[position] } ?? position
            if a.isNull(at: row) || b.isNull(at: row) { continue }
            body(groups.map { Int($0[position]) } ?? 0, row)
        }
    }

    /// Folds the values that are not null, all of one group, into a state kept in registers.
    @inline(__always)
    func fold<T: BitwiseCopyable, S>(_ column: Column, _ state: S, _: T.Type = T.self, _ body: (inout S, T) -> Void)
        -> S
    {
        var state = state
        let values = column.values(as: T.self)
        forEach(in: column) { _, row in body(&state, values[row]) }
        return state
    }
}
