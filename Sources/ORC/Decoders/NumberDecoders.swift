import HoneyCore
import HoneyStorage

/// Decodes smallint, int, bigint and date: integers in runs.
final class IntegerDecoder: ColumnDecoder {
    private let data: IntegerRuns
    private var scratch = IntegerScratch()
    /// Days of the file are Julian before October 1582.
    private let isHybrid: Bool

    init(_ node: TypeNode, type: DataType, isHybrid: Bool, context: ReadContext) {
        data = IntegerRuns(StreamBytes(context), isSigned: true)
        self.isHybrid = isHybrid
        super.init(node, type: type, context: context)
    }

    deinit { scratch.deallocate() }

    override var indexedStreams: [any IndexedStream] { [data] }

    override func enterValues(_ stripe: Stripe) throws {
        data.bytes.enter(stripe.range(.data, of: column))
        data.restart(isVersion2: try directVersion2(stripe))
    }

    override func skipValues(_ count: Int) throws { try data.skip(count) }

    override func decodeValues(rows: Int, count: Int, validity: Bitmap?) throws -> Column {
        let values: UnsafeMutablePointer<Int64>
        if type.physical == .int64, validity == nil {
            let direct = Buffer(capacity: (rows + IntegerRuns.slack) * 8)
            try data.read(count, into: direct.pointer())
            return Column(type: type, count: rows, data: direct)
        }
        values = scratch.reserve(count)
        try data.read(count, into: values)
        // A null row takes the value after it, which is there or at least allocated.
        values[count] = 0
        let buffer = Buffer(capacity: rows * type.physical.width)
        switch type.physical {
        case .int16: IntegerDecoder.spread(values, validity, rows, to: buffer.pointer(to: Int16.self))
        case .int32: IntegerDecoder.spread(values, validity, rows, to: buffer.pointer(to: Int32.self))
        default: IntegerDecoder.spread(values, validity, rows, to: buffer.pointer(to: Int64.self))
        }
        if isHybrid, type == .date { HybridCalendar.fromHybrid(buffer.pointer(to: Int32.self), count: rows) }
        return Column(type: type, count: rows, validity: validity, data: buffer)
    }

    @inline(__always)
    private static func spread<T: FixedWidthInteger>(
        _ values: UnsafeMutablePointer<Int64>, _ validity: Bitmap?, _ rows: Int, to target: UnsafeMutablePointer<T>
    ) {
        Bitmap.spread(validity, rows: rows) { target[$0] = T(truncatingIfNeeded: values[$1]) }
    }
}

/// Decodes float and double: IEEE 754, little-endian.
final class RealDecoder: ColumnDecoder {
    private let data: StreamBytes
    private let width: Int

    override init(_ node: TypeNode, type: DataType, context: ReadContext) {
        data = StreamBytes(context)
        width = type.physical.width
        super.init(node, type: type, context: context)
    }

    override var indexedStreams: [any IndexedStream] { [data] }

    override func enterValues(_ stripe: Stripe) throws {
        _ = try directVersion2(stripe)
        data.enter(stripe.range(.data, of: column))
    }

    override func skipValues(_ count: Int) throws { try data.skip(count * width) }

    override func decodeValues(rows: Int, count: Int, validity: Bitmap?) throws -> Column {
        guard try data.has(count * width) else { throw StreamBytes.endsEarly() }
        let source = UnsafeRawPointer(data.next)
        data.next += count * width
        let buffer = Buffer(capacity: rows * width)
        if validity == nil {
            buffer.base.copyMemory(from: source, byteCount: rows * width)
        } else if width == 4 {
            let target = buffer.pointer(to: UInt32.self)
            Bitmap.spread(validity, rows: rows) {
                target[$0] = source.loadUnaligned(fromByteOffset: $1 &* 4, as: UInt32.self)
            }
        } else {
            let target = buffer.pointer(to: UInt64.self)
            Bitmap.spread(validity, rows: rows) {
                target[$0] = source.loadUnaligned(fromByteOffset: $1 &* 8, as: UInt64.self)
            }
        }
        return Column(type: type, count: rows, validity: validity, data: buffer)
    }
}

/// Decodes tinyint: bytes in runs.
final class ByteDecoder: ColumnDecoder {
    private let data: ByteRuns

    init(_ node: TypeNode, context: ReadContext) {
        data = ByteRuns(StreamBytes(context))
        super.init(node, type: .tinyint, context: context)
    }

    override var indexedStreams: [any IndexedStream] { [data] }

    override func enterValues(_ stripe: Stripe) throws {
        _ = try directVersion2(stripe)
        data.bytes.enter(stripe.range(.data, of: column))
        data.restart()
    }

    override func skipValues(_ count: Int) throws { try data.skip(count) }

    override func decodeValues(rows: Int, count: Int, validity: Bitmap?) throws -> Column {
        let buffer = Buffer(capacity: rows)
        let target = buffer.pointer(to: UInt8.self)
        guard validity != nil else {
            try data.read(count, into: target)
            return Column(type: type, count: rows, data: buffer)
        }
        try withUnsafeTemporaryAllocation(of: UInt8.self, capacity: count + 1) { scratch in
            let values = scratch.baseAddress!
            values[count] = 0
            try data.read(count, into: values)
            Bitmap.spread(validity, rows: rows) { target[$0] = values[$1] }
        }
        return Column(type: type, count: rows, validity: validity, data: buffer)
    }
}

/// Decodes boolean: bits in runs of bytes.
final class BooleanDecoder: ColumnDecoder {
    private let data: BooleanRuns

    init(_ node: TypeNode, context: ReadContext) {
        data = BooleanRuns(StreamBytes(context))
        super.init(node, type: .boolean, context: context)
    }

    override var indexedStreams: [any IndexedStream] { [data] }

    override func enterValues(_ stripe: Stripe) throws {
        _ = try directVersion2(stripe)
        data.bytes.enter(stripe.range(.data, of: column))
        data.restart()
    }

    override func skipValues(_ count: Int) throws { try data.skip(count) }

    override func decodeValues(rows: Int, count: Int, validity: Bitmap?) throws -> Column {
        let bits = Bitmap(count: count + 1, repeating: false)
        _ = try data.read(count, into: bits.words)
        let words = bits.words
        let buffer = Buffer(capacity: rows)
        let target = buffer.pointer(to: UInt8.self)
        Bitmap.spread(validity, rows: rows) {
            target[$0] = UInt8(truncatingIfNeeded: words[$1 &>> 6] &>> UInt64($1 & 63) & 1)
        }
        return Column(type: type, count: rows, validity: validity, data: buffer)
    }
}
