import HoneyCore
import HoneyStorage

/// A place in a stream, as a row index tells it.
struct StreamPosition {
    /// Where a chunk starts in the stream; of uncompressed streams, the place itself.
    var offset = 0
    /// Bytes of the chunk's content before the place; 0 in uncompressed streams.
    var chunkBytes = 0
    /// Values (of bit streams: bytes) of the run at the place that are passed.
    var runValues = 0
    /// Bits of the byte at the place that are passed.
    var bits = 0
}

/// A stream whose places row indexes tell.
protocol IndexedStream: AnyObject {
    var bytes: StreamBytes { get }
    /// Numbers that tell a place after those of the bytes: 0, 1 (values of a run) or 2 (and bits).
    var extraPositions: Int { get }
    /// Goes to a place within the bytes that are loaded.
    func seek(to position: StreamPosition) throws
}

/// The numbers of one row group in a column's row index, taken one stream after another.
struct PositionCursor {
    private let numbers: [UInt64]
    private var next = 0
    private let isCompressed: Bool

    init(_ numbers: [UInt64], isCompressed: Bool) {
        self.numbers = numbers
        self.isCompressed = isCompressed
    }

    /// Takes the place of a stream.
    mutating func take(extra: Int) throws -> StreamPosition {
        var position = StreamPosition()
        position.offset = try number()
        if isCompressed { position.chunkBytes = try number() }
        if extra > 0 { position.runValues = try number() }
        if extra > 1 { position.bits = try number() }
        return position
    }

    private mutating func number() throws -> Int {
        guard next < numbers.count, let number = Int(exactly: numbers[next]) else {
            throw HoneyError.damaged("row index has too few positions")
        }
        next += 1
        return number
    }
}
