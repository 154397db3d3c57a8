import HoneyCore
import HoneyFiles

/// The start of an RCFile.
///
/// ```
/// "RCF" u8 1
/// u8    compressed
/// Text  codec class             if compressed
/// i32   n, n x (Text, Text)     metadata: hive.io.rcfile.column.number
/// 16    sync marker
/// ```
/// Before Hive 0.9 it was a SequenceFile's header of version 6 with the classes of RCFile's buffers.
struct RCFileHeader {
    static let columnCountKey = "hive.io.rcfile.column.number"
    static let version: UInt8 = 1
    private static let oldKeyClass = "org.apache.hadoop.hive.ql.io.RCFile$KeyBuffer"

    /// Tells whether a file that begins with these bytes is an RCFile, old ones too.
    static func isStart(_ start: UnsafeRawBufferPointer) -> Bool {
        if start.starts(with: Array("RCF".utf8) + [version]) { return true }
        // The class's length takes one byte.
        return start.starts(with: Array("SEQ".utf8) + [6, UInt8(oldKeyClass.utf8.count)] + Array(oldKeyClass.utf8))
    }

    /// The codec's class when compressed.
    var codecClass: String?
    var columnCount: Int
    var metadata: [(key: String, value: String)] = []
    /// Whether the header is that of before Hive 0.9.
    var isOld = false
    var marker: SyncMarker
    /// Where the first row group starts.
    var byteCount = 0

    static func read(of file: any ReadableFile, counters: inout ReadCounters) throws -> RCFileHeader {
        let path = file.location.description
        return try readHeader(of: file, counters: &counters) { magic, cursor in
            if magic == Array("RCF".utf8) + [version] { return try read(&cursor) }
            if SequenceFileHeader.isStart(magic), magic[3] == 6 {
                let header = try SequenceFileHeader.read(version: magic[3], &cursor)
                guard header.keyClass == oldKeyClass else {
                    throw HoneyError.damaged(
                        "not an RCFile but a SequenceFile (is the table stored in another format?)", path: path,
                        offset: 0)
                }
                return RCFileHeader(
                    codecClass: header.codecClass, columnCount: try columnCount(in: header.metadata),
                    metadata: header.metadata, isOld: true, marker: header.marker, byteCount: header.byteCount)
            }
            throw HoneyError.damaged(
                "not an RCFile: it does not start with 'RCF' and version 1 (is the table stored in another format?)",
                path: path, offset: 0)
        }
    }

    private static func read(_ cursor: inout WritableCursor) throws -> RCFileHeader {
        let isCompressed = try SequenceFileHeader.readFlag(&cursor)
        let codecClass = isCompressed ? try cursor.readText() : nil
        let metadata = try SequenceFileHeader.readMetadata(&cursor)
        let marker = SyncMarker(cursor.base + (try cursor.take(SyncMarker.byteCount)))
        return RCFileHeader(
            codecClass: codecClass, columnCount: try columnCount(in: metadata), metadata: metadata, marker: marker,
            byteCount: cursor.position)
    }

    private static func columnCount(in metadata: [(key: String, value: String)]) throws -> Int {
        guard let text = metadata.first(where: { $0.key == columnCountKey })?.value, let count = Int(text), count >= 0
        else { throw HoneyError.damaged("metadata does not tell the number of columns") }
        return count
    }

    func write(to store: ByteStore) {
        for byte in Array("RCF".utf8) + [RCFileHeader.version] { store.append(byte) }
        store.append(codecClass == nil ? 0 : 1)
        if let codecClass { store.append(text: codecClass) }
        store.append(bigEndian: Int32(1))
        store.append(text: RCFileHeader.columnCountKey)
        store.append(text: String(columnCount))
        for byte in marker.escaped.suffix(SyncMarker.byteCount) { store.append(byte) }
    }
}
