import HoneyCore
import HoneyStorage

/// Writes one column of a file, with what is nested in it: values to streams, and what they are to statistics.
///
/// Subclasses write the values that are there; this class knows of nulls, places and statistics.
class ColumnWriter {
    /// What the writers of a file share.
    struct Setting {
        let options: WriteOptions
        let compressor: ChunkCompressor
    }

    let setting: Setting
    /// Its number in the file.
    let column: Int
    let type: DataType
    private let presentOutput: StreamOutput
    private let present: BooleanRunEncoder
    private var hasNulls = false
    /// Of the row group at hand.
    var statistics: ValueStatistics
    private(set) var stripeStatistics: ValueStatistics
    private(set) var fileStatistics: ValueStatistics
    /// Hashes of the row group's values; nil when nobody wants them.
    var bloom: BloomBits?
    private var blooms: [ORCBloomFilter] = []

    // The row index: places of the row group at hand, and what is ended.
    private var presentPositions: [UInt64] = []
    private var valuePositions: [UInt64] = []
    private var entries: [(present: [UInt64], values: [UInt64], statistics: ORCColumnStatistics)] = []

    init(_ column: Int, type: DataType, hasBloom: Bool, setting: Setting) {
        self.setting = setting
        self.column = column
        self.type = type
        presentOutput = StreamOutput(setting.compressor)
        present = BooleanRunEncoder(presentOutput)
        statistics = ValueStatistics(type)
        stripeStatistics = statistics
        fileStatistics = statistics
        if hasBloom, setting.options.groupRows > 0 {
            bloom = BloomBits(
                expecting: setting.options.groupRows, falsePositives: setting.options.bloomFalsePositives)
        }
    }

    // MARK: For subclasses

    var children: [ColumnWriter] { [] }
    var encoding: ORCColumnEncoding.Kind { .directV2 }
    var dictionarySize: Int? { nil }
    /// Its streams but that of nulls.
    var valueStreams: [(kind: ORCStream.Kind, output: StreamOutput)] { [] }
    /// Bytes held elsewhere than in streams.
    var heldBytes: Int { 0 }
    /// Writes the rows of a column without nulls.
    func writeValues(_ column: Column) throws {}
    /// Appends the places of its streams, in the order of the row index.
    func appendPositions(to positions: inout [UInt64]) {}
    /// Is told that a row group ends.
    func endValues() throws {}
    /// Ends its streams; may fill in the places of row groups that were not known before.
    func finishValues(_ positions: inout [[UInt64]]) throws {}
    /// Empties what belongs to a stripe but its streams.
    func startStripe() {}

    // MARK: For everyone

    final var tree: [ColumnWriter] { [self] + children.flatMap(\.tree) }

    final var estimatedBytes: Int {
        presentOutput.byteCount + heldBytes + valueStreams.reduce(0) { $0 + $1.output.byteCount }
            + children.reduce(0) { $0 + $1.estimatedBytes }
    }

    /// Writes the rows of a column, which is not constant.
    final func write(_ values: Column) throws {
        guard let validity = values.validity, validity.setCount < values.count else {
            statistics.add(rows: values.count, nulls: 0)
            try present.append(repeating: true, count: values.count)
            return try writeValues(values)
        }
        hasNulls = true
        let count = validity.setCount
        statistics.add(rows: values.count, nulls: values.count - count)
        try present.append(validity.words, count: values.count)
        guard count > 0 else { return }
        try withUnsafeTemporaryAllocation(of: Int32.self, capacity: values.count) { indices in
            var kept = 0
            for row in 0..<values.count {
                indices[kept] = Int32(truncatingIfNeeded: row)
                kept &+= validity[row] ? 1 : 0
            }
            try writeValues(values.gathered(indices.baseAddress!, count: count))
        }
    }

    /// Remembers where a row group starts.
    final func startGroup() {
        guard setting.options.groupRows > 0 else { return }
        presentPositions.removeAll()
        valuePositions.removeAll()
        present.appendPosition(to: &presentPositions)
        appendPositions(to: &valuePositions)
        for child in children { child.startGroup() }
    }

    /// Ends a row group, or what there is of it.
    final func endGroup() throws {
        try endValues()
        if setting.options.groupRows > 0 {
            entries.append((presentPositions, valuePositions, statistics.message))
            if let bloom { blooms.append(bloom.message) }
            bloom?.removeAll()
        }
        stripeStatistics.merge(statistics)
        statistics.removeAll()
        for child in children { try child.endGroup() }
    }

    /// One stream of a stripe that is ended; its bytes are valid until the next stripe is started.
    struct FinishedStream {
        var kind: ORCStream.Kind
        var bytes: UnsafeRawBufferPointer
    }

    /// Ends the column's own streams; index streams are not compressed yet.
    final func finishStripe() throws -> (index: ORCRowIndex?, bloom: ORCBloomFilterIndex?, data: [FinishedStream]) {
        try present.flush()
        var positions = entries.map(\.values)
        try finishValues(&positions)
        var data: [FinishedStream] = []
        if hasNulls { data.append(FinishedStream(kind: .present, bytes: try presentOutput.finish())) }
        for (kind, output) in valueStreams {
            data.append(FinishedStream(kind: kind, bytes: try output.finish()))
        }
        guard setting.options.groupRows > 0 else { return (nil, nil, data) }
        var index = ORCRowIndex()
        index.entry = zip(entries, positions).map { entry, values in
            var message = ORCRowIndexEntry()
            message.positions = (hasNulls ? entry.present : []) + values
            message.statistics = entry.statistics
            return message
        }
        var bloomIndex: ORCBloomFilterIndex?
        if bloom != nil {
            bloomIndex = ORCBloomFilterIndex()
            bloomIndex?.bloomFilter = blooms
        }
        return (index, bloomIndex, data)
    }

    /// Returns the stripe's statistics and empties everything for the next one; children are asked by themselves.
    final func leaveStripe() -> ORCColumnStatistics {
        let message = stripeStatistics.message
        fileStatistics.merge(stripeStatistics)
        stripeStatistics.removeAll()
        presentOutput.removeAll()
        for stream in valueStreams { stream.output.removeAll() }
        entries.removeAll()
        blooms.removeAll()
        hasNulls = false
        startStripe()
        return message
    }
}
