import HoneyCodecs
import HoneyCore
import HoneyFiles

/// Gives a file's bytes in order, decompressed where need be.
protocol ByteSource: AnyObject {
    /// Fills `target` with up to `count` bytes; 0 only at the end.
    func read(into target: UnsafeMutableRawPointer, count: Int) throws -> Int
    /// Bytes taken from the file.
    var bytesRead: Int { get }
    /// Bytes given out.
    var bytesGiven: Int { get }
    /// Where, among the bytes given out, those begin that the next split owns; nil as long as they have not.
    var splitEnd: Int? { get }
    /// Bytes of the file that were needed for the first `given` bytes given out, as far as that is known.
    func bytesNeeded(for given: Int) -> Int
}

/// Reads a range of a plain file.
final class PlainBytes: ByteSource {
    private let file: any ReadableFile
    private var offset: Int
    private let end: Int
    private(set) var bytesRead = 0
    var bytesGiven: Int { bytesRead }
    /// Splits of a plain file know their ends beforehand.
    let splitEnd: Int? = nil

    init(_ file: any ReadableFile, from offset: Int, to end: Int) {
        self.file = file
        self.offset = offset
        self.end = end
    }

    func read(into target: UnsafeMutableRawPointer, count: Int) throws -> Int {
        let wanted = min(count, end - offset)
        guard wanted > 0 else { return 0 }
        let taken = try file.read(at: offset, count: wanted, into: target)
        offset += taken
        bytesRead += taken
        return taken
    }

    func bytesNeeded(for given: Int) -> Int { given }
}

/// Reads a compressed file from its start.
final class DecompressedBytes: ByteSource {
    private let file: any ReadableFile
    private let decompressor: any StreamDecompressor
    private let input = Buffer(capacity: 1 << 18)
    /// The part of `input` not consumed yet.
    private var pending = 0..<0
    private(set) var bytesRead = 0
    private(set) var bytesGiven = 0
    let splitEnd: Int? = nil

    init(_ file: any ReadableFile, _ codec: any Codec) throws {
        self.file = file
        decompressor = try codec.makeDecompressor()
    }

    func bytesNeeded(for given: Int) -> Int { bytesRead - pending.count }

    func read(into target: UnsafeMutableRawPointer, count: Int) throws -> Int {
        try placingErrors(in: file.location.description, at: bytesRead - pending.count) {
            try decompress(into: target, count: count)
        }
    }

    private func decompress(into target: UnsafeMutableRawPointer, count: Int) throws -> Int {
        while true {
            if pending.isEmpty {
                let taken = try file.read(at: bytesRead, count: input.capacity, into: input.base)
                bytesRead += taken
                pending = 0..<taken
            }
            let isAtEnd = pending.isEmpty
            let (consumed, produced) = try decompressor.decompress(
                UnsafeRawBufferPointer(start: input.base + pending.lowerBound, count: pending.count),
                into: UnsafeMutableRawBufferPointer(start: target, count: count))
            pending = (pending.lowerBound + consumed)..<pending.upperBound
            if produced > 0 {
                bytesGiven += produced
                return produced
            }
            if isAtEnd {
                // A file of no bytes is a file of no rows.
                guard decompressor.isAtBoundary || bytesRead == 0 else {
                    throw HoneyError.damaged(
                        "compressed stream is cut short", path: file.location.description, offset: bytesRead)
                }
                return 0
            }
            if consumed == 0, pending.lowerBound > 0 || pending.count < input.capacity {
                try refill()
            } else if consumed == 0 {
                throw HoneyError.damaged(
                    "compressed stream makes no progress", path: file.location.description, offset: bytesRead)
            }
        }
    }

    /// Moves what is pending to the front and reads more behind it.
    private func refill() throws {
        let left = pending.count
        (input.base).copyMemory(from: input.base + pending.lowerBound, byteCount: left)
        let taken = try file.read(at: bytesRead, count: input.capacity - left, into: input.base + left)
        bytesRead += taken
        pending = 0..<(left + taken)
        if taken == 0 {
            throw HoneyError.damaged(
                "compressed stream is cut short", path: file.location.description, offset: bytesRead)
        }
    }
}
