import HoneyCore
import HoneyStorage

/// Writes string, varchar, char and binary; see `StringDecoder`.
///
/// Whether a dictionary pays is decided once, at the end of the first row group; binary never has one.
final class StringWriter: ColumnWriter {
    private let data: StreamOutput
    private let lengths: StreamOutput
    private let dictionaryBytes: StreamOutput
    private let lengthRuns: IntegerRunEncoder
    private let numberRuns: IntegerRunEncoder
    private let dictionary = DictionaryBuilder()
    /// Entries of the stripe's values, in order, while there is a dictionary.
    private var numbers: [Int32] = []
    /// Values before the end of each row group.
    private var groupEnds: [Int] = []
    private var isDictionary: Bool
    private var isDecided = false
    private var scratch = IntegerScratch()

    override init(_ column: Int, type: DataType, hasBloom: Bool, setting: Setting) {
        data = StreamOutput(setting.compressor)
        lengths = StreamOutput(setting.compressor)
        dictionaryBytes = StreamOutput(setting.compressor)
        lengthRuns = IntegerRunEncoder(lengths, isSigned: false)
        numberRuns = IntegerRunEncoder(data, isSigned: false)
        isDictionary = type != .binary && setting.options.dictionaryThreshold > 0
        super.init(column, type: type, hasBloom: hasBloom, setting: setting)
    }

    deinit { scratch.deallocate() }

    override var encoding: ORCColumnEncoding.Kind { isDictionary ? .dictionaryV2 : .directV2 }
    override var dictionarySize: Int? { isDictionary ? dictionary.count : nil }
    override var valueStreams: [(kind: ORCStream.Kind, output: StreamOutput)] {
        isDictionary
            ? [(.data, data), (.length, lengths), (.dictionaryData, dictionaryBytes)]
            : [(.data, data), (.length, lengths)]
    }
    override var heldBytes: Int { dictionary.byteCount + numbers.count * 4 }

    override func appendPositions(to positions: inout [UInt64]) {
        guard !isDictionary else { return }
        data.appendPosition(to: &positions)
        lengthRuns.appendPosition(to: &positions)
    }

    override func writeValues(_ values: Column) throws {
        try gatherStatistics(values)
        let views = values.values(as: BytesView.self)
        guard isDictionary else { return try writeDirect(views, values.count) }
        let start = numbers.count
        numbers.append(contentsOf: repeatElement(0, count: values.count))
        numbers.withUnsafeMutableBufferPointer { numbers in
            for row in 0..<values.count { numbers[start + row] = dictionary.number(of: views[row]) }
        }
    }

    private func gatherStatistics(_ values: Column) throws {
        guard values.count > 0 else { return }
        let views = values.values(as: BytesView.self)
        var bytes = 0
        for row in 0..<values.count { bytes += views[row].count }
        statistics.add(sum: Int64(bytes))
        if bloom != nil { for row in 0..<values.count { bloom?.insert(BloomHash.hash(values.bytes(at: row))) } }
        guard type.isText else { return }
        var least = 0
        var most = 0
        for row in 1..<max(values.count, 1) {
            if BytesView.compare(views[row], views[least]) < 0 {
                least = row
            } else if BytesView.compare(views[row], views[most]) > 0 {
                most = row
            }
        }
        statistics.add(
            least: values.bytes(at: least), most: values.bytes(at: most),
            isFirst: statistics.count == values.count)
    }

    private func writeDirect(_ views: UnsafePointer<BytesView>, _ count: Int) throws {
        let sizes = scratch.reserve(count)
        for row in 0..<count {
            sizes[row] = Int64(views[row].count)
            let bytes = BytesView.bytes(at: views + row)
            guard let start = bytes.baseAddress, bytes.count > 0 else { continue }
            data.room(for: bytes.count).update(from: start, count: bytes.count)
            try data.advance(bytes.count)
        }
        try lengthRuns.append(sizes, count: count)
    }

    override func endValues() throws {
        groupEnds.append(numbers.count)
        if !isDecided { try decide() }
    }

    /// Gives the dictionary up when too many values differ.
    private func decide() throws {
        guard isDictionary, !numbers.isEmpty else { return }
        isDecided = true
        let limit = setting.options.dictionaryThreshold * Double(numbers.count)
        guard Double(dictionary.count) > limit else { return }
        isDictionary = false
        let views = dictionary.views
        try withUnsafeTemporaryAllocation(of: BytesView.self, capacity: Batch.targetRows) { part in
            var done = 0
            while done < numbers.count {
                let step = min(Batch.targetRows, numbers.count - done)
                for row in 0..<step { part[row] = views[Int(numbers[done + row])] }
                try writeDirect(part.baseAddress!, step)
                done += step
            }
        }
        numbers.removeAll()
        dictionary.removeAll()
    }

    override func finishValues(_ positions: inout [[UInt64]]) throws {
        guard isDictionary else {
            fillFirstPositions(&positions)
            return try lengthRuns.flush()
        }
        let order = dictionary.sorted()
        // Where each entry is now.
        var places = [Int64](repeating: 0, count: order.count)
        let sizes = scratch.reserve(order.count)
        for (place, entry) in order.enumerated() {
            places[Int(entry)] = Int64(place)
            let bytes = BytesView.bytes(at: dictionary.views + Int(entry))
            sizes[place] = Int64(bytes.count)
            try dictionaryBytes.append(UnsafeRawBufferPointer(bytes))
        }
        try lengthRuns.append(sizes, count: order.count)
        try lengthRuns.flush()
        var start = 0
        for (group, end) in groupEnds.enumerated() {
            if group < positions.count {
                positions[group].removeAll()
                numberRuns.appendPosition(to: &positions[group])
            }
            let target = scratch.reserve(end - start)
            for row in start..<end { target[row - start] = places[Int(numbers[row])] }
            try numberRuns.append(target, count: end - start)
            start = end
        }
        try numberRuns.flush()
    }

    /// Row groups that ended before the dictionary was given up start where the streams do: there is one with values.
    private func fillFirstPositions(_ positions: inout [[UInt64]]) {
        let numbersOfDirect = setting.compressor.isCompressed ? 5 : 3
        for group in positions.indices where positions[group].isEmpty {
            positions[group] = [UInt64](repeating: 0, count: numbersOfDirect)
        }
    }

    override func startStripe() {
        numbers.removeAll(keepingCapacity: true)
        groupEnds.removeAll()
        dictionary.removeAll()
    }
}
