import HoneyCodecs
import HoneyCore
import HoneyFiles

/// Reads a split of a compressed file whose codec finds its parts: those that begin in the split, and what follows them.
///
/// The first part that begins at or after the split's end tells where the next split starts; its first line is still ours.
final class PartBytes: ByteSource {
    private let bytes: CountedBytes
    private let parts: any PartDecompressor
    private let split: ByteRange
    private let path: String
    private(set) var bytesGiven = 0
    private(set) var splitEnd: Int?
    /// Where the part begins that is given out.
    private var offset: Int

    init(_ file: any ReadableFile, split: ByteRange, _ codec: any SplittableCodec) throws {
        bytes = CountedBytes(file)
        path = file.location.description
        self.split = split
        offset = split.start
        let bytes = bytes
        parts = try placingErrors(in: path, at: split.start) {
            try codec.makePartDecompressor(of: bytes, from: split.start)
        }
    }

    var bytesRead: Int { bytes.bytesRead }

    func bytesNeeded(for given: Int) -> Int { max(min(offset, bytes.size) - split.start, 0) }

    func read(into target: UnsafeMutableRawPointer, count: Int) throws -> Int {
        try placingErrors(in: path, at: offset) {
            guard let next = try parts.nextOffset() else {
                offset = bytes.size
                return 0
            }
            offset = next
            if splitEnd == nil, next >= split.end {
                splitEnd = bytesGiven
                // A split in which no part begins owns no line either, unless it is the file's start.
                if bytesGiven == 0, split.start > 0 { return 0 }
            }
            let given = try parts.decompress(into: UnsafeMutableRawBufferPointer(start: target, count: count))
            bytesGiven += given
            return given
        }
    }
}

/// A file's bytes for a codec to read, counted.
private final class CountedBytes: RandomAccessBytes {
    private let file: any ReadableFile
    private(set) var bytesRead = 0

    init(_ file: any ReadableFile) { self.file = file }

    var size: Int { file.size }

    func read(at offset: Int, count: Int, into target: UnsafeMutableRawPointer) throws -> Int {
        let taken = try file.read(at: offset, count: count, into: target)
        bytesRead += taken
        return taken
    }
}
