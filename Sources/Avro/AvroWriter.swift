import HoneyCatalog
import HoneyCore
import HoneyFiles
import HoneyStorage

/// Writes an Avro file: a block each time its rows are some kilobytes.
final class AvroWriter: BatchWriter {
    private let file: any WritableFile
    private let encoder: AvroEncoder
    private let compressor: AvroCompressor?
    private let marker: [UInt8]
    /// Bytes of rows after which a block ends.
    private let blockBytes: Int
    /// The rows of the block at hand.
    private let rows = AvroBytes(capacity: 80 << 10)
    private var rowCount = 0
    private let output = AvroBytes()
    private var stream: [UInt8] = []
    private var flushedBytes = 0

    /// What Java's writer takes for a block.
    private static let usualBlockBytes = 64_000

    init(_ request: WriteRequest, to file: any WritableFile) throws {
        self.file = file
        let literal = AvroFormat.literal(request.serde, request.tableParameters)
        let properties = request.tableParameters.merging(request.serde.properties) { $1 }
        let text =
            try literal ?? HiveSchema.json(for: request.columns, tableName: request.tableName, properties: properties)
        encoder = AvroEncoder(try EncodingPlan(request.columns, AvroFormat.schema(literal: text)))
        let compression = try AvroWriter.compression(request.settings)
        compressor = try compression.makeCompressor(level: AvroWriter.level(of: compression, request.settings))
        blockBytes = request.settings["avro.mapred.sync.interval"].flatMap { Int($0) } ?? AvroWriter.usualBlockBytes
        var generator = SystemRandomNumberGenerator()
        marker = (0..<AvroHeader.markerBytes).map { _ in UInt8.random(in: 0...255, using: &generator) }
        var metadata = [(WriterCalendar.prolepticKey, "false"), (WriterCalendar.zoneKey, "UTC")]
        if compression.name != "null" { metadata.insert(("avro.codec", compression.name), at: 0) }
        AvroHeader(
            schemaText: text, codecName: compression.name, metadata: metadata, marker: marker, byteCount: 0
        ).write(to: output)
    }

    var bytesWritten: Int { flushedBytes + output.count + rows.count }

    func write(_ batch: Batch) throws {
        encoder.bind(batch)
        for position in 0..<batch.rowCount {
            try encoder.encode(row: batch.selection.map { $0[position] } ?? position, into: rows)
            rowCount += 1
            if rows.count >= blockBytes { try endBlock() }
        }
    }

    func finish() throws {
        try endBlock()
        try flush()
        try file.close()
    }

    private func endBlock() throws {
        guard rowCount > 0 else { return }
        var content = rows.bytes
        stream.removeAll(keepingCapacity: true)
        try compressor?.compress(content, into: &stream)
        try stream.withUnsafeBytes { compressed in
            if compressor != nil { content = compressed }
            output.append(long: Int64(rowCount))
            output.append(long: Int64(content.count))
            try flush()
            try file.write(content)
            flushedBytes += content.count
        }
        marker.withUnsafeBytes { output.append($0) }
        rows.removeAll()
        rowCount = 0
    }

    private func flush() throws {
        try file.write(output.bytes)
        flushedBytes += output.count
        output.removeAll()
    }

    // MARK: Settings

    /// Reads which compression is asked for: none, unless `hive.exec.compress.output`, and deflate when it does not say.
    private static func compression(_ settings: [String: String]) throws -> AvroCompression {
        let isCompressed = settings["hive.exec.compress.output"]?.lowercased() == "true"
        let name = isCompressed ? settings["avro.output.codec"] ?? "deflate" : "null"
        if let compression = AvroCompression(named: name) { return compression }
        throw HoneyError(
            .semantic, "UNSUPPORTED_CODEC",
            "unsupported avro.output.codec (known: \(AvroCompression.known)): \(name)")
    }

    private static func level(of compression: AvroCompression, _ settings: [String: String]) throws -> Int? {
        let (name, range) =
            compression.name == "zstandard"
            ? ("avro.mapred.zstd.level", 1...22) : ("avro.mapred.deflate.level", -1...9)
        guard let text = settings[name] else { return nil }
        guard let level = Int(text), range.contains(level) else {
            throw HoneyError(
                .semantic, "INVALID_SETTING",
                "setting \(name) must be of \(range.lowerBound) to \(range.upperBound): \(text)")
        }
        return level < 0 ? nil : level
    }
}
