import HoneyCore

/// In what form a leaf stores unscaled decimals.
enum DecimalSource {
    case int32, int64
    /// Big-endian two's complement of this many bytes.
    case fixed(Int)
    /// Big-endian two's complement, as long as each needs, by views.
    case views

    init?(_ node: SchemaNode) {
        switch node.type {
        case .int32: self = .int32
        case .int64: self = .int64
        case .fixedLengthByteArray: self = .fixed(node.typeLength)
        case .byteArray: self = .views
        default: return nil
        }
    }
}

/// Turns stored decimals into a decimal column's values; those with too many digits become null.
struct DecimalConversion {
    private let fromScale: Int
    private let toScale: Int
    private let precision: Int
    private let isWide: Bool
    /// Whether every stored value fits as it is.
    let isExact: Bool

    /// The stored precision and scale are the file's word; `type` is a decimal.
    init(precision: Int, scale: Int, to type: DataType) {
        guard case .decimal(let wanted, let wantedScale) = type else { fatalError("decimals become decimals") }
        fromScale = scale
        toScale = wantedScale
        self.precision = wanted
        isWide = type.physical == .int128
        isExact = scale == wantedScale && precision <= wanted
    }

    func convert(
        _ raw: UnsafeRawPointer, _ source: DecimalSource, count: Int, into target: UnsafeMutableRawPointer
    ) -> Bitmap? {
        switch source {
        case .int32:
            narrow(count, target) { Int64(raw.loadUnaligned(fromByteOffset: $0 &* 4, as: Int32.self)) }
        case .int64: narrow(count, target) { raw.loadUnaligned(fromByteOffset: $0 &* 8, as: Int64.self) }
        case .fixed(let width) where width <= 8:
            // Pages are readable past their ends, so that eight bytes can always be loaded.
            narrow(count, target) {
                let word = raw.loadUnaligned(fromByteOffset: $0 &* width, as: UInt64.self).byteSwapped
                return Int64(bitPattern: word) >> Int64(64 &- width &* 8)
            }
        case .fixed(let width):
            wide(count, target) {
                DecimalConversion.value(UnsafeRawBufferPointer(start: raw + $0 &* width, count: width))
            }
        case .views:
            wide(count, target) {
                DecimalConversion.value(
                    UnsafeRawBufferPointer(BytesView.bytes(at: raw.assumingMemoryBound(to: BytesView.self) + $0)))
            }
        }
    }

    @inline(__always)
    private func narrow(_ count: Int, _ target: UnsafeMutableRawPointer, _ load: (Int) -> Int64) -> Bitmap? {
        guard isExact else { return wide(count, target) { Int128(load($0)) } }
        if isWide {
            let target = target.assumingMemoryBound(to: Int128.self)
            for index in 0..<count { target[index] = Int128(load(index)) }
        } else {
            let target = target.assumingMemoryBound(to: Int64.self)
            for index in 0..<count { target[index] = load(index) }
        }
        return nil
    }

    /// Rescales and checks; nil from `load` is a value of more than 128 bits.
    @inline(__always)
    private func wide(_ count: Int, _ target: UnsafeMutableRawPointer, _ load: (Int) -> Int128?) -> Bitmap? {
        var validity: Bitmap?
        for index in 0..<count {
            let value = load(index).flatMap { rescaled($0) }
            if value == nil {
                if validity == nil { validity = Bitmap(count: count, repeating: true) }
                validity?.clear(index)
            }
            if isWide {
                target.assumingMemoryBound(to: Int128.self)[index] = value ?? 0
            } else {
                target.assumingMemoryBound(to: Int64.self)[index] = Int64(truncatingIfNeeded: value ?? 0)
            }
        }
        return validity
    }

    @inline(__always)
    private func rescaled(_ value: Int128) -> Int128? {
        let scaled =
            fromScale == toScale
            ? value
            : (0...DataType.maximumDecimalPrecision).contains(fromScale)
                ? DecimalMath.rescale(value, from: fromScale, to: toScale) : nil
        guard let scaled, DecimalMath.fits(scaled, precision: precision) else { return nil }
        return scaled
    }

    /// Reads big-endian two's complement; nil when 128 bits do not hold it, and zero for no bytes.
    static func value(_ bytes: UnsafeRawBufferPointer) -> Int128? {
        var first = 0
        if bytes.count > 16 {
            first = bytes.count - 16
            // What comes before must repeat the sign.
            let sign: UInt8 = bytes[first] >= 0x80 ? 0xFF : 0
            for index in 0..<first where bytes[index] != sign { return nil }
        }
        guard bytes.count > 0 else { return 0 }
        var value: Int128 = bytes[first] >= 0x80 ? -1 : 0
        for index in first..<bytes.count { value = value << 8 | Int128(bytes[index]) }
        return value
    }
}
