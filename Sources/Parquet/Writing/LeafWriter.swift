import HoneyCodecs
import HoneyCore
import HoneyStorage

/// Gathers one leaf's values for a row group, as pages that are compressed one by one.
final class LeafWriter {
    let leaf: WrittenLeaf
    let options: WriterOptions
    let compressor: (any BlockCompressor)?
    private var compressed: [UInt8] = []

    // The page at hand.
    private let definitions = ByteStore()
    private let repetitions = ByteStore()
    var entries = 0
    var nulls = 0
    var pageRows = 0
    var indexes: UnsafeMutablePointer<Int32>
    var indexCapacity = Batch.targetRows
    var indexCount = 0
    private let plain = ByteStore(capacity: 64 << 10)
    private var plainCount = 0
    private var numbers: [Int64] = []
    var bounds = ValueBounds()

    // The chunk.
    let dictionary: ValueDictionary?
    var usesDictionary = false
    private var rawBytes = 0
    private(set) var chunk = WrittenChunk()
    private let pages = ByteStore(capacity: 64 << 10)
    let body = ByteStore(capacity: 64 << 10)
    var usedEntries: [Bool] = []
    private let bloomFilter: BloomFilterBuilder?

    init(_ leaf: WrittenLeaf, _ options: WriterOptions) throws {
        self.leaf = leaf
        self.options = options
        compressor = try options.codec.blocks?.makeCompressor(level: options.level)
        dictionary =
            options.usesDictionary && leaf.form != .booleans ? ValueDictionary(width: leaf.form.heldWidth) : nil
        usesDictionary = dictionary != nil
        let size = try leaf.form == .booleans ? nil : options.bloomFilter(ofColumn: leaf.path.joined(separator: "."))
        bloomFilter = size.map { BloomFilterBuilder($0) }
        indexes = .allocate(capacity: indexCapacity)
    }

    deinit { indexes.deallocate() }

    /// Bytes of the chunk so far, about.
    var bufferedBytes: Int {
        pages.count + plain.count + definitions.count + indexCount
            + (usesDictionary ? dictionaryBytes : 0) + numbers.count * 8
    }

    // MARK: Entries

    /// Appends entries: their levels (nil where all are the highest, or 0), and the values of those that have one.
    func append(
        rows: Int, entries count: Int, definitions levels: UnsafePointer<UInt8>?,
        repetitions repeated: UnsafePointer<UInt8>?, held: UnsafeRawPointer, values: Int
    ) throws {
        append(levels, or: UInt8(leaf.definitionLevel), count, leaf.definitionLevel, to: definitions)
        append(repeated, or: 0, count, leaf.repetitionLevel, to: repetitions)
        entries += count
        nulls += count - values
        pageRows += rows
        if values > 0 { append(held, values) }
        if pageRows >= options.pageRows || pageBytes >= options.pageBytes { try endPage() }
    }

    private func append(
        _ levels: UnsafePointer<UInt8>?, or level: UInt8, _ count: Int, _ most: Int, to bytes: ByteStore
    ) {
        guard most > 0 else { return }
        let room = bytes.room(for: count)
        if let levels { room.update(from: levels, count: count) } else { room.update(repeating: level, count: count) }
        bytes.advance(count)
    }

    private var pageBytes: Int {
        plain.count + numbers.count * 8 + definitions.count / 8 + repetitions.count / 8
            + indexCount * HybridEncoder.width(of: dictionary?.count ?? 0) / 8
    }

    private func append(_ held: UnsafeRawPointer, _ count: Int) {
        if usesDictionary {
            encode(held, count)
            if !leaf.form.isStrings { bounds.add(held, count: count, form: leaf.form) }
            rawBytes += plainBytes(held, count)
        } else {
            bounds.add(held, count: count, form: leaf.form)
            appendPlain(held, count)
        }
    }

    func appendPlain(_ held: UnsafeRawPointer, _ count: Int) {
        plainCount += count
        bloomFilter?.add(held, count: count, form: leaf.form)
        if options.isVersion2, leaf.form == .int32 {
            let values = held.assumingMemoryBound(to: Int32.self)
            for index in 0..<count { numbers.append(Int64(values[index])) }
        } else if options.isVersion2, leaf.form.isInt64 {
            numbers.append(
                contentsOf: UnsafeBufferPointer(start: held.assumingMemoryBound(to: Int64.self), count: count))
        } else if leaf.form == .booleans {
            // Bits are packed when the page ends.
            plain.append(UnsafeRawBufferPointer(start: held, count: count))
        } else {
            leaf.form.appendPlain(held, count: count, to: plain)
        }
    }

    private func plainBytes(_ held: UnsafeRawPointer, _ count: Int) -> Int {
        guard leaf.form.isStrings else { return count * leaf.form.storedWidth }
        let views = held.assumingMemoryBound(to: BytesView.self)
        var total = count * 4
        for index in 0..<count { total &+= views[index].count }
        return total
    }

    // MARK: Pages

    private func endPage() throws {
        guard entries > 0 else { return }
        if usesDictionary {
            // A first page that indexes do not make smaller tells that the column has few repetitions.
            let bits = indexCount * HybridEncoder.width(of: max((dictionary?.count ?? 1) - 1, 0))
            if chunk.pages.isEmpty && dictionaryBytes + bits / 8 >= rawBytes && rawBytes > 0 {
                dropDictionary()
            } else {
                addDictionaryBounds()
            }
        }
        body.removeAll()
        var levelBytes = (repetitions: 0, definitions: 0)
        if leaf.repetitionLevel > 0 { levelBytes.repetitions = appendLevels(repetitions, leaf.repetitionLevel) }
        if leaf.definitionLevel > 0 { levelBytes.definitions = appendLevels(definitions, leaf.definitionLevel) }
        let encoding = appendValues()
        try writePage(encoding, levelBytes)
        if usesDictionary && dictionaryBytes >= options.dictionaryBytes { usesDictionary = false }
        definitions.removeAll()
        repetitions.removeAll()
        plain.removeAll()
        numbers.removeAll(keepingCapacity: true)
        plainCount = 0
        indexCount = 0
        entries = 0
        nulls = 0
        pageRows = 0
        bounds = ValueBounds()
    }

    /// Appends levels to the page's body, before version 2 with their length before them; returns how many bytes.
    private func appendLevels(_ levels: ByteStore, _ most: Int) -> Int {
        let start = body.count
        if !options.isVersion2 { for _ in 0..<4 { body.append(0) } }
        HybridEncoder.encode(levels.base, count: levels.count, width: HybridEncoder.width(of: most), into: body)
        if !options.isVersion2 {
            UnsafeMutableRawPointer(body.base + start).storeBytes(
                of: UInt32(truncatingIfNeeded: body.count - start - 4), as: UInt32.self)
        }
        return body.count - start
    }

    private func appendValues() -> Encoding {
        if usesDictionary {
            let width = HybridEncoder.width(of: max((dictionary?.count ?? 1) - 1, 0))
            body.append(UInt8(width))
            HybridEncoder.encode(indexes, count: indexCount, width: width, into: body)
            return options.isVersion2 ? .runLengthDictionary : .plainDictionary
        }
        if leaf.form == .booleans {
            guard options.isVersion2 else {
                leaf.form.appendPlain(plain.base, count: plainCount, to: body)
                return .plain
            }
            let start = body.count
            for _ in 0..<4 { body.append(0) }
            HybridEncoder.encode(plain.base, count: plainCount, width: 1, into: body)
            UnsafeMutableRawPointer(body.base + start).storeBytes(
                of: UInt32(truncatingIfNeeded: body.count - start - 4), as: UInt32.self)
            return .runLength
        }
        if options.isVersion2, leaf.form == .int32 || leaf.form.isInt64 {
            numbers.withUnsafeBufferPointer {
                DeltaEncoder.encode($0.baseAddress ?? UnsafePointer(bitPattern: 8)!, count: $0.count, into: body)
            }
            return .deltaBinaryPacked
        }
        body.append(plain.bytes)
        return .plain
    }

    private func writePage(_ encoding: Encoding, _ levelBytes: (repetitions: Int, definitions: Int)) throws {
        let start = pages.count
        let levels = options.isVersion2 ? levelBytes.repetitions + levelBytes.definitions : 0
        try withStored(UnsafeRawBufferPointer(rebasing: body.bytes[levels...])) { stored in
            let header = pageHeader(encoding, levelBytes, storedBytes: levels + stored.count)
            header.withUnsafeBytes { pages.append($0) }
            if levels > 0 { pages.append(body.base, count: levels) }
            pages.append(stored)
            chunk.uncompressedBytes += header.count + body.count
        }
        chunk.pages.append(
            WrittenPage(
                offset: start, byteCount: pages.count - start, firstRow: chunk.rows, entries: entries, nulls: nulls,
                encoding: encoding, bounds: bounds))
        chunk.rows += pageRows
        chunk.entries += entries
        chunk.nulls += nulls
        chunk.encodings.insert(encoding)
        if leaf.definitionLevel + leaf.repetitionLevel > 0 { chunk.encodings.insert(.runLength) }
        chunk.bounds.merge(bounds)
    }

    /// Hands the bytes, as they are stored, to `body`.
    private func withStored(
        _ bytes: UnsafeRawBufferPointer, _ body: (UnsafeRawBufferPointer) throws -> Void
    ) throws {
        guard let compressor else { return try body(bytes) }
        compressed.removeAll(keepingCapacity: true)
        if options.codec == .lz4 {
            // Hadoop's framing: sizes before and after compression, big-endian.
            compressed.append(contentsOf: repeatElement(0, count: 8))
            try compressor.compress(bytes, into: &compressed)
            let sizes = (UInt32(bytes.count).bigEndian, UInt32(compressed.count - 8).bigEndian)
            withUnsafeBytes(of: sizes) { source in compressed.withUnsafeMutableBytes { $0.copyMemory(from: source) } }
        } else {
            try compressor.compress(bytes, into: &compressed)
        }
        try compressed.withUnsafeBytes(body)
    }

    // MARK: Chunks

    /// Ends the chunk and hands its bytes to `write`: the dictionary first, then the pages; the writer is empty then.
    func endChunk(_ write: (UnsafeRawBufferPointer) throws -> Void) throws -> WrittenChunk {
        try endPage()
        if let dictionary, chunk.encodings.contains(.plainDictionary) || chunk.encodings.contains(.runLengthDictionary)
        {
            body.removeAll()
            leaf.form.appendPlain(dictionary.entries, count: dictionary.count, to: body)
            try withStored(body.bytes) { stored in
                let header = dictionaryHeader(dictionary.count, storedBytes: stored.count)
                try header.withUnsafeBytes { try write($0) }
                try write(stored)
                chunk.dictionaryBytes = header.count + stored.count
                chunk.uncompressedBytes += header.count + body.count
            }
            if options.isVersion2 { chunk.encodings.insert(.plain) }
        }
        try write(pages.bytes)
        if let dictionary { bloomFilter?.add(dictionary.entries, count: dictionary.count, form: leaf.form) }
        chunk.bloomFilterBytes = bloomFilter?.finish()
        chunk.storedBytes = chunk.dictionaryBytes + pages.count
        defer {
            pages.removeAll()
            dictionary?.removeAll()
            usesDictionary = dictionary != nil
            rawBytes = 0
            chunk = WrittenChunk()
        }
        return chunk
    }
}
