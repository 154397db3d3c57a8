import HoneyCore
import HoneyStorage

/// The values of one page, decoded some at a time as they are stored: back to back in `rawWidth` bytes each; byte arrays as
/// `BytesView`s into the page.
final class PageValues {
    enum Form {
        case none, plain, bytes, bits, indexes, runLengthBits, deltas, deltaLengths, deltaBytes, streams
    }

    let type: StoredType
    /// Bytes of a value decoded.
    let rawWidth: Int
    var form = Form.none
    var next: UnsafePointer<UInt8>
    var end: UnsafePointer<UInt8>
    /// Position among bits or streams.
    private var position = 0
    private var streamLength = 0
    private var hybrid: HybridDecoder
    var deltas: DeltaDecoder?
    var suffixes: DeltaDecoder?
    /// The value before, of those that share a start.
    var previous: [UInt8] = []
    let numbers: UnsafeMutablePointer<Int64>
    let suffixLengths: UnsafeMutablePointer<Int64>
    /// What views point into.
    var page: Buffer
    /// Values decoded at once.
    static let mostAtOnce = Batch.targetRows

    init(_ node: SchemaNode) throws {
        type = node.type ?? .byteArray
        rawWidth =
            switch type {
            case .boolean: 1
            case .int32, .float: 4
            case .int64, .double: 8
            case .int96: 12
            case .byteArray: MemoryLayout<BytesView>.size
            case .fixedLengthByteArray: node.typeLength
            }
        guard rawWidth > 0 else { throw HoneyError.damaged("column of fixed length has none: \(node.name)") }
        page = PageValues.noPage
        next = UnsafePointer(page.pointer(to: UInt8.self))
        end = next
        hybrid = HybridDecoder(next, count: 0, width: 0)
        numbers = .allocate(capacity: PageValues.mostAtOnce)
        suffixLengths = .allocate(capacity: PageValues.mostAtOnce)
    }

    deinit {
        numbers.deallocate()
        suffixLengths.deallocate()
    }

    private static let noPage = Buffer(zeroed: 64)

    /// Lets go of the page.
    func leave() {
        form = .none
        page = PageValues.noPage
    }

    /// Starts on the values of a page, `count` bytes at `start`, 64 more of which may be read.
    func enter(_ encoding: Encoding, _ start: UnsafePointer<UInt8>, count: Int, page: Buffer) throws {
        self.page = page
        next = start
        end = start + count
        position = 0
        let number = type == .int32 || type == .int64
        switch encoding {
        case .plain: form = type == .byteArray ? .bytes : type == .boolean ? .bits : .plain
        case .plainDictionary, .runLengthDictionary:
            guard type != .boolean else { throw unfit(encoding) }
            form = .indexes
            // A page of nulls alone may have no width.
            let width = count > 0 ? Int(start[0]) : 0
            guard width <= 32 else { throw HoneyError.damaged("dictionary indexes are too wide: \(width) bits") }
            hybrid = HybridDecoder(start + min(count, 1), count: max(count - 1, 0), width: width)
        case .runLength:
            guard type == .boolean else { throw unfit(encoding) }
            form = .runLengthBits
            let length = count >= 4 ? Int(UnsafeRawPointer(start).loadUnaligned(as: UInt32.self)) : 0
            guard length <= max(count - 4, 0) else { throw HoneyError.damaged("booleans are cut short") }
            hybrid = HybridDecoder(start + min(count, 4), count: length, width: 1)
        case .deltaBinaryPacked:
            guard number else { throw unfit(encoding) }
            form = .deltas
            deltas = count == 0 ? nil : try DeltaDecoder(start, end: end)
        case .deltaLengthByteArray:
            guard type == .byteArray else { throw unfit(encoding) }
            form = .deltaLengths
            try enterLengths(isPrefixed: false)
        case .deltaByteArray:
            guard type == .byteArray || type == .fixedLengthByteArray else { throw unfit(encoding) }
            form = .deltaBytes
            try enterLengths(isPrefixed: true)
        case .byteStreamSplit:
            guard type != .byteArray, type != .boolean, type != .int96 else { throw unfit(encoding) }
            form = .streams
            streamLength = count / rawWidth
        case .bitPacked: throw unfit(encoding)
        }
    }

    private func enterLengths(isPrefixed: Bool) throws {
        previous.removeAll(keepingCapacity: true)
        deltas = nil
        suffixes = nil
        guard next < end else { return }
        var lengths = try DeltaDecoder(next, end: end)
        deltas = lengths
        next = try lengths.finish()
        guard isPrefixed else { return }
        var more = try DeltaDecoder(next, end: end)
        suffixes = more
        next = try more.finish()
    }

    private func unfit(_ encoding: Encoding) -> HoneyError {
        HoneyError.damaged("values of type \(type.name) cannot be encoded as \(encoding.name)")
    }

    /// Tells whether the page holds indexes into the chunk's dictionary.
    var hasIndexes: Bool { form == .indexes }

    /// Reads `count` indexes into the dictionary.
    func readIndexes(_ count: Int, into target: UnsafeMutablePointer<Int32>) throws {
        try hybrid.read(count, into: target)
    }

    /// Steps over `count` plain values and returns where they are; nil for other encodings.
    func take(_ count: Int) throws -> UnsafeRawPointer? {
        guard form == .plain else { return nil }
        let start = next
        try advancePlain(count)
        return UnsafeRawPointer(start)
    }

    private func advancePlain(_ count: Int) throws {
        let (bytes, overflow) = count.multipliedReportingOverflow(by: rawWidth)
        guard !overflow, bytes <= end - next else { throw PageValues.tooFew() }
        next += bytes
    }

    /// What the page's values lie in.
    var owner: Buffer { page }

    /// Checks that the page can hold `count` values more, before memory is taken for them.
    func requireRoom(for count: Int) throws {
        let (bytes, overflow) = count.multipliedReportingOverflow(by: rawWidth)
        guard !overflow else { throw PageValues.tooFew() }
        switch form {
        case .plain, .streams: if bytes > end - next { throw PageValues.tooFew() }
        case .deltaBytes: if bytes > PageValues.mostSharedBytes { throw PageValues.tooFew() }
        default: break
        }
    }

    /// Steps over `count` values.
    func skip(_ count: Int) throws {
        switch form {
        case .none: if count > 0 { throw PageValues.tooFew() }
        case .plain: try advancePlain(count)
        case .bytes: try walk(count) { _, _, _ in }
        case .bits, .streams: position += count
        case .indexes, .runLengthBits: try hybrid.skip(count)
        case .deltas: try readDeltas(count, into: nil)
        case .deltaLengths, .deltaBytes:
            var left = count
            var owners: [AnyObject] = []
            let scratch = UnsafeMutablePointer<BytesView>.allocate(capacity: PageValues.mostAtOnce)
            defer { scratch.deallocate() }
            while left > 0 {
                let run = min(left, PageValues.mostAtOnce)
                try decodeViews(run, into: scratch, &owners)
                owners.removeAll()
                left -= run
            }
        }
    }

    /// Decodes the next `count` values (`mostAtOnce` at most), or the chosen ones among them, ascending, to `target`.
    ///
    /// What views point into is added to `owners`.
    func decode(
        _ count: Int, chosen: UnsafePointer<Int32>?, chosenCount: Int, into target: UnsafeMutableRawPointer,
        owners: inout [AnyObject]
    ) throws {
        switch form {
        case .none, .indexes: throw PageValues.tooFew()
        case .plain:
            let start = UnsafeRawPointer(next)
            try advancePlain(count)
            if let chosen {
                gather(start, chosen, chosenCount, target)
            } else {
                target.copyMemory(from: start, byteCount: count * rawWidth)
            }
        case .bytes:
            owners.append(page)
            try decodeBytes(count, chosen, chosenCount, target.assumingMemoryBound(to: BytesView.self))
        case .bits:
            guard position + count <= (end - next) * 8 else { throw PageValues.tooFew() }
            let bits = target.assumingMemoryBound(to: UInt8.self)
            if let chosen {
                for index in 0..<chosenCount {
                    let bit = position + Int(chosen[index])
                    bits[index] = next[bit >> 3] >> UInt8(bit & 7) & 1
                }
            } else {
                BitUnpacking.unpack(next, from: position, count: count, width: 1, into: bits)
            }
            position += count
        case .runLengthBits:
            try whole(count, chosen, chosenCount, target) {
                try hybrid.read(count, into: $0.assumingMemoryBound(to: UInt8.self))
            }
        case .deltas:
            try readDeltas(count, into: numbers)
            store(numbers, chosen, chosenCount, target)
        case .deltaLengths, .deltaBytes:
            guard type == .byteArray else {
                return try decodeFixed(count, chosen, chosenCount, target, &owners)
            }
            try whole(count, chosen, chosenCount, target) {
                try decodeViews(count, into: $0.assumingMemoryBound(to: BytesView.self), &owners)
            }
        case .streams: try decodeStreams(count, chosen, chosenCount, target)
        }
    }

    @inline(never)
    static func tooFew() -> HoneyError { HoneyError.damaged("page has fewer values than it says") }

    // MARK: Choosing

    /// Decodes all values to `target`, or to the side to pick the chosen ones.
    private func whole(
        _ count: Int, _ chosen: UnsafePointer<Int32>?, _ chosenCount: Int, _ target: UnsafeMutableRawPointer,
        _ decode: (UnsafeMutableRawPointer) throws -> Void
    ) rethrows {
        guard let chosen else { return try decode(target) }
        let side = UnsafeMutableRawPointer.allocate(byteCount: count * rawWidth, alignment: 16)
        defer { side.deallocate() }
        try decode(side)
        gather(side, chosen, chosenCount, target)
    }

    private func gather(
        _ source: UnsafeRawPointer, _ chosen: UnsafePointer<Int32>, _ count: Int, _ target: UnsafeMutableRawPointer
    ) {
        switch rawWidth {
        case 1: PageValues.gather(UInt8.self, source, chosen, count, target)
        case 4: PageValues.gather(UInt32.self, source, chosen, count, target)
        case 8: PageValues.gather(UInt64.self, source, chosen, count, target)
        case 16: PageValues.gather(UInt128.self, source, chosen, count, target)
        default:
            for index in 0..<count {
                (target + index * rawWidth).copyMemory(
                    from: source + Int(chosen[index]) * rawWidth, byteCount: rawWidth)
            }
        }
    }

    @inline(__always)
    private static func gather<T: BitwiseCopyable>(
        _: T.Type, _ source: UnsafeRawPointer, _ chosen: UnsafePointer<Int32>, _ count: Int,
        _ target: UnsafeMutableRawPointer
    ) {
        let size = MemoryLayout<T>.size
        for index in 0..<count {
            let value = source.loadUnaligned(fromByteOffset: Int(chosen[index]) &* size, as: T.self)
            target.storeBytes(of: value, toByteOffset: index &* size, as: T.self)
        }
    }

    // MARK: Numbers

    private func readDeltas(_ count: Int, into target: UnsafeMutablePointer<Int64>?) throws {
        guard deltas != nil else { throw PageValues.tooFew() }
        try deltas!.read(count, into: target)
    }

    private func store(
        _ numbers: UnsafePointer<Int64>, _ chosen: UnsafePointer<Int32>?, _ count: Int,
        _ target: UnsafeMutableRawPointer
    ) {
        if rawWidth == 8 {
            let target = target.assumingMemoryBound(to: Int64.self)
            guard let chosen else { return target.update(from: numbers, count: count) }
            for index in 0..<count { target[index] = numbers[Int(chosen[index])] }
        } else {
            let target = target.assumingMemoryBound(to: Int32.self)
            if let chosen {
                for index in 0..<count { target[index] = Int32(truncatingIfNeeded: numbers[Int(chosen[index])]) }
            } else {
                for index in 0..<count { target[index] = Int32(truncatingIfNeeded: numbers[index]) }
            }
        }
    }

    /// Byte k of each value lies in the k-th stream.
    private func decodeStreams(
        _ count: Int, _ chosen: UnsafePointer<Int32>?, _ chosenCount: Int, _ target: UnsafeMutableRawPointer
    ) throws {
        guard position + count <= streamLength else { throw PageValues.tooFew() }
        let bytes = target.assumingMemoryBound(to: UInt8.self)
        for stream in 0..<rawWidth {
            let source = next + stream * streamLength + position
            if let chosen {
                for index in 0..<chosenCount { bytes[index &* rawWidth &+ stream] = source[Int(chosen[index])] }
            } else {
                for index in 0..<count { bytes[index &* rawWidth &+ stream] = source[index] }
            }
        }
        position += count
    }
}
