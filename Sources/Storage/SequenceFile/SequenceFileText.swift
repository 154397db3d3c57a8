package import HoneyCodecs
import HoneyCore
package import HoneyFiles

/// Shows a SequenceFile as Hadoop's `-text` does: a line for each record, with key, tab and value by their classes.
package final class SequenceFileText {
    private let file: any ReadableFile
    private let header: SequenceFileHeader
    private let codec: (any Codec)?
    private let key: WritableText
    private let value: WritableText
    private var window: FileWindow
    private var counters = ReadCounters()
    private var position: Int

    /// The most bytes that one value, or the values of one block, may hold when decompressed.
    private static let maximumBytes = 1 << 30

    /// Reads the header; fails with `FILE_DAMAGED`, `UNSUPPORTED_FILE` or `UNKNOWN_CODEC`.
    package init(_ file: any ReadableFile, codecs: CodecCatalog) throws {
        self.file = file
        header = try SequenceFileHeader.read(of: file, counters: &counters)
        codec = try header.codecClass.map { try codecs.codec(className: $0) }
        key = try WritableText(className: header.keyClass)
        value = try WritableText(className: header.valueClass)
        window = FileWindow(file, splitEnd: file.size)
        position = header.byteCount
    }

    /// Writes all lines, some at a time.
    package func write(to output: ([UInt8]) throws -> Void) throws {
        while position < file.size {
            let start = position
            try output(
                placingErrors(in: file.location.description, at: start) {
                    try header.isBlockCompressed ? block() : record()
                })
        }
    }

    private func line(_ keyBytes: UnsafeRawBufferPointer, _ valueBytes: UnsafeRawBufferPointer) throws -> [UInt8] {
        Array(try key.text(of: keyBytes).utf8) + [0x09] + Array(try value.text(of: valueBytes).utf8) + [0x0A]
    }

    private func bytes(at position: Int, count: Int) -> UnsafeRawBufferPointer {
        UnsafeRawBufferPointer(start: window.pointer(at: position), count: count)
    }

    /// Steps over an escaped marker; false when something else is there.
    private func stepOverMarker() throws -> Bool {
        try window.stepOver(header.marker, at: &position, counters: &counters)
    }

    /// The line of one record; nothing for a marker.
    private func record() throws -> [UInt8] {
        if try stepOverMarker() { return [] }
        try window.bring(8, from: position, counters: &counters)
        let length = Int(bigEndian32(window.pointer(at: position)))
        let keyLength = Int(bigEndian32(window.pointer(at: position + 4)))
        guard length >= keyLength, keyLength >= 0 else {
            throw HoneyError.damaged("record's lengths are wrong: \(length), \(keyLength)")
        }
        try window.bring(8 + length, from: position, counters: &counters)
        let start = position + 8
        position = start + length
        let stored = bytes(at: start + keyLength, count: length - keyLength)
        guard let codec else { return try line(bytes(at: start, count: keyLength), stored) }
        var value: [UInt8] = []
        try codec.decompress(stored, into: &value, limit: SequenceFileText.maximumBytes)
        return try value.withUnsafeBytes { try line(bytes(at: start, count: keyLength), $0) }
    }

    /// The lines of one block.
    private func block() throws -> [UInt8] {
        guard try stepOverMarker() else { throw HoneyError.damaged("no sync marker before the block") }
        if position == file.size { return [] }
        let count = try takeCount("records")
        let keyLengths = try takeStream()
        let keys = try takeStream()
        let valueLengths = try takeStream()
        let values = try takeStream()
        var lines: [UInt8] = []
        var (keyCursor, valueCursor) = (LengthCursor(keyLengths), LengthCursor(valueLengths))
        for _ in 0..<count {
            let (keyRange, valueRange) = (try keyCursor.next(within: keys), try valueCursor.next(within: values))
            lines += try keys.withUnsafeBytes { keys in
                try values.withUnsafeBytes { values in
                    try line(
                        UnsafeRawBufferPointer(rebasing: keys[keyRange]),
                        UnsafeRawBufferPointer(rebasing: values[valueRange]))
                }
            }
        }
        return lines
    }

    private func takeCount(_ what: StaticString) throws -> Int {
        let needed = min(VariableInteger.maximumByteCount, file.size - position)
        try window.bring(max(needed, 1), from: position, counters: &counters)
        var cursor = WritableCursor(window.pointer(at: position), to: window.end - position)
        let count = try cursor.readCount(of: what)
        position += cursor.position
        return count
    }

    private func takeStream() throws -> [UInt8] {
        let count = try takeCount("bytes")
        guard count <= file.size - position else { throw HoneyError.damaged("block is cut short") }
        try window.bring(count, from: position, counters: &counters)
        var content: [UInt8] = []
        try codec?.decompress(
            bytes(at: position, count: count), into: &content, limit: SequenceFileText.maximumBytes)
        position += count
        return content
    }
}

/// Walks the lengths of a block's keys or values, which lie one after another.
private struct LengthCursor {
    private let lengths: [UInt8]
    private var position = 0
    private var end = 0

    init(_ lengths: [UInt8]) { self.lengths = lengths + [UInt8](repeating: 0, count: WritableCursor.readablePastEnd) }

    mutating func next(within content: [UInt8]) throws -> Range<Int> {
        let length = try lengths.withUnsafeBufferPointer { bytes in
            var cursor = WritableCursor(
                bytes.baseAddress!, from: position, to: bytes.count - WritableCursor.readablePastEnd)
            defer { position = cursor.position }
            return try cursor.readCount(of: "length")
        }
        guard length <= content.count - end else { throw HoneyError.damaged("block's lengths are wrong: \(length)") }
        defer { end += length }
        return end..<(end + length)
    }
}
