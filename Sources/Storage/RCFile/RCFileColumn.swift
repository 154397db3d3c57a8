import HoneyCore

/// One wanted column of a row group: its cells are found, and its bytes read, only as far as someone asks.
final class RCFileColumn {
    private let decoder: any CellDecoder
    private var extent: RCFileGroup.ColumnExtent
    private var key: Buffer
    private var lengths: CellLengths
    /// The column's bytes once they are loaded, and where they start.
    private var bytes: Buffer?
    private var bytesStart = 0
    /// Rows of the group that `lengths` has been through.
    private var rowsPassed = 0

    private let starts = UnsafeMutablePointer<Int32>.allocate(capacity: RCFileColumn.capacity)
    private let sizes = UnsafeMutablePointer<Int32>.allocate(capacity: RCFileColumn.capacity)
    private static let capacity = Batch.targetRows + CellLengths.slack

    init(_ decoder: any CellDecoder) {
        self.decoder = decoder
        extent = RCFileGroup.ColumnExtent(offset: 0, storedBytes: 0, bytes: 0, lengths: 0..<0)
        key = RCFileColumn.noKey
        lengths = CellLengths(key.pointer(to: UInt8.self), count: 0, limit: 0)
    }

    deinit {
        starts.deallocate()
        sizes.deallocate()
    }

    /// Where the column is in the file.
    var storedRange: Range<Int> { extent.offset..<extent.offset + extent.storedBytes }
    var byteCount: Int { extent.bytes }
    var isLoaded: Bool { bytes != nil }

    /// Starts on another row group.
    func enter(_ extent: RCFileGroup.ColumnExtent, key: Buffer) {
        self.extent = extent
        self.key = key
        lengths = CellLengths(
            key.pointer(to: UInt8.self) + extent.lengths.lowerBound, count: extent.lengths.count, limit: extent.bytes)
        bytes = nil
        rowsPassed = 0
    }

    /// Lets go of the row group's memory.
    func leave() {
        bytes = nil
        key = RCFileColumn.noKey
        lengths = CellLengths(key.pointer(to: UInt8.self), count: 0, limit: 0)
    }

    private static let noKey = Buffer(zeroed: 16)

    /// Gives the column its bytes, which start at `start` of the buffer.
    func load(_ buffer: Buffer, at start: Int) {
        bytes = buffer
        bytesStart = start
    }

    /// Decodes rows `first ..< first + count` of the group, or `chosenCount` chosen ones among them.
    func decode(from first: Int, count: Int, chosen: UnsafePointer<Int32>?, chosenCount: Int) throws -> Column {
        guard let bytes else { throw HoneyError.unexpected("column of a row group is decoded before it is read") }
        if first > rowsPassed { try lengths.skip(first - rowsPassed) }
        let uniform = try lengths.take(count, starts: starts, lengths: sizes)
        rowsPassed = first + count
        if let chosen {
            // Indices ascend, so that no cell is overwritten before it is moved; equal lengths need no moving.
            for index in 0..<chosenCount { starts[index] = starts[Int(chosen[index])] }
            if uniform == nil { for index in 0..<chosenCount { sizes[index] = sizes[Int(chosen[index])] } }
        }
        return try decoder.decode(
            Cells(
                bytes: bytes.pointer(to: UInt8.self) + bytesStart, starts: starts, lengths: sizes, count: chosenCount,
                owner: bytes, uniformLength: uniform))
    }

    /// Checks all lengths of the group's cells without moving on.
    func checkLengths(rowCount: Int) throws {
        var lengths = lengths
        try lengths.skip(rowCount)
        if rowCount > 0 { try lengths.checkEnd() }
    }

    /// Checks, when the whole group was gone through, that the key told the truth.
    func checkEnd(rowCount: Int) throws {
        if rowsPassed == rowCount && rowCount > 0 { try lengths.checkEnd() }
    }
}
