import HoneyCore

#if canImport(Glibc)
    import Glibc
#else
    import Musl
#endif

/// Finds which wanted field a key names; for one thread.
///
/// Records mostly have the same keys in the same order, so the key that came last at each place is compared first.
final class JSONFieldNames {
    /// No column has the field.
    static let unknown = -1
    /// A column that is not wanted has it.
    static let unwanted = -2

    private let ignoresCase: Bool
    private let hasDots: Bool
    /// The names, end to end, as they are looked for.
    private var text: [UInt8] = []
    private var names: [(start: Int, count: Int, slot: Int)] = []
    /// Indices into `names` by hash, -1 where empty; a power of two, at most half full.
    private var table: [Int32] = []
    private var memory = KeyMemory()

    /// `slots[i]` is what name `i` is found as, negative when it is not wanted; with positions `_col0` and so on are names
    /// too.
    init(_ fieldNames: [String], slots: [Int], _ dialect: JSONDialect, hasPositions: Bool) {
        ignoresCase = dialect.ignoresCase
        hasDots = dialect.hasDotsInNames
        var entries: [(String, Int)] = []
        for (name, slot) in zip(fieldNames, slots) {
            let slot = slot < 0 ? JSONFieldNames.unwanted : slot
            let key = dialect.mappings[name.lowercased()] ?? name
            entries.append((dialect.ignoresCase ? key.lowercased() : key, slot))
        }
        if hasPositions, !dialect.isLenient {
            for (position, slot) in slots.enumerated() {
                entries.append(("_col\(position)", slot < 0 ? JSONFieldNames.unwanted : slot))
            }
        }
        var capacity = 16
        while capacity < entries.count * 2 { capacity *= 2 }
        table = [Int32](repeating: -1, count: capacity)
        for (name, slot) in entries { insert(Array(name.utf8), slot) }
    }

    /// Adds a name unless it is there.
    private func insert(_ name: [UInt8], _ slot: Int) {
        name.withUnsafeBufferPointer { name in
            var place = JSONFieldNames.hash(name, foldsCase: ignoresCase) & (table.count - 1)
            while table[place] >= 0 {
                if isName(Int(table[place]), name) { return }
                place = (place + 1) & (table.count - 1)
            }
            table[place] = Int32(truncatingIfNeeded: names.count)
            names.append((text.count, name.count, slot))
            text.append(contentsOf: name)
        }
    }

    /// The slot of a key that is its object's `ordinal`th; `unknown` or `unwanted` for others.
    @inline(__always)
    func slot(of key: JSONToken, in bytes: UnsafePointer<UInt8>, ordinal: Int) -> Int {
        if let slot = memory.slot(bytes + key.start, key.length, ordinal) { return slot }
        return find(key, in: bytes, ordinal: ordinal)
    }

    @inline(never)
    private func find(_ key: JSONToken, in bytes: UnsafePointer<UInt8>, ordinal: Int) -> Int {
        let length = key.length & ~JSONToken.escapedBit
        let isQuoted = bytes[key.start] == 0x22 || bytes[key.start] == 0x27
        let raw = UnsafeBufferPointer(
            start: bytes + key.start + (isQuoted ? 1 : 0), count: isQuoted ? length - 2 : length)
        if key.length == length {
            let slot = find(raw)
            memory.remember(bytes + key.start, length, slot, ordinal)
            return slot
        }
        return withUnsafeTemporaryAllocation(of: UInt8.self, capacity: raw.count + 1) { copy in
            let count = JSONEscapes.unescape(raw, into: copy.baseAddress!)
            return find(UnsafeBufferPointer(rebasing: copy[..<count]))
        }
    }

    private func find(_ key: UnsafeBufferPointer<UInt8>) -> Int {
        let slot: Int
        if ignoresCase, key.contains(where: { $0 >= 0x80 }) {
            slot = Array(String(decoding: key, as: UTF8.self).lowercased().utf8).withUnsafeBufferPointer {
                look(for: $0)
            }
        } else {
            slot = look(for: key)
        }
        guard slot == JSONFieldNames.unknown, hasDots, key.contains(0x2E) else { return slot }
        return key.map { $0 == 0x2E ? 0x5F : $0 }.withUnsafeBufferPointer { look(for: $0) }
    }

    private func look(for key: UnsafeBufferPointer<UInt8>) -> Int {
        var place = JSONFieldNames.hash(key, foldsCase: ignoresCase) & (table.count - 1)
        while table[place] >= 0 {
            if isName(Int(table[place]), key) { return names[Int(table[place])].slot }
            place = (place + 1) & (table.count - 1)
        }
        return JSONFieldNames.unknown
    }

    private func isName(_ index: Int, _ key: UnsafeBufferPointer<UInt8>) -> Bool {
        let name = names[index]
        guard name.count == key.count else { return false }
        for offset in 0..<key.count where text[name.start + offset] != folded(key[offset]) { return false }
        return true
    }

    private func folded(_ byte: UInt8) -> UInt8 { ignoresCase && byte &- 0x41 < 26 ? byte | 0x20 : byte }

    private static func hash(_ key: UnsafeBufferPointer<UInt8>, foldsCase: Bool) -> Int {
        var hash: UInt32 = 2_166_136_261
        for byte in key {
            let folded = foldsCase && byte &- 0x41 < 26 ? byte | 0x20 : byte
            hash = (hash ^ UInt32(folded)) &* 16_777_619
        }
        return Int(hash ^ hash >> 15)
    }
}

/// Remembers the key that came last at each place of an object, and what it was found to be.
private struct KeyMemory: ~Copyable {
    private static let places = 1024
    private static let longest = 64
    private let keys = UnsafeMutablePointer<UInt8>.allocate(capacity: places * longest)
    private let lengths = UnsafeMutablePointer<Int32>.allocate(capacity: places)
    private let slots = UnsafeMutablePointer<Int32>.allocate(capacity: places)

    init() { lengths.initialize(repeating: -1, count: KeyMemory.places) }

    deinit {
        keys.deallocate()
        lengths.deallocate()
        slots.deallocate()
    }

    @inline(__always)
    func slot(_ key: UnsafePointer<UInt8>, _ length: Int, _ place: Int) -> Int? {
        guard place < KeyMemory.places, Int(lengths[place]) == length,
            memcmp(key, keys + place &* KeyMemory.longest, length) == 0
        else { return nil }
        return Int(slots[place])
    }

    func remember(_ key: UnsafePointer<UInt8>, _ length: Int, _ slot: Int, _ place: Int) {
        guard place < KeyMemory.places, length <= KeyMemory.longest else { return }
        (keys + place * KeyMemory.longest).update(from: key, count: length)
        lengths[place] = Int32(truncatingIfNeeded: length)
        slots[place] = Int32(truncatingIfNeeded: slot)
    }
}
