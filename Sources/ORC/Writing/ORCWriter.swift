import HoneyCore
import HoneyFiles
import HoneyStorage
internal import SwiftProtobuf

/// Writes an ORC file of version 0.12 as Hive does: a stripe each time its streams are some megabytes.
final class ORCWriter: BatchWriter {
    private let file: any WritableFile
    private let options: WriteOptions
    private let compressor: ChunkCompressor
    private let root: StructWriter
    private let writers: [ColumnWriter]
    private let output = ByteStore(capacity: 1 << 16)
    private var flushedBytes = 0
    private var groupRows = 0
    private var stripeRows = 0
    private var rowCount = 0
    private var footer = ORCFooter()
    private var metadata = ORCMetadata()

    init(_ request: WriteRequest, to file: any WritableFile) throws {
        self.file = file
        options = try WriteOptions(request)
        compressor = try ChunkCompressor(
            kind: options.compression, level: options.level, blockBytes: options.blockBytes)
        var tree = WriterTree(ColumnWriter.Setting(options: options, compressor: compressor))
        root = try tree.root(request.columns)
        writers = root.tree
        footer.types = tree.types
        Array(FileTail.magic.utf8).withUnsafeBytes { output.append($0) }
        root.startGroup()
    }

    var bytesWritten: Int { flushedBytes + output.count + root.estimatedBytes }

    func write(_ batch: Batch) throws {
        let whole = batch.materialized()
        let columns = whole.columns.map { $0.flattened() }
        var first = 0
        while first < whole.count {
            let room = options.groupRows > 0 ? options.groupRows - groupRows : whole.count
            let count = min(room, whole.count - first)
            let part = count == whole.count ? columns : columns.map { $0.sliced(first..<first + count) }
            try root.write(rows: part, count: count)
            first += count
            groupRows += count
            stripeRows += count
            if groupRows == options.groupRows { try endGroup() }
            if root.estimatedBytes >= options.stripeBytes { try endStripe() }
        }
    }

    private func endGroup() throws {
        try root.endGroup()
        groupRows = 0
        root.startGroup()
    }

    // MARK: Stripes

    private func endStripe() throws {
        guard stripeRows > 0 else { return }
        if groupRows > 0 { try root.endGroup() }
        groupRows = 0
        var information = ORCStripeInformation()
        information.offset = UInt64(flushedBytes + output.count)
        information.numberOfRows = UInt64(stripeRows)
        var stripe = ORCStripeFooter()
        stripe.writerTimezone = "UTC"
        // Index streams go first, those of a column side by side.
        let finished = try writers.map { ($0, try $0.finishStripe()) }
        let start = output.count
        for (writer, streams) in finished {
            if let index = streams.index { try append(index, .rowIndex, of: writer, to: &stripe) }
            if let bloom = streams.bloom { try append(bloom, .bloomFilterUtf8, of: writer, to: &stripe) }
        }
        information.indexLength = UInt64(output.count - start)
        try flush()
        var dataBytes = 0
        for (writer, streams) in finished {
            for stream in streams.data {
                stripe.streams.append(ORCWriter.stream(stream.kind, of: writer, byteCount: stream.bytes.count))
                try file.write(stream.bytes)
                dataBytes += stream.bytes.count
            }
            stripe.columns.append(ORCWriter.encoding(of: writer))
        }
        flushedBytes += dataBytes
        information.dataLength = UInt64(dataBytes)
        information.footerLength = UInt64(try append(stripe))
        footer.stripes.append(information)
        rowCount += stripeRows
        stripeRows = 0
        var statistics = ORCStripeStatistics()
        statistics.colStats = writers.map { $0.leaveStripe() }
        metadata.stripeStats.append(statistics)
        root.startGroup()
        try flush()
    }

    private static func stream(
        _ kind: ORCStream.Kind, of writer: ColumnWriter, byteCount: Int
    ) -> ORCStream {
        var stream = ORCStream()
        stream.kind = kind
        stream.column = UInt32(writer.column)
        stream.length = UInt64(byteCount)
        return stream
    }

    private static func encoding(of writer: ColumnWriter) -> ORCColumnEncoding {
        var encoding = ORCColumnEncoding()
        encoding.kind = writer.encoding
        if let size = writer.dictionarySize { encoding.dictionarySize = UInt32(size) }
        // Bloom filters of timestamps are of UTC.
        if writer.bloom != nil { encoding.bloomEncoding = 1 }
        return encoding
    }

    private func append(
        _ message: some Message, _ kind: ORCStream.Kind, of writer: ColumnWriter, to stripe: inout ORCStripeFooter
    ) throws {
        stripe.streams.append(ORCWriter.stream(kind, of: writer, byteCount: try append(message)))
    }

    /// Appends a message as a compressed section and returns its length.
    private func append(_ message: some Message) throws -> Int {
        let bytes: [UInt8] = try message.serializedBytes()
        let start = output.count
        try bytes.withUnsafeBytes { try compressor.append(section: $0, to: output) }
        return output.count - start
    }

    // MARK: The file

    func finish() throws {
        try endStripe()
        let contentEnd = flushedBytes + output.count
        var postScript = ORCPostScript()
        postScript.metadataLength = UInt64(try append(metadata))
        footer.headerLength = UInt64(FileTail.magic.utf8.count)
        footer.contentLength = UInt64(contentEnd)
        footer.numberOfRows = UInt64(rowCount)
        footer.rowIndexStride = UInt32(options.groupRows)
        footer.statistics = writers.map(\.fileStatistics.message)
        footer.calendar = .julianGregorian
        footer.softwareVersion = "Honeyguide"
        postScript.footerLength = UInt64(try append(footer))
        postScript.compression = options.compression
        if compressor.isCompressed { postScript.compressionBlockSize = UInt64(options.blockBytes) }
        postScript.version = [0, 12]
        // Statistics are right in all the ways that versions up to this one had to set right.
        postScript.writerVersion = 7
        postScript.magic = FileTail.magic
        let bytes: [UInt8] = try postScript.serializedBytes()
        bytes.withUnsafeBytes { output.append($0) }
        output.append(UInt8(truncatingIfNeeded: bytes.count))
        try flush()
        try file.close()
    }

    private func flush() throws {
        guard output.count > 0 else { return }
        try file.write(output.bytes)
        flushedBytes += output.count
        output.removeAll()
    }
}
