import HoneyCodecs
import HoneyCore
import HoneyFiles

/// Reads a split of a SequenceFile: records in blocks, which the SerDe turns into columns.
final class SequenceFileReader: BatchReader {
    private(set) var counters = ReadCounters()
    private let file: any ReadableFile
    /// Nil for a file of no rows.
    private var source: (any RecordSource)?
    private let decoder: any RecordDecoder
    private let onlyCounts: Bool

    init(
        _ request: ReadRequest, split: ByteRange, of file: any ReadableFile, serde: any SerDe, codecs: CodecCatalog
    ) throws {
        self.file = file
        decoder = try serde.makeDecoder(for: request)
        onlyCounts = request.projection.isEmpty && request.filters.isEmpty
        // Writers that were stopped leave files of no bytes, which hold no rows.
        if file.size > 0 { source = try SequenceFileReader.open(file, split: split, codecs: codecs, &counters) }
    }

    func next() throws -> Batch? {
        guard let source, let block = try source.next(counters: &counters) else { return nil }
        counters.rowsRead += block.count
        if onlyCounts { return Batch(columns: [], count: block.count) }
        return try placingErrors(in: file.location.description, at: source.blockOffset) { try decoder.decode(block) }
    }

    private static func open(
        _ file: any ReadableFile, split: ByteRange, codecs: CodecCatalog, _ counters: inout ReadCounters
    ) throws -> (any RecordSource)? {
        let path = file.location.description
        let header = try SequenceFileHeader.read(of: file, counters: &counters)
        return try placingErrors(in: path, at: 0) {
            guard let value = SequenceFileValue(className: header.valueClass) else {
                throw HoneyError(
                    .data, "UNSUPPORTED_FILE",
                    "unsupported value class of a SequenceFile (known: \(SequenceFileValue.classNames)): \(header.valueClass)"
                )
            }
            let codec = try header.codecClass.map { try codecs.codec(className: $0) }
            let start = try header.marker.boundary(
                in: file, from: split.start, headerEnd: header.byteCount, counters: &counters)
            // A split that ends inside the header, or whose first record is past its end, owns nothing.
            guard start < split.end, start < file.size else { return nil }
            if let codec, header.isBlockCompressed {
                return try SequenceFileBlocks(
                    file, split: split, from: start, marker: header.marker, value: value, codec: codec)
            }
            return try SequenceFileRecords(
                file, split: split, from: start, marker: header.marker, value: value, codec: codec)
        }
    }
}
