import HoneyCatalog
import HoneyCore
import HoneyFiles
import HoneyStorage

/// Writes a Parquet file as Hive does.
final class ParquetWriter: BatchWriter {
    private let file: any WritableFile
    private let options: WriterOptions
    private let schema: WrittenSchema
    private let leaves: [LeafWriter]
    private let columns: [ColumnShredder]
    private var groupRows = 0
    private var groups: [WrittenGroup] = []
    private var written = 0

    struct WrittenGroup {
        var rowCount: Int
        var chunks: [WrittenChunk]
    }

    init(_ request: WriteRequest, to file: any WritableFile) throws {
        self.file = file
        options = try WriterOptions(request)
        schema = try WrittenSchema(request.columns, options)
        let options = options
        leaves = try schema.leaves.map { try LeafWriter($0, options) }
        var next = 0
        var columns: [ColumnShredder] = []
        for column in request.columns {
            let count = ParquetWriter.leafCount(column.type)
            columns.append(ColumnShredder(leaves[next..<next + count]))
            next += count
        }
        self.columns = columns
    }

    private static func leafCount(_ type: DataType) -> Int {
        switch type {
        case .array(let element): leafCount(element)
        case .map(let key, let value): leafCount(key) + leafCount(value)
        case .structure(let fields): fields.reduce(0) { $0 + leafCount($1.type) }
        default: 1
        }
    }

    var bytesWritten: Int { written + leaves.reduce(0) { $0 + $1.bufferedBytes } }

    func write(_ batch: Batch) throws {
        try start()
        let total = batch.rowCount
        var next = 0
        while next < total {
            // Slices end where pages and row groups do.
            let count = min(
                total - next, options.blockRows - groupRows, options.pageRows - groupRows % options.pageRows)
            let slice = RowSlice(
                start: next, count: count, selected: batch.selection.map { UnsafePointer($0.indices) })
            for (column, shredder) in zip(batch.columns, columns) { try shredder.write(column, slice) }
            groupRows += count
            next += count
            if groupRows >= options.blockRows || leaves.reduce(0, { $0 + $1.bufferedBytes }) >= options.blockBytes {
                try endGroup()
            }
        }
        withExtendedLifetime(batch) {}
    }

    func finish() throws {
        try start()
        try endGroup()
        try writeIndexes()
        let metadata = FooterWriter(schema: schema, options: options, groups: groups).bytes()
        try metadata.withUnsafeBytes { try write($0) }
        try withUnsafeBytes(of: UInt32(metadata.count).littleEndian) { try write($0) }
        try Footer.magic.withUnsafeBytes { try write($0) }
        try file.close()
    }

    private func start() throws {
        if written == 0 { try Footer.magic.withUnsafeBytes { try write($0) } }
    }

    private func write(_ bytes: UnsafeRawBufferPointer) throws {
        try file.write(bytes)
        written += bytes.count
    }

    private func endGroup() throws {
        guard groupRows > 0 else { return }
        var chunks: [WrittenChunk] = []
        for leaf in leaves {
            let offset = written
            var chunk = try leaf.endChunk { try write($0) }
            chunk.offset = offset
            chunks.append(chunk)
        }
        for index in chunks.indices {
            guard let bytes = chunks[index].bloomFilterBytes else { continue }
            chunks[index].bloomFilter = (written, bytes.count)
            chunks[index].bloomFilterBytes = nil
            try bytes.withUnsafeBytes { try write($0) }
        }
        groups.append(WrittenGroup(rowCount: groupRows, chunks: chunks))
        groupRows = 0
    }

    /// Writes the column indexes of all chunks, then their offset indexes.
    private func writeIndexes() throws {
        for group in groups.indices {
            for (chunk, leaf) in schema.leaves.enumerated() {
                guard let bytes = PageIndexWriter.columnIndex(groups[group].chunks[chunk], leaf) else { continue }
                groups[group].chunks[chunk].columnIndex = (written, bytes.count)
                try bytes.withUnsafeBytes { try write($0) }
            }
        }
        for group in groups.indices {
            for chunk in schema.leaves.indices {
                let bytes = PageIndexWriter.offsetIndex(groups[group].chunks[chunk])
                groups[group].chunks[chunk].offsetIndex = (written, bytes.count)
                try bytes.withUnsafeBytes { try write($0) }
            }
        }
    }
}
