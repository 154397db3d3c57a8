import HoneyStorage

/// What a split owns of a file: of each stripe as many of the row groups as the split has of its bytes, so that several
/// threads can read a large stripe, and each row group is one split's however the file is cut.
struct SplitShare {
    private let split: ByteRange
    private let tail: FileTail
    private let fileBytes: Int

    init(_ split: ByteRange, of tail: FileTail, fileBytes: Int) {
        self.split = split
        self.tail = tail
        self.fileBytes = fileBytes
    }

    /// Rows of a stripe's row groups; all its rows when it has no row indexes.
    static func groupRows(of stripe: ORCStripeInformation, in tail: FileTail) -> Int {
        let stride = Int(tail.footer.rowIndexStride)
        return stride > 0 && stripe.indexLength > 0 ? stride : max(Int(stripe.numberOfRows), 1)
    }

    /// The row groups of a stripe that the split owns.
    func groups(of stripe: ORCStripeInformation) -> Range<Int> {
        let groupRows = SplitShare.groupRows(of: stripe, in: tail)
        let count = (Int(stripe.numberOfRows) - 1) / groupRows + 1
        guard stripe.numberOfRows > 0 else { return 0..<0 }
        guard count > 1 else {
            let start = Int(stripe.offset)
            return start >= split.start && start < split.end ? 0..<1 : 0..<0
        }
        // The tail has been checked: stripes lie within the file.
        let bytes = Int(stripe.indexLength) + Int(stripe.dataLength) + Int(stripe.footerLength)
        return split.parts(count, from: Int(stripe.offset), bytes: bytes, fileBytes: fileBytes)
    }
}
