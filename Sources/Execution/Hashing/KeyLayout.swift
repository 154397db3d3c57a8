package import HoneyCore

/// How a row's key values lie in 64-bit words, so that keys compare and hash word by word.
///
/// | physical | words |
/// |---|---|
/// | bool … int32, float | the value, zero-extended; bit 32 for null |
/// | int64, double | the value; null in the null word |
/// | int128 | low, high; null in the null word |
/// | bytes | the `BytesView`; a length of `0xFFFFFFFF` for null |
/// | list, structure | as bytes: a canonical spelling of the value |
///
/// The null word comes last and exists only when null is a value of some key that needs it.
package struct KeyLayout {
    struct Part {
        var type: DataType
        var physical: PhysicalType
        var offset: Int
        /// The bit of the null word, for types that need one.
        var nullBit: UInt64
        /// Tells that null equals null; otherwise a row with a null is marked and never equals another.
        var keepsNull: Bool

        var isBytes: Bool { physical == .bytes || isSpelled }
        /// Tells that the value is kept as its canonical spelling.
        var isSpelled: Bool { physical == .list || physical == .structure }
    }

    let parts: [Part]
    /// Words a row.
    package let wordCount: Int
    let nullOffset: Int?
    /// Offsets of the parts that are bytes.
    let byteOffsets: [Int]

    /// Lays out keys of `types`; `keepsNull[i]` tells whether null is a value of key `i` (all, when not given).
    package init(_ types: [DataType], keepsNull: [Bool]? = nil) {
        var parts: [Part] = []
        var offset = 0
        var nullBits: UInt64 = 0
        for (index, type) in types.enumerated() {
            let physical = type.physical
            let keeps = keepsNull?[index] ?? true
            var bit: UInt64 = 0
            switch physical {
            case .int64, .double, .int128: if keeps { bit = 1 << UInt64(index & 63) }
            default: break
            }
            nullBits |= bit
            parts.append(Part(type: type, physical: physical, offset: offset, nullBit: bit, keepsNull: keeps))
            switch physical {
            case .int128, .bytes, .list, .structure: offset += 2
            default: offset += 1
            }
        }
        nullOffset = nullBits == 0 ? nil : offset
        wordCount = offset + (nullBits == 0 ? 0 : 1)
        byteOffsets = parts.filter(\.isBytes).map(\.offset)
        self.parts = parts
    }

    static let nullLength: UInt64 = 0xFFFF_FFFF

    /// Compares two keys whose words may differ in where long strings lie.
    @inline(__always)
    func equal(_ a: UnsafePointer<UInt64>, _ b: UnsafePointer<UInt64>) -> Bool {
        for word in 0..<wordCount where a[word] != b[word] { return equalByContent(a, b) }
        return true
    }

    /// The slow half of `equal`.
    @inline(never)
    func equalByContent(_ a: UnsafePointer<UInt64>, _ b: UnsafePointer<UInt64>) -> Bool {
        if byteOffsets.isEmpty { return false }
        var word = 0
        for offset in byteOffsets {
            while word < offset {
                if a[word] != b[word] { return false }
                word += 1
            }
            word = offset + 2
            if a[offset] != b[offset] { return false }
            if a[offset + 1] == b[offset + 1] { continue }
            let length = a[offset] & Self.nullLength
            if length <= UInt64(BytesView.inlineCapacity) || length == Self.nullLength { return false }
            if Self.view(a + offset) != Self.view(b + offset) { return false }
        }
        while word < wordCount {
            if a[word] != b[word] { return false }
            word += 1
        }
        return true
    }

    @inline(__always) static func view(_ words: UnsafePointer<UInt64>) -> BytesView {
        var view = BytesView()
        view.head = words[0]
        view.tail = words[1]
        return view
    }
}

extension BytesView {
    @inline(__always) static func != (a: BytesView, b: BytesView) -> Bool { !(a == b) }
}
