import HoneyCodecs
import HoneyCore
import HoneyStorage

@testable import HoneyParquet

/// A Parquet file of one row group that a test puts together page by page.
struct HandMadeFile {
    struct Chunk {
        var type: StoredType
        var codec = PageCodec.uncompressed
        var valueCount: Int
        /// Pages with their headers, the dictionary first.
        var pages: [UInt8]
        var dictionaryBytes: Int?
        /// Fields of the statistics: 1 max, 2 min, 5 max_value, 6 min_value.
        var bounds: [Int: [UInt8]] = [:]
        var nullCount: Int?
        /// Written after the pages.
        var bloomFilter: [UInt8] = []
    }

    var rows: Int
    var elements: [SchemaElement]
    var chunks: [Chunk] = []
    var hasColumnOrders = true
    var keyValues: [(String, String)] = []
    var magic = "PAR1"

    init(rows: Int, root: String = "schema") {
        self.rows = rows
        var element = SchemaElement(root)
        element.isRoot = true
        elements = [element]
    }

    /// Adds a schema element below the root, or below the group added before it.
    mutating func add(
        _ name: String, _ repetition: Repetition, type: StoredType? = nil, length: Int = 0, children: Int = 0,
        annotation: Annotation = .none, isTop: Bool = true
    ) {
        var element = SchemaElement(name)
        element.repetition = repetition
        element.type = type
        element.typeLength = length
        element.childCount = children
        element.annotation = annotation
        elements.append(element)
        if isTop { elements[0].childCount += 1 }
    }

    /// A data page of version 1.
    static func page(_ encoding: Encoding, values: Int, _ body: [UInt8], codec: PageCodec = .uncompressed) throws -> [UInt8] {
        var stored = body
        if let blocks = codec.blocks {
            stored = []
            try body.withUnsafeBytes { try blocks.makeCompressor().compress($0, into: &stored) }
        }
        var writer = CompactWriter()
        writer.element { header in
            header.field(1, int32: 0)
            header.field(2, int32: body.count)
            header.field(3, int32: stored.count)
            header.field(5) { data in
                data.field(1, int32: values)
                data.field(2, int32: encoding.rawValue)
                data.field(3, int32: Encoding.runLength.rawValue)
                data.field(4, int32: Encoding.runLength.rawValue)
            }
        }
        return writer.bytes + stored
    }

    /// Levels of version 1: their length, then runs.
    static func levels(_ levels: [UInt8], most: Int) -> [UInt8] {
        let bytes = ByteStore()
        HybridEncoder.encode(levels, count: levels.count, width: HybridEncoder.width(of: most), into: bytes)
        return plain(UInt32(bytes.count)) + Array(bytes.bytes)
    }

    static func plain<T: BitwiseCopyable>(_ values: T...) -> [UInt8] {
        values.flatMap { value in withUnsafeBytes(of: value) { Array($0) } }
    }

    static func plain(strings: [String]) -> [UInt8] {
        strings.flatMap { plain(UInt32($0.utf8.count)) + Array($0.utf8) }
    }

    static func deltas(_ values: [Int64]) -> [UInt8] {
        let bytes = ByteStore()
        DeltaEncoder.encode(values, count: values.count, into: bytes)
        return Array(bytes.bytes)
    }

    func bytes() -> [UInt8] {
        var file = Array(magic.utf8)
        var starts: [Int] = []
        var filters: [Int] = []
        for chunk in chunks {
            starts.append(file.count)
            file += chunk.pages
        }
        for chunk in chunks {
            filters.append(file.count)
            file += chunk.bloomFilter
        }
        var writer = CompactWriter()
        writer.element { footer in
            footer.field(1, int32: 1)
            footer.field(2, list: .structure, count: elements.count)
            for element in elements { footer.element { element.write(to: &$0) } }
            footer.field(3, int64: rows)
            footer.field(4, list: .structure, count: 1)
            footer.element { group in
                group.field(1, list: .structure, count: chunks.count)
                for (index, chunk) in chunks.enumerated() {
                    group.element { write(chunk, at: starts[index], filter: filters[index], to: &$0) }
                }
                group.field(2, int64: chunks.reduce(0) { $0 + $1.pages.count })
                group.field(3, int64: rows)
            }
            footer.field(5, list: .structure, count: keyValues.count)
            for (key, value) in keyValues {
                footer.element { pair in
                    pair.field(1, string: key)
                    pair.field(2, string: value)
                }
            }
            if hasColumnOrders {
                footer.field(7, list: .structure, count: chunks.count)
                for _ in chunks { footer.element { order in order.field(1) { _ in } } }
            }
        }
        return file + writer.bytes + HandMadeFile.plain(UInt32(writer.bytes.count)) + Array(magic.utf8)
    }

    private func write(_ chunk: Chunk, at start: Int, filter: Int, to writer: inout CompactWriter) {
        writer.field(2, int64: start)
        writer.field(3) { metadata in
            metadata.field(1, int32: chunk.type.rawValue)
            metadata.field(2, list: .int32, count: 1)
            metadata.element(integer: 0)
            metadata.field(3, list: .binary, count: 1)
            metadata.element(binary: Array("x".utf8))
            metadata.field(4, int32: chunk.codec.rawValue)
            metadata.field(5, int64: chunk.valueCount)
            metadata.field(6, int64: chunk.pages.count)
            metadata.field(7, int64: chunk.pages.count)
            metadata.field(9, int64: start + (chunk.dictionaryBytes ?? 0))
            metadata.field(11, int64: chunk.dictionaryBytes == nil ? nil : start)
            metadata.field(12) { statistics in
                for (id, bytes) in chunk.bounds.sorted(by: { $0.key < $1.key }) where id < 3 {
                    statistics.field(id, binary: bytes)
                }
                statistics.field(3, int64: chunk.nullCount)
                for (id, bytes) in chunk.bounds.sorted(by: { $0.key < $1.key }) where id > 3 {
                    statistics.field(id, binary: bytes)
                }
            }
            if !chunk.bloomFilter.isEmpty { metadata.field(14, int64: filter) }
        }
    }
}
