import HoneyCore

/// Values of a column without its nulls, as they are decoded page by page.
struct DenseValues {
    private let type: DataType
    private(set) var data: Buffer
    private let width: Int
    var count = 0
    var owners: [AnyObject] = []
    /// Values that their type could not hold, by position; empty unless there are such.
    private var lost: [Int32] = []
    private weak var lastShared: Column?

    /// Appends to `data`, or to larger memory where that is full.
    init(type: DataType, data: Buffer) {
        self.type = type
        self.data = data
        width = type.physical.width
    }

    /// Where the next `extra` values of the type's width go.
    mutating func room(_ extra: Int, _ width: Int) -> UnsafeMutableRawPointer {
        let needed = (count + extra) * width
        if needed > data.capacity {
            let larger = Buffer(capacity: max(data.capacity * 2, needed))
            larger.base.copyMemory(from: data.base, byteCount: count * width)
            data = larger
        }
        return data.base + count * width
    }

    /// Keeps alive what a dictionary's values point to.
    mutating func share(_ dictionary: Column) {
        if lastShared === dictionary { return }
        lastShared = dictionary
        owners.append(contentsOf: dictionary.owners)
    }

    /// Notes which of the `count` values to be appended have become null.
    mutating func lose(_ validity: Bitmap, count: Int) {
        for index in 0..<count where !validity[index] { lost.append(Int32(truncatingIfNeeded: self.count + index)) }
    }

    /// The same, for values picked by index.
    mutating func lose(_ validity: Bitmap, at indexes: UnsafePointer<Int32>, count: Int) {
        for index in 0..<count where !validity[Int(indexes[index])] {
            lost.append(Int32(truncatingIfNeeded: self.count + index))
        }
    }

    /// The values as a column, when none is missing.
    func column() -> Column {
        Column(type: type, count: count, validity: lostMask(), data: data, owners: owners)
    }

    private func lostMask() -> Bitmap? {
        guard !lost.isEmpty else { return nil }
        let mask = Bitmap(count: count, repeating: true)
        for index in lost { mask.clear(Int(index)) }
        return mask
    }

    /// Spreads the values over `rows` rows, those that `presence` marks; `count` is how many it marks.
    func column(spreadBy presence: Bitmap, rows: Int) -> Column {
        if count == rows { return column() }
        let needed = rows * width
        var data = data
        if needed > data.capacity {
            let larger = Buffer(capacity: needed)
            larger.base.copyMemory(from: data.base, byteCount: count * width)
            data = larger
        }
        switch width {
        case 1: spread(UInt8.self, data, presence, rows)
        case 2: spread(UInt16.self, data, presence, rows)
        case 4: spread(UInt32.self, data, presence, rows)
        case 8: spread(UInt64.self, data, presence, rows)
        default: spread(UInt128.self, data, presence, rows)
        }
        if !lost.isEmpty { loseRows(presence, rows) }
        return Column(type: type, count: rows, validity: presence, data: data, owners: owners)
    }

    /// From the end, so that no value is overwritten before it is moved; missing ones become zero.
    private func spread<T: FixedWidthInteger & BitwiseCopyable>(
        _: T.Type, _ data: Buffer, _ presence: Bitmap, _ rows: Int
    ) {
        let values = data.pointer(to: T.self)
        let words = presence.words
        var next = count
        var row = rows
        while row > next {
            row &-= 1
            let bit = words[row >> 6] >> UInt64(row & 63) & 1
            next &-= Int(bit)
            values[row] = bit != 0 ? values[next] : 0
        }
    }

    private func loseRows(_ presence: Bitmap, _ rows: Int) {
        var position = 0
        var next = 0
        for row in 0..<rows where presence[row] {
            if next < lost.count, Int(lost[next]) == position {
                presence.clear(row)
                next += 1
            }
            position += 1
        }
    }

    /// Picks values by index.
    static func gather(
        _ source: UnsafeRawPointer, _ width: Int, _ indexes: UnsafePointer<Int32>, _ count: Int,
        _ target: UnsafeMutableRawPointer
    ) {
        switch width {
        case 1: gather(UInt8.self, source, indexes, count, target)
        case 2: gather(UInt16.self, source, indexes, count, target)
        case 4: gather(UInt32.self, source, indexes, count, target)
        case 8: gather(UInt64.self, source, indexes, count, target)
        default: gather(UInt128.self, source, indexes, count, target)
        }
    }

    @inline(__always)
    private static func gather<T: BitwiseCopyable>(
        _: T.Type, _ source: UnsafeRawPointer, _ indexes: UnsafePointer<Int32>, _ count: Int,
        _ target: UnsafeMutableRawPointer
    ) {
        let source = source.assumingMemoryBound(to: T.self)
        let target = target.assumingMemoryBound(to: T.self)
        for index in 0..<count { target[index] = source[Int(indexes[index])] }
    }
}
