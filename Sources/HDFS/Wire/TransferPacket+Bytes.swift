import HoneyHDFSMessages
import HoneyWorld
import NIOCore
import SwiftProtobuf

extension TransferPacket {
    /// Takes a packet off the front, whose checksums and data are slices of `bytes`; nil when it is not all there.
    init?(_ bytes: inout ByteBuffer) throws {
        let start = bytes.readerIndex
        guard let payload = bytes.getInteger(at: start, as: Int32.self),
            let headerBytes = bytes.getInteger(at: start + 4, as: Int16.self)
        else {
            if let payload = bytes.getInteger(at: start, as: Int32.self) { try TransferPacket.check(payload) }
            return nil
        }
        try TransferPacket.check(payload)
        guard headerBytes > 0 else { throw MalformedWire("a packet's header of \(headerBytes) bytes") }
        guard bytes.readableBytes >= 2 + Int(headerBytes) + Int(payload) else { return nil }
        bytes.moveReaderIndex(forwardBy: 6)
        let header = try TransferPacket.header(in: bytes.readSlice(length: Int(headerBytes))!)
        let dataBytes = Int(header.dataLen)
        let checksumBytes = Int(payload) - 4 - dataBytes
        guard dataBytes >= 0, checksumBytes >= 0, checksumBytes % 4 == 0 else {
            throw MalformedWire("a packet with \(dataBytes) bytes of data in \(payload - 4)")
        }
        self.init(
            sequence: header.seqno, offsetInBlock: header.offsetInBlock, isLast: header.lastPacketInBlock,
            sync: header.syncBlock, checksums: bytes.readSlice(length: checksumBytes)!,
            data: bytes.readSlice(length: dataBytes)!)
    }

    /// Tells how many bytes the packet at the front has; nil when its first six are not there, or nonsense.
    static func length(of bytes: ByteBuffer) -> Int? {
        guard let payload = bytes.getInteger(at: bytes.readerIndex, as: Int32.self),
            let headerBytes = bytes.getInteger(at: bytes.readerIndex + 4, as: Int16.self),
            payload >= 4, headerBytes > 0
        else { return nil }
        return 2 + Int(headerBytes) + Int(payload)
    }

    private static func check(_ payload: Int32) throws {
        guard payload >= 4, payload <= TransferNumbers.maximumPacketBytes else {
            throw MalformedWire("a packet of \(payload) bytes")
        }
    }

    private static func header(in bytes: ByteBuffer) throws -> WirePacketHeader {
        do {
            return try WirePacketHeader(wire: bytes)
        } catch {
            throw MalformedWire(error.description)
        }
    }

    /// Writes the packet in three pieces, of which checksums and data are not copied.
    func write(to sink: (ByteBuffer) -> Void) throws {
        let header = try WirePacketHeader.with {
            $0.offsetInBlock = offsetInBlock
            $0.seqno = sequence
            $0.lastPacketInBlock = isLast
            $0.dataLen = Int32(data.readableBytes)
            if sync { $0.syncBlock = true }
        }.wireBytes()
        var head = ByteBuffer()
        head.reserveCapacity(6 + header.readableBytes)
        head.writeInteger(Int32(4 + checksums.readableBytes + data.readableBytes))
        head.writeInteger(Int16(header.readableBytes))
        head.writeImmutableBuffer(header)
        sink(head)
        if checksums.readableBytes > 0 { sink(checksums) }
        if data.readableBytes > 0 { sink(data) }
    }
}
