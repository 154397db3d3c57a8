import HoneyCore
import HoneyStorage

/// Decodes one column of a file, with what is nested in it, value by value from where it stands.
///
/// Subclasses decode the values that are there; this class knows of nulls, of places and of long runs.
class ColumnDecoder {
    let context: ReadContext
    /// Its number in the file.
    let column: Int
    /// Of the values that are decoded.
    let type: DataType
    /// What they are turned into; nil when they stay as they are.
    var target: DataType?
    private let present: BooleanRuns
    private var hasPresent = false
    /// Rows decoded at once, so that no claim of a damaged file takes memory that its bytes don't fill.
    private static let pieceRows = 1 << 16

    init(_ node: TypeNode, type: DataType, context: ReadContext) {
        self.context = context
        self.type = type
        column = node.column
        present = BooleanRuns(StreamBytes(context))
    }

    // MARK: For subclasses

    var children: [ColumnDecoder] { [] }
    /// Streams in the order of the row index, which has no others but that of nulls.
    var indexedStreams: [any IndexedStream] { [] }
    /// Streams that are needed whole whatever rows are wanted.
    var wholeStreams: [StreamBytes] { [] }
    /// Finds its streams in a stripe.
    func enterValues(_ stripe: Stripe) throws {}
    /// Decodes `rows` rows of which `count` are there, the others being null.
    func decodeValues(rows: Int, count: Int, validity: Bitmap?) throws -> Column {
        throw HoneyError.unexpected("column decoder decodes nothing")
    }
    /// Decodes those of the next `rows` rows, all there, that `chosen` names, the last row among them; nil, with nothing decoded,
    /// where that is no better than decoding all.
    func pickValues(_ rows: Int, chosen: UnsafePointer<Int32>, chosenCount: Int) throws -> Column? { nil }
    /// Steps over values that are there.
    func skipValues(_ count: Int) throws {}

    // MARK: For everyone

    /// Starts on another stripe, of which nothing is loaded yet.
    final func enter(_ stripe: Stripe) throws {
        let range = stripe.range(.present, of: column)
        hasPresent = range != nil
        present.bytes.enter(range)
        present.restart()
        try enterValues(stripe)
        for child in children { try child.enter(stripe) }
    }

    /// The numbers of this column and those in it.
    final var columns: [Int] { [column] + children.flatMap(\.columns) }

    /// Every stream of this column and those in it.
    final var streams: [StreamBytes] {
        (hasPresent ? [present.bytes] : []) + indexedStreams.map(\.bytes) + wholeStreams
            + children.flatMap(\.streams)
    }

    /// Streams in the order of the row index.
    private var positioned: [any IndexedStream] { (hasPresent ? [present] : []) + indexedStreams }

    private func cursor(_ stripe: Stripe, group: Int) throws -> PositionCursor {
        guard let index = stripe.rowIndex(of: column), group < index.entry.count else {
            throw HoneyError.damaged("row index is missing")
        }
        return PositionCursor(index.entry[group].positions, isCompressed: context.isCompressed)
    }

    /// Goes to the start of a row group; row indexes must be loaded.
    final func seek(to group: Int, of stripe: Stripe) throws {
        var cursor = try cursor(stripe, group: group)
        for stream in positioned { try stream.seek(to: cursor.take(extra: stream.extraPositions)) }
        for child in children { try child.seek(to: group, of: stripe) }
    }

    /// Narrows what is wanted of the streams to some row groups; row indexes must be loaded.
    final func want(_ groups: Range<Int>, of stripe: Stripe) throws {
        var first = try cursor(stripe, group: groups.lowerBound)
        let isLast = groups.upperBound >= stripe.groupCount
        var after = isLast ? nil : try cursor(stripe, group: groups.upperBound)
        for stream in positioned {
            let bytes = stream.bytes
            let start = try first.take(extra: stream.extraPositions).offset
            var end = bytes.extent.count
            if let next = try after?.take(extra: stream.extraPositions) {
                // The last run may end after the place of the next group.
                end = min(end, next.offset + context.storedBytes(holding: ColumnDecoder.longestRunBytes))
            }
            guard start <= end else { throw HoneyError.damaged("row index points outside of its stream") }
            bytes.unload()
            bytes.wanted = start..<end
        }
        for child in children { try child.want(groups, of: stripe) }
    }

    /// More than any run takes.
    private static let longestRunBytes = 4608

    /// Decodes the next rows.
    final func decode(_ rows: Int) throws -> Column { try converted(decodePieces(rows)) }

    /// Decodes those of the next rows that `chosen` names, the last one among them.
    final func decode(_ rows: Int, chosen: UnsafePointer<Int32>, chosenCount: Int) throws -> Column {
        if !hasPresent, let column = try pickValues(rows, chosen: chosen, chosenCount: chosenCount) {
            return try converted(column)
        }
        return try decode(rows).gathered(chosen, count: chosenCount)
    }

    private func converted(_ column: Column) throws -> Column {
        try target.map { try ColumnConversion.convert(column, to: $0) } ?? column
    }

    private func decodePieces(_ rows: Int) throws -> Column {
        if rows <= ColumnDecoder.pieceRows { return try decodePiece(rows) }
        var parts: [Column] = []
        var left = rows
        while left > 0 {
            let piece = min(left, ColumnDecoder.pieceRows)
            parts.append(try decodePiece(piece))
            left -= piece
        }
        return Column.concatenated(parts, type: type)
    }

    private func decodePiece(_ rows: Int) throws -> Column {
        let (validity, count) = try readNulls(rows)
        return try decodeValues(rows: rows, count: count, validity: validity)
    }

    /// Reads which of the next rows are there (nil: all) and how many they are.
    final func readNulls(_ rows: Int) throws -> (validity: Bitmap?, count: Int) {
        guard hasPresent, rows > 0 else { return (nil, rows) }
        let mask = Bitmap(count: rows, repeating: false)
        let count = try present.read(rows, into: mask.words)
        return (count == rows ? nil : mask, count)
    }

    /// Steps over rows.
    final func skip(_ rows: Int) throws {
        guard rows > 0 else { return }
        try skipValues(hasPresent ? present.skip(rows) : rows)
    }

    /// Fails unless a column is encoded directly; tells whether its integers are of the second version.
    final func directVersion2(_ stripe: Stripe) throws -> Bool {
        switch try stripe.encoding(of: column).kind {
        case .direct: return false
        case .directV2: return true
        default: throw HoneyError.damaged("column has an encoding that its type cannot have")
        }
    }
}

/// Integers that a decoder works with, used again for each batch.
struct IntegerScratch {
    private(set) var base = UnsafeMutablePointer<Int64>.allocate(capacity: Batch.targetRows + IntegerRuns.slack)
    private var capacity = Batch.targetRows + IntegerRuns.slack

    /// Makes room for `count` values and what may be written past them.
    mutating func reserve(_ count: Int) -> UnsafeMutablePointer<Int64> {
        if count + IntegerRuns.slack > capacity {
            base.deallocate()
            capacity = count + IntegerRuns.slack
            base = .allocate(capacity: capacity)
        }
        return base
    }

    func deallocate() { base.deallocate() }
}

extension Bitmap {
    /// Calls `place` with each row and the position of its value among those there, or of the next one when it is null.
    @inline(__always)
    static func spread(_ validity: Bitmap?, rows: Int, _ place: (_ row: Int, _ value: Int) -> Void) {
        guard let validity else {
            for row in 0..<rows { place(row, row) }
            return
        }
        let words = validity.words
        var value = 0
        for row in 0..<rows {
            place(row, value)
            value &+= Int(truncatingIfNeeded: words[row &>> 6] &>> UInt64(row & 63) & 1)
        }
    }
}
