import HoneyCore
import HoneyFiles
import HoneyStorage

/// Reads one leaf of a file, row group by row group: the pages' levels, and values as the column's type wants them.
final class LeafReader {
    let node: SchemaNode
    let type: DataType
    let conversion: LeafConversion
    private let reading: FileReading
    let values: PageValues
    private(set) var pages: ChunkPages?
    /// The chunk's dictionary in the type's form.
    private(set) var dictionary: Column?
    /// Whether the dictionary was known before its page was reached.
    private var knowsDictionary = false
    private(set) var offsetIndex: OffsetIndex?
    let indexes: UnsafeMutablePointer<Int32>
    let picked: UnsafeMutablePointer<Int32>

    // The page at hand, whose header is read; its bytes only once something of it is wanted.
    private var header: PageHeader?
    private var isOpen = false
    private var definition: HybridDecoder?
    private var repetition: HybridDecoder?
    /// What bit-packed levels were turned into.
    private var turnedLevels: [Buffer] = []
    /// Level entries of the page that were not read.
    private(set) var entriesLeft = 0
    /// Rows passed in this row group, when rows are entries.
    var rowsPassed = 0
    /// Where the pages of the rows that are wanted next end in the file.
    var wantedEnd = 0
    private let path: String

    init(_ leaf: LeafPlan, _ reading: FileReading) throws {
        node = leaf.node
        type = leaf.type
        conversion = LeafConversion(leaf.node, to: leaf.type, isHybrid: reading.hasHybridDates)
        self.reading = reading
        path = reading.file.location.description
        values = try PageValues(leaf.node)
        indexes = .allocate(capacity: PageValues.mostAtOnce)
        picked = .allocate(capacity: PageValues.mostAtOnce)
    }

    deinit {
        indexes.deallocate()
        picked.deallocate()
    }

    // MARK: Row groups

    /// Starts on another row group's chunk, whose dictionary may be known.
    func enter(_ pages: ChunkPages, offsetIndex: OffsetIndex?, dictionary: Column? = nil) {
        leave()
        self.pages = pages
        self.offsetIndex = offsetIndex
        self.dictionary = dictionary
        knowsDictionary = dictionary != nil
    }

    /// Reads the dictionary that the chunk starts with and nothing else; nil when it does not start with one.
    func loadDictionary() throws -> Column? {
        guard let pages, let header = try pages.header(&reading.pool, &reading.counters), header.kind == .dictionary
        else { return nil }
        try readDictionary(pages)
        return dictionary
    }

    /// Lets go of the row group's memory.
    func leave() {
        pages = nil
        dictionary = nil
        offsetIndex = nil
        header = nil
        isOpen = false
        entriesLeft = 0
        rowsPassed = 0
        turnedLevels.removeAll()
        values.leave()
    }

    // MARK: Pages

    /// Makes the page at hand one with entries left, without opening it; false after the last page.
    func reachPage() throws -> Bool {
        while entriesLeft == 0 {
            guard let pages else { return false }
            header = nil
            isOpen = false
            guard let next = try pages.header(&reading.pool, &reading.counters) else { return false }
            switch next.kind {
            case .data, .dataV2:
                header = next
                entriesLeft = next.valueCount
                if entriesLeft == 0 { pages.skip() }
            case .dictionary where knowsDictionary:
                knowsDictionary = false
                pages.skip()
            case .dictionary: try readDictionary(pages)
            case .index, nil: pages.skip()
            }
        }
        return true
    }

    /// The rows of the page at hand where none of it was read and its header tells them.
    var untouchedRows: Int? { isOpen ? nil : header?.rowCount }

    /// Steps over what is left of the page.
    func dropPage() throws {
        if !isOpen { pages?.skip() }
        entriesLeft = 0
    }

    private func readDictionary(_ pages: ChunkPages) throws {
        guard dictionary == nil else { throw HoneyError.damaged("column chunk has several dictionaries") }
        let place = pages.position
        let page = try pages.take(&reading.pool, &reading.counters)
        try placingErrors(in: path, at: place) {
            let count = page.header.valueCount
            let encoding = try Encoding.known(page.header.encoding)
            guard encoding == .plain || encoding == .plainDictionary else {
                throw HoneyError.damaged("dictionary is encoded as \(encoding.name)")
            }
            // Every plain value takes a bit at least.
            guard count <= page.count * 8 else { throw HoneyError.damaged("dictionary has more values than bytes") }
            try values.enter(
                .plain, page.bytes.pointer(to: UInt8.self) + page.start, count: page.count, page: page.bytes)
            let data = Buffer(capacity: count * type.physical.width)
            var decoded = DenseValues(type: type, data: data)
            var done = 0
            while done < count {
                let run = min(PageValues.mostAtOnce, count - done)
                try decode(run, chosen: nil, chosenCount: run, into: &decoded)
                done += run
            }
            dictionary = decoded.column()
        }
    }

    /// Opens the page at hand: its levels and values can be read then.
    private func openPage() throws {
        guard !isOpen, let pages, let header else { return }
        let place = pages.position
        let page = try pages.take(&reading.pool, &reading.counters)
        isOpen = true
        try placingErrors(in: path, at: place) { try open(page, header) }
    }

    private func open(_ page: Page, _ header: PageHeader) throws {
        let base = UnsafePointer(page.bytes.pointer(to: UInt8.self) + page.start)
        turnedLevels.removeAll()
        var next = 0
        if header.kind == .dataV2 {
            let repetitionEnd = header.repetitionBytes
            repetition = levels(base, header.repetitionBytes, most: node.repetitionLevel)
            definition = levels(base + repetitionEnd, header.definitionBytes, most: node.definitionLevel)
            next = repetitionEnd + header.definitionBytes
        } else {
            repetition = try levels(
                base, page.count, &next, most: node.repetitionLevel, header.repetitionEncoding, header.valueCount)
            definition = try levels(
                base, page.count, &next, most: node.definitionLevel, header.definitionEncoding, header.valueCount)
        }
        let encoding = try Encoding.known(header.encoding)
        try values.enter(encoding, base + next, count: page.count - next, page: page.bytes)
        if values.hasIndexes && dictionary == nil && page.count > next {
            throw HoneyError.damaged("page has indexes into a dictionary that is not there")
        }
    }

    private static func width(of level: Int) -> Int { Int.bitWidth - level.leadingZeroBitCount }

    private func levels(_ start: UnsafePointer<UInt8>, _ count: Int, most: Int) -> HybridDecoder? {
        most == 0 ? nil : HybridDecoder(start, count: count, width: LeafReader.width(of: most))
    }

    /// Finds the levels of a page before version 2: u32 little-endian length and runs, or bit-packed ones of the older way.
    private func levels(
        _ base: UnsafePointer<UInt8>, _ limit: Int, _ next: inout Int, most: Int, _ encoding: Int, _ count: Int
    ) throws -> HybridDecoder? {
        guard most > 0 else { return nil }
        let width = LeafReader.width(of: most)
        if encoding == Encoding.bitPacked.rawValue {
            let bytes = BitPackedLevels.byteCount(count, width: width)
            guard bytes <= limit - next else { throw HoneyError.damaged("levels are longer than their page") }
            let turned = BitPackedLevels.hybrid(base + next, count: count, width: width)
            let buffer = Buffer(capacity: turned.count)
            turned.withUnsafeBytes { buffer.base.copyMemory(from: $0.baseAddress!, byteCount: turned.count) }
            turnedLevels.append(buffer)
            next += bytes
            return HybridDecoder(buffer.pointer(to: UInt8.self), count: turned.count - 8, width: width)
        }
        guard encoding == Encoding.runLength.rawValue else {
            throw HoneyError.damaged("levels are encoded as \(try Encoding.known(encoding).name)")
        }
        guard limit - next >= 4 else { throw HoneyError.damaged("levels are cut short") }
        let length = Int(UnsafeRawPointer(base + next).loadUnaligned(as: UInt32.self))
        next += 4
        guard length <= limit - next else { throw HoneyError.damaged("levels are longer than their page") }
        defer { next += length }
        return HybridDecoder(base + next, count: length, width: width)
    }

    // MARK: Entries

    /// Reads the levels of the page's next `count` entries.
    func readLevels(
        _ count: Int, definitions: UnsafeMutablePointer<UInt8>, repetitions: UnsafeMutablePointer<UInt8>
    ) throws {
        try openPage()
        try placed {
            if repetition != nil {
                try repetition!.read(count, into: repetitions)
                if LeafReader.isAbove(repetitions, count, node.repetitionLevel) { throw LeafReader.wrongLevel() }
            } else {
                repetitions.update(repeating: 0, count: count)
            }
            if definition != nil {
                try definition!.read(count, into: definitions)
                if LeafReader.isAbove(definitions, count, node.definitionLevel) { throw LeafReader.wrongLevel() }
            } else {
                definitions.update(repeating: UInt8(node.definitionLevel), count: count)
            }
        }
        entriesLeft -= count
    }

    private static func isAbove(_ levels: UnsafePointer<UInt8>, _ count: Int, _ most: Int) -> Bool {
        var highest: UInt8 = 0
        for index in 0..<count { highest = max(highest, levels[index]) }
        return Int(highest) > most
    }

    private static func wrongLevel() -> HoneyError { HoneyError.damaged("level is higher than its column has any") }

    /// Reads which of the page's next `count` entries are there, for a leaf of levels 0 and 1; returns how many.
    func readPresence(_ count: Int, into words: UnsafeMutablePointer<UInt64>, at start: Int) throws -> Int {
        try openPage()
        entriesLeft -= count
        return try placed { try definition!.readBits(count, into: words, at: start) }
    }

    /// Takes the page's next `count` entries of a leaf that has no levels.
    func takeEntries(_ count: Int) throws {
        try openPage()
        entriesLeft -= count
    }

    var isOptional: Bool { node.definitionLevel > 0 }

    func placed<R>(_ body: () throws -> R) throws -> R {
        try placingErrors(in: path, at: pages?.position ?? 0, body)
    }
}
