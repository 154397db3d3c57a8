import HoneyCore

/// Where the values of one column, or of a part of a nested one, are put: plain memory, so that storing a value costs no more
/// than the store.
struct ColumnSlot: BitwiseCopyable {
    var data: UnsafeMutableRawPointer
    /// One bit a row, 1 for a value.
    var validity: UnsafeMutablePointer<UInt64>
    var count = 0
    var capacity: Int
    var nullCount = 0
    /// Bytes a value takes.
    let width: Int
    /// Where the parts of a nested type are: one of an array, two of a map, one a field of a struct; of a union its tag and branches.
    let firstChild: Int
    let childCount: Int
    let isStructure: Bool
}

/// The columns that a batch is decoded into.
final class ColumnSlots {
    /// One a column and one a part; the columns first.
    let slots: UnsafeMutablePointer<ColumnSlot>
    let types: [DataType]
    private var buffers: [Buffer]
    private var masks: [Buffer]
    /// Bytes of values that are not in the file as they are: padded ones, defaults.
    var arena = BytesArena()
    private let capacity: Int

    /// Lays out slots for columns of these types.
    init(_ columnTypes: [DataType], capacity: Int = Batch.targetRows) {
        self.capacity = capacity
        var types = columnTypes
        var children: [Range<Int>] = []
        var index = 0
        while index < types.count {
            let parts = types[index].childTypes
            children.append(types.count..<types.count + parts.count)
            types += parts
            index += 1
        }
        self.types = types
        buffers = types.map { Buffer(capacity: capacity * $0.physical.width) }
        masks = types.map { _ in Buffer(capacity: Bitmap.wordCount(for: capacity) * 8) }
        slots = .allocate(capacity: max(types.count, 1))
        for (index, type) in types.enumerated() {
            slots[index] = ColumnSlot(
                data: buffers[index].base, validity: masks[index].pointer(to: UInt64.self), capacity: capacity,
                width: type.physical.width, firstChild: children[index].lowerBound,
                childCount: children[index].count, isStructure: type.physical == .structure)
            fillMask(index, from: 0)
        }
    }

    deinit { slots.deallocate() }

    /// Where the slots of a slot's parts start.
    func firstChild(of slot: Int) -> Int { slots[slot].firstChild }

    /// Makes room for one more value.
    @inline(__always)
    func reserve(_ slot: UnsafeMutablePointer<ColumnSlot>) {
        if slot.pointee.count == slot.pointee.capacity { grow(slot - slots) }
    }

    @inline(never)
    private func grow(_ index: Int) {
        let old = slots[index]
        let capacity = old.capacity * 2
        let larger = Buffer(capacity: capacity * old.width)
        larger.base.copyMemory(from: old.data, byteCount: old.count * old.width)
        let mask = Buffer(capacity: Bitmap.wordCount(for: capacity) * 8)
        mask.base.copyMemory(from: old.validity, byteCount: Bitmap.wordCount(for: old.capacity) * 8)
        buffers[index] = larger
        masks[index] = mask
        slots[index].data = larger.base
        slots[index].validity = mask.pointer(to: UInt64.self)
        slots[index].capacity = capacity
        fillMask(index, from: Bitmap.wordCount(for: old.capacity))
    }

    private func fillMask(_ index: Int, from firstWord: Int) {
        let words = Bitmap.wordCount(for: slots[index].capacity)
        if words > firstWord { (slots[index].validity + firstWord).update(repeating: ~0, count: words - firstWord) }
    }

    /// Appends null, to the parts of a struct as well.
    func appendNull(_ slot: UnsafeMutablePointer<ColumnSlot>) {
        reserve(slot)
        let row = slot.pointee.count
        let width = slot.pointee.width
        (slot.pointee.data + row * width).initializeMemory(as: UInt8.self, repeating: 0, count: width)
        slot.pointee.validity[row >> 6] &= ~(1 << UInt64(row & 63))
        slot.pointee.nullCount += 1
        slot.pointee.count = row + 1
        guard slot.pointee.isStructure else { return }
        for child in 0..<slot.pointee.childCount { appendNull(slots + slot.pointee.firstChild + child) }
    }

    @inline(__always)
    func append<T: BitwiseCopyable>(_ value: T, to slot: UnsafeMutablePointer<ColumnSlot>) {
        reserve(slot)
        let row = slot.pointee.count
        slot.pointee.data.assumingMemoryBound(to: T.self)[row] = value
        slot.pointee.count = row + 1
    }

    /// Ends the batch: makes its first `count` columns, whose long bytes are in `owners`, and starts another.
    func finish(_ count: Int, owners: [AnyObject]) -> [Column] {
        let all = owners + arena.blocks
        let columns = (0..<count).map { column($0, all) }
        if !arena.blocks.isEmpty { arena = BytesArena() }
        return columns
    }

    private func column(_ index: Int, _ owners: [AnyObject]) -> Column {
        let slot = slots[index]
        var validity: Bitmap?
        if slot.nullCount > 0 {
            let mask = Bitmap(count: slot.count, repeating: true)
            mask.words.update(from: slot.validity, count: Bitmap.wordCount(for: slot.count))
            validity = mask
            fillMask(index, from: 0)
        }
        let column = Column(
            type: types[index], count: slot.count, validity: validity, data: buffers[index],
            owners: types[index].physical == .bytes ? owners : [],
            children: (slot.firstChild..<slot.firstChild + slot.childCount).map { self.column($0, owners) })
        buffers[index] = Buffer(capacity: slot.capacity * slot.width)
        slots[index].data = buffers[index].base
        slots[index].count = 0
        slots[index].nullCount = 0
        return column
    }
}
