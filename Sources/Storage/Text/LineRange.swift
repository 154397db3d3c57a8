import HoneyCore
import HoneyFiles

/// Which of a file's bytes hold rows, and which lines among them a split owns.
struct LineRange {
    /// Where reading starts; unless it is the start of the rows, the first line end is looked for from here.
    var start: Int
    /// Lines that start at most here belong to the split.
    var lastStart: Int
    /// Where the file's rows end: its end, or its footer.
    var end: Int
    /// Whether `start` is known to be the start of a line.
    var startsLine: Bool

    /// Places a split among a plain file's rows, without `headers` first and `footers` last lines.
    init(split: ByteRange, of file: any ReadableFile, headers: Int, footers: Int) throws {
        let rowsStart = headers > 0 ? try Self.offset(afterLines: headers, of: file) : 0
        end = footers > 0 ? try Self.offset(beforeLines: footers, of: file) : file.size
        start = max(split.start, rowsStart)
        startsLine = split.start <= rowsStart && (split.start == 0 || rowsStart > 0)
        // A split that starts where the rows do does not own them if they belong to the split that ends there.
        if split.start == rowsStart, split.start > 0 { startsLine = false }
        lastStart = min(split.end, end)
        if split.end >= file.size { lastStart = end }
    }

    /// Reads all of a stream, whose source may find the split's end on the way; from a line's start or from the middle of one.
    init(stream: Void, startsLine: Bool = true) {
        start = 0
        lastStart = .max
        end = .max
        self.startsLine = startsLine
    }

    /// Reads nothing.
    init(nothing: Void) {
        start = 1
        lastStart = 0
        end = 0
        startsLine = true
    }

    private static let chunkBytes = 1 << 16

    /// The offset behind a file's first `count` lines.
    private static func offset(afterLines count: Int, of file: any ReadableFile) throws -> Int {
        let chunk = Buffer(capacity: chunkBytes)
        var offset = 0
        var lines = 0
        var lastWasReturn = false
        while true {
            let taken = try file.read(at: offset, count: chunkBytes, into: chunk.base)
            if taken == 0 { return file.size }
            let bytes = chunk.pointer(to: UInt8.self)
            for index in 0..<taken {
                let byte = bytes[index]
                // The LF of a CR LF ends nothing more.
                if lines == count { return offset + index + (lastWasReturn && byte == 0x0A ? 1 : 0) }
                if byte == 0x0D || (byte == 0x0A && !lastWasReturn) { lines += 1 }
                lastWasReturn = byte == 0x0D
            }
            offset += taken
        }
    }

    /// The offset before a file's last `count` lines.
    private static func offset(beforeLines count: Int, of file: any ReadableFile) throws -> Int {
        let chunk = Buffer(capacity: chunkBytes)
        var end = file.size
        var lines = 0
        // The byte after the one looked at; the file's own end counts as a line's end.
        var next: UInt8 = 0
        var isLast = true
        while end > 0 {
            let start = max(end - chunkBytes, 0)
            var filled = 0
            while filled < end - start {
                let taken = try file.read(at: start + filled, count: end - start - filled, into: chunk.base + filled)
                if taken == 0 { break }
                filled += taken
            }
            let bytes = chunk.pointer(to: UInt8.self)
            for index in stride(from: filled - 1, through: 0, by: -1) {
                let byte = bytes[index]
                let endsLine = byte == 0x0A || (byte == 0x0D && next != 0x0A)
                if endsLine, !isLast {
                    lines += 1
                    if lines == count { return start + index + 1 }
                }
                isLast = false
                next = byte
            }
            end = start
        }
        return 0
    }
}
