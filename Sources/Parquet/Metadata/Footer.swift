import HoneyCore
import HoneyFiles
import HoneyStorage

/// The end of a file, which tells all else.
///
/// ```
/// "PAR1"   column chunks, indexes, bloom filters   metadata   u32 little-endian bytes of the metadata   "PAR1"
/// ```
/// Files whose metadata are encrypted end (and begin) with "PARE".
struct Footer: Sendable {
    let metadata: FileMetadata
    /// What bounds of statistics point into.
    let bytes: Buffer
    /// Where the metadata start in the file: all else lies before.
    let start: Int

    static let magic: [UInt8] = Array("PAR1".utf8)
    static let encryptedMagic: [UInt8] = Array("PARE".utf8)
    /// Bytes read from the end at first, which hold the metadata of most files.
    private static let guessedBytes = 64 << 10
    private static let tailBytes = 8

    static func read(of file: any ReadableFile, counters: inout ReadCounters) throws -> Footer {
        let path = file.location.description
        let size = file.size
        guard size >= magic.count + tailBytes else {
            throw HoneyError.damaged("not a Parquet file: it holds \(size) bytes", path: path, offset: 0)
        }
        var count = min(size, guessedBytes)
        var end = try file.bytes(at: size - count, count: count, counters: &counters)
        let tail = UnsafeRawBufferPointer(start: end.base + count - tailBytes, count: tailBytes)
        if tail.suffix(4).elementsEqual(encryptedMagic) { throw encrypted(path) }
        guard tail.suffix(4).elementsEqual(magic) else {
            throw HoneyError.damaged(
                "not a Parquet file: it does not end with PAR1", path: path, offset: size - magic.count)
        }
        let length = Int(UInt32(littleEndian: tail.loadUnaligned(as: UInt32.self)))
        guard length <= size - tailBytes - magic.count else {
            throw HoneyError.damaged(
                "Parquet footer is longer than its file: \(length) bytes", path: path, offset: size - tailBytes)
        }
        if length + tailBytes > count {
            count = length + tailBytes
            end = try file.bytes(at: size - count, count: count, counters: &counters)
        }
        let start = size - tailBytes - length
        let base = end.base + (count - tailBytes - length)
        let metadata = try placingErrors(in: path, at: start) {
            var reader = CompactReader(UnsafeRawPointer(base), count: length)
            return try FileMetadata(&reader)
        }
        // The bounds' ranges count from the metadata's first byte.
        let kept = Buffer(wrapping: base, capacity: length) { withExtendedLifetime(end) {} }
        return Footer(metadata: metadata, bytes: kept, start: start)
    }

    private static func encrypted(_ path: String) -> HoneyError {
        HoneyError(
            .data, "UNSUPPORTED_FILE", "Parquet file is encrypted (write it again without encryption to read it)",
            file: FilePosition(path, offset: 0))
    }
}
