import HoneyCore
import Synchronization

#if canImport(Glibc)
    import Glibc
#else
    import Musl
#endif

/// A block that is read from the files of a DataNode on this host, with its checksums verified the first time bytes are read.
///
/// Files are read, not mapped: a file that somebody cuts short while it is read must not end the process.
final class LocalBlock: Sendable {
    let size: Int
    private let data: OpenDescriptor
    private let checksums: OpenDescriptor
    private let kind: ChunkChecksum
    private let verified: VerifiedParts

    /// The checksum file begins with these bytes, before four bytes for each chunk:
    ///
    ///     | bytes | what                                                |
    ///     |-------|-----------------------------------------------------|
    ///     | 2     | version: 1, big-endian                              |
    ///     | 1     | kind: 0 none, 1 CRC-32, 2 CRC-32C                   |
    ///     | 4     | bytes of data for each checksum, big-endian         |
    private static let headerBytes = 7

    /// Opens a block's files; nil when they are not what they should be.
    init?(_ paths: LocalPaths, size: Int, verified: VerifiedParts) {
        guard let data = OpenDescriptor(paths.data), let checksums = OpenDescriptor(paths.checksums),
            data.size >= size
        else { return nil }
        var header = [UInt8](repeating: 0, count: Self.headerBytes)
        let taken = header.withUnsafeMutableBytes { checksums.read($0, at: 0) }
        guard taken == Self.headerBytes, header[0] == 0, header[1] == 1 else { return nil }
        let algorithm: ChunkChecksum.Algorithm? = [0: .none, 1: .crc32, 2: .crc32C][header[2]]
        let chunk = header[3...].reduce(0) { $0 << 8 | Int($1) }
        guard let algorithm, let kind = ChunkChecksum(algorithm, bytesPerChecksum: chunk) else { return nil }
        self.size = size
        self.data = data
        self.checksums = checksums
        self.kind = kind
        self.verified = verified
    }

    /// Reads bytes at `offset`, which must be in the block; nil when they cannot be read or are not what was written.
    func read(at offset: Int, into target: UnsafeMutableRawBufferPointer) -> Int? {
        let count = min(target.count, size - offset)
        let wanted = UnsafeMutableRawBufferPointer(rebasing: target[..<count])
        guard data.read(wanted, at: offset) == count else { return nil }
        guard !kind.isNone, count > 0 else { return count }
        let bytes = partBytes
        for run in verified.missing(in: offset / bytes..<(offset + count - 1) / bytes + 1) {
            guard verify(run, wanted, at: offset) else { return nil }
            verified.insert(run)
        }
        return count
    }

    /// Bytes of a part: whole chunks.
    private var partBytes: Int { kind.bytesPerChecksum * max(1, VerifiedParts.partBytes / kind.bytesPerChecksum) }

    /// Verifies parts that follow one another, of the first and last of which only some bytes may be wanted.
    private func verify(_ parts: Range<Int>, _ wanted: UnsafeMutableRawBufferPointer, at offset: Int) -> Bool {
        let bytes = partBytes
        let end = offset + wanted.count
        var whole = parts
        if parts.lowerBound * bytes < offset { whole = parts.lowerBound + 1..<parts.upperBound }
        if min(parts.upperBound * bytes, size) > end {
            whole = whole.lowerBound..<max(whole.lowerBound, whole.upperBound - 1)
        }
        if !whole.isEmpty {
            let range = whole.lowerBound * bytes..<min(whole.upperBound * bytes, size)
            let read = wanted[range.lowerBound - offset..<range.upperBound - offset]
            guard verify(UnsafeRawBufferPointer(rebasing: read), range) else { return false }
        }
        for part in parts where !whole.contains(part) {
            let range = part * bytes..<min((part + 1) * bytes, size)
            guard verifyAround(range, wanted, at: offset) else { return false }
        }
        return true
    }

    /// Verifies a part of which only some bytes are wanted.
    private func verifyAround(_ range: Range<Int>, _ wanted: UnsafeMutableRawBufferPointer, at offset: Int) -> Bool {
        withUnsafeTemporaryAllocation(byteCount: range.count, alignment: 16) { part in
            guard data.read(part, at: range.lowerBound) == range.count, verify(UnsafeRawBufferPointer(part), range)
            else { return false }
            // The bytes that were verified are the bytes that are given.
            let common = range.clamped(to: offset..<offset + wanted.count)
            UnsafeMutableRawBufferPointer(rebasing: wanted[(common.lowerBound - offset)...]).copyMemory(
                from: UnsafeRawBufferPointer(
                    rebasing: part[common.lowerBound - range.lowerBound..<common.upperBound - range.lowerBound]))
            return true
        }
    }

    private func verify(_ bytes: UnsafeRawBufferPointer, _ range: Range<Int>) -> Bool {
        let first = range.lowerBound / kind.bytesPerChecksum
        let chunks = (range.count + kind.bytesPerChecksum - 1) / kind.bytesPerChecksum
        return withUnsafeTemporaryAllocation(byteCount: 4 * chunks, alignment: 4) { sums in
            guard checksums.read(sums, at: Self.headerBytes + 4 * first) == sums.count else { return false }
            return kind.firstMismatch(in: bytes, checksums: UnsafeRawBufferPointer(sums)) == nil
        }
    }
}

/// Which parts of a block were found to be right.
final class VerifiedParts: Sendable {
    /// Bytes of a part, about: reads that end within one read the rest of it as well, only to verify it.
    static let partBytes = 4 << 10
    private let words: Mutex<[UInt64]>

    init(size: Int) { words = Mutex(Array(repeating: 0, count: size / (Self.partBytes / 2) / 64 + 1)) }

    /// Finds those of some parts that were not verified yet, as runs in their order.
    func missing(in parts: Range<Int>) -> [Range<Int>] {
        words.withLock { words in
            var runs: [Range<Int>] = []
            for part in parts where part / 64 >= words.count || words[part / 64] & 1 << (part % 64) == 0 {
                if let last = runs.last, last.upperBound == part {
                    runs[runs.count - 1] = last.lowerBound..<part + 1
                } else {
                    runs.append(part..<part + 1)
                }
            }
            return runs
        }
    }

    func insert(_ parts: Range<Int>) {
        words.withLock { words in
            for part in parts where part / 64 < words.count { words[part / 64] |= 1 << (part % 64) }
        }
    }
}

/// A file that was opened for reading.
private final class OpenDescriptor: Sendable {
    private let descriptor: Int32

    init?(_ path: String) {
        let opened = open(path, O_RDONLY | O_CLOEXEC)
        guard opened >= 0 else { return nil }
        descriptor = opened
    }

    deinit { close(descriptor) }

    var size: Int {
        var attributes = stat()
        return fstat(descriptor, &attributes) == 0 ? attributes.st_size : -1
    }

    /// Fills `target`; fewer bytes at the end of the file or at a failure.
    func read(_ target: UnsafeMutableRawBufferPointer, at offset: Int) -> Int {
        var done = 0
        while done < target.count {
            let taken = pread(descriptor, target.baseAddress! + done, target.count - done, offset + done)
            if taken < 0, errno == EINTR { continue }
            guard taken > 0 else { break }
            done += taken
        }
        return done
    }
}
