import HoneyCore

/// Writables of one class as Java's `toString` shows them.
enum WritableText {
    case text, bytes, utf8, null, boolean, byte, short, int, long, variableInt, variableLong, float, double

    private static let classes: [String: WritableText] = [
        "Text": .text, "BytesWritable": .bytes, "UTF8": .utf8, "NullWritable": .null, "BooleanWritable": .boolean,
        "ByteWritable": .byte, "ShortWritable": .short, "IntWritable": .int, "LongWritable": .long,
        "VIntWritable": .variableInt, "VLongWritable": .variableLong, "FloatWritable": .float,
        "DoubleWritable": .double,
    ]
    private static let package = "org.apache.hadoop.io."

    /// Finds a class; fails with `UNSUPPORTED_FILE`.
    init(className: String) throws {
        let name = className.hasPrefix(WritableText.package) ? className.dropFirst(WritableText.package.count) : ""
        guard let known = WritableText.classes[String(name)] else {
            throw HoneyError(
                .data, "UNSUPPORTED_FILE",
                "no text for a class of a SequenceFile (known: \(WritableText.classes.keys.sorted().joined(separator: ", ")))"
                    + ": \(className)")
        }
        self = known
    }

    /// Reads one value and shows it; what follows it is left alone, as Hadoop does.
    func text(of bytes: UnsafeRawBufferPointer) throws -> String {
        // The cursor reads some bytes past the end.
        let padded = Array(bytes) + [UInt8](repeating: 0, count: WritableCursor.readablePastEnd)
        return try padded.withUnsafeBufferPointer { padded in
            var cursor = WritableCursor(padded.baseAddress!, to: bytes.count)
            return try text(of: &cursor)
        }
    }

    private func text(of cursor: inout WritableCursor) throws -> String {
        switch self {
        case .text: return try cursor.readText()
        case .utf8: return String(decoding: try take(Int(integer(UInt16.self, &cursor)), &cursor), as: UTF8.self)
        case .bytes:
            let count = try cursor.readInt32()
            return try take(count, &cursor).map(WritableText.hexadecimal).joined(separator: " ")
        case .null: return "(null)"
        case .boolean: return try cursor.readByte() == 0 ? "false" : "true"
        case .byte: return String(try integer(Int8.self, &cursor))
        case .short: return String(try integer(Int16.self, &cursor))
        case .int: return String(try integer(Int32.self, &cursor))
        case .long: return String(try integer(Int64.self, &cursor))
        case .variableInt: return String(try cursor.readVariable32())
        case .variableLong: return String(try cursor.readVariable())
        case .float:
            var sink = ByteSink()
            RealText.append(Float(bitPattern: try integer(UInt32.self, &cursor)), to: &sink)
            return sink.string
        case .double:
            var sink = ByteSink()
            RealText.append(Double(bitPattern: try integer(UInt64.self, &cursor)), to: &sink)
            return sink.string
        }
    }

    private static func hexadecimal(_ byte: UInt8) -> String {
        (byte < 16 ? "0" : "") + String(byte, radix: 16)
    }

    private func take(_ count: Int, _ cursor: inout WritableCursor) throws -> UnsafeBufferPointer<UInt8> {
        let start = try cursor.take(count)
        return UnsafeBufferPointer(start: cursor.base + start, count: count)
    }

    private func integer<T: FixedWidthInteger & BitwiseCopyable>(
        _ type: T.Type, _ cursor: inout WritableCursor
    ) throws -> T {
        let start = try cursor.take(MemoryLayout<T>.size)
        return T(bigEndian: UnsafeRawPointer(cursor.base + start).loadUnaligned(as: T.self))
    }
}
