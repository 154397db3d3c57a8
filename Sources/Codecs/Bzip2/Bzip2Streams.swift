import CBzip2
import HoneyCore

/// Decompresses bzip2 streams, joined ones too, that come in pieces.
final class Bzip2Decompressor: StreamDecompressor {
    // libbz2 keeps a pointer to the stream record, which therefore must not move.
    private let stream: UnsafeMutablePointer<bz_stream>
    /// Whether a stream has begun and not ended.
    private var isOpen = false

    init() {
        stream = .allocate(capacity: 1)
        stream.initialize(to: bz_stream())
    }

    deinit {
        if isOpen { BZ2_bzDecompressEnd(stream) }
        stream.deallocate()
    }

    var isAtBoundary: Bool { !isOpen }

    func decompress(
        _ input: UnsafeRawBufferPointer, into output: UnsafeMutableRawBufferPointer
    ) throws -> (consumed: Int, produced: Int) {
        var consumed = 0
        var produced = 0
        while produced < output.count, consumed < input.count || isOpen {
            if !isOpen { try open() }
            let available = UInt32(clamping: input.count - consumed)
            let room = UInt32(clamping: output.count - produced)
            stream.pointee.next_in = input.baseAddress.map {
                UnsafeMutablePointer(mutating: ($0 + consumed).assumingMemoryBound(to: CChar.self))
            }
            stream.pointee.avail_in = available
            stream.pointee.next_out = (output.baseAddress! + produced).assumingMemoryBound(to: CChar.self)
            stream.pointee.avail_out = room
            let status = BZ2_bzDecompress(stream)
            let taken = Int(available - stream.pointee.avail_in)
            let given = Int(room - stream.pointee.avail_out)
            consumed += taken
            produced += given
            switch status {
            case BZ_OK: if taken == 0 && given == 0 { return (consumed, produced) }
            case BZ_STREAM_END: close()
            case BZ_MEM_ERROR:
                throw HoneyError(.environment, "OUT_OF_MEMORY", "no memory for a bzip2 decompressor")
            default: throw HoneyError.damagedStream("bzip2", "is wrong (status \(status))")
            }
        }
        return (consumed, produced)
    }

    private func open() throws {
        stream.pointee = bz_stream()
        guard BZ2_bzDecompressInit(stream, 0, 0) == BZ_OK else {
            throw HoneyError(.environment, "OUT_OF_MEMORY", "no memory for a bzip2 decompressor")
        }
        isOpen = true
    }

    private func close() {
        BZ2_bzDecompressEnd(stream)
        isOpen = false
    }
}

/// Compresses a bzip2 stream piece by piece, in blocks of 900 kB as Hadoop does.
final class Bzip2Compressor: StreamCompressor {
    private let stream: UnsafeMutablePointer<bz_stream>
    private var isOpen = false
    private static let chunkBytes = 64 << 10

    init() throws {
        stream = .allocate(capacity: 1)
        stream.initialize(to: bz_stream())
    }

    deinit {
        if isOpen { BZ2_bzCompressEnd(stream) }
        stream.deallocate()
    }

    func compress(_ input: UnsafeRawBufferPointer, into target: inout [UInt8]) throws {
        try open()
        var consumed = 0
        while consumed < input.count {
            // libbz2 counts in 32 bits.
            let available = min(input.count - consumed, 1 << 30)
            stream.pointee.next_in = UnsafeMutablePointer(
                mutating: (input.baseAddress! + consumed).assumingMemoryBound(to: CChar.self))
            stream.pointee.avail_in = UInt32(available)
            while stream.pointee.avail_in > 0 { _ = try step(BZ_RUN, into: &target) }
            consumed += available
        }
    }

    func finish(into target: inout [UInt8]) throws {
        try open()
        stream.pointee.next_in = nil
        stream.pointee.avail_in = 0
        while try step(BZ_FINISH, into: &target) != BZ_STREAM_END {}
        BZ2_bzCompressEnd(stream)
        isOpen = false
    }

    private func open() throws {
        guard !isOpen else { return }
        stream.pointee = bz_stream()
        guard BZ2_bzCompressInit(stream, 9, 0, 0) == BZ_OK else {
            throw HoneyError(.environment, "OUT_OF_MEMORY", "no memory for a bzip2 compressor")
        }
        isOpen = true
    }

    private func step(_ action: Int32, into target: inout [UInt8]) throws -> Int32 {
        var status = BZ_OK
        try target.appendFilled(room: Bzip2Compressor.chunkBytes) { room in
            stream.pointee.next_out = room.baseAddress!.assumingMemoryBound(to: CChar.self)
            stream.pointee.avail_out = UInt32(room.count)
            status = BZ2_bzCompress(stream, action)
            guard status >= 0 else {
                throw HoneyError.unexpected("bzip2 compression failed with status \(status)")
            }
            return room.count - Int(stream.pointee.avail_out)
        }
        return status
    }
}
