import NIOCore

/// Bytes that are not what the log or image should hold.
struct RecordDamage: Error {
    var reason: String
}

/// Reads the primitives of log and image: varints of seven bits a byte, low bits first, and bytes with their length before them.
struct RecordReader {
    private(set) var bytes: ByteBuffer

    init(_ bytes: ByteBuffer) { self.bytes = bytes }

    var isAtEnd: Bool { bytes.readableBytes == 0 }

    mutating func byte() throws(RecordDamage) -> UInt8 {
        guard let byte = bytes.readInteger(as: UInt8.self) else { throw RecordDamage(reason: "it ends too early") }
        return byte
    }

    mutating func unsigned() throws(RecordDamage) -> UInt64 {
        var value: UInt64 = 0
        var shift = 0
        while true {
            let byte = try byte()
            guard shift < 63 || byte <= 1 else { throw RecordDamage(reason: "a number is too long") }
            value |= UInt64(byte & 0x7F) << shift
            if byte < 0x80 { return value }
            shift += 7
        }
    }

    /// A number from -1 on, written one greater.
    mutating func integer() throws(RecordDamage) -> Int {
        let value = try unsigned()
        guard value <= 1 << 63 else { throw RecordDamage(reason: "a number is too large") }
        return Int(truncatingIfNeeded: value &- 1)
    }

    mutating func data() throws(RecordDamage) -> ByteBuffer {
        let count = try unsigned()
        guard count <= UInt64(bytes.readableBytes), let data = bytes.readSlice(length: Int(count)) else {
            throw RecordDamage(reason: "a text is longer than what holds it")
        }
        return data
    }

    mutating func text() throws(RecordDamage) -> String { String(buffer: try data()) }

    /// A number of things that take at least a byte each.
    mutating func count() throws(RecordDamage) -> Int {
        let count = try unsigned()
        guard count <= UInt64(bytes.readableBytes) else { throw RecordDamage(reason: "a count is too large") }
        return Int(count)
    }
}

extension ByteBuffer {
    /// Writes a number from -1 on, as `RecordReader.integer` reads it.
    mutating func writeSmall(_ value: Int) { writeVarint(UInt64(bitPattern: Int64(max(value, -1))) &+ 1) }

    mutating func writeText(_ text: String) {
        writeVarint(text.utf8.count)
        writeString(text)
    }

    mutating func writeData(_ data: ByteBuffer) {
        writeVarint(data.readableBytes)
        writeImmutableBuffer(data)
    }
}
