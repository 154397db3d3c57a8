import HoneyCore
import HoneyFiles
import HoneyStorage

/// Describes a file's metadata as a tree.
struct FileInspection {
    private typealias Part = (name: String, value: StructureDescription)

    private let file: any ReadableFile
    private let footer: Footer
    private let columns: [SchemaNode]
    private let leaves: [(path: String, node: SchemaNode)]

    init(_ file: any ReadableFile) throws {
        self.file = file
        var counters = ReadCounters()
        let footer = try Footer.read(of: file, counters: &counters)
        self.footer = footer
        columns = try placingErrors(in: file.location.description, at: footer.start) {
            try SchemaNode.columns(of: footer.metadata.schema)
        }
        leaves = FileInspection.leaves(of: columns, below: "")
    }

    private static func leaves(of nodes: [SchemaNode], below path: String) -> [(path: String, node: SchemaNode)] {
        nodes.flatMap { node in
            let name = path.isEmpty ? node.name : path + "." + node.name
            return node.isLeaf ? [(name, node)] : leaves(of: node.children, below: name)
        }
    }

    func description() -> StructureDescription {
        let metadata = footer.metadata
        return .record([
            ("format", .text("PARQUET")), ("size_bytes", .integer(file.size)), ("version", .integer(metadata.version)),
            ("created_by", .text(metadata.createdBy ?? "")), ("rows", .integer(metadata.rowCount)),
            ("metadata_bytes", .integer(file.size - footer.start - 8)),
            (
                "properties",
                .list(metadata.keyValues.map { .record([("key", .text($0.key)), ("value", .text($0.value))]) })
            ),
            ("schema", .list(columns.map { describe($0) })),
            ("row_groups", .list(metadata.rowGroups.map { describe($0) })),
        ])
    }

    private func describe(_ node: SchemaNode) -> StructureDescription {
        var parts: [Part] = [("name", .text(node.name)), ("repetition", .text("\(node.repetition)"))]
        if let type = node.type { parts.append(("type", .text(type.name))) }
        if node.type == .fixedLengthByteArray { parts.append(("length_bytes", .integer(node.typeLength))) }
        if node.annotation != .none { parts.append(("annotation", .text("\(node.annotation)"))) }
        if !node.isLeaf { parts.append(("members", .list(node.children.map { describe($0) }))) }
        return .record(parts)
    }

    private func describe(_ group: RowGroup) -> StructureDescription {
        .record([
            ("rows", .integer(group.rowCount)), ("size_bytes", .integer(group.byteCount)),
            ("stored_bytes", .integer(group.compressedBytes)),
            ("columns", .list(zip(group.columns, leaves).map { describe($0, $1.path, $1.node) })),
        ])
    }

    private func describe(_ chunk: ColumnChunk, _ path: String, _ node: SchemaNode) -> StructureDescription {
        let encodings = (0..<32).filter { chunk.encodings >> UInt32($0) & 1 != 0 }
        var parts: [Part] = [
            ("path", .text(path)), ("type", .text(chunk.type?.name ?? "unknown")),
            ("codec", .text(PageCodec(rawValue: chunk.codec)?.name ?? "unknown (\(chunk.codec))")),
            ("encodings", .list(encodings.map { .text(Encoding(rawValue: $0)?.name ?? "unknown (\($0))") })),
            ("values", .integer(chunk.valueCount)), ("size_bytes", .integer(chunk.uncompressedBytes)),
            ("stored_bytes", .integer(chunk.compressedBytes)), ("offset", .integer(chunk.start)),
            ("has_dictionary", .boolean(chunk.start < chunk.dataPageOffset)),
            ("has_column_index", .boolean(chunk.columnIndex != nil)),
            ("has_offset_index", .boolean(chunk.offsetIndex != nil)),
            ("has_bloom_filter", .boolean(chunk.bloomFilterOffset != nil)),
            ("is_encrypted", .boolean(chunk.isEncrypted)),
        ]
        if let statistics = chunk.statistics { parts += describe(statistics, node) }
        return .record(parts)
    }

    private func describe(_ statistics: ColumnStatistics, _ node: SchemaNode) -> [Part] {
        var parts: [Part] = []
        if let nulls = statistics.nullCount { parts.append(("nulls", .integer(nulls))) }
        let order = LeafOrder(node, as: LeafConversion.naturalType(of: node), isHybrid: false)
        for (name, range) in [
            ("minimum", statistics.minimum ?? statistics.oldMinimum),
            ("maximum", statistics.maximum ?? statistics.oldMaximum),
        ] {
            guard let range else { continue }
            let bytes = UnsafeRawBufferPointer(start: footer.bytes.base + range.lowerBound, count: range.count)
            switch order?.bound(bytes) {
            case .integer(let value): parts.append((name, .text("\(value)")))
            case .real(let value): parts.append((name, .real(value)))
            case .bytes(let value): parts.append((name, .text(String(decoding: value, as: UTF8.self))))
            case nil: continue
            }
        }
        return parts
    }
}
