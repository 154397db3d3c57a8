import HoneyCore

/// Turns cells of one column into a `Column`, for one thread.
protocol CellDecoder: AnyObject {
    var type: DataType { get }
    /// Decodes every cell; damage gives `FILE_DAMAGED` without a place.
    func decode(_ cells: Cells) throws -> Column
}

/// Turns a column into cells, for one file.
protocol CellEncoder: AnyObject {
    /// Appends the cells of the column's rows (those of the selection, when there is one) to `cells`.
    func encode(_ column: Column, rows: CellRows, into cells: CellStore) throws
}

/// The rows of a column to encode, in order.
struct CellRows {
    let count: Int
    /// Nil means the first `count` rows.
    let indices: UnsafePointer<Int32>?

    init(count: Int) {
        self.count = count
        indices = nil
    }

    init(_ indices: UnsafePointer<Int32>, count: Int) {
        self.count = count
        self.indices = indices
    }

    @inline(__always)
    subscript(position: Int) -> Int { indices.map { Int($0[position]) } ?? position }
}

/// Cells that are being written: their bytes end to end, and their lengths (-1 for null).
final class CellStore {
    let bytes = ByteStore(capacity: 16 << 10)
    private(set) var lengths: UnsafeMutablePointer<Int32> = .allocate(capacity: Batch.targetRows)
    private var capacity = Batch.targetRows
    private(set) var count = 0

    deinit { lengths.deallocate() }

    func removeAll() {
        bytes.removeAll()
        count = 0
    }

    /// Makes room for `rows` more cells.
    func reserve(_ rows: Int) {
        guard count + rows > capacity else { return }
        let newCapacity = max(capacity * 2, count + rows)
        let larger = UnsafeMutablePointer<Int32>.allocate(capacity: newCapacity)
        larger.update(from: lengths, count: count)
        lengths.deallocate()
        lengths = larger
        capacity = newCapacity
    }

    /// Ends a cell of `length` bytes, for which `reserve` made room.
    @inline(__always)
    func append(length: Int) {
        lengths[count] = Int32(truncatingIfNeeded: length)
        count += 1
    }
}

/// A SerDe whose rows are cells side by side, as RCFile stores them.
protocol CellSerDe: SerDe {
    func makeCellDecoder(for column: Int, of request: ReadRequest) throws -> any CellDecoder
    func makeCellEncoder(for column: Int, of request: WriteRequest) throws -> any CellEncoder
}
