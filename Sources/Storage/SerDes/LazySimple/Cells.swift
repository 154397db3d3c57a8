import HoneyCore

/// The stored bytes of one column's fields: cell `i` is `lengths[i]` bytes at `bytes + starts[i]`, or missing when negative.
///
/// The bytes are readable for 64 bytes past the last cell and live as long as `owner`.
public struct Cells {
    public var bytes: UnsafePointer<UInt8>
    public var starts: UnsafePointer<Int32>
    public var lengths: UnsafePointer<Int32>
    public var count: Int
    public var owner: AnyObject
    /// The length that all cells have; nil when they differ, or when nobody knows.
    public var uniformLength: Int?

    public init(
        bytes: UnsafePointer<UInt8>, starts: UnsafePointer<Int32>, lengths: UnsafePointer<Int32>, count: Int,
        owner: AnyObject, uniformLength: Int? = nil
    ) {
        self.bytes = bytes
        self.starts = starts
        self.lengths = lengths
        self.count = count
        self.owner = owner
        self.uniformLength = uniformLength
    }

    @inline(__always) func start(_ index: Int) -> UnsafePointer<UInt8> { bytes + Int(starts[index]) }
    @inline(__always) func length(_ index: Int) -> Int { Int(lengths[index]) }

    /// The bytes of a cell that is not missing.
    @inline(__always) subscript(index: Int) -> UnsafeBufferPointer<UInt8> {
        UnsafeBufferPointer(start: start(index), count: length(index))
    }
}

/// Cells cut out of others, for a nested type's members.
struct CellList {
    var starts: [Int32] = []
    var lengths: [Int32] = []

    var count: Int { starts.count }

    /// Forgets the cells; `capacity` more are to come.
    mutating func removeAll(reserving capacity: Int) {
        starts.removeAll(keepingCapacity: true)
        lengths.removeAll(keepingCapacity: true)
        starts.reserveCapacity(capacity)
        lengths.reserveCapacity(capacity)
    }

    @inline(__always)
    mutating func append(start: Int, length: Int) {
        starts.append(Int32(truncatingIfNeeded: start))
        lengths.append(Int32(truncatingIfNeeded: length))
    }

    mutating func appendMissing() {
        starts.append(0)
        lengths.append(-1)
    }

    func withCells<R>(in parent: Cells, _ body: (Cells) throws -> R) rethrows -> R {
        try starts.withUnsafeBufferPointer { starts in
            try lengths.withUnsafeBufferPointer { lengths in
                // An empty array has no address; any will do for no cells.
                try body(
                    Cells(
                        bytes: parent.bytes, starts: starts.baseAddress ?? parent.starts,
                        lengths: lengths.baseAddress ?? parent.lengths, count: starts.count, owner: parent.owner))
            }
        }
    }
}

/// Collects which rows are null, without cost while none is.
struct NullMarks {
    let count: Int
    private(set) var bitmap: Bitmap?

    init(count: Int) { self.count = count }

    @inline(never)
    mutating func mark(_ row: Int) {
        let bitmap = self.bitmap ?? Bitmap(count: count, repeating: true)
        bitmap.clear(row)
        self.bitmap = bitmap
    }
}
