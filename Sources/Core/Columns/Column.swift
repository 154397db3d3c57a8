/// A column of one batch: typed values with a null mask, immutable once made.
///
/// | physical | `data` | `children` |
/// |---|---|---|
/// | bool … double | the values, back to back; undefined (but allocated) where null | – |
/// | bytes | a `BytesView` a row (zero where null); `owners` keep long ones alive | – |
/// | list | a `ListEntry` a row (zero where null) | array: element; map: key, value |
/// | structure | empty | one a field, `count` rows each; union: the tag, then one a branch |
///
/// A constant column holds one row of data (and of validity and children) that stands for all `count` rows.
public final class Column: @unchecked Sendable {
    public let type: DataType
    public let physical: PhysicalType
    /// Rows.
    public let count: Int
    public let isConstant: Bool
    /// Which rows are not null; nil means all.
    public let validity: Bitmap?
    public let data: Buffer
    /// What keeps the bytes alive that `BytesView`s point to.
    public let owners: [AnyObject]
    public let children: [Column]

    public init(
        type: DataType, count: Int, isConstant: Bool = false, validity: Bitmap? = nil, data: Buffer,
        owners: [AnyObject] = [], children: [Column] = []
    ) {
        self.type = type
        self.physical = type.physical
        self.count = count
        self.isConstant = isConstant
        self.validity = validity
        self.data = data
        self.owners = owners
        self.children = children
    }

    /// Rows physically present: 1 for a constant, else `count`.
    @inlinable public var storedCount: Int { isConstant ? 1 : count }

    /// The values as `T`, which must be the physical type's; index a constant column with 0 only.
    @inlinable public func values<T: BitwiseCopyable>(as type: T.Type = T.self) -> UnsafePointer<T> {
        UnsafePointer(data.base.assumingMemoryBound(to: type))
    }

    /// Where row `index` is stored.
    @inlinable public func storedIndex(_ index: Int) -> Int { isConstant ? 0 : index }

    @inlinable public func isNull(at index: Int) -> Bool {
        guard let validity else { return false }
        return !validity[isConstant ? 0 : index]
    }

    /// Tells whether any row may be null, without counting.
    @inlinable public var mayHaveNulls: Bool { validity != nil }

    /// The bytes of row `index` of a `bytes` column; valid while the column lives.
    @inlinable public func bytes(at index: Int) -> UnsafeBufferPointer<UInt8> {
        BytesView.bytes(at: values(as: BytesView.self) + storedIndex(index))
    }

    /// The branch that row `index` of a union's first child names; 0 where the union is null.
    @inlinable public func unionTag(at index: Int) -> Int {
        isNull(at: index) ? 0 : Int(values(as: Int8.self)[storedIndex(index)])
    }

    /// The same rows under another type of the same physical layout.
    public func retyped(_ type: DataType) -> Column {
        Column(
            type: type, count: count, isConstant: isConstant, validity: validity, data: data, owners: owners,
            children: children)
    }
}

/// The rows of a batch that are selected, in ascending order.
public final class Selection: @unchecked Sendable {
    public let count: Int
    public let indices: UnsafeMutablePointer<Int32>

    /// Makes room for `capacity` indices; the maker fills them and says how many count.
    public init(capacity: Int, fill: (UnsafeMutablePointer<Int32>) throws -> Int) rethrows {
        indices = .allocate(capacity: max(capacity, 1))
        do { count = try fill(indices) } catch {
            indices.deallocate()
            throw error
        }
    }

    deinit { indices.deallocate() }

    @inlinable public subscript(position: Int) -> Int { Int(indices[position]) }
}

/// Some rows of a relation, by columns: what crosses between operators.
///
/// With a `selection` only the rows it names are there; `count` stays the columns' length.
public struct Batch: Sendable {
    public var columns: [Column]
    /// Rows in each column.
    public var count: Int
    public var selection: Selection?

    public init(columns: [Column], count: Int, selection: Selection? = nil) {
        self.columns = columns
        self.count = count
        self.selection = selection
    }

    /// Rows that are there.
    @inlinable public var rowCount: Int { selection?.count ?? count }

    /// The usual number of rows of a batch.
    public static let targetRows = 2048
}
