import HoneyCodecs
import HoneyCore

/// Counts what a text is made of: lines, their ends and their lengths, in one pass.
struct TextInspection {
    private static let chunkBytes = 256 << 10

    private var bytes = 0
    private var lines = 0
    private var feeds = 0
    private var returns = 0
    private var pairs = 0
    private var longestBytes = 0
    /// Bytes of the line at hand.
    private var lineBytes = 0
    private var lastByte: UInt8 = 0
    private var hasByteOrderMark = false

    mutating func read(_ source: any ByteSource) throws {
        let chunk = Buffer(capacity: TextInspection.chunkBytes)
        while true {
            let count = try source.read(into: chunk.base, count: chunk.capacity)
            guard count > 0 else { break }
            let start = UnsafeBufferPointer(start: chunk.pointer(to: UInt8.self), count: count)
            if bytes == 0 { hasByteOrderMark = start.starts(with: [0xEF, 0xBB, 0xBF]) }
            read(start)
            bytes += count
        }
        if lineBytes > 0 { endLine() }
    }

    private mutating func read(_ chunk: UnsafeBufferPointer<UInt8>) {
        for byte in chunk {
            switch byte {
            case 0x0A where lastByte == 0x0D:
                pairs += 1
                returns -= 1
            case 0x0A:
                feeds += 1
                endLine()
            case 0x0D:
                returns += 1
                endLine()
            default: lineBytes += 1
            }
            lastByte = byte
        }
    }

    private mutating func endLine() {
        lines += 1
        longestBytes = max(longestBytes, lineBytes)
        lineBytes = 0
    }

    func describe(keyword: String, storedBytes: Int, codec: (any Codec)?) -> StructureDescription {
        .record([
            ("format", .text(keyword)), ("size_bytes", .integer(storedBytes)),
            ("codec", .text(codec?.classNames.first ?? "none")), ("text_bytes", .integer(bytes)),
            ("lines", .integer(lines)), ("longest_line_bytes", .integer(longestBytes)),
            (
                "line_ends",
                .record([("lf", .integer(feeds)), ("cr_lf", .integer(pairs)), ("cr", .integer(returns))])
            ), ("has_final_line_end", .boolean(bytes == 0 || lastByte == 0x0A || lastByte == 0x0D)),
            ("has_byte_order_mark", .boolean(hasByteOrderMark)),
        ])
    }
}
