import HoneyCore
import HoneyStorage
internal import SwiftProtobuf

/// A stripe: its footer, where its streams are, and its row indexes once someone asks for them.
///
/// ```
/// index streams, data streams    as the footer lists them, one after another
/// footer                         compressed
/// ```
final class Stripe {
    let context: ReadContext
    /// Where it starts in the file.
    let offset: Int
    let rowCount: Int
    /// Rows of a row group; all rows when there are no row indexes.
    let groupRows: Int
    let groupCount: Int
    let footer: ORCStripeFooter
    private var ranges: [StreamKey: Range<Int>] = [:]
    private var indexes: [Int: ORCRowIndex] = [:]

    struct StreamKey: Hashable {
        var column: Int
        var kind: ORCStream.Kind
    }

    init(_ information: ORCStripeInformation, groupRows stride: Int, context: ReadContext) throws {
        self.context = context
        offset = Int(information.offset)
        rowCount = Int(information.numberOfRows)
        let footerStart = offset + Int(information.indexLength) + Int(information.dataLength)
        let footerBytes = Int(information.footerLength)
        let buffer = try context.read(at: footerStart, count: footerBytes)
        guard
            let footer = try? ORCStripeFooter(
                serializedBytes: context.section(buffer, at: 0, count: footerBytes), partial: true)
        else { throw HoneyError.damaged("stripe footer does not parse") }
        self.footer = footer
        var start = offset
        for stream in footer.streams {
            guard let length = Int(exactly: stream.length), length <= footerStart - start else {
                throw HoneyError.damaged("stream is longer than its stripe")
            }
            // A stream of an unknown kind has its bytes, and nobody asks for it.
            if stream.hasKind {
                ranges[StreamKey(column: Int(stream.column), kind: stream.kind)] = start..<start + length
            }
            start += length
        }
        let hasIndexes = stride > 0 && footer.streams.contains { $0.kind == .rowIndex }
        groupRows = hasIndexes ? stride : max(rowCount, 1)
        // Without sums that a wrong number of rows could make too large.
        groupCount = rowCount == 0 ? 0 : (rowCount - 1) / groupRows + 1
    }

    /// The rows before row group `group`.
    func rows(before group: Int) -> Int { group < groupCount ? group * groupRows : rowCount }

    /// Where a column's stream is in the file; nil when it has none.
    func range(_ kind: ORCStream.Kind, of column: Int) -> Range<Int>? {
        ranges[StreamKey(column: column, kind: kind)]
    }

    func encoding(of column: Int) throws -> ORCColumnEncoding {
        guard column < footer.columns.count, footer.columns[column].hasKind else {
            throw HoneyError.damaged("stripe footer lacks a column's encoding")
        }
        return footer.columns[column]
    }

    /// Tells whether the row groups of all these columns can be gone to.
    func hasRowIndexes(of columns: [Int]) -> Bool {
        groupCount > 1 && columns.allSatisfy { range(.rowIndex, of: $0) != nil }
    }

    /// Reads the row indexes of columns that are not read yet, neighbours at once.
    func loadRowIndexes(of columns: [Int]) throws {
        let missing = columns.filter { indexes[$0] == nil }
        for (column, bytes) in try sections(.rowIndex, of: missing) {
            guard let index = try? ORCRowIndex(serializedBytes: bytes, partial: true) else {
                throw HoneyError.damaged("row index does not parse")
            }
            guard index.entry.count >= groupCount else { throw HoneyError.damaged("row index has too few entries") }
            indexes[column] = index
        }
    }

    /// The row index of a column, which must have been loaded.
    func rowIndex(of column: Int) -> ORCRowIndex? { indexes[column] }

    /// Reads the streams of a kind that columns have, expanded.
    func sections(_ kind: ORCStream.Kind, of columns: [Int]) throws -> [(column: Int, bytes: [UInt8])] {
        let wanted = columns.compactMap { column in range(kind, of: column).map { (column, $0) } }
        var result: [(column: Int, bytes: [UInt8])] = []
        for run in StripeReads.neighbours(wanted.map(\.1)) {
            let buffer = try context.read(at: run.lowerBound, count: run.count)
            for (column, range) in wanted where run.contains(range.lowerBound) && !range.isEmpty {
                result.append(
                    (column, try context.section(buffer, at: range.lowerBound - run.lowerBound, count: range.count)))
            }
        }
        return result
    }
}

/// Reads ranges of a file that lie side by side at once.
enum StripeReads {
    /// Bytes between two ranges that are read for nothing rather than read twice.
    private static let tolerableGap = 4096

    /// Joins ranges that are neighbours, in ascending order.
    static func neighbours(_ ranges: [Range<Int>]) -> [Range<Int>] {
        var joined: [Range<Int>] = []
        for range in ranges.filter({ !$0.isEmpty }).sorted(by: { $0.lowerBound < $1.lowerBound }) {
            if let last = joined.last, range.lowerBound - last.upperBound <= tolerableGap {
                joined[joined.count - 1] = last.lowerBound..<max(last.upperBound, range.upperBound)
            } else {
                joined.append(range)
            }
        }
        return joined
    }

    /// Loads what the streams want of the file.
    static func load(_ streams: [StreamBytes], context: ReadContext) throws {
        func place(_ stream: StreamBytes) -> Range<Int> {
            stream.extent.lowerBound + stream.wanted.lowerBound..<stream.extent.lowerBound + stream.wanted.upperBound
        }
        let missing = streams.filter { !$0.isLoaded && !$0.wanted.isEmpty }
        for run in neighbours(missing.map(place)) {
            let buffer = try context.read(at: run.lowerBound, count: run.count)
            var requested = 0
            for stream in missing where run.contains(place(stream).lowerBound) {
                stream.load(buffer, at: place(stream).lowerBound - run.lowerBound)
                requested += stream.wanted.count
            }
            context.counters.bytesRequested -= max(run.count - requested, 0)
        }
    }
}
