import HoneyCore

/// Decompresses files of the program `lzop`, joined ones too.
///
/// ```
/// header                                          see LzopHeader
/// repeat: u32 bytes of the block                  0 ends the file
///         u32 stored bytes
///         u32 Adler-32, u32 CRC-32 of the block   with flags 1, 100
///         u32 Adler-32, u32 CRC-32 as stored      with flags 2, 200, unless stored as it is
///         the block, an LZO1X block unless as many bytes are stored
/// ```
final class LzopDecompressor: StreamDecompressor {
    /// The most that lzop puts into a block.
    private static let maximumBlockBytes = 64 << 20

    private struct Block {
        var bytes: Int
        var stored: Int
        /// Bytes of checksums before the block.
        var checksumBytes: Int
    }

    private enum State {
        case header
        case blockLength
        case storedLength(bytes: Int)
        case block(Block)
    }

    private let chunks: any BlockDecompressor
    private var state = State.header
    private var header = LzopHeader()
    private var isFresh = true
    private var gatherer = PieceGatherer()
    private var decoded = DecodedBytes()

    init(_ chunks: any BlockDecompressor) { self.chunks = chunks }

    var isAtBoundary: Bool { isFresh && gatherer.isEmpty && decoded.isEmpty }

    func decompress(
        _ input: UnsafeRawBufferPointer, into output: UnsafeMutableRawBufferPointer
    ) throws -> (consumed: Int, produced: Int) {
        var consumed = 0
        var produced = 0
        while true {
            decoded.give(to: output, &produced)
            guard produced < output.count, let bytes = gatherer.take(wanted, from: input, &consumed) else { break }
            try read(bytes)
        }
        return (consumed, produced)
    }

    /// Bytes that the state takes.
    private var wanted: Int {
        switch state {
        case .header: header.wanted ?? 0
        case .blockLength, .storedLength: 4
        case .block(let block): block.checksumBytes + block.stored
        }
    }

    private func read(_ bytes: UnsafeRawBufferPointer) throws {
        switch state {
        case .header:
            isFresh = false
            try header.read(bytes)
            if header.wanted == nil { state = .blockLength }
        case .blockLength:
            let count = Int(bytes.bigEndian(as: UInt32.self))
            guard count <= LzopDecompressor.maximumBlockBytes else { throw damaged("has a block of \(count) bytes") }
            state = .storedLength(bytes: count)
            if count == 0 {
                state = .header
                header = LzopHeader()
                isFresh = true
            }
        case .storedLength(let count):
            let stored = Int(bytes.bigEndian(as: UInt32.self))
            guard stored > 0, stored <= count else { throw damaged("stores \(count) bytes in \(stored)") }
            state = .block(Block(bytes: count, stored: stored, checksumBytes: checksumBytes(isPlain: stored == count)))
        case .block(let block):
            try expand(block, bytes)
            state = .blockLength
        }
    }

    private func checksumBytes(isPlain: Bool) -> Int {
        var wanted: [LzopHeader.Flags] = [.adlerOfBytes, .crcOfBytes]
        if !isPlain { wanted += [.adlerOfStored, .crcOfStored] }
        return 4 * wanted.count { header.flags.contains($0) }
    }

    private func expand(_ block: Block, _ bytes: UnsafeRawBufferPointer) throws {
        let stored = UnsafeRawBufferPointer(rebasing: bytes[block.checksumBytes...])
        // No byte of LZO stands for more than 255.
        guard block.bytes <= stored.count * 255 + 64 else { throw damaged("block is longer than it can be") }
        var offset = 0
        func checksum(_ flag: LzopHeader.Flags) -> UInt32? {
            guard header.flags.contains(flag) else { return nil }
            defer { offset += 4 }
            return bytes.bigEndian(at: offset)
        }
        let adler = checksum(.adlerOfBytes)
        let crc = checksum(.crcOfBytes)
        if block.stored < block.bytes {
            try check(stored, adler: checksum(.adlerOfStored), crc: checksum(.crcOfStored))
        }
        try decoded.refill(room: block.bytes) { room in
            if block.stored == block.bytes {
                room.copyMemory(from: stored)
            } else if try chunks.decompress(stored, into: room) != block.bytes {
                throw damaged("block is shorter than its length")
            }
            try check(UnsafeRawBufferPointer(room), adler: adler, crc: crc)
            return room.count
        }
    }

    private func check(_ bytes: UnsafeRawBufferPointer, adler: UInt32?, crc: UInt32?) throws {
        guard adler.map({ $0 == UInt32(LzopHeader.adler(bytes)) }) ?? true,
            crc.map({ $0 == UInt32(LzopHeader.crc(bytes)) }) ?? true
        else { throw damaged("has a wrong checksum") }
    }

    private func damaged(_ what: String) -> HoneyError { HoneyError.damagedStream("lzop", what) }
}
