import HoneyCatalog
import HoneyCore

/// Decodes the tokens of one column, or of one nested type's members; for one thread.
///
/// A value that cannot be of its type is an error, or null where the dialect ignores damage.
final class JSONColumnDecoder {
    let type: DataType
    let dialect: JSONDialect
    /// Decoders of an array's elements, a map's keys and values, a struct's fields.
    let children: [JSONColumnDecoder]
    /// A struct's fields.
    let names: JSONFieldNames?
    /// Reads text as types that have rules for it.
    let text: TextConversion
    /// Where escapes are resolved.
    private var scratch: UnsafeMutableBufferPointer<UInt8>

    /// Fails with `UNSUPPORTED_TYPE` for types that JSON tables do not have.
    init(_ type: DataType, _ dialect: JSONDialect) throws {
        self.type = type
        self.dialect = dialect
        text = TextConversion(timestampPatterns: dialect.timestampPatterns)
        scratch = .allocate(capacity: 64)
        switch type {
        case .array(let element):
            children = [try JSONColumnDecoder(element, dialect)]
            names = nil
        case .map(let key, let value):
            guard !key.isComplex else { throw Self.unsupported(type) }
            children = [try JSONColumnDecoder(key, dialect), try JSONColumnDecoder(value, dialect)]
            names = nil
        case .structure(let fields):
            children = try fields.map { try JSONColumnDecoder($0.type, dialect) }
            names = JSONFieldNames(fields.map(\.name), slots: Array(fields.indices), dialect, hasPositions: false)
        case .intervalYearMonth, .intervalDayTime, .union: throw Self.unsupported(type)
        default:
            children = []
            names = nil
        }
    }

    deinit { scratch.deallocate() }

    private static func unsupported(_ type: DataType) -> HoneyError {
        HoneyError(.semantic, "UNSUPPORTED_TYPE", "JSON SerDe cannot store a column of type \(type)")
    }

    /// Decodes tokens that lie in a block; their lengths may have `JSONToken.escapedBit`.
    func decode(_ tokens: Cells, in block: RecordBlock) throws -> Column {
        switch type {
        case .void: return Column.constant(.null, type: type, count: tokens.count)
        case .boolean: return try scalars(tokens, block, UInt8.self) { boolean($0) }
        case .tinyint: return try integers(tokens, block, Int8.self)
        case .smallint: return try integers(tokens, block, Int16.self)
        case .int: return try integers(tokens, block, Int32.self)
        case .bigint: return try integers(tokens, block, Int64.self)
        case .float: return try scalars(tokens, block, Float.self) { RealText.parseFloat($0) }
        case .double: return try scalars(tokens, block, Double.self) { RealText.parseDouble($0) }
        case .decimal(let precision, let scale):
            // Text that is no number is null here, as in Hive.
            return type.physical == .int64
                ? try scalars(tokens, block, Int64.self, orNull: true) {
                    DecimalText.parse($0, precision: precision, scale: scale).map { Int64(truncatingIfNeeded: $0) }
                }
                : try scalars(tokens, block, Int128.self, orNull: true) {
                    DecimalText.parse($0, precision: precision, scale: scale)
                }
        case .date: return try scalars(tokens, block, Int32.self) { JSONInstant.days($0) }
        case .timestamp:
            let instant = JSONInstant(dialect)
            return try scalars(tokens, block, Int128.self) { instant.nanoseconds($0) }
        case .string: return strings(tokens)
        case .varchar, .char: return try text.converted(strings(tokens), to: type)
        case .binary: return dialect.hasBase64 ? try binaries(tokens, block) : strings(tokens).retyped(type)
        case .array: return try arrays(tokens, block)
        case .map: return try maps(tokens, block)
        case .structure: return try structures(tokens, block)
        case .intervalYearMonth, .intervalDayTime, .union: throw Self.unsupported(type)
        }
    }

    /// Calls `body` with a token's text, without its quotes and escapes.
    @inline(__always)
    func withText<R>(_ tokens: Cells, _ row: Int, _ body: (UnsafeBufferPointer<UInt8>) -> R) -> R {
        let start = tokens.start(row)
        let length = tokens.length(row)
        guard start[0] == 0x22 || start[0] == 0x27 else {
            return body(UnsafeBufferPointer(start: start, count: length))
        }
        let inner = UnsafeBufferPointer(start: start + 1, count: (length & ~JSONToken.escapedBit) &- 2)
        return length & JSONToken.escapedBit == 0 ? body(inner) : body(unescaped(inner))
    }

    @inline(never)
    private func unescaped(_ text: UnsafeBufferPointer<UInt8>) -> UnsafeBufferPointer<UInt8> {
        // Some readers look at 16 bytes whatever the length.
        if scratch.count < text.count + 16 {
            scratch.deallocate()
            scratch = .allocate(capacity: text.count * 2 + 64)
        }
        let count = JSONEscapes.unescape(text, into: scratch.baseAddress!)
        return UnsafeBufferPointer(rebasing: scratch[..<count])
    }

    /// Marks a row whose value is not of the type as null, or fails where that is an error.
    @inline(never)
    func mismatch(_ tokens: Cells, _ row: Int, _ nulls: inout NullMarks, _ block: RecordBlock) throws {
        guard dialect.ignoresDamage else {
            let length = min(tokens.length(row) & ~JSONToken.escapedBit, 60)
            let value = String(decoding: UnsafeBufferPointer(start: tokens.start(row), count: length), as: UTF8.self)
            throw block.damaged("JSON value is not of type \(type): \(value)", at: Int(tokens.starts[row]))
        }
        nulls.mark(row)
    }
}
