import HoneyCore
import HoneyStorage

/// A value as statistics and predicates of one leaf are compared.
enum OrderedValue {
    case integer(Int128)
    case real(Double)
    case bytes([UInt8])

    /// Negative, zero or positive; nil for values that have no order.
    static func order(_ a: OrderedValue, _ b: OrderedValue) -> Int? {
        switch (a, b) {
        case (.integer(let a), .integer(let b)): return a < b ? -1 : a == b ? 0 : 1
        case (.real(let a), .real(let b)):
            guard !a.isNaN, !b.isNaN else { return nil }
            return a < b ? -1 : a == b ? 0 : 1
        case (.bytes(let a), .bytes(let b)):
            return a.withUnsafeBufferPointer { a in b.withUnsafeBufferPointer { b in compareBytes(a, b) } }
        default: return nil
        }
    }
}

/// How a leaf's stored bounds and a predicate's values, which are of the column's type, come to be compared.
///
/// Only where reading keeps the order: an integer may become a wider one, and a string may be cut, but not a number text.
struct LeafOrder {
    private enum Kind {
        case boolean
        case integers(isUnsigned: Bool)
        case dates
        case decimals(DecimalSource)
        case timestamps(Int128)
        case floats, doubles
        case strings(limit: Int?)
    }

    private let kind: Kind
    private let isHybrid: Bool
    private let node: SchemaNode

    /// Nil where the order is not kept or not known.
    init?(_ node: SchemaNode, as type: DataType, isHybrid: Bool) {
        self.node = node
        self.isHybrid = isHybrid
        if case .decimal(_, let scale) = node.annotation, let source = DecimalSource(node) {
            guard case .decimal(_, scale) = type else { return nil }
            kind = .decimals(source)
            return
        }
        switch (node.type, type) {
        case (.boolean, .boolean): kind = .boolean
        case (.int32, .date) where LeafConversion.naturalType(of: node) == .date: kind = .dates
        case (.int32, _) where type.isInteger && LeafConversion.naturalType(of: node).isInteger,
            (.int64, _) where type.isInteger && LeafConversion.naturalType(of: node).isInteger:
            if case .integer(_, isSigned: false) = node.annotation {
                kind = .integers(isUnsigned: true)
            } else {
                kind = .integers(isUnsigned: false)
            }
        case (.int64, .timestamp):
            switch node.annotation {
            case .timestamp(.milliseconds): kind = .timestamps(1_000_000)
            case .timestamp(.microseconds): kind = .timestamps(1000)
            case .timestamp(.nanoseconds): kind = .timestamps(1)
            default: return nil
            }
        case (.float, .float): kind = .floats
        case (.double, .double): kind = .doubles
        case (.byteArray, .string), (.byteArray, .binary): kind = .strings(limit: nil)
        case (.byteArray, .varchar(let limit)): kind = .strings(limit: limit)
        default: return nil
        }
    }

    /// Whether bounds of the older kind, which compared bytes as signed, are right.
    var trustsOldBounds: Bool {
        switch kind {
        case .strings, .integers(isUnsigned: true), .decimals(.fixed), .decimals(.views): false
        default: true
        }
    }

    /// Reads a stored bound; nil when it is none.
    func bound(_ bytes: UnsafeRawBufferPointer) -> OrderedValue? {
        func load<T: BitwiseCopyable>(_: T.Type) -> T? {
            bytes.count == MemoryLayout<T>.size ? bytes.loadUnaligned(as: T.self) : nil
        }
        switch kind {
        case .boolean: return load(UInt8.self).map { .integer(Int128($0)) }
        case .integers(let isUnsigned):
            if node.type == .int32 {
                return isUnsigned
                    ? load(UInt32.self).map { .integer(Int128($0)) } : load(Int32.self).map { .integer(Int128($0)) }
            }
            return isUnsigned
                ? load(UInt64.self).map { .integer(Int128($0)) } : load(Int64.self).map { .integer(Int128($0)) }
        case .dates:
            return load(Int32.self).map {
                .integer(Int128(isHybrid ? HybridCalendar.fromHybrid(days: Int($0)) : Int($0)))
            }
        case .timestamps(let unit): return load(Int64.self).map { .integer(Int128($0) * unit) }
        case .decimals(.int32): return load(Int32.self).map { .integer(Int128($0)) }
        case .decimals(.int64): return load(Int64.self).map { .integer(Int128($0)) }
        case .decimals: return bytes.isEmpty ? nil : DecimalConversion.value(bytes).map { .integer($0) }
        case .floats: return load(Float.self).flatMap { $0.isNaN ? nil : .real(Double($0)) }
        case .doubles: return load(Double.self).flatMap { $0.isNaN ? nil : .real($0) }
        case .strings(let limit):
            guard let limit else { return .bytes(Array(bytes)) }
            // Cutting keeps the order, so that cut bounds hold for cut values.
            let text = UnsafeBufferPointer(
                start: bytes.baseAddress?.assumingMemoryBound(to: UInt8.self), count: bytes.count)
            return .bytes(Array(bytes.prefix(TextLimit.prefix(of: text, codePoints: limit).bytes)))
        }
    }

    /// A predicate's value; nil when it is of another kind.
    func value(_ value: Value) -> OrderedValue? {
        switch (kind, value) {
        case (.boolean, .boolean(let flag)): .integer(flag ? 1 : 0)
        case (.integers, .integer(let integer)): .integer(Int128(integer))
        case (.dates, .date(let days)): .integer(Int128(days))
        case (.timestamps, .timestamp(let nanoseconds)): .integer(nanoseconds)
        case (.decimals, .decimal(let unscaled)): .integer(unscaled)
        case (.floats, .real(let real)), (.doubles, .real(let real)): .real(real)
        case (.strings, .string(let string)): .bytes(Array(string.utf8))
        case (.strings, .binary(let bytes)): .bytes(bytes)
        default: nil
        }
    }

    /// The plain bytes that stand for a predicate's value in the file, for Bloom filters; nil when that is not certain.
    func plain(_ value: Value) -> [UInt8]? {
        func bytes<T: BitwiseCopyable>(_ value: T) -> [UInt8] { withUnsafeBytes(of: value) { Array($0) } }
        switch (kind, value) {
        case (.integers, .integer(let integer)):
            return node.type == .int32 ? Int32(exactly: integer).map { bytes($0) } : bytes(integer)
        case (.dates, .date(let days)): return isHybrid && Int(days) < HybridCalendar.firstGregorianDay ? nil : bytes(days)
        case (.decimals(.int32), .decimal(let unscaled)): return Int32(exactly: unscaled).map { bytes($0) }
        case (.decimals(.int64), .decimal(let unscaled)): return Int64(exactly: unscaled).map { bytes($0) }
        case (.decimals(.fixed(let width)), .decimal(let unscaled)) where width <= 16:
            return bytes(unscaled.bigEndian).suffix(width)
        case (.floats, .real(let real)): return real == 0 || real.isNaN ? nil : bytes(Float(real))
        case (.doubles, .real(let real)): return real == 0 || real.isNaN ? nil : bytes(real)
        case (.strings(limit: nil), .string(let string)): return Array(string.utf8)
        case (.strings(limit: nil), .binary(let bytes)): return bytes
        default: return nil
        }
    }
}
