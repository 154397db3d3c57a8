import CScan
import HoneyCore
import HoneyFiles

#if canImport(Glibc)
    import Glibc
#else
    import Musl
#endif

/// The sixteen bytes, random for each file, that tell readers in its middle where a record starts; after an int32 of -1.
struct SyncMarker: Equatable {
    static let byteCount = 16
    /// With the escape before it.
    static let escapedByteCount = 20

    /// The escape and the marker.
    let escaped: [UInt8]

    init(_ start: UnsafePointer<UInt8>) {
        escaped = [0xFF, 0xFF, 0xFF, 0xFF] + UnsafeBufferPointer(start: start, count: SyncMarker.byteCount)
    }

    /// Makes a marker that no other file has.
    static func random() -> SyncMarker {
        var generator = SystemRandomNumberGenerator()
        let bytes = (0..<byteCount).map { _ in UInt8.random(in: 0...255, using: &generator) }
        return bytes.withUnsafeBufferPointer { SyncMarker($0.baseAddress!) }
    }

    /// Tells whether an escape and the marker lie at `start`, where 20 bytes are readable.
    func isEscaped(at start: UnsafePointer<UInt8>) -> Bool {
        escaped.withUnsafeBufferPointer { memcmp($0.baseAddress!, start, $0.count) == 0 }
    }

    /// Finds the first escaped marker that starts at or after `offset`; nil when there is none before the end.
    func find(in file: any ReadableFile, from offset: Int, counters: inout ReadCounters) throws -> Int? {
        let chunkBytes = min(128 << 10, max(file.size - offset, 0))
        let chunk = Buffer(capacity: chunkBytes)
        var position = offset
        let requested = counters.bytesRequested
        // Chunks are read ahead; only bytes up to the marker were asked for.
        defer { counters.bytesRequested = requested + min(position + SyncMarker.escapedByteCount, file.size) - offset }
        while file.size - position >= SyncMarker.escapedByteCount {
            let count = min(chunkBytes, file.size - position)
            try file.fill(chunk.base, at: position, count: count, counters: &counters)
            let found = honey_find(chunk.pointer(to: UInt8.self), Int64(count), escaped, Int64(escaped.count))
            if found >= 0 {
                position += Int(found)
                return position
            }
            // The marker may straddle this chunk's end and the next one's start.
            position += count - SyncMarker.escapedByteCount + 1
        }
        return nil
    }

    /// Where a split that starts at `offset` finds its first record; the file's size when it has none.
    ///
    /// Splits that meet at an offset agree on it: the records before it belong to the one, those after it to the other.
    func boundary(
        in file: any ReadableFile, from offset: Int, headerEnd: Int, counters: inout ReadCounters
    ) throws -> Int {
        if offset <= headerEnd { return headerEnd }
        return try find(in: file, from: offset, counters: &counters) ?? file.size
    }
}
