import HoneyCore
import HoneyWorld
import NIOCore

/// Reads one segment of the log, record by record, in pieces of a megabyte.
struct SegmentReader {
    let file: any DiskFile
    /// What errors call the file.
    let path: String
    /// Whether the end may be torn: the last segment of a NameNode that did not end in order.
    let mayBeTorn: Bool

    private static let pieceBytes = 1 << 20

    /// Tells every transaction; returns the id after the last one and how many bytes are whole.
    ///
    /// A damaged record is the torn end only if nothing after it says that it was durable once. `from` is where an earlier
    /// reading stopped: the transaction to come next and its place. What comes after `last` is not looked at: a writer that was
    /// deposed may have written on.
    func forEach(
        first: Int, through last: Int = .max, from: (next: Int, offset: Int)? = nil,
        _ body: (Transaction) throws -> Void
    ) throws -> (next: Int, bytes: Int) {
        var window = ByteBuffer()
        var offset = from?.offset ?? 0
        func fill() throws -> Bool {
            window.discardReadBytes()
            let read = try file.read(at: offset + window.readableBytes, count: Self.pieceBytes, into: &window)
            return read > 0
        }
        _ = try fill()
        if from == nil, window.readableBytes < Transaction.headerBytes {
            guard mayBeTorn else { throw HoneyError.damaged("log segment has no header", path: path, offset: 0) }
            return (first, 0)
        }
        if from == nil, let header = window.readSlice(length: Transaction.headerBytes) {
            do { try check(header, first: first) } catch {
                // The header was durable before the first record was written, so that one torn at its making has none behind it.
                if mayBeTorn, try !holdsRecord(after: 0, from: first, durable: 0) { return (first, 0) }
                throw error
            }
            offset = Transaction.headerBytes
        }
        var next = from?.next ?? first
        while next <= last {
            let left = window.readableBytes
            do {
                guard let transaction = try Transaction.read(from: &window) else {
                    if try fill() { continue }
                    if window.readableBytes == 0 { return (next, offset) }
                    throw RecordDamage(reason: "a record is cut off")
                }
                guard transaction.id == next else {
                    throw RecordDamage(reason: "transaction \(transaction.id) stands where \(next) should")
                }
                try body(transaction)
                offset += left - window.readableBytes
                next += 1
            } catch let damage as RecordDamage {
                if mayBeTorn, try !wasDurable(next, after: offset) { return (next, offset) }
                throw HoneyError.damaged("log is damaged: \(damage.reason)", path: path, offset: offset)
            } catch let misfit as MisfitEdit {
                throw HoneyError.damaged("log does not fit its image: \(misfit.reason)", path: path, offset: offset)
            }
        }
        return (next, offset)
    }

    private func check(_ header: ByteBuffer, first: Int) throws {
        let sum = header.getInteger(at: header.writerIndex - 4, as: UInt32.self)
        let isWhole =
            header.getString(at: header.readerIndex, length: 8) == "HGEDITS1"
            && sum == Checksums.extend(0, with: header.getSlice(at: header.readerIndex, length: 20)!)
        guard isWhole, header.getInteger(at: header.readerIndex + 12, as: UInt64.self) == UInt64(first) else {
            throw HoneyError.damaged("log segment has a wrong header", path: path, offset: 0)
        }
    }

    /// Looks for a whole record after a damaged one that was written when the damaged one was durable already.
    private func wasDurable(_ transaction: Int, after offset: Int) throws -> Bool {
        try holdsRecord(after: offset, from: transaction + 1, durable: transaction)
    }

    private func holdsRecord(after offset: Int, from first: Int, durable: Int) throws -> Bool {
        var rest = ByteBuffer()
        try file.read(at: offset, count: Self.pieceBytes * 4, into: &rest)
        while rest.readableBytes > Transaction.frameBytes {
            rest.moveReaderIndex(forwardBy: 1)
            let start = rest.readerIndex
            guard let length = rest.getInteger(at: start, as: UInt32.self), length < rest.readableBytes,
                let id = rest.getInteger(at: start + 4, as: UInt64.self), id >= first, id < first.addingClamped(1 << 24)
            else { continue }
            var copy = rest
            if let later = try? Transaction.read(from: &copy), later.durable >= durable { return true }
        }
        return false
    }
}
