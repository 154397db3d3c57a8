import HoneyCore

/// Numbers the distinct values of a column chunk in the order in which they come.
///
/// One hash table serves all widths of values; its methods are generic and are called with concrete types.
final class ValueDictionary {
    /// Entry number + 1 by hash; 0 is free.
    private var slots: UnsafeMutablePointer<Int32>
    private var slotBits = 10
    private(set) var entries: UnsafeMutableRawPointer
    private let width: Int
    private var capacity = 512
    private(set) var count = 0
    /// Owns long strings' bytes.
    private var arena = BytesArena()
    /// Bytes that the strings' plain form takes.
    private(set) var stringBytes = 0

    /// Values take `width` bytes: 4, 8 or 16.
    init(width: Int) {
        self.width = width
        slots = .allocate(capacity: 1 << slotBits)
        slots.initialize(repeating: 0, count: 1 << slotBits)
        entries = .allocate(byteCount: capacity * width, alignment: 16)
    }

    deinit {
        slots.deallocate()
        entries.deallocate()
    }

    func removeAll() {
        slots.update(repeating: 0, count: 1 << slotBits)
        count = 0
        arena = BytesArena()
        stringBytes = 0
    }

    // MARK: Numbers

    /// Writes the entry number of each value.
    @inline(__always)
    func encode<T: FixedWidthInteger & BitwiseCopyable>(
        _ values: UnsafePointer<T>, _ count: Int, into indexes: UnsafeMutablePointer<Int32>
    ) {
        reserve(count) { ValueDictionary.hash($0.load(as: T.self)) }
        let slots = slots
        let entries = entries.assumingMemoryBound(to: T.self)
        let shift = UInt64(64 - slotBits)
        let mask = 1 << slotBits - 1
        var known = self.count
        for index in 0..<count {
            let value = values[index]
            var slot = Int(ValueDictionary.hash(value) >> shift)
            while true {
                let entry = Int(slots[slot])
                if entry == 0 {
                    entries[known] = value
                    known &+= 1
                    slots[slot] = Int32(truncatingIfNeeded: known)
                    indexes[index] = Int32(truncatingIfNeeded: known &- 1)
                    break
                }
                if entries[entry &- 1] == value {
                    indexes[index] = Int32(truncatingIfNeeded: entry &- 1)
                    break
                }
                slot = (slot &+ 1) & mask
            }
        }
        self.count = known
    }

    @inline(__always)
    private static func hash<T: FixedWidthInteger>(_ value: T) -> UInt64 {
        var mixed = UInt64(truncatingIfNeeded: value)
        if T.bitWidth > 64 { mixed ^= UInt64(truncatingIfNeeded: value >> 64) &* 0xC2B2_AE3D_27D4_EB4F }
        mixed ^= mixed >> 32
        return mixed &* 0x9E37_79B9_7F4A_7C15
    }

    // MARK: Strings

    /// Writes the entry number of each string.
    func encode(_ values: UnsafePointer<BytesView>, _ count: Int, into indexes: UnsafeMutablePointer<Int32>) {
        reserve(count) { ValueDictionary.hash($0.load(as: BytesView.self)) }
        let slots = slots
        let entries = entries.assumingMemoryBound(to: BytesView.self)
        let shift = UInt64(64 - slotBits)
        let mask = 1 << slotBits - 1
        var known = self.count
        for index in 0..<count {
            let value = values[index]
            var slot = Int(ValueDictionary.hash(value) >> shift)
            while true {
                let entry = Int(slots[slot])
                if entry == 0 {
                    entries[known] = arena.insert(value)
                    stringBytes &+= value.count &+ 4
                    known &+= 1
                    slots[slot] = Int32(truncatingIfNeeded: known)
                    indexes[index] = Int32(truncatingIfNeeded: known &- 1)
                    break
                }
                if entries[entry &- 1] == value {
                    indexes[index] = Int32(truncatingIfNeeded: entry &- 1)
                    break
                }
                slot = (slot &+ 1) & mask
            }
        }
        self.count = known
    }

    @inline(__always)
    private static func hash(_ view: BytesView) -> UInt64 {
        var mixed = view.head
        if view.isInline {
            mixed ^= view.tail &* 0xC2B2_AE3D_27D4_EB4F
        } else {
            mixed ^= longHash(view)
        }
        mixed ^= mixed >> 32
        return mixed &* 0x9E37_79B9_7F4A_7C15
    }

    private static func longHash(_ view: BytesView) -> UInt64 {
        view.withBytes { bytes in
            let base = UnsafeRawPointer(bytes.baseAddress!)
            var mixed: UInt64 = 0
            var offset = 0
            while offset + 8 <= bytes.count {
                mixed = (mixed ^ base.loadUnaligned(fromByteOffset: offset, as: UInt64.self)) &* 0xC2B2_AE3D_27D4_EB4F
                mixed ^= mixed >> 29
                offset += 8
            }
            // Long strings have eight bytes at least: the last ones may be mixed in twice.
            let last = base.loadUnaligned(fromByteOffset: bytes.count - 8, as: UInt64.self)
            return (mixed ^ last) &* 0x9E37_79B9_7F4A_7C15
        }
    }

    // MARK: Room

    /// Makes room for `more` entries, so that loops need not check.
    @inline(__always)
    private func reserve(_ more: Int, _ hash: (UnsafeRawPointer) -> UInt64) {
        if count + more > capacity {
            capacity = max(capacity * 2, count + more)
            let larger = UnsafeMutableRawPointer.allocate(byteCount: capacity * width, alignment: 16)
            larger.copyMemory(from: entries, byteCount: count * width)
            entries.deallocate()
            entries = larger
        }
        guard (count + more) * 2 > 1 << slotBits else { return }
        while (count + more) * 2 > 1 << slotBits { slotBits += 1 }
        slots.deallocate()
        slots = .allocate(capacity: 1 << slotBits)
        slots.initialize(repeating: 0, count: 1 << slotBits)
        let mask = 1 << slotBits - 1
        for entry in 0..<count {
            var slot = Int(hash(entries + entry * width) >> UInt64(64 - slotBits))
            while slots[slot] != 0 { slot = (slot + 1) & mask }
            slots[slot] = Int32(truncatingIfNeeded: entry + 1)
        }
    }
}
