import HoneyCore

/// The distinct strings of a stripe, numbered as they come.
final class DictionaryBuilder {
    private var arena = BytesArena()
    private var entries = UnsafeMutablePointer<BytesView>.allocate(capacity: 1024)
    private var hashes = UnsafeMutablePointer<UInt32>.allocate(capacity: 1024)
    private var capacity = 1024
    private(set) var count = 0
    /// Numbers by hash, plus one; 0 where there is none. Its size is a power of two, twice the capacity.
    private var slots = UnsafeMutablePointer<Int32>.allocate(capacity: 2048)

    init() { slots.initialize(repeating: 0, count: 2048) }

    deinit {
        entries.deallocate()
        hashes.deallocate()
        slots.deallocate()
    }

    var views: UnsafePointer<BytesView> { UnsafePointer(entries) }

    /// Bytes held.
    var byteCount: Int { count == 0 ? 0 : count * 28 + arena.allocatedBytes }

    func removeAll() {
        arena = BytesArena()
        count = 0
        slots.update(repeating: 0, count: capacity * 2)
    }

    /// Finds a string's number, giving it one when it is new.
    @inline(__always)
    func number(of view: BytesView) -> Int32 {
        let hash = DictionaryBuilder.hash(view)
        let mask = capacity * 2 - 1
        var slot = Int(hash) & mask
        while slots[slot] != 0 {
            let number = Int(slots[slot]) - 1
            if hashes[number] == hash, entries[number] == view { return Int32(truncatingIfNeeded: number) }
            slot = (slot + 1) & mask
        }
        return insert(view, hash, slot)
    }

    @inline(never)
    private func insert(_ view: BytesView, _ hash: UInt32, _ slot: Int) -> Int32 {
        entries[count] = arena.insert(view)
        hashes[count] = hash
        count += 1
        slots[slot] = Int32(truncatingIfNeeded: count)
        if count == capacity { grow() }
        return Int32(truncatingIfNeeded: count - 1)
    }

    private func grow() {
        let larger = UnsafeMutablePointer<BytesView>.allocate(capacity: capacity * 2)
        larger.update(from: entries, count: count)
        entries.deallocate()
        entries = larger
        let moreHashes = UnsafeMutablePointer<UInt32>.allocate(capacity: capacity * 2)
        moreHashes.update(from: hashes, count: count)
        hashes.deallocate()
        hashes = moreHashes
        slots.deallocate()
        capacity *= 2
        slots = .allocate(capacity: capacity * 2)
        slots.initialize(repeating: 0, count: capacity * 2)
        let mask = capacity * 2 - 1
        for number in 0..<count {
            var slot = Int(hashes[number]) & mask
            while slots[slot] != 0 { slot = (slot + 1) & mask }
            slots[slot] = Int32(truncatingIfNeeded: number + 1)
        }
    }

    /// The numbers in the order of their strings' bytes.
    func sorted() -> [Int32] {
        let entries = UnsafePointer(entries)
        let numbers = 0..<Int32(truncatingIfNeeded: count)
        return numbers.sorted { BytesView.compare(entries[Int($0)], entries[Int($1)]) < 0 }
    }

    @inline(__always)
    private static func hash(_ view: BytesView) -> UInt32 {
        var hash: UInt64
        if view.isInline {
            hash = mixed(view.head ^ 0x9E37_79B9_7F4A_7C15, view.tail ^ 0xC2B2_AE3D_27D4_EB4F)
        } else {
            hash = view.withBytes { bytes in
                let raw = UnsafeRawBufferPointer(bytes)
                var hash = UInt64(bytes.count) ^ 0x9E37_79B9_7F4A_7C15
                var offset = 0
                while offset + 8 <= raw.count {
                    hash = mixed(
                        hash, raw.loadUnaligned(fromByteOffset: offset, as: UInt64.self) ^ 0xC2B2_AE3D_27D4_EB4F)
                    offset += 8
                }
                // The last eight bytes, some of them again.
                return mixed(hash, raw.loadUnaligned(fromByteOffset: raw.count - 8, as: UInt64.self))
            }
        }
        hash ^= hash >> 32
        return UInt32(truncatingIfNeeded: hash)
    }

    @inline(__always)
    private static func mixed(_ a: UInt64, _ b: UInt64) -> UInt64 {
        let (high, low) = a.multipliedFullWidth(by: b | 1)
        return high ^ low
    }
}
