import HoneyWorld
import NIOCore
import SwiftProtobuf

/// Messages with their lengths before them, as Hadoop writes nearly all of its messages.
///
///     | bytes | what                                            |
///     |-------|-------------------------------------------------|
///     | 1-5   | varint: length of the message                   |
///     | n     | the message                                     |
extension ByteBuffer {
    /// Takes a delimited message's bytes off the front; nil, with nothing taken, when they are not all there.
    ///
    /// Fails when the length is above `limit` or is no length.
    mutating func readDelimited(limit: Int) throws(MalformedWire) -> ByteBuffer? {
        guard let (length, prefix) = try peekVarint() else { return nil }
        guard length <= limit else {
            throw MalformedWire("a message of \(length) bytes is longer than the limit of \(limit)")
        }
        guard readableBytes - prefix >= length else { return nil }
        moveReaderIndex(forwardBy: prefix)
        return readSlice(length: length)
    }

    /// Takes a delimited message off the front of a frame in which it must be whole.
    mutating func readDelimited<M: Message>(_ type: M.Type) throws(MalformedMessage) -> M {
        let bytes: ByteBuffer?
        do {
            bytes = try readDelimited(limit: readableBytes)
        } catch {
            throw MalformedMessage(name: M.protoMessageName, reason: error.reason)
        }
        guard let bytes else { throw MalformedMessage(name: M.protoMessageName, reason: "the frame ends in it") }
        return try M(wire: bytes)
    }

    mutating func writeDelimited(_ message: some Message) throws {
        let bytes = try message.wireBytes()
        writeVarint(bytes.readableBytes)
        writeImmutableBuffer(bytes)
    }

    /// Writes seven bits a byte, the lowest first, each byte but the last with its high bit set.
    mutating func writeVarint(_ value: some BinaryInteger) {
        var rest = UInt64(truncatingIfNeeded: value)
        while rest >= 0x80 {
            writeInteger(UInt8(truncatingIfNeeded: rest) | 0x80)
            rest >>= 7
        }
        writeInteger(UInt8(rest))
    }

    /// The bytes that `writeVarint` writes.
    static func varintBytes(_ value: Int) -> Int { max(1, (Int.bitWidth - value.leadingZeroBitCount + 6) / 7) }

    /// The varint at the front and the bytes it takes; nil when it is not all there. At most 31 bits, as a Java int.
    private func peekVarint() throws(MalformedWire) -> (value: Int, bytes: Int)? {
        var value = 0
        for index in 0..<5 {
            guard let byte = getInteger(at: readerIndex + index, as: UInt8.self) else { return nil }
            value |= Int(byte & 0x7F) << (7 * index)
            guard byte & 0x80 != 0 else {
                if value > Int(Int32.max) { break }
                return (value, index + 1)
            }
        }
        throw MalformedWire("a message's length is not a number of 31 bits")
    }
}
