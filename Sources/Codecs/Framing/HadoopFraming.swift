import HoneyCore

/// A codec of raw blocks in Hadoop's framing.
///
/// ```
/// repeat: i32 bytes of the block       0 is legal and carries no chunk
///         until they add up to it:
///             i32 stored bytes of the chunk
///             a raw block of the compression
/// ```
protocol FramedCodec: Codec {
    /// The compression of the chunks.
    var chunks: BlockCodec { get }
    /// The most bytes that a writer puts into a block: Hadoop's buffer less what a chunk may grow by.
    var blockBytes: Int { get }
}

extension FramedCodec {
    public func makeDecompressor() throws -> any StreamDecompressor {
        FramedDecompressor(try chunks.makeDecompressor(), name: chunks.name)
    }

    public func makeCompressor() throws -> any StreamCompressor {
        FramedCompressor(try chunks.makeCompressor(), blockBytes: blockBytes)
    }
}

/// Takes Hadoop's framing off.
final class FramedDecompressor: StreamDecompressor {
    private enum State {
        case blockLength
        case chunkLength
        case chunk(Int)
    }

    private let chunks: any BlockDecompressor
    private let name: String
    private var state = State.blockLength
    /// Bytes of the block that have not been decompressed.
    private var blockLeft = 0
    private var gatherer = PieceGatherer()
    private var decoded = DecodedBytes()

    init(_ chunks: any BlockDecompressor, name: String) {
        self.chunks = chunks
        self.name = name
    }

    var isAtBoundary: Bool {
        if case .blockLength = state { gatherer.isEmpty && decoded.isEmpty } else { false }
    }

    func decompress(
        _ input: UnsafeRawBufferPointer, into output: UnsafeMutableRawBufferPointer
    ) throws -> (consumed: Int, produced: Int) {
        var consumed = 0
        var produced = 0
        while true {
            decoded.give(to: output, &produced)
            guard produced < output.count else { break }
            switch state {
            case .blockLength:
                guard let bytes = gatherer.take(4, from: input, &consumed) else { return (consumed, produced) }
                blockLeft = try length(bytes, "block")
                if blockLeft > 0 { state = .chunkLength }
            case .chunkLength:
                guard let bytes = gatherer.take(4, from: input, &consumed) else { return (consumed, produced) }
                let stored = try length(bytes, "chunk")
                guard stored > 0 else { throw HoneyError.damagedStream(name, "has an empty chunk") }
                state = .chunk(stored)
            case .chunk(let stored):
                guard let chunk = gatherer.take(stored, from: input, &consumed) else { return (consumed, produced) }
                let count = try expand(chunk, output, &produced)
                blockLeft -= count
                state = blockLeft == 0 ? .blockLength : .chunkLength
            }
        }
        return (consumed, produced)
    }

    private func length(_ bytes: UnsafeRawBufferPointer, _ what: StaticString) throws -> Int {
        let length = bytes.bigEndian(as: Int32.self)
        guard length >= 0 else { throw HoneyError.damagedStream(name, "has a \(what) of \(length) bytes") }
        return Int(length)
    }

    /// Decompresses a chunk, to the output where it surely fits; returns how many bytes it held.
    private func expand(
        _ chunk: UnsafeRawBufferPointer, _ output: UnsafeMutableRawBufferPointer, _ produced: inout Int
    ) throws -> Int {
        // No byte of these compressions stands for more than 255, whatever the block's length claims.
        let most = min(blockLeft, chunk.count * 255 + 64)
        let room = UnsafeMutableRawBufferPointer(rebasing: output[produced...])
        if room.count >= most {
            let count = try chunks.decompress(chunk, into: UnsafeMutableRawBufferPointer(rebasing: room[..<most]))
            produced += count
            return count
        }
        var count = 0
        try decoded.refill(room: most) {
            count = try chunks.decompress(chunk, into: $0)
            return count
        }
        return count
    }
}

/// Puts Hadoop's framing on, each block in one chunk.
final class FramedCompressor: StreamCompressor {
    private let chunks: any BlockCompressor
    private let blockBytes: Int
    private var pending: [UInt8] = []
    private var chunk: [UInt8] = []
    private var isFresh = true

    init(_ chunks: any BlockCompressor, blockBytes: Int) {
        self.chunks = chunks
        self.blockBytes = blockBytes
    }

    func compress(_ input: UnsafeRawBufferPointer, into target: inout [UInt8]) throws {
        var rest = input[...]
        while !rest.isEmpty {
            if pending.isEmpty && rest.count >= blockBytes {
                try write(UnsafeRawBufferPointer(rebasing: rest.prefix(blockBytes)), to: &target)
                rest = rest.dropFirst(blockBytes)
                continue
            }
            let taken = rest.prefix(blockBytes - pending.count)
            pending.append(contentsOf: taken)
            rest = rest.dropFirst(taken.count)
            if pending.count == blockBytes { try writePending(to: &target) }
        }
    }

    func finish(into target: inout [UInt8]) throws {
        if !pending.isEmpty { try writePending(to: &target) }
        // A stream of nothing is a block of nothing.
        if isFresh { target.append(bigEndian: Int32(0)) }
        isFresh = true
    }

    private func writePending(to target: inout [UInt8]) throws {
        try pending.withUnsafeBytes { try write($0, to: &target) }
        pending.removeAll(keepingCapacity: true)
    }

    private func write(_ block: UnsafeRawBufferPointer, to target: inout [UInt8]) throws {
        chunk.removeAll(keepingCapacity: true)
        try chunks.compress(block, into: &chunk)
        target.append(bigEndian: Int32(block.count))
        target.append(bigEndian: Int32(chunk.count))
        target.append(contentsOf: chunk)
        isFresh = false
    }
}
