import HoneyCatalog
import HoneyCodecs
import HoneyCore
import HoneyFiles

/// Writes a SequenceFile as Hive does: empty keys, values in the SerDe's Writable.
final class SequenceFileWriter: BatchWriter {
    /// Bytes after which a marker goes between records.
    private static let markerInterval = 5 * 1024 * SyncMarker.escapedByteCount
    private static let flushBytes = 1 << 20
    /// An empty BytesWritable: a count of zero.
    private static let keyBytes = 4

    private let file: any WritableFile
    private let encoder: any RecordEncoder
    private let value: SequenceFileValue
    private let marker = SyncMarker.random()
    private let compressor: (any BlockCompressor)?
    private let block: SequenceFileBlockWriter?
    private let output = ByteStore(capacity: flushBytes + (256 << 10))
    private let serialized = ByteStore()
    private var stream: [UInt8] = []
    private var flushedBytes = 0
    private var lastMarkerEnd = 0

    init(
        to file: any WritableFile, serde: any SerDe, request: WriteRequest, compression: SequenceFileCompression
    ) throws {
        self.file = file
        encoder = try serde.makeEncoder(for: request)
        guard let value = SequenceFileValue(className: serde.writableClass) else {
            throw HoneyError(
                .semantic, "UNSUPPORTED_SERDE",
                "SerDe cannot write a SequenceFile; its records are of class \(serde.writableClass): \(request.serde.library)"
            )
        }
        self.value = value
        let codec = compression.codec
        compressor = compression.isBlock ? nil : try codec?.makeBlockCompressor()
        block =
            compression.isBlock ? try codec.map { try SequenceFileBlockWriter($0, settings: request.settings) } : nil
        SequenceFileHeader(
            keyClass: SequenceFileHeader.bytesWritable, valueClass: serde.writableClass, isCompressed: codec != nil,
            isBlockCompressed: compression.isBlock, codecClass: codec?.classNames.first, marker: marker
        ).write(to: output)
    }

    var bytesWritten: Int { flushedBytes + output.count + (block?.pendingBytes ?? 0) }

    func write(_ batch: Batch) throws {
        try encoder.encode(batch) { record in
            serialize(record)
            if let block {
                block.append(value: serialized.bytes)
                if block.isFull { try block.flush(to: output, marker: marker) }
            } else {
                try writeRecord()
            }
            if output.count >= SequenceFileWriter.flushBytes { try flush() }
        }
    }

    func finish() throws {
        if let block { try block.flush(to: output, marker: marker) }
        try flush()
        try file.close()
    }

    private func serialize(_ record: UnsafeRawBufferPointer) {
        serialized.removeAll()
        switch value {
        case .text: serialized.append(variable: Int64(record.count))
        case .utf8: serialized.append(bigEndian: UInt16(truncatingIfNeeded: record.count))
        case .bytesWritable: serialized.append(bigEndian: Int32(truncatingIfNeeded: record.count))
        }
        serialized.append(record)
    }

    private func writeRecord() throws {
        let position = flushedBytes + output.count
        if position >= lastMarkerEnd + SequenceFileWriter.markerInterval {
            marker.escaped.withUnsafeBytes { output.append($0) }
            lastMarkerEnd = position + SyncMarker.escapedByteCount
        }
        var stored = serialized.bytes
        if let compressor {
            stream.removeAll(keepingCapacity: true)
            try compressor.compress(stored, into: &stream)
        }
        let length = compressor == nil ? stored.count : stream.count
        guard let total = Int32(exactly: length + SequenceFileWriter.keyBytes) else {
            throw HoneyError(.data, "ROW_TOO_LONG", "row does not fit a SequenceFile's record: \(length) bytes")
        }
        output.append(bigEndian: total)
        output.append(bigEndian: Int32(SequenceFileWriter.keyBytes))
        output.append(bigEndian: Int32(0))
        if compressor == nil {
            output.append(stored)
        } else {
            stream.withUnsafeBytes {
                stored = $0
                output.append(stored)
            }
        }
    }

    private func flush() throws {
        try file.write(output.bytes)
        flushedBytes += output.count
        output.removeAll()
    }
}

/// Gathers records until a block is full, then compresses its four parts.
final class SequenceFileBlockWriter {
    private let compressor: any BlockCompressor
    private let blockBytes: Int
    private var records = 0
    private let keyLengths = ByteStore()
    private let keys = ByteStore()
    private let valueLengths = ByteStore()
    private let values = ByteStore(capacity: 1 << 20)
    private var stream: [UInt8] = []

    init(_ codec: any Codec, settings: [String: String]) throws {
        compressor = try codec.makeBlockCompressor()
        blockBytes = settings["io.seqfile.compress.blocksize"].flatMap { Int($0) } ?? 1_000_000
    }

    var isFull: Bool { keys.count + values.count >= blockBytes }
    var pendingBytes: Int { keys.count + values.count }

    func append(value: UnsafeRawBufferPointer) {
        keyLengths.append(variable: 4)
        keys.append(bigEndian: Int32(0))
        valueLengths.append(variable: Int64(value.count))
        values.append(value)
        records += 1
    }

    func flush(to output: ByteStore, marker: SyncMarker) throws {
        guard records > 0 else { return }
        marker.escaped.withUnsafeBytes { output.append($0) }
        output.append(variable: Int64(records))
        for part in [keyLengths, keys, valueLengths, values] {
            stream.removeAll(keepingCapacity: true)
            try compressor.compress(part.bytes, into: &stream)
            output.append(variable: Int64(stream.count))
            stream.withUnsafeBytes { output.append($0) }
            part.removeAll()
        }
        records = 0
    }
}
