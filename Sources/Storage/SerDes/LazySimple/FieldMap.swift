import CScan
import HoneyCore

/// Where the fields of a run of rows lie in a block of bytes.
///
/// `positions` holds, row after row, the offset one before the row's start, then the end of each of its fields; row `r`'s
/// fields end at `positions[firsts[r]] … positions[lasts[r]]`, and field `f` starts one past `positions[firsts[r] + f - 1]`.
final class FieldMap {
    private(set) var positions: UnsafeMutablePointer<Int32>
    private(set) var firsts: UnsafeMutablePointer<Int32>
    private(set) var lasts: UnsafeMutablePointer<Int32>
    private(set) var rowCount = 0
    private(set) var positionCount = 0
    private var positionCapacity: Int
    private var rowCapacity: Int
    /// Positions may be looked up (and then not used) this far past a row's own.
    private let slack: Int
    /// Which of the scanner's levels to use; 0 for the best.
    var level: Int32 = 0

    /// Bytes in which a block's positions are counted, so that they fit 32 bits.
    static let maximumBytes = 1 << 30

    init(columnCount: Int, rowCapacity: Int = Batch.targetRows) {
        slack = columnCount + 96
        self.rowCapacity = rowCapacity
        positionCapacity = min(max((columnCount + 2) * rowCapacity, 4096), 1 << 20)
        positions = .allocate(capacity: positionCapacity + slack)
        positions.initialize(repeating: 0, count: positionCapacity + slack)
        firsts = .allocate(capacity: rowCapacity + 80)
        lasts = .allocate(capacity: rowCapacity + 80)
    }

    deinit {
        positions.deallocate()
        firsts.deallocate()
        lasts.deallocate()
    }

    private func growPositions(to capacity: Int) {
        let larger = UnsafeMutablePointer<Int32>.allocate(capacity: capacity + slack)
        larger.initialize(repeating: 0, count: capacity + slack)
        larger.update(from: positions, count: positionCount)
        positions.deallocate()
        positions = larger
        positionCapacity = capacity
    }

    private func growRows(to capacity: Int) {
        func grown(_ old: UnsafeMutablePointer<Int32>) -> UnsafeMutablePointer<Int32> {
            let larger = UnsafeMutablePointer<Int32>.allocate(capacity: capacity + 80)
            larger.update(from: old, count: rowCount)
            old.deallocate()
            return larger
        }
        firsts = grown(firsts)
        lasts = grown(lasts)
        rowCapacity = capacity
    }

    /// The offset at which row `row` starts.
    func start(ofRow row: Int) -> Int { Int(positions[Int(firsts[row]) - 1]) + 1 }
    /// The offset at which row `row` ends.
    func end(ofRow row: Int) -> Int { Int(positions[Int(lasts[row])]) }
}

/// Lines.
extension FieldMap {
    /// Maps whole lines of `bytes[from ..< to]`, up to `limit` of them and perhaps a few more.
    ///
    /// `isAll` tells that no bytes will follow, so that a last line needs no end. Finds no line when the bytes hold none.
    func mapLines(
        _ bytes: UnsafePointer<UInt8>, from: Int, to: Int, separator: UInt8, limit: Int, isAll: Bool
    ) {
        if limit > rowCapacity { growRows(to: limit) }
        var fields = honey_fields()
        var scanned = from
        repeat {
            if scanned < to, fields.line_count == 0, scanned > from { growPositions(to: positionCapacity * 4) }
            positions[0] = Int32(truncatingIfNeeded: from - 1)
            positionCount = 1
            fields.positions = positions
            fields.position_count = 1
            fields.position_capacity = Int64(positionCapacity)
            fields.lasts = lasts
            fields.line_count = 0
            fields.line_limit = Int64(limit)
            fields.level = level
            scanned = Int(honey_scan_lines(bytes, Int64(from), Int64(to), separator, &fields))
        } while scanned < to && fields.line_count == 0
        positionCount = Int(fields.position_count)
        rowCount = Int(fields.line_count)
        fillFirsts(bytes, hasReturns: fields.has_carriage_return != 0)
        if scanned == to { endLastLine(bytes, to: to, isAll: isAll) }
    }

    private func fillFirsts(_ bytes: UnsafePointer<UInt8>, hasReturns: Bool) {
        var first: Int32 = 1
        for row in 0..<rowCount {
            firsts[row] = first
            first = lasts[row] &+ 1
            // The LF of a CR LF has a position of its own, which belongs to no row.
            if hasReturns, bytes[Int(positions[Int(first) - 1])] == 0x0D, Int(first) < positionCount,
                positions[Int(first)] == positions[Int(first) - 1] &+ 1, bytes[Int(positions[Int(first)])] == 0x0A
            {
                first &+= 1
            }
        }
        firsts[rowCount] = first
    }

    /// Adds what follows the last line's end as a line, or drops a last line whose CR may yet turn out to be a CR LF.
    private func endLastLine(_ bytes: UnsafePointer<UInt8>, to: Int, isAll: Bool) {
        if isAll {
            let first = Int(firsts[rowCount])
            guard Int(positions[first - 1]) + 1 < to else { return }
            positions[positionCount] = Int32(truncatingIfNeeded: to)
            lasts[rowCount] = Int32(truncatingIfNeeded: positionCount)
            positionCount += 1
            rowCount += 1
            firsts[rowCount] = Int32(truncatingIfNeeded: positionCount)
        } else if rowCount > 0, end(ofRow: rowCount - 1) == to - 1, bytes[to - 1] == 0x0D {
            rowCount -= 1
        }
    }

    /// The offset at which the line after row `row` starts.
    func startAfter(row: Int) -> Int { Int(positions[Int(firsts[row + 1]) - 1]) + 1 }

    /// Forgets all rows but the first `count`.
    func truncate(to count: Int) { rowCount = max(min(rowCount, count), 0) }

    /// Forgets field ends before which an odd number of escapes stands.
    func dropEscapedEnds(_ bytes: UnsafePointer<UInt8>, escape: UInt8) {
        for row in 0..<rowCount {
            let start = start(ofRow: row)
            var kept = Int(firsts[row])
            let last = Int(lasts[row])
            for index in kept..<last {
                var before = Int(positions[index]) - 1
                while before >= start, bytes[before] == escape { before -= 1 }
                let escapes = Int(positions[index]) - 1 - before
                positions[kept] = positions[index]
                kept += escapes & 1 == 0 ? 1 : 0
            }
            positions[kept] = positions[last]
            lasts[row] = Int32(truncatingIfNeeded: kept)
        }
    }
}

/// Records.
extension FieldMap {
    /// Maps the fields of a block's records; fails with `RECORDS_TOO_LONG` when they are more than can be mapped.
    func mapRecords(_ block: RecordBlock, separator: UInt8) throws {
        if block.count > rowCapacity { growRows(to: block.count) }
        let bytes = UnsafePointer(block.bytes.pointer(to: UInt8.self))
        positionCount = 0
        rowCount = 0
        for row in 0..<block.count {
            let start = Int(block.offsets[row])
            let end = start + Int(block.lengths[row])
            // In the worst case every byte ends a field.
            let room = end - start + 32
            if positionCount + room > positionCapacity {
                guard positionCount + room < FieldMap.maximumBytes else {
                    throw HoneyError(.data, "RECORDS_TOO_LONG", "records too long to map: \(positionCount) field ends")
                }
                growPositions(to: max(positionCapacity * 2, positionCount + room))
            }
            positions[positionCount] = Int32(truncatingIfNeeded: start - 1)
            positionCount += 1
            firsts[row] = Int32(truncatingIfNeeded: positionCount)
            positionCount += Int(
                honey_scan_delimiters(
                    bytes, Int64(start), Int64(end), separator, positions + positionCount, level))
            positions[positionCount] = Int32(truncatingIfNeeded: end)
            lasts[row] = Int32(truncatingIfNeeded: positionCount)
            positionCount += 1
            rowCount += 1
        }
        firsts[rowCount] = Int32(truncatingIfNeeded: positionCount + 1)
    }
}

/// Cells.
extension FieldMap {
    /// Writes where field `field` of each row lies; `rows` picks rows, nil is all of them.
    func locate(
        field: Int, rows: UnsafePointer<Int32>?, count: Int, takesRest: Bool, starts: UnsafeMutablePointer<Int32>,
        lengths: UnsafeMutablePointer<Int32>
    ) {
        let offset = Int32(truncatingIfNeeded: field)
        if takesRest { return locateRest(field: offset, rows: rows, count: count, starts: starts, lengths: lengths) }
        honey_locate_fields(positions, firsts, lasts, rows, Int64(count), offset, starts, lengths)
    }

    /// Writes where all from field `field` to the row's end lies.
    private func locateRest(
        field: Int32, rows: UnsafePointer<Int32>?, count: Int, starts: UnsafeMutablePointer<Int32>,
        lengths: UnsafeMutablePointer<Int32>
    ) {
        for index in 0..<count {
            let row = rows.map { Int($0[index]) } ?? index
            let end = firsts[row] &+ field
            let start = positions[Int(end) - 1] &+ 1
            let isThere = end <= lasts[row]
            starts[index] = isThere ? start : 0
            lengths[index] = isThere ? positions[Int(lasts[row])] &- start : -1
        }
    }
}
