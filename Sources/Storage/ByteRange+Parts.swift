extension ByteRange {
    /// Tells which parts this range owns of a unit of a file, such as a stripe or a row group, that takes `bytes` bytes from
    /// `start` on and has `count` parts: as many as the range has of the bytes.
    ///
    /// However a file of `fileBytes` bytes is cut into ranges, each part is one range's, wherever the unit says that it lies.
    package func parts(_ count: Int, from start: Int, bytes: Int, fileBytes: Int) -> Range<Int> {
        func partsBefore(_ offset: Int) -> Int {
            if offset <= 0 { return 0 }
            if offset >= fileBytes { return count }
            let bytes = max(bytes, 1)
            // Offsets are positive here, so that only one far past the unit's start overflows.
            let (distance, isFar) = offset.subtractingReportingOverflow(start)
            let inside = isFar ? bytes : min(max(distance, 0), bytes)
            return bytes.dividingFullWidth(inside.multipliedFullWidth(by: count)).quotient
        }
        let first = partsBefore(self.start)
        return first..<max(partsBefore(end), first)
    }
}
