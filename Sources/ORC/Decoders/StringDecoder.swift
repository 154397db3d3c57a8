import HoneyCore
import HoneyStorage

/// Decodes string, varchar, char and binary: bytes and their lengths, or places in a dictionary of the stripe.
///
/// | encoding | DATA | LENGTH | DICTIONARY_DATA |
/// |---|---|---|---|
/// | direct | the bytes end to end | of each value | – |
/// | dictionary | numbers of entries | of each entry | the entries' bytes end to end |
final class StringDecoder: ColumnDecoder {
    private let data: StreamBytes
    private let numbers: IntegerRuns
    private let lengths: IntegerRuns
    private let dictionaryBytes: StreamBytes
    private var isDictionary = false
    private var dictionary: StringDictionary?
    private var dictionaryCount = 0
    private var scratch = IntegerScratch()
    private var fitting: TextLengths

    override init(_ node: TypeNode, type: DataType, context: ReadContext) {
        data = StreamBytes(context)
        // Direct or dictionary, the DATA stream is the same.
        numbers = IntegerRuns(data, isSigned: false)
        lengths = IntegerRuns(StreamBytes(context), isSigned: false)
        dictionaryBytes = StreamBytes(context)
        fitting = TextLengths(from: node.kind, to: type)
        super.init(node, type: type, context: context)
    }

    deinit { scratch.deallocate() }

    override var indexedStreams: [any IndexedStream] { isDictionary ? [numbers] : [data, lengths] }
    override var wholeStreams: [StreamBytes] { isDictionary ? [lengths.bytes, dictionaryBytes] : [] }

    override func enterValues(_ stripe: Stripe) throws {
        let encoding = try stripe.encoding(of: column)
        isDictionary = encoding.kind == .dictionary || encoding.kind == .dictionaryV2
        let isVersion2 = encoding.kind == .directV2 || encoding.kind == .dictionaryV2
        dictionary = nil
        dictionaryCount = Int(encoding.dictionarySize)
        data.enter(stripe.range(.data, of: column))
        numbers.restart(isVersion2: isVersion2)
        lengths.bytes.enter(stripe.range(.length, of: column))
        lengths.restart(isVersion2: isVersion2)
        dictionaryBytes.enter(stripe.range(.dictionaryData, of: column))
    }

    override func skipValues(_ count: Int) throws {
        guard !isDictionary else { return try numbers.skip(count) }
        var left = count
        while left > 0 {
            let step = min(left, Batch.targetRows)
            let sizes = scratch.reserve(step)
            try lengths.read(step, into: sizes)
            try data.skip(StringDecoder.total(sizes, step).bytes)
            left -= step
        }
    }

    override func decodeValues(rows: Int, count: Int, validity: Bitmap?) throws -> Column {
        let buffer = Buffer(capacity: rows * 16)
        let views = buffer.pointer(to: BytesView.self)
        let owners =
            isDictionary
            ? try look(up: count, rows, validity, into: views) : try point(count, rows, validity, into: views)
        return Column(type: type, count: rows, validity: validity, data: buffer, owners: owners)
    }

    /// Makes views of dictionary entries.
    private func look(
        up count: Int, _ rows: Int, _ validity: Bitmap?, into views: UnsafeMutablePointer<BytesView>
    ) throws -> [AnyObject] {
        guard count > 0 else {
            views.update(repeating: BytesView(), count: rows)
            return []
        }
        let dictionary = try loadedDictionary()
        let places = scratch.reserve(count)
        try numbers.read(count, into: places)
        places[count] = 0
        var largest: UInt64 = 0
        for index in 0..<count { largest = max(largest, UInt64(bitPattern: places[index])) }
        guard largest < UInt64(dictionary.count) else {
            throw HoneyError.damaged("dictionary has no such entry: \(largest) of \(dictionary.count)")
        }
        let entries = dictionary.views
        guard let words = validity?.words else {
            for row in 0..<rows { views[row] = entries[Int(places[row])] }
            return dictionary.owners
        }
        var value = 0
        for row in 0..<rows {
            let isThere = words[row &>> 6] &>> UInt64(row & 63) & 1
            let view = entries[Int(places[value])]
            // A null row is zero.
            let mask = 0 &- isThere
            views[row].head = view.head & mask
            views[row].tail = view.tail & mask
            value &+= Int(truncatingIfNeeded: isThere)
        }
        return dictionary.owners
    }

    private func loadedDictionary() throws -> StringDictionary {
        if let dictionary { return dictionary }
        let new = try StringDictionary(
            dictionaryCount, lengths: lengths, bytes: dictionaryBytes, fitting: &fitting)
        dictionary = new
        return new
    }

    /// Makes views into the stream's bytes.
    private func point(
        _ count: Int, _ rows: Int, _ validity: Bitmap?, into views: UnsafeMutablePointer<BytesView>
    ) throws -> [AnyObject] {
        let sizes = scratch.reserve(count)
        try lengths.read(count, into: sizes)
        let (total, longest) = try StringDecoder.total(sizes, count)
        guard try data.has(total) else { throw StreamBytes.endsEarly() }
        var next = data.next
        if let words = validity?.words {
            var value = 0
            for row in 0..<rows {
                guard words[row &>> 6] &>> UInt64(row & 63) & 1 != 0 else {
                    views[row] = BytesView()
                    continue
                }
                let size = Int(sizes[value])
                views[row] = BytesView(next, count: size)
                next += size
                value &+= 1
            }
        } else {
            for row in 0..<rows {
                let size = Int(sizes[row])
                views[row] = BytesView(next, count: size)
                next += size
            }
        }
        data.next = next
        let window: [AnyObject] = longest > BytesView.inlineCapacity ? [data.window] : []
        guard !fitting.keepsAll else { return window }
        fitting.restart()
        if let validity {
            for row in 0..<rows where validity[row] { fitting.fit(views + row, count: 1) }
        } else {
            fitting.fit(views, count: rows)
        }
        return window + fitting.owners
    }

    /// Adds up lengths.
    static func total(_ sizes: UnsafeMutablePointer<Int64>, _ count: Int) throws -> (bytes: Int, longest: Int) {
        var bytes: Int64 = 0
        var all: Int64 = 0
        var longest: Int64 = 0
        for index in 0..<count {
            bytes &+= sizes[index]
            all |= sizes[index]
            longest = max(longest, sizes[index])
        }
        // Negative ones and those past 31 bits have high bits set.
        guard all >= 0, all <= Int64(Int32.max) else { throw HoneyError.damaged("length of a value is out of range") }
        return (Int(bytes), Int(longest))
    }
}

/// A stripe's dictionary of a column, as views.
final class StringDictionary {
    let count: Int
    private let buffer: Buffer
    let owners: [AnyObject]

    var views: UnsafePointer<BytesView> { UnsafePointer(buffer.pointer(to: BytesView.self)) }

    init(_ count: Int, lengths: IntegerRuns, bytes: StreamBytes, fitting: inout TextLengths) throws {
        self.count = count
        var sizes: [Int64] = []
        var total = 0
        // Some at a time: the count may be wrong, and only as many lengths as there are shall take memory.
        while sizes.count < count {
            let step = min(count - sizes.count, 1 << 14)
            let start = sizes.count
            sizes.append(contentsOf: repeatElement(0, count: step + IntegerRuns.slack))
            try sizes.withUnsafeMutableBufferPointer { buffer in
                try lengths.read(step, into: buffer.baseAddress! + start)
                total += try StringDecoder.total(buffer.baseAddress! + start, step).bytes
            }
            sizes.removeLast(IntegerRuns.slack)
            // Entries differ, so that at most one is empty.
            guard sizes.count < 1 << 20 || total >= sizes.count - 1 else {
                throw HoneyError.damaged("dictionary has the same entry many times")
            }
        }
        guard try bytes.has(total) else { throw StreamBytes.endsEarly() }
        buffer = Buffer(capacity: max(count, 1) * 16)
        let views = buffer.pointer(to: BytesView.self)
        var next = bytes.next
        for index in 0..<count {
            views[index] = BytesView(next, count: Int(sizes[index]))
            next += Int(sizes[index])
        }
        fitting.restart()
        fitting.fit(views, count: count)
        owners = [bytes.window] + fitting.owners
    }
}
