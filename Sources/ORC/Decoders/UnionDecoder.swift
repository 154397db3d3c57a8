import HoneyCore
import HoneyStorage

/// Decodes unions: a tag a row, which tells the branch that has the row's value, and the branches' columns, each of which
/// has the values of its own rows only.
final class UnionDecoder: ColumnDecoder {
    private let tags: ByteRuns
    private let branches: [ColumnDecoder]

    init(_ node: TypeNode, type: DataType, branches: [ColumnDecoder], context: ReadContext) {
        tags = ByteRuns(StreamBytes(context))
        self.branches = branches
        super.init(node, type: type, context: context)
    }

    override var children: [ColumnDecoder] { branches }
    override var indexedStreams: [any IndexedStream] { [tags] }

    override func enterValues(_ stripe: Stripe) throws {
        _ = try directVersion2(stripe)
        tags.bytes.enter(stripe.range(.data, of: column))
        tags.restart()
    }

    override func skipValues(_ count: Int) throws {
        var left = count
        while left > 0 {
            let step = min(left, Batch.targetRows)
            for (branch, rows) in zip(branches, try counts(of: try readTags(step))) { try branch.skip(rows) }
            left -= step
        }
    }

    override func decodeValues(rows: Int, count: Int, validity: Bitmap?) throws -> Column {
        let tags = try readTags(count)
        let values = try zip(branches, try counts(of: tags)).map { try $0.decode($1) }
        let tagBytes = Buffer(zeroed: max(rows, 1))
        let rowTags = tagBytes.pointer(to: UInt8.self)
        Bitmap.spread(validity, rows: rows) { row, value in
            if value < count { rowTags[row] = tags[value] }
        }
        let branchColumns = values.enumerated().map { branch, column in
            UnionDecoder.spread(column, ofBranch: UInt8(branch), rowTags, validity, rows: rows)
        }
        let tagColumn = Column(type: .tinyint, count: rows, data: tagBytes)
        return Column(
            type: type, count: rows, validity: validity, data: Buffer(capacity: 0),
            children: [tagColumn] + branchColumns)
    }

    /// Puts a branch's values in the rows that have its tag; others are null.
    private static func spread(
        _ values: Column, ofBranch branch: UInt8, _ tags: UnsafePointer<UInt8>, _ validity: Bitmap?, rows: Int
    ) -> Column {
        guard values.count > 0 else { return Column.constant(.null, type: values.type, count: rows).flattened() }
        return withUnsafeTemporaryAllocation(of: Int32.self, capacity: max(rows, 1)) { indices in
            var next: Int32 = 0
            for row in 0..<rows {
                let isOwn = tags[row] == branch && validity?[row] ?? true
                indices[row] = isOwn ? next : -1
                next += isOwn ? 1 : 0
            }
            return values.gathered(indices.baseAddress!, count: rows, mayHaveNegative: true)
        }
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
