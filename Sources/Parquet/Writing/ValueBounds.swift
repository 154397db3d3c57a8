import HoneyCore
import HoneyStorage

/// The least and the greatest of a run of values, in the order of their type; as yet of none.
struct ValueBounds {
    private(set) var isEmpty = true
    /// Whether values came that have no place in the order, or that the order is not kept for.
    private(set) var isUnknown = false
    private var integers: (least: Int128, greatest: Int128) = (0, 0)
    private var reals: (least: Double, greatest: Double) = (0, 0)
    private var strings: (least: [UInt8], greatest: [UInt8]) = ([], [])

    /// Takes in values as a form holds them; for strings that a dictionary has, only once each.
    mutating func add(_ held: UnsafeRawPointer, count: Int, form: LeafForm) {
        guard count > 0 else { return }
        switch form {
        case .booleans:
            addIntegers(held.assumingMemoryBound(to: UInt8.self), count)
        case .int32, .dates: addIntegers(held.assumingMemoryBound(to: Int32.self), count)
        case .int64, .shortDecimal, .shortDecimalAsInt32, .shortDecimalAsInt64, .moments:
            addIntegers(held.assumingMemoryBound(to: Int64.self), count)
        case .longDecimal: addIntegers(held.assumingMemoryBound(to: Int128.self), count)
        case .float: addReals(held.assumingMemoryBound(to: Float.self), count)
        case .double: addReals(held.assumingMemoryBound(to: Double.self), count)
        case .int96: isUnknown = true
        case .strings, .paddedStrings: addStrings(held.assumingMemoryBound(to: BytesView.self), count)
        }
    }

    @inline(__always)
    private mutating func addIntegers<T: FixedWidthInteger & BitwiseCopyable>(
        _ values: UnsafePointer<T>, _ count: Int
    ) {
        var least = values[0]
        var greatest = values[0]
        for index in 0..<count {
            least = min(least, values[index])
            greatest = max(greatest, values[index])
        }
        integers =
            isEmpty
            ? (Int128(least), Int128(greatest))
            : (min(integers.least, Int128(least)), max(integers.greatest, Int128(greatest)))
        isEmpty = false
    }

    @inline(__always)
    private mutating func addReals<T: BinaryFloatingPoint & BitwiseCopyable>(_ values: UnsafePointer<T>, _ count: Int) {
        var least = values[0]
        var greatest = values[0]
        var hasNaN = false
        for index in 0..<count {
            let value = values[index]
            hasNaN = hasNaN || value != value
            least = value < least ? value : least
            greatest = value > greatest ? value : greatest
        }
        // Readers could not tell which values lie on which side of a NaN.
        if hasNaN {
            isUnknown = true
            return
        }
        reals =
            isEmpty
            ? (Double(least), Double(greatest))
            : (min(reals.least, Double(least)), max(reals.greatest, Double(greatest)))
        isEmpty = false
    }

    private mutating func addStrings(_ values: UnsafePointer<BytesView>, _ count: Int) {
        var least = 0
        var greatest = 0
        for index in 1..<max(count, 1) {
            if BytesView.compare(values[index], values[least]) < 0 { least = index }
            if BytesView.compare(values[index], values[greatest]) > 0 { greatest = index }
        }
        let low = BytesView.bytes(at: values + least)
        let high = BytesView.bytes(at: values + greatest)
        if isEmpty || strings.least.withUnsafeBufferPointer({ compareBytes(low, $0) }) < 0 {
            strings.least = Array(low)
        }
        if isEmpty || strings.greatest.withUnsafeBufferPointer({ compareBytes(high, $0) }) > 0 {
            strings.greatest = Array(high)
        }
        isEmpty = false
    }

    mutating func merge(_ other: ValueBounds) {
        isUnknown = isUnknown || other.isUnknown
        guard !other.isEmpty else { return }
        guard !isEmpty else {
            let wasUnknown = isUnknown
            self = other
            isUnknown = wasUnknown
            return
        }
        integers = (min(integers.least, other.integers.least), max(integers.greatest, other.integers.greatest))
        reals = (min(reals.least, other.reals.least), max(reals.greatest, other.reals.greatest))
        if strings.least.lexicographicallyPrecedes(other.strings.least) == false { strings.least = other.strings.least }
        if strings.greatest.lexicographicallyPrecedes(other.strings.greatest) {
            strings.greatest = other.strings.greatest
        }
    }

    /// The bounds as statistics have them; strings cut to `limit` bytes. Nil when there are none to tell.
    func stored(_ form: LeafForm, limit: Int) -> StoredBounds? {
        guard !isEmpty, !isUnknown else { return nil }
        switch form {
        case .int96: return nil
        case .strings, .paddedStrings: return StoredBounds(strings: strings.least, strings.greatest, limit: limit)
        case .float:
            // Zeros are equal, but of two signs.
            return StoredBounds(
                plain(Float(reals.least == 0 ? -0.0 : reals.least)),
                plain(Float(reals.greatest == 0 ? 0 : reals.greatest)))
        case .double:
            return StoredBounds(
                plain(reals.least == 0 ? -0.0 : reals.least), plain(reals.greatest == 0 ? 0 : reals.greatest))
        case .booleans: return StoredBounds([UInt8(integers.least)], [UInt8(integers.greatest)])
        default: return StoredBounds(plain(integers.least, form), plain(integers.greatest, form))
        }
    }

    private func plain<T: BitwiseCopyable>(_ value: T) -> [UInt8] { withUnsafeBytes(of: value) { Array($0) } }

    private func plain(_ value: Int128, _ form: LeafForm) -> [UInt8] {
        let bytes = ByteStore()
        switch form.heldWidth {
        case 4:
            withUnsafeBytes(of: Int32(truncatingIfNeeded: value)) {
                form.appendPlain($0.baseAddress!, count: 1, to: bytes)
            }
        case 8:
            withUnsafeBytes(of: Int64(truncatingIfNeeded: value)) {
                form.appendPlain($0.baseAddress!, count: 1, to: bytes)
            }
        default: withUnsafeBytes(of: value) { form.appendPlain($0.baseAddress!, count: 1, to: bytes) }
        }
        return withExtendedLifetime(bytes) { Array(bytes.bytes) }
    }
}

/// Bounds in the bytes of statistics.
struct StoredBounds {
    var minimum: [UInt8]
    var maximum: [UInt8]
    var isMinimumExact = true
    var isMaximumExact = true

    init(_ minimum: [UInt8], _ maximum: [UInt8]) {
        self.minimum = minimum
        self.maximum = maximum
    }

    /// Cuts long strings; a cut maximum grows in its last place, so that it stays one. Nil where it cannot.
    init?(strings least: [UInt8], _ greatest: [UInt8], limit: Int) {
        self.init(least, greatest)
        if least.count > limit {
            minimum = StoredBounds.cut(least, limit)
            isMinimumExact = false
        }
        if greatest.count > limit {
            var cut = StoredBounds.cut(greatest, limit)
            // Only ASCII can grow by one and stay text.
            while let last = cut.last, last >= 0x7E { cut.removeLast() }
            guard let last = cut.popLast() else { return nil }
            maximum = cut + [last + 1]
            isMaximumExact = false
        }
    }

    /// Cuts before a code point, not within one.
    private static func cut(_ bytes: [UInt8], _ limit: Int) -> [UInt8] {
        var end = limit
        while end > 0, bytes[end] & 0xC0 == 0x80 { end -= 1 }
        return Array(bytes[..<end])
    }
}
