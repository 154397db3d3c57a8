import HoneyCore
import HoneyFiles

/// The start of a SequenceFile, and of an RCFile written before Hive 0.9.
///
/// ```
/// "SEQ" u8 version              4 to 6
/// Text  key class
/// Text  value class
/// u8    compressed
/// u8    block-compressed
/// Text  codec class             if compressed; since version 5 (before it, the default codec)
/// i32   n, n x (Text, Text)     metadata; since version 6
/// 16    sync marker
/// ```
struct SequenceFileHeader {
    static let text = "org.apache.hadoop.io.Text"
    static let bytesWritable = "org.apache.hadoop.io.BytesWritable"
    static let utf8 = "org.apache.hadoop.io.UTF8"
    static let defaultCodec = "org.apache.hadoop.io.compress.DefaultCodec"
    static let currentVersion: UInt8 = 6

    var keyClass: String
    var valueClass: String
    var isCompressed: Bool
    var isBlockCompressed: Bool
    /// The codec's class when compressed.
    var codecClass: String?
    var metadata: [(key: String, value: String)] = []
    var version = currentVersion
    var marker: SyncMarker
    /// Where the first record starts.
    var byteCount = 0

    static func isStart(_ magic: some Sequence<UInt8>) -> Bool { magic.starts(with: "SEQ".utf8) }

    /// Reads the header of a file; fails with `FILE_DAMAGED` or `UNSUPPORTED_FILE`.
    static func read(of file: any ReadableFile, counters: inout ReadCounters) throws -> SequenceFileHeader {
        try readHeader(of: file, counters: &counters) { magic, cursor in
            guard isStart(magic) else {
                throw HoneyError.damaged(
                    "not a SequenceFile: it does not start with 'SEQ' (is the table stored in another format?)",
                    path: file.location.description, offset: 0)
            }
            return try read(version: magic[3], &cursor)
        }
    }

    /// Reads what follows the first four bytes.
    static func read(version: UInt8, _ cursor: inout WritableCursor) throws -> SequenceFileHeader {
        guard (4...currentVersion).contains(version) else {
            throw HoneyError(
                .data, "UNSUPPORTED_FILE", "unsupported SequenceFile version (4 to 6 are read): \(version)")
        }
        let keyClass = try cursor.readText()
        let valueClass = try cursor.readText()
        let isCompressed = try readFlag(&cursor)
        let isBlockCompressed = try readFlag(&cursor)
        var codecClass: String?
        if isCompressed { codecClass = version >= 5 ? try cursor.readText() : defaultCodec }
        if isBlockCompressed && !isCompressed {
            throw HoneyError.damaged("header says block-compressed but not compressed")
        }
        let metadata = version >= 6 ? try readMetadata(&cursor) : []
        let marker = SyncMarker(cursor.base + (try cursor.take(SyncMarker.byteCount)))
        return SequenceFileHeader(
            keyClass: keyClass, valueClass: valueClass, isCompressed: isCompressed,
            isBlockCompressed: isBlockCompressed, codecClass: codecClass, metadata: metadata,
            version: version, marker: marker, byteCount: cursor.position)
    }

    static func readFlag(_ cursor: inout WritableCursor) throws -> Bool {
        let byte = try cursor.readByte()
        guard byte <= 1 else { throw HoneyError.damaged("flag in the header is neither 0 nor 1: \(byte)") }
        return byte == 1
    }

    static func readMetadata(_ cursor: inout WritableCursor) throws -> [(key: String, value: String)] {
        let count = try cursor.readInt32()
        guard count >= 0, count <= cursor.remaining / 2 else {
            throw HoneyError.damaged("header cannot hold its count of metadata: \(count)")
        }
        return try (0..<count).map { _ in (try cursor.readText(), try cursor.readText()) }
    }

    func write(to store: ByteStore) {
        for byte in Array("SEQ".utf8) + [SequenceFileHeader.currentVersion] { store.append(byte) }
        store.append(text: keyClass)
        store.append(text: valueClass)
        store.append(isCompressed ? 1 : 0)
        store.append(isBlockCompressed ? 1 : 0)
        if let codecClass { store.append(text: codecClass) }
        store.append(bigEndian: Int32(metadata.count))
        for (key, value) in metadata {
            store.append(text: key)
            store.append(text: value)
        }
        for byte in marker.escaped.suffix(SyncMarker.byteCount) { store.append(byte) }
    }
}

/// Reads the header of a file, however long, by `parse`; it gets the first four bytes and a cursor after them.
func readHeader<Header>(
    of file: any ReadableFile, counters: inout ReadCounters,
    _ parse: (_ magic: [UInt8], _ cursor: inout WritableCursor) throws -> Header
) throws -> Header {
    let path = file.location.description
    // Headers are small, but nothing says how small: take more until it parses.
    var wanted = 512
    let requested = counters.bytesRequested
    while true {
        let count = min(wanted, file.size)
        let isWhole = count == file.size || wanted >= 16 << 20
        let buffer = try file.bytes(at: 0, count: count, counters: &counters)
        defer { withExtendedLifetime(buffer) {} }
        let base = UnsafePointer(buffer.pointer(to: UInt8.self))
        guard count >= 4 else {
            throw HoneyError.damaged("file is too short for its header", path: path, offset: 0)
        }
        var cursor = WritableCursor(base, from: 4, to: count)
        do {
            let header = try parse(Array(UnsafeBufferPointer(start: base, count: 4)), &cursor)
            counters.bytesRequested = requested + cursor.position
            return header
        } catch let error as HoneyError where error.code == "FILE_DAMAGED" && error.file == nil {
            if isWhole { throw error.placed(in: path, at: cursor.position) }
            wanted *= 16
        } catch let error as HoneyError {
            throw error.placed(in: path, at: 0)
        }
    }
}
