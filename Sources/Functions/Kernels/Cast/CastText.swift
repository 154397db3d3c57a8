import HoneyCore

/// The forms of text that CAST reads and writes where they differ from those in files.
enum CastText {
    /// The text without spaces and control characters around it.
    static func trimmed(_ bytes: UnsafeBufferPointer<UInt8>) -> UnsafeBufferPointer<UInt8> {
        var lower = 0
        var upper = bytes.count
        while lower < upper, bytes[lower] <= 0x20 { lower += 1 }
        while upper > lower, bytes[upper - 1] <= 0x20 { upper -= 1 }
        return UnsafeBufferPointer(rebasing: bytes[lower..<upper])
    }

    /// Reads a date, or the date of a timestamp.
    static func date(_ bytes: UnsafeBufferPointer<UInt8>) -> Int32? {
        if let days = DateText.parse(bytes) { return days }
        return timestamp(bytes).map { Int32(truncatingIfNeeded: CivilDate.split(timestamp: $0).days) }
    }

    /// Reads a timestamp, or a date as its midnight; digits of a second past the ninth are dropped.
    static func timestamp(_ bytes: UnsafeBufferPointer<UInt8>) -> Int128? {
        if let days = DateText.parse(bytes) { return CivilDate.timestamp(days: Int(days), nanosecondsOfDay: 0) }
        if let point = bytes.lastIndex(of: 0x2E), bytes.count - point > 10,
            bytes[(point + 1)...].allSatisfy({ $0 &- 0x30 <= 9 })
        {
            return TimestampText.parse(UnsafeBufferPointer(rebasing: bytes[..<(point + 10)]))
        }
        return TimestampText.parse(bytes)
    }

    /// Bytes of the first `characters` code points.
    static func prefixLength(_ bytes: UnsafeBufferPointer<UInt8>, characters: Int) -> Int {
        if bytes.count <= characters { return bytes.count }
        var remaining = characters
        for (index, byte) in bytes.enumerated() where byte & 0xC0 != 0x80 {
            if remaining == 0 { return index }
            remaining -= 1
        }
        return bytes.count
    }

    /// Appends text cut to a length in code points, and padded to it for a char type.
    static func appendFitted(
        _ bytes: UnsafeBufferPointer<UInt8>, _ type: DataType, _ length: Int, to sink: inout ByteSink
    ) {
        let kept = UnsafeBufferPointer(rebasing: bytes[..<prefixLength(bytes, characters: length)])
        sink.append(kept)
        guard case .char = type else { return }
        let characters = kept.reduce(into: 0) { count, byte in count += byte & 0xC0 != 0x80 ? 1 : 0 }
        sink.append(repeating: 0x20, count: length - characters)
    }

    /// Appends a value as CAST to string prints it.
    static func append(_ column: Column, _ type: DataType, row: Int, to sink: inout ByteSink) {
        switch type {
        case .boolean: sink.append(column.values(as: UInt8.self)[column.storedIndex(row)] != 0 ? "TRUE" : "FALSE")
        case .decimal(_, let scale):
            ValueText.appendScalar(column, row: row, to: &sink)
            if scale > 0 { removeTrailingZeros(&sink) }
        default:
            if type.isComplex {
                ValueText.appendNested(column, row: row, to: &sink)
            } else {
                ValueText.appendScalar(column, row: row, to: &sink)
            }
        }
    }

    private static func removeTrailingZeros(_ sink: inout ByteSink) {
        var count = sink.count
        while count > 1, sink[count - 1] == 0x30 { count -= 1 }
        if sink[count - 1] == 0x2E { count -= 1 }
        sink.truncate(to: count)
    }
}
