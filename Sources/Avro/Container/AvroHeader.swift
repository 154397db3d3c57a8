import HoneyCore
import HoneyFiles
import HoneyStorage

/// The start of an Avro file.
///
/// ```
/// "Obj" u8 1
/// map<bytes>   metadata: avro.schema, avro.codec, and what writers add
/// 16           sync marker
/// ```
struct AvroHeader {
    static let magic: [UInt8] = Array("Obj".utf8) + [1]
    static let markerBytes = 16
    /// A schema larger than this is none.
    private static let maximumBytes = 64 << 20

    var schemaText: String
    var codecName: String
    /// All metadata but the schema, sorted by name.
    var metadata: [(name: String, value: String)]
    var marker: [UInt8]
    /// Where the first block starts.
    var byteCount: Int

    /// Reads the header; fails with `FILE_DAMAGED`.
    static func read(of file: any ReadableFile, counters: inout ReadCounters) throws -> AvroHeader {
        var chunkBytes = 16 << 10
        while true {
            let count = min(chunkBytes, file.size)
            let buffer = try file.bytes(at: 0, count: count, counters: &counters)
            defer { withExtendedLifetime(buffer) {} }
            do {
                return try read(AvroCursor(buffer.pointer(to: UInt8.self), count: count))
            } catch let error as HoneyError {
                // What looks damaged may only be longer than the chunk.
                guard count < file.size, count < maximumBytes, isStart(buffer, count) else {
                    throw error.placed(in: file.location.description, at: 0)
                }
                chunkBytes *= 8
            }
        }
    }

    private static func isStart(_ buffer: Buffer, _ count: Int) -> Bool {
        UnsafeRawBufferPointer(start: buffer.base, count: count).starts(with: magic)
    }

    private static func read(_ start: AvroCursor) throws -> AvroHeader {
        var cursor = start
        let found = UnsafeBufferPointer(start: cursor.next, count: min(magic.count, cursor.remaining))
        guard found.elementsEqual(magic) else {
            throw HoneyError.damaged(
                "not an Avro file: it does not start with 'Obj' and version 1 (is the table stored in another format?)")
        }
        _ = try cursor.take(magic.count)
        var members: [String: String] = [:]
        while true {
            let count = try cursor.readItemCount()
            if count == 0 { break }
            for _ in 0..<count { members[try cursor.readString()] = try cursor.readString() }
        }
        let marker = Array(UnsafeBufferPointer(start: try cursor.take(markerBytes), count: markerBytes))
        guard let schema = members["avro.schema"] else { throw HoneyError.damaged("metadata has no schema") }
        members["avro.schema"] = nil
        return AvroHeader(
            schemaText: schema, codecName: members["avro.codec"] ?? "null",
            metadata: members.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }, marker: marker,
            byteCount: cursor.next - start.next)
    }

    /// Appends the header.
    func write(to bytes: AvroBytes) {
        for byte in AvroHeader.magic { bytes.append(byte) }
        bytes.append(long: Int64(metadata.count + 1))
        bytes.append(text: "avro.schema")
        bytes.append(text: schemaText)
        for (name, value) in metadata {
            bytes.append(text: name)
            bytes.append(text: value)
        }
        bytes.append(long: 0)
        marker.withUnsafeBufferPointer { bytes.append(UnsafeRawBufferPointer($0)) }
    }

    /// The schema that the rows were written with.
    func schema() throws -> AvroSchema {
        do {
            let schema = try AvroSchema(json: schemaText)
            _ = try schema.rowFields()
            return schema
        } catch let error as HoneyError {
            throw HoneyError(.data, "UNSUPPORTED_FILE", "schema of the file is unusable: \(error.message)")
        }
    }

    /// The compression of the blocks.
    func compression() throws -> AvroCompression {
        if let compression = AvroCompression(named: codecName) { return compression }
        throw HoneyError(
            .data, "UNSUPPORTED_FILE",
            "unsupported compression of an Avro file (write it anew with one of \(AvroCompression.known)): \(codecName)"
        )
    }

    func member(_ name: String) -> String? { metadata.first { $0.name == name }?.value }
}
