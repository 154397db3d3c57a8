import HoneyCore

/// The wanted fields of a run of CSV records as strings.
final class CSVRows {
    private let characters: CSVCharacters
    private let wanted: WantedFields
    /// Text that is not in the block as it is.
    private var arena = BytesArena()
    private var text: [UInt8] = []

    init(_ characters: CSVCharacters, _ wanted: WantedFields) {
        self.characters = characters
        self.wanted = wanted
    }

    /// Makes a column of strings of each wanted field; a field that its record lacks is null.
    func columns(_ block: RecordBlock) -> [Column] {
        arena = BytesArena()
        let buffers = wanted.fields.map { _ in Buffer(capacity: block.count * 16) }
        var nulls = wanted.fields.map { _ in NullMarks(count: block.count) }
        let fieldCount = wanted.slotOfField.count
        let bytes = UnsafePointer(block.bytes.pointer(to: UInt8.self))
        var targets = wanted.slotOfField.map { $0 < 0 ? nil : buffers[Int($0)].pointer(to: BytesView.self) }
        targets.withUnsafeMutableBufferPointer { targets in
            for row in 0..<block.count {
                let start = Int(block.offsets[row])
                let end = start + Int(block.lengths[row])
                let found = start == end ? 0 : read(bytes, start..<end, row, UnsafeBufferPointer(targets))
                guard found < fieldCount else { continue }
                for slot in wanted.fields.indices where wanted.fields[slot] >= found {
                    buffers[slot].pointer(to: BytesView.self)[row] = BytesView()
                    nulls[slot].mark(row)
                }
            }
        }
        return zip(buffers, nulls).map { data, nulls in
            Column(
                type: .string, count: block.count, validity: nulls.bitmap, data: data,
                owners: [block.bytes] + arena.blocks)
        }
    }

    /// Reads a record's fields up to the last wanted one and returns how many there are.
    @inline(__always)
    private func read(
        _ bytes: UnsafePointer<UInt8>, _ record: Range<Int>, _ row: Int,
        _ targets: UnsafeBufferPointer<UnsafeMutablePointer<BytesView>?>
    ) -> Int {
        let end = record.upperBound
        var index = record.lowerBound
        var reader: CSVFieldReader?
        return characters.roles.withUnsafeBufferPointer { roles in
            for field in targets.indices {
                var start = index
                var stop = start
                while stop < end, roles[Int(bytes[stop])] == .text { stop &+= 1 }
                var after = stop
                if stop == start, stop < end, roles[Int(bytes[stop])] == .quote {
                    // Wholly quoted text is as plain, when its second quote is its last character.
                    start &+= 1
                    stop = start
                    while stop < end, roles[Int(bytes[stop])].rawValue < CSVRole.quote.rawValue { stop &+= 1 }
                    after = stop &+ 1
                    if stop == end || roles[Int(bytes[stop])] != .quote { after = -1 }
                }
                let role = after < 0 ? .undecided : after < end ? roles[Int(bytes[after])] : .lineEnd
                if role == .separator || role == .lineEnd {
                    targets[field]?[row] = BytesView(padded: bytes + start, count: stop &- start)
                    guard role == .separator else { return field &+ 1 }
                    index = after &+ 1
                } else {
                    // A reader knows its line, and fields before may have moved it to a later one.
                    var careful = reader ?? CSVFieldReader(bytes, record: record, characters)
                    let hasMore = careful.read(from: &index, into: &text)
                    reader = careful
                    guard let hasMore else { return field }
                    if let target = targets[field] { target[row] = text.withUnsafeBufferPointer { arena.insert($0) } }
                    guard hasMore else { return field &+ 1 }
                }
            }
            return targets.count
        }
    }
}
