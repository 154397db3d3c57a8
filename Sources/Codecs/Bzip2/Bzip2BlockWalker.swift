import HoneyCore

/// Decompresses a bzip2 file block by block, from any offset: each block found by its mark becomes a stream of its own.
final class Bzip2BlockWalker: PartDecompressor {
    private static let chunkBytes = 256 << 10
    /// No block of 900 kB takes more.
    private static let maximumBlockBytes = 2 << 20
    /// Marks that may turn out to be a block's own bits, which are one in 2^48.
    private static let maximumFalseMarks = 3

    private let bytes: any RandomAccessBytes
    /// The file from byte `start` on, as far as it was needed.
    private var window: [UInt8] = []
    private var start: Int
    /// Where in the file to look for the next mark, in bits.
    private var position: Int
    /// The mark of the next block, once it is found.
    private var next: Bzip2Mark?
    /// The block that is being given out, and where it begins.
    private var block: [UInt8] = []
    private var given = 0
    private var blockOffset = 0
    /// Whether the stream at the file's start has shown a mark; one from the middle need not.
    private var hasMark: Bool

    init(_ bytes: any RandomAccessBytes, from offset: Int) throws {
        self.bytes = bytes
        start = offset
        position = offset * 8
        hasMark = offset > 0 || bytes.size == 0
        if offset == 0 && bytes.size > 0 {
            _ = try extend()
            guard window.starts(with: "BZh".utf8) else {
                throw HoneyError.damagedStream("bzip2", "does not start with 'BZh'")
            }
        }
    }

    func nextOffset() throws -> Int? {
        if given < block.count { return blockOffset }
        while next == nil, let mark = try mark(from: position) {
            hasMark = true
            switch mark.kind {
            case .block: next = mark
            // The CRC and the rest of its last byte.
            case .end: position = (mark.position + Bzip2Mark.bits + 32 + 7) / 8 * 8
            }
        }
        guard hasMark else { throw HoneyError.damagedStream("bzip2", "is cut short") }
        return next.map { $0.position / 8 }
    }

    func decompress(into output: UnsafeMutableRawBufferPointer) throws -> Int {
        while given == block.count {
            guard try nextOffset() != nil, let mark = next else { return 0 }
            next = nil
            try open(mark)
        }
        let count = min(output.count, block.count - given)
        block.withUnsafeBytes { output.copyMemory(from: UnsafeRawBufferPointer(rebasing: $0[given..<given + count])) }
        given += count
        return count
    }

    /// Decompresses the block at `mark`, which goes up to the next mark that makes sense of it.
    private func open(_ mark: Bzip2Mark) throws {
        var from = mark.position + Bzip2Mark.bits + 32
        var falseMarks = 0
        while true {
            guard let end = try self.mark(from: from, keeping: mark.position),
                end.position - mark.position <= Self.maximumBlockBytes * 8
            else {
                throw HoneyError.damagedStream("bzip2", "block is cut short")
            }
            do {
                try expand(stream(of: mark.position..<end.position))
                blockOffset = mark.position / 8
                position = end.position
                forget(before: end.position / 8)
                return
            } catch {
                falseMarks += 1
                if falseMarks > Self.maximumFalseMarks { throw error }
                from = end.position + 1
            }
        }
    }

    /// Makes a stream of one block, given by its bits in the file.
    ///
    /// Its level is the highest one, whatever the file's: that is no more than room.
    private func stream(of bits: Range<Int>) -> [UInt8] {
        var stream = Array("BZh9".utf8)
        stream.reserveCapacity(bits.count / 8 + 32)
        let first = bits.lowerBound / 8 - start
        let shift = UInt8(bits.lowerBound % 8)
        let whole = bits.count / 8
        func byte(_ index: Int) -> UInt8 {
            let low = shift == 0 ? 0 : window[first + index + 1] >> (8 - shift)
            return window[first + index] << shift | low
        }
        for index in 0..<whole { stream.append(byte(index)) }
        // The CRC of all blocks is that of the only one.
        let crc = stream[10..<14].reduce(0 as UInt64) { $0 << 8 | UInt64($1) }
        // What is left of the block, fewer than eight bits, comes before the end's mark and the CRC.
        let left = UInt64(bits.count % 8)
        var pending: UInt64 = 0
        if left > 0 {
            let high = window[first + whole] << shift
            let low = shift > 0 && first + whole + 1 < window.count ? window[first + whole + 1] >> (8 - shift) : 0
            pending = UInt64((high | low) >> (8 - UInt8(left)))
        }
        var count = left
        for (value, size) in [(Bzip2Mark.end, 48 as UInt64), (crc, 32)] {
            for shift in stride(from: Int(size) - 8, through: 0, by: -8) {
                pending = pending << 8 | (value >> UInt64(shift) & 0xFF)
                stream.append(UInt8(truncatingIfNeeded: pending >> count))
            }
        }
        count = (8 - left) % 8
        if count > 0 { stream.append(UInt8(truncatingIfNeeded: pending << count)) }
        return stream
    }

    /// Decompresses a whole stream into `block`.
    private func expand(_ stream: [UInt8]) throws {
        block.removeAll(keepingCapacity: true)
        given = 0
        do {
            // A block's runs of equal bytes are counted, so that it may hold fifty times its 900 kB.
            try stream.withUnsafeBytes { try BZip2Codec().decompress($0, into: &block, limit: 64 << 20) }
        } catch {
            block.removeAll(keepingCapacity: true)
            throw error
        }
    }

    /// Finds the first mark at or after a bit of the file, reading as far as need be; the window keeps its bytes from bit `kept`
    /// on, or those of the mark alone.
    private func mark(from bit: Int, keeping kept: Int? = nil) throws -> Bzip2Mark? {
        var from = bit
        while true {
            let found = window.withUnsafeBytes { Bzip2Mark.first(in: $0, from: from - start * 8) }
            if let found { return Bzip2Mark(kind: found.kind, position: found.position + start * 8) }
            // A mark may straddle the window's end.
            from = max(from, (start + window.count) * 8 - Bzip2Mark.bits + 1)
            if kept == nil {
                forget(before: from / 8)
            } else if window.count > Self.maximumBlockBytes {
                return nil
            }
            guard try extend() else { return nil }
        }
    }

    private func forget(before byte: Int) {
        let count = min(max(byte - start, 0), window.count)
        window.removeFirst(count)
        start += count
    }

    /// Reads more of the file; false at its end.
    private func extend() throws -> Bool {
        let end = start + window.count
        let wanted = min(Self.chunkBytes, bytes.size - end)
        guard wanted > 0 else { return false }
        var taken = 0
        try window.appendFilled(room: wanted) { room in
            taken = try bytes.read(at: end, count: wanted, into: room.baseAddress!)
            return taken
        }
        return taken > 0
    }
}
