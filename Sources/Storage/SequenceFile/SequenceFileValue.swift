import HoneyCore

/// The Writables that carry records in a SequenceFile's values.
enum SequenceFileValue {
    /// A vint count of bytes, then the bytes.
    case text
    /// An int32 count of bytes, then the bytes.
    case bytesWritable
    /// An u16 count of bytes, then the bytes: what was before Text.
    case utf8

    /// The classes that are read, for messages.
    static let classNames =
        [SequenceFileHeader.text, SequenceFileHeader.bytesWritable, SequenceFileHeader.utf8].joined(separator: ", ")

    init?(className: String) {
        switch className {
        case SequenceFileHeader.text: self = .text
        case SequenceFileHeader.bytesWritable: self = .bytesWritable
        case SequenceFileHeader.utf8, "UTF8": self = .utf8
        default: return nil
        }
    }

    /// Bytes of the count in front of a value of `length` serialized bytes at `start`; nil when it does not say what is there.
    ///
    /// Nine bytes must be readable at `start`.
    @inline(__always)
    func prefixBytes(_ start: UnsafePointer<UInt8>, length: Int) -> Int? {
        switch self {
        case .text:
            let size = VariableInteger.byteCount(first: start[0])
            return size <= length && VariableInteger.read(start) == Int64(length - size) ? size : nil
        case .bytesWritable:
            guard length >= 4 else { return nil }
            let count = Int32(bigEndian: UnsafeRawPointer(start).loadUnaligned(as: Int32.self))
            return Int(count) == length - 4 ? 4 : nil
        case .utf8:
            guard length >= 2 else { return nil }
            let count = UInt16(bigEndian: UnsafeRawPointer(start).loadUnaligned(as: UInt16.self))
            return Int(count) == length - 2 ? 2 : nil
        }
    }

    static func damage() -> HoneyError { HoneyError.damaged("value's length is not that of its record") }
}

/// Gives a file's records in blocks of a few thousand.
protocol RecordSource: AnyObject {
    /// The next records; nil at the end of the split.
    func next(counters: inout ReadCounters) throws -> RecordBlock?
    /// Where in the file the last block came from, for messages.
    var blockOffset: Int { get }
}
