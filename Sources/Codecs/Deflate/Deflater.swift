import CZlib
import HoneyCore

/// Deflates streams with one zlib state, kept from stream to stream, at zlib's default level as Hadoop does.
final class Deflater: StreamCompressor {
    private let container: DeflateContainer
    // zlib keeps a pointer to the stream record, which therefore must not move.
    private let stream: UnsafeMutablePointer<z_stream>
    private static let chunkBytes = 64 << 10

    /// A level from 0 to 9; nil means zlib's usual one.
    init(_ container: DeflateContainer, level: Int? = nil) throws {
        self.container = container
        stream = .allocate(capacity: 1)
        stream.initialize(to: z_stream())
        let status = deflateInit2_(
            stream, level.map { Int32(clamping: $0) } ?? Z_DEFAULT_COMPRESSION, Z_DEFLATED, container.windowBits, 8,
            Z_DEFAULT_STRATEGY, ZLIB_VERSION,
            Int32(MemoryLayout<z_stream>.size))
        guard status == Z_OK else {
            stream.deallocate()
            throw HoneyError(.environment, "OUT_OF_MEMORY", "no memory for a \(container.name) compressor")
        }
    }

    deinit {
        deflateEnd(stream)
        stream.deallocate()
    }

    func compress(_ input: UnsafeRawBufferPointer, into target: inout [UInt8]) throws {
        var consumed = 0
        while consumed < input.count {
            // zlib counts in 32 bits.
            let available = min(input.count - consumed, 1 << 30)
            stream.pointee.next_in = UnsafeMutablePointer(
                mutating: (input.baseAddress! + consumed).assumingMemoryBound(to: UInt8.self))
            stream.pointee.avail_in = UInt32(available)
            repeat {
                _ = try deflateSome(Z_NO_FLUSH, into: &target)
            } while stream.pointee.avail_in > 0
            consumed += available
        }
    }

    /// Ends the stream; the next call of `compress` starts another.
    func finish(into target: inout [UInt8]) throws {
        stream.pointee.next_in = nil
        stream.pointee.avail_in = 0
        while try deflateSome(Z_FINISH, into: &target) != Z_STREAM_END {}
        deflateReset(stream)
    }

    private func deflateSome(_ flush: Int32, into target: inout [UInt8]) throws -> Int32 {
        var status = Z_OK
        let stream = stream
        try withUnsafeTemporaryAllocation(byteCount: Deflater.chunkBytes, alignment: 16) { chunk in
            stream.pointee.next_out = chunk.baseAddress!.assumingMemoryBound(to: UInt8.self)
            stream.pointee.avail_out = UInt32(chunk.count)
            status = deflate(stream, flush)
            guard status == Z_OK || status == Z_STREAM_END || status == Z_BUF_ERROR else {
                throw HoneyError.unexpected("\(container.name) compression failed with status \(status)")
            }
            target.append(contentsOf: chunk[..<(chunk.count - Int(stream.pointee.avail_out))])
        }
        return status
    }
}
