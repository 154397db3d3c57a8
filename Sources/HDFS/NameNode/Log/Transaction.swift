package import NIOCore

// A segment of the log is a header and records one after another; numbers are big-endian.
//
// | bytes | header                            | | bytes | record                                                     |
// |-------|-----------------------------------|-|-------|------------------------------------------------------------|
// | 8     | HGEDITS1                          | | 4     | bytes of payload, n                                        |
// | 4     | namespace id                      | | 8     | transaction id: one more than that of the record before    |
// | 8     | first transaction id              | | 8     | transaction that was durable when this one was written     |
// | 4     | CRC-32C of the 20 bytes before    | | n     | payload                                                    |
// |       |                                   | | 4     | CRC-32C of the 20 + n bytes before                         |
//
// payload: wall time in milliseconds ±, 0 or 1 for a call; then for a call client id (8, 8), call number (4) and the reply
// with its length; then the number of edits and the edits (`EditCoding`). ± is a varint one greater.

/// Edits that happen together or not at all: one record of the log.
package struct Transaction: Hashable, Sendable {
    /// Counts up by one from 1.
    package var id: Int
    /// Milliseconds since 1970-01-01 UTC.
    package var time: Int
    /// The call that made it, when its answer must be given again to who asks again.
    package var answered: AnsweredCall?
    package var edits: [Edit]
    /// The last transaction known to be durable when this one was written.
    var durable = 0

    package struct AnsweredCall: Hashable, Sendable {
        package var client: RPCClientID
        package var number: Int32
        package var reply: ByteBuffer
    }

    static let headerBytes = 24
    static let frameBytes = 20
    /// No record is greater than this.
    static let greatestPayload = 64 << 20

    func write(to buffer: inout ByteBuffer) {
        let start = buffer.writerIndex
        buffer.writeInteger(UInt32(0))
        buffer.writeInteger(UInt64(id))
        buffer.writeInteger(UInt64(durable))
        let payload = buffer.writerIndex
        buffer.writeSmall(time)
        buffer.writeInteger(UInt8(answered == nil ? 0 : 1))
        if let answered { buffer.writeAnswered(answered) }
        buffer.writeVarint(edits.count)
        for edit in edits { buffer.writeEdit(edit) }
        buffer.setInteger(UInt32(buffer.writerIndex - payload), at: start)
        let sum = Checksums.extend(0, with: buffer.getSlice(at: start, length: buffer.writerIndex - start)!)
        buffer.writeInteger(sum)
    }

    /// Takes a record off the front of `bytes`; nil when it is not all there.
    static func read(from bytes: inout ByteBuffer) throws(RecordDamage) -> Transaction? {
        guard let length = bytes.getInteger(at: bytes.readerIndex, as: UInt32.self) else { return nil }
        guard length <= greatestPayload else { throw RecordDamage(reason: "a record's length is absurd") }
        let total = frameBytes + Int(length) + 4
        guard let whole = bytes.getSlice(at: bytes.readerIndex, length: total) else { return nil }
        var reader = RecordReader(whole.getSlice(at: whole.readerIndex + frameBytes, length: Int(length))!)
        let sum = whole.getInteger(at: whole.writerIndex - 4, as: UInt32.self)!
        guard Checksums.extend(0, with: whole.getSlice(at: whole.readerIndex, length: total - 4)!) == sum else {
            throw RecordDamage(reason: "a record's checksum is wrong")
        }
        let id = whole.getInteger(at: whole.readerIndex + 4, as: UInt64.self)!
        let durable = whole.getInteger(at: whole.readerIndex + 12, as: UInt64.self)!
        var transaction = Transaction(id: Int(clamping: id), time: try reader.integer(), edits: [])
        transaction.durable = Int(clamping: durable)
        if try reader.byte() == 1 { transaction.answered = try reader.answered() }
        for _ in 0..<(try reader.count()) { transaction.edits.append(try reader.edit()) }
        bytes.moveReaderIndex(forwardBy: total)
        return transaction
    }

    static func header(namespaceID: UInt32, first: Int) -> ByteBuffer {
        var buffer = ByteBuffer(string: "HGEDITS1")
        buffer.writeInteger(namespaceID)
        buffer.writeInteger(UInt64(first))
        buffer.writeInteger(Checksums.extend(0, with: buffer))
        return buffer
    }
}

extension ByteBuffer {
    mutating func writeAnswered(_ call: Transaction.AnsweredCall) {
        writeInteger(call.client.high)
        writeInteger(call.client.low)
        writeInteger(call.number)
        writeData(call.reply)
    }
}

extension RecordReader {
    mutating func answered() throws(RecordDamage) -> Transaction.AnsweredCall {
        var head = ByteBuffer()
        for _ in 0..<20 { head.writeInteger(try byte()) }
        let client = RPCClientID(high: head.readInteger()!, low: head.readInteger()!)
        return Transaction.AnsweredCall(client: client, number: head.readInteger()!, reply: try data())
    }
}
