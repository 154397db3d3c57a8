import HoneyCore

/// Reads Hadoop's Writables from memory, never past its end.
///
/// `readablePastEnd` bytes after the end must be readable (they are never part of a value). Errors are `FILE_DAMAGED` without a place;
/// see `HoneyError.placed`.
struct WritableCursor {
    static let readablePastEnd = 16

    let base: UnsafePointer<UInt8>
    let end: Int
    var position: Int

    init(_ base: UnsafePointer<UInt8>, from start: Int = 0, to end: Int) {
        self.base = base
        self.end = end
        position = start
    }

    var remaining: Int { end - position }
    var isAtEnd: Bool { position >= end }

    /// Steps over `count` bytes and returns where they start.
    @inline(__always)
    mutating func take(_ count: Int) throws -> Int {
        guard count >= 0, count <= end - position else { throw WritableCursor.cutShort() }
        defer { position += count }
        return position
    }

    mutating func readByte() throws -> UInt8 { base[try take(1)] }

    mutating func readInt32() throws -> Int {
        let start = try take(4)
        return Int(Int32(bigEndian: UnsafeRawPointer(base + start).loadUnaligned(as: Int32.self)))
    }

    /// Reads a vlong.
    @inline(__always)
    mutating func readVariable() throws -> Int64 {
        guard position < end else { throw WritableCursor.cutShort() }
        let start = try take(VariableInteger.byteCount(first: base[position]))
        return VariableInteger.read(base + start)
    }

    /// Reads a vint, which must fit 32 bits.
    @inline(__always)
    mutating func readVariable32() throws -> Int {
        let value = try readVariable()
        guard let narrow = Int32(exactly: value) else {
            throw HoneyError.damaged("number does not fit 32 bits: \(value)")
        }
        return Int(narrow)
    }

    /// Reads a vint that counts something, and so must not be negative.
    mutating func readCount(of what: StaticString) throws -> Int {
        let value = try readVariable32()
        guard value >= 0 else { throw HoneyError.damaged("negative \(what): \(value)") }
        return value
    }

    /// Reads a Text: a vint count of bytes, then UTF-8.
    mutating func readText() throws -> String {
        let count = try readCount(of: "text length")
        let start = try take(count)
        return String(decoding: UnsafeBufferPointer(start: base + start, count: count), as: UTF8.self)
    }

    @inline(never)
    static func cutShort() -> HoneyError { HoneyError.damaged("value runs past the end of its bytes") }
}
