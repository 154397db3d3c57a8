import HoneyCore
import HoneyStorage

/// Decodes unions: a tag a row, which tells the branch that has the row's value, and the branches' columns.
///
/// No type of a table is a union, so that its rows come out as they are stored and not as a column.
final class UnionDecoder: ColumnDecoder {
    private let tags: ByteRuns
    private let branches: [ColumnDecoder]

    /// Rows of a union.
    struct Rows {
        /// Which rows are not null; nil means all.
        var validity: Bitmap?
        /// Of each row that is there, its branch.
        var tags: [UInt8]
        /// The branches' values, each in the order of the rows that have its tag.
        var branches: [Column]
    }

    init(_ node: TypeNode, branches: [ColumnDecoder], context: ReadContext) {
        tags = ByteRuns(StreamBytes(context))
        self.branches = branches
        super.init(node, type: .void, context: context)
    }

    override var children: [ColumnDecoder] { branches }
    override var indexedStreams: [any IndexedStream] { [tags] }

    override func enterValues(_ stripe: Stripe) throws {
        _ = try directVersion2(stripe)
        tags.bytes.enter(stripe.range(.data, of: column))
        tags.restart()
    }

    override func skipValues(_ count: Int) throws {
        for (branch, rows) in zip(branches, try counts(of: try readTags(count))) { try branch.skip(rows) }
    }

    /// Decodes the next rows.
    func decodeRows(_ rows: Int) throws -> Rows {
        let (validity, count) = try readNulls(rows)
        let tags = try readTags(count)
        let columns = try zip(branches, try counts(of: tags)).map { try $0.decode($1) }
        return Rows(validity: validity, tags: tags, branches: columns)
    }

    private func readTags(_ count: Int) throws -> [UInt8] {
        guard count > 0 else { return [] }
        return try [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
            try tags.read(count, into: buffer.baseAddress!)
            filled = count
        }
    }

    /// How many rows each branch has.
    private func counts(of tags: [UInt8]) throws -> [Int] {
        var counts = [Int](repeating: 0, count: branches.count)
        for tag in tags {
            guard Int(tag) < counts.count else { throw HoneyError.damaged("union has no such branch: \(tag)") }
            counts[Int(tag)] += 1
        }
        return counts
    }
}
