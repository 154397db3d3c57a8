import CScan
import HoneyCore

extension LazySimpleCells {
    /// Decodes dates: `yyyy-MM-dd` of the years 1583 on by words, all else by `DateText`.
    func dates(_ type: DataType, _ cells: Cells) -> Column {
        let data = Buffer(capacity: cells.count * 4)
        let out = data.pointer(to: Int32.self)
        var nulls = NullMarks(count: cells.count)
        let read = readRuns(cells, into: out) { readDate(cells, $0, out, &nulls) }
        for row in read..<cells.count { readDate(cells, row, out, &nulls) }
        return Column(type: type, count: cells.count, validity: nulls.bitmap, data: data)
    }

    @inline(__always)
    private func readDate(_ cells: Cells, _ row: Int, _ out: UnsafeMutablePointer<Int32>, _ nulls: inout NullMarks) {
        let start = cells.start(row)
        let length = cells.length(row)
        if length == 10, !nullMayParse, let days = DateDigits.parse(start) {
            out[row] = days
        } else if let days = carefulDate(start, length) {
            out[row] = days
        } else {
            out[row] = 0
            nulls.mark(row)
        }
    }

    /// Reads plain dates eight at a time where the processor can, and calls `careful` for rows with others; returns how many
    /// rows are done.
    @inline(__always)
    private func readRuns(_ cells: Cells, into out: UnsafeMutablePointer<Int32>, careful: (Int) -> Void) -> Int {
        guard !nullMayParse, honey_has_wide_parsing() != 0 else { return 0 }
        return withUnsafeTemporaryAllocation(of: UInt8.self, capacity: cells.count / 8 + 1) { unread in
            let read = Int(
                honey_parse_dates(
                    cells.bytes, cells.starts, cells.lengths, Int64(cells.count), out, unread.baseAddress))
            UnreadRows.forEach(unread, count: read, careful)
            return read
        }
    }

    @inline(never)
    private func carefulDate(_ start: UnsafePointer<UInt8>, _ length: Int) -> Int32? {
        isNull(start, length) ? nil : DateText.parse(UnsafeBufferPointer(start: start, count: length))
    }
}

/// Reads `yyyy-MM-dd` without a branch on its digits.
enum DateDigits {
    /// Reads ten bytes (sixteen must be readable); nil for anything but a plain date from 1583 on.
    @inline(__always)
    static func parse(_ start: UnsafePointer<UInt8>) -> Int32? {
        // "yyyy-MM-" with digits and dashes made 0…9 and 0; each byte's addend sets its high bit when it is too large.
        let front = Digits.word(start) ^ 0x2D30_302D_3030_3030
        let back = UInt64(UInt16(littleEndian: UnsafeRawPointer(start + 8).loadUnaligned(as: UInt16.self))) ^ 0x3030
        let wrong = (front &+ 0x7F76_767F_7676_7676 | front) | (back &+ 0x7676 | back)
        let pairs = front &* 10 &+ front >> 8
        let century = Int(truncatingIfNeeded: pairs & 0xFF)
        let year = Int(truncatingIfNeeded: pairs >> 16 & 0xFF)
        let month = Int(truncatingIfNeeded: pairs >> 40 & 0xFF)
        let day = Int(truncatingIfNeeded: (back &* 10 &+ back >> 8) & 0xFF)
        let whole = century &* 100 &+ year
        guard wrong & 0x8080_8080_8080_8080 == 0, UInt(bitPattern: month &- 1) < 12, UInt(bitPattern: day &- 1) < 31,
            whole >= 1583
        else { return nil }
        let isLeap = year == 0 ? century & 3 == 0 : year & 3 == 0
        // Days from 1970-01-01 to the year's first: every fourth year but three in four centuries had one more.
        let before = whole &- 1
        let beforeCentury = year == 0 ? century &- 1 : century
        let days = whole &* 365 &+ before >> 2 &- beforeCentury &+ beforeCentury >> 2 &- 719_527
        return Int32(truncatingIfNeeded: days &+ daysBefore(month, isLeap: isLeap) &+ day &- 1)
    }

    @inline(__always)
    private static func daysBefore(_ month: Int, isLeap: Bool) -> Int {
        // (367 m - 362) / 12 counts February as 30 days.
        let common = (367 &* month &- 362) / 12
        return month <= 2 ? common : common &- (isLeap ? 1 : 2)
    }
}
