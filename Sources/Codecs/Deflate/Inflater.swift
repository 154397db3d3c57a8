import CZlib
import HoneyCore

/// Inflates streams with one zlib state, kept from stream to stream; members and streams that follow one another read as one.
final class Inflater: BlockDecompressor, StreamDecompressor {
    private let container: DeflateContainer
    // zlib keeps a pointer to the stream record, which therefore must not move.
    private let stream: UnsafeMutablePointer<z_stream>
    /// Tells that nothing of the current member has been read.
    private var isFresh = true
    /// Tells that at least one member has ended.
    private var hasEndedMember = false

    init(_ container: DeflateContainer) throws {
        self.container = container
        stream = .allocate(capacity: 1)
        stream.initialize(to: z_stream())
        let status = inflateInit2_(stream, container.windowBits, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size))
        guard status == Z_OK else {
            stream.deallocate()
            throw HoneyError(.environment, "OUT_OF_MEMORY", "no memory for a \(container.name) decompressor")
        }
    }

    deinit {
        inflateEnd(stream)
        stream.deallocate()
    }

    /// Forgets all input so far.
    private func reset() {
        inflateReset(stream)
        isFresh = true
        hasEndedMember = false
    }

    var isAtBoundary: Bool { isFresh }

    func decompress(
        _ input: UnsafeRawBufferPointer, into output: UnsafeMutableRawBufferPointer
    ) throws -> (consumed: Int, produced: Int) {
        var consumed = 0
        var produced = 0
        while produced < output.count, consumed < input.count || !isFresh {
            if isFresh {
                if hasEndedMember, skipPadding(input, &consumed) { break }
                isFresh = false
            }
            let step = try inflateSome(input, consumed, output, produced)
            consumed += step.consumed
            produced += step.produced
            if step.isEnd { startNextMember() }
            if !step.isEnd && step.consumed == 0 && step.produced == 0 { break }
        }
        return (consumed, produced)
    }

    func decompress(_ bytes: UnsafeRawBufferPointer, into output: UnsafeMutableRawBufferPointer) throws -> Int {
        reset()
        let (consumed, produced) = try decompress(bytes, into: output)
        if consumed == bytes.count && isFresh { return produced }
        // The stream's end may still be in front of us when the output is just full; more bytes are too many.
        var spare: UInt8 = 0
        let rest = UnsafeRawBufferPointer(rebasing: bytes[consumed...])
        let (more, excess) = try withUnsafeMutableBytes(of: &spare) { try decompress(rest, into: $0) }
        if excess > 0 { throw damaged("holds more than \(output.count) bytes") }
        guard consumed + more == bytes.count, isFresh else { throw damaged("is cut short") }
        return produced
    }

    /// Skips zero bytes that some writers put after the last member; tells whether only such bytes were left.
    private func skipPadding(_ input: UnsafeRawBufferPointer, _ consumed: inout Int) -> Bool {
        while consumed < input.count, input[consumed] == 0 { consumed += 1 }
        return consumed == input.count
    }

    private func startNextMember() {
        inflateReset(stream)
        isFresh = true
        hasEndedMember = true
    }

    private func inflateSome(
        _ input: UnsafeRawBufferPointer, _ consumed: Int, _ output: UnsafeMutableRawBufferPointer, _ produced: Int
    ) throws -> (consumed: Int, produced: Int, isEnd: Bool) {
        // zlib counts in 32 bits.
        let available = UInt32(clamping: input.count - consumed)
        let room = UInt32(clamping: output.count - produced)
        stream.pointee.next_in = input.baseAddress.map {
            UnsafeMutablePointer(mutating: ($0 + consumed).assumingMemoryBound(to: UInt8.self))
        }
        stream.pointee.avail_in = available
        stream.pointee.next_out = (output.baseAddress! + produced).assumingMemoryBound(to: UInt8.self)
        stream.pointee.avail_out = room
        let status = inflate(stream, Z_NO_FLUSH)
        switch status {
        case Z_OK, Z_STREAM_END, Z_BUF_ERROR: break
        case Z_MEM_ERROR:
            throw HoneyError(.environment, "OUT_OF_MEMORY", "no memory for a \(container.name) decompressor")
        case Z_NEED_DICT: throw damaged("asks for a dictionary")
        default: throw damaged(stream.pointee.msg.map { String(cString: $0) } ?? "is wrong")
        }
        return (
            Int(available - stream.pointee.avail_in), Int(room - stream.pointee.avail_out), status == Z_STREAM_END
        )
    }

    private func damaged(_ what: String) -> HoneyError {
        HoneyError(.data, "FILE_DAMAGED", "damaged \(container.name) stream: \(what)")
    }
}
