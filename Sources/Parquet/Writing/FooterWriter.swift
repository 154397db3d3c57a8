/// Writes a file's metadata; see `FileMetadata`, `RowGroup` and `ColumnChunk` for the fields.
struct FooterWriter {
    let schema: WrittenSchema
    let options: WriterOptions
    let groups: [ParquetWriter.WrittenGroup]

    /// Bytes of strings that a chunk's statistics hold.
    private static let boundBytes = 256

    func bytes() -> [UInt8] {
        var writer = CompactWriter()
        writer.element { file in
            file.field(1, int32: options.isVersion2 ? 2 : 1)
            file.field(2, list: .structure, count: schema.elements.count)
            for element in schema.elements { file.element { element.write(to: &$0) } }
            file.field(3, int64: groups.reduce(0) { $0 + $1.rowCount })
            file.field(4, list: .structure, count: groups.count)
            for (ordinal, group) in groups.enumerated() { file.element { write(group, ordinal, to: &$0) } }
            let pairs = [
                (FileMetadata.prolepticKey, options.hasHybridDates ? "false" : "true"),
                ("writer.time.zone", "UTC"), ("writer.zone.conversion.legacy", "false"),
            ]
            file.field(5, list: .structure, count: pairs.count)
            for (key, value) in pairs {
                file.element { pair in
                    pair.field(1, string: key)
                    pair.field(2, string: value)
                }
            }
            file.field(6, string: "honeyguide version 1.0.0")
            file.field(7, list: .structure, count: schema.leaves.count)
            for _ in schema.leaves { file.element { order in order.field(1) { _ in } } }
        }
        return writer.bytes
    }

    private func write(_ group: ParquetWriter.WrittenGroup, _ ordinal: Int, to writer: inout CompactWriter) {
        writer.field(1, list: .structure, count: group.chunks.count)
        for (chunk, leaf) in zip(group.chunks, schema.leaves) {
            writer.element { write(chunk, leaf, to: &$0) }
        }
        writer.field(2, int64: group.chunks.reduce(0) { $0 + $1.uncompressedBytes })
        writer.field(3, int64: group.rowCount)
        writer.field(5, int64: group.chunks.first?.offset)
        writer.field(6, int64: group.chunks.reduce(0) { $0 + $1.storedBytes })
    }

    /// How many pages there are of each kind and encoding.
    private func pageCounts(_ chunk: WrittenChunk) -> [(kind: PageHeader.Kind, encoding: Encoding, pages: Int)] {
        var counts: [(kind: PageHeader.Kind, encoding: Encoding, pages: Int)] = []
        if chunk.dictionaryBytes > 0 {
            counts.append((.dictionary, options.isVersion2 ? .plain : .plainDictionary, 1))
        }
        let groups = Dictionary(grouping: chunk.pages, by: \.encoding.rawValue).sorted { $0.key < $1.key }
        for (_, pages) in groups {
            counts.append((options.isVersion2 ? .dataV2 : .data, pages[0].encoding, pages.count))
        }
        return counts
    }

    private func write(_ chunk: WrittenChunk, _ leaf: WrittenLeaf, to writer: inout CompactWriter) {
        writer.field(2, int64: chunk.offset)
        writer.field(3) { metadata in
            metadata.field(1, int32: leaf.type.rawValue)
            let encodings = chunk.encodings.map(\.rawValue).sorted()
            metadata.field(2, list: .int32, count: encodings.count)
            for encoding in encodings { metadata.element(integer: encoding) }
            metadata.field(3, list: .binary, count: leaf.path.count)
            for name in leaf.path { metadata.element(binary: Array(name.utf8)) }
            metadata.field(4, int32: options.codec.rawValue)
            metadata.field(5, int64: chunk.entries)
            metadata.field(6, int64: chunk.uncompressedBytes)
            metadata.field(7, int64: chunk.storedBytes)
            metadata.field(9, int64: chunk.offset + chunk.dictionaryBytes)
            metadata.field(11, int64: chunk.dictionaryBytes > 0 ? chunk.offset : nil)
            metadata.field(12) { statistics in
                statistics.field(3, int64: chunk.nulls)
                guard let bounds = chunk.bounds.stored(leaf.form, limit: FooterWriter.boundBytes) else { return }
                statistics.field(5, binary: bounds.maximum)
                statistics.field(6, binary: bounds.minimum)
                statistics.field(7, flag: bounds.isMaximumExact)
                statistics.field(8, flag: bounds.isMinimumExact)
            }
            let counts = pageCounts(chunk)
            metadata.field(13, list: .structure, count: counts.count)
            for count in counts {
                metadata.element { statistics in
                    statistics.field(1, int32: count.kind.rawValue)
                    statistics.field(2, int32: count.encoding.rawValue)
                    statistics.field(3, int32: count.pages)
                }
            }
            metadata.field(14, int64: chunk.bloomFilter?.offset)
            metadata.field(15, int32: chunk.bloomFilter?.byteCount)
        }
        writer.field(4, int64: chunk.offsetIndex?.offset)
        writer.field(5, int32: chunk.offsetIndex?.byteCount)
        writer.field(6, int64: chunk.columnIndex?.offset)
        writer.field(7, int32: chunk.columnIndex?.byteCount)
    }
}

/// Writes what is known of each page of a chunk; see `ColumnIndex` and `OffsetIndex` for the fields.
enum PageIndexWriter {
    /// Bytes of strings that a page's bounds hold.
    private static let boundBytes = 64

    /// Nil when the bounds of a page with values are not known.
    static func columnIndex(_ chunk: WrittenChunk, _ leaf: WrittenLeaf) -> [UInt8]? {
        var bounds: [StoredBounds?] = []
        for page in chunk.pages {
            let stored = page.bounds.stored(leaf.form, limit: boundBytes)
            guard stored != nil || page.nulls == page.entries else { return nil }
            bounds.append(stored)
        }
        var writer = CompactWriter()
        writer.element { index in
            index.field(1, list: .isTrue, count: bounds.count)
            for bound in bounds { index.element(flag: bound == nil) }
            index.field(2, list: .binary, count: bounds.count)
            for bound in bounds { index.element(binary: bound?.minimum ?? []) }
            index.field(3, list: .binary, count: bounds.count)
            for bound in bounds { index.element(binary: bound?.maximum ?? []) }
            // The bounds are in no known order.
            index.field(4, int32: 0)
            index.field(5, list: .int64, count: bounds.count)
            for page in chunk.pages { index.element(integer: page.nulls) }
        }
        return writer.bytes
    }

    static func offsetIndex(_ chunk: WrittenChunk) -> [UInt8] {
        var writer = CompactWriter()
        writer.element { index in
            index.field(1, list: .structure, count: chunk.pages.count)
            for page in chunk.pages {
                index.element { location in
                    location.field(1, int64: chunk.offset + chunk.dictionaryBytes + page.offset)
                    location.field(2, int32: page.byteCount)
                    location.field(3, int64: page.firstRow)
                }
            }
        }
        return writer.bytes
    }
}
