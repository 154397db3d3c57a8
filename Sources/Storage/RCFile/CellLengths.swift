import HoneyCore

/// Spells out the run-length coded lengths of a column's cells, some rows at a time.
///
/// A stream of vints: `v >= 0` is one cell of length `v`; `v < 0` repeats the length before `~v` more times.
struct CellLengths {
    private var next: UnsafePointer<UInt8>
    private let end: UnsafePointer<UInt8>
    /// Bytes of the column.
    private let limit: Int
    private var length = -1
    private var repeats = 0
    /// Where the next cell starts.
    private(set) var offset = 0

    /// The bytes must outlive this, with nine more readable after them.
    init(_ start: UnsafePointer<UInt8>, count: Int, limit: Int) {
        next = start
        end = start + count
        self.limit = limit
    }

    /// Spells out `count` cells and returns the length that all of them have, if one.
    mutating func take(
        _ count: Int, starts: UnsafeMutablePointer<Int32>, lengths: UnsafeMutablePointer<Int32>
    ) throws -> Int? {
        var row = 0
        var runs = 0
        // Kept in locals: the loop writes through pointers that might, for all the compiler knows, reach `self`.
        var next = next, length = length, repeats = repeats, offset = offset
        while row < count {
            if repeats > 0 {
                let run = min(repeats, count - row)
                runs += row == 0 ? 1 : 0
                CellLengths.fill(starts + row, lengths + row, run, offset, length)
                offset &+= run &* length
                row += run
                repeats -= run
                continue
            }
            guard next < end else { throw CellLengths.tooFew() }
            let byte = Int8(bitPattern: next[0])
            if byte >= 0 {
                length = Int(byte)
                next += 1
            } else if byte >= -112 {
                guard length >= 0 else { throw CellLengths.startsWithRepeat() }
                repeats = Int(~byte)
                next += 1
                continue
            } else {
                let value = try CellLengths.readLong(&next, end)
                if value < 0 {
                    guard length >= 0 else { throw CellLengths.startsWithRepeat() }
                    repeats = ~value
                    continue
                }
                length = value
            }
            starts[row] = Int32(truncatingIfNeeded: offset)
            lengths[row] = Int32(truncatingIfNeeded: length)
            offset &+= length
            row += 1
            runs += 1
        }
        self.next = next
        self.length = length
        self.repeats = repeats
        self.offset = offset
        guard offset <= limit else { throw HoneyError.damaged("cells are longer than their column") }
        return runs == 1 ? length : nil
    }

    /// Steps over `count` cells.
    mutating func skip(_ count: Int) throws {
        var left = count
        while left > 0 {
            if repeats > 0 {
                let run = min(repeats, left)
                offset &+= run &* length
                left -= run
                repeats -= run
                continue
            }
            guard next < end else { throw CellLengths.tooFew() }
            let byte = Int8(bitPattern: next[0])
            var value = Int(byte)
            if byte >= -112 { next += 1 } else { value = try CellLengths.readLong(&next, end) }
            if value < 0 {
                guard length >= 0 else { throw CellLengths.startsWithRepeat() }
                repeats = ~value
            } else {
                length = value
                offset &+= value
                left -= 1
            }
        }
        guard offset <= limit else { throw HoneyError.damaged("cells are longer than their column") }
    }

    /// Checks, after the last row, that nothing is left over.
    func checkEnd() throws {
        guard next == end, repeats == 0 else { throw HoneyError.damaged("column has more cells than rows") }
        guard offset == limit else { throw HoneyError.damaged("cells are shorter than their column") }
    }

    /// Writes a run eight cells at a time, past its end where there is room: the next run overwrites it.
    @inline(__always)
    private static func fill(
        _ starts: UnsafeMutablePointer<Int32>, _ lengths: UnsafeMutablePointer<Int32>, _ count: Int, _ offset: Int,
        _ length: Int
    ) {
        let step = Int32(truncatingIfNeeded: length)
        var position =
            SIMD8<Int32>(repeating: Int32(truncatingIfNeeded: offset))
            &+ SIMD8<Int32>(0, 1, 2, 3, 4, 5, 6, 7) &* step
        let all = SIMD8<Int32>(repeating: step)
        let advance = all &* 8
        var row = 0
        while row < count {
            UnsafeMutableRawPointer(starts + row).storeBytes(of: position, as: SIMD8<Int32>.self)
            UnsafeMutableRawPointer(lengths + row).storeBytes(of: all, as: SIMD8<Int32>.self)
            position &+= advance
            row += 8
        }
    }

    /// Cells that may be written past the last one.
    static let slack = 8

    @inline(never)
    private static func readLong(_ next: inout UnsafePointer<UInt8>, _ end: UnsafePointer<UInt8>) throws -> Int {
        var cursor = WritableCursor(next, to: end - next)
        let value = try cursor.readVariable32()
        next += cursor.position
        return value
    }

    @inline(never)
    private static func tooFew() -> HoneyError { HoneyError.damaged("column has fewer cells than rows") }

    @inline(never)
    private static func startsWithRepeat() -> HoneyError {
        HoneyError.damaged("cell lengths start with a repetition")
    }
}
