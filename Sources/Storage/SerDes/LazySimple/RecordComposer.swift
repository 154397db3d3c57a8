import HoneyCore

/// Memory that records are composed in, one after another.
struct RecordBytes: ~Copyable {
    private var base: UnsafeMutablePointer<UInt8>
    private var cursor: UnsafeMutablePointer<UInt8>
    private var end: UnsafeMutablePointer<UInt8>

    init() {
        base = .allocate(capacity: 4096)
        cursor = base
        end = base + 4096
    }

    deinit { base.deallocate() }

    mutating func removeAll() { cursor = base }

    var bytes: UnsafeBufferPointer<UInt8> { UnsafeBufferPointer(start: base, count: cursor - base) }

    @inline(__always)
    private mutating func reserve(_ count: Int) {
        if end - cursor < count { grow(count) }
    }

    @inline(never)
    private mutating func grow(_ count: Int) {
        let used = cursor - base
        let capacity = max((end - base) * 2, used + count)
        let larger = UnsafeMutablePointer<UInt8>.allocate(capacity: capacity)
        larger.update(from: base, count: used)
        base.deallocate()
        base = larger
        cursor = larger + used
        end = larger + capacity
    }

    @inline(__always)
    mutating func append(_ byte: UInt8) {
        reserve(1)
        cursor.pointee = byte
        cursor += 1
    }

    @inline(__always)
    mutating func append(_ bytes: UnsafeBufferPointer<UInt8>) {
        guard let start = bytes.baseAddress, bytes.count > 0 else { return }
        reserve(bytes.count)
        cursor.update(from: start, count: bytes.count)
        cursor += bytes.count
    }

    /// Appends decimal digits, a minus sign before negative numbers.
    @inline(__always)
    mutating func append(integer value: Int64) {
        reserve(20)
        if value < 0 {
            cursor.pointee = 0x2D
            cursor += 1
        }
        append(digits: value.magnitude)
    }

    /// Appends an unscaled decimal with exactly `scale` digits after the point; `unit` is 10 to the scale.
    @inline(__always)
    mutating func append(decimal unscaled: Int64, scale: Int, unit: UInt64) {
        reserve(24)
        if unscaled < 0 {
            cursor.pointee = 0x2D
            cursor += 1
        }
        let (whole, fraction) = unscaled.magnitude.quotientAndRemainder(dividingBy: unit)
        append(digits: whole)
        guard scale > 0 else { return }
        cursor.pointee = 0x2E
        Self.write(fraction, digits: scale, at: cursor + 1)
        cursor += scale &+ 1
    }

    /// Appends `yyyy-MM-dd`; the year must have at most four digits.
    @inline(__always)
    mutating func append(year: Int, month: Int, day: Int) {
        reserve(10)
        Self.write(UInt64(truncatingIfNeeded: year), digits: 4, at: cursor)
        cursor[4] = 0x2D
        Self.write(UInt64(truncatingIfNeeded: month), digits: 2, at: cursor + 5)
        cursor[7] = 0x2D
        Self.write(UInt64(truncatingIfNeeded: day), digits: 2, at: cursor + 8)
        cursor += 10
    }

    /// Appends digits into room that is reserved already.
    @inline(__always)
    private mutating func append(digits value: UInt64) {
        var count = 1
        var limit: UInt64 = 10
        while value >= limit, count < 19 {
            count &+= 1
            limit = limit &* 10
        }
        if count == 19, value >= 10_000_000_000_000_000_000 { count = 20 }
        Self.write(value, digits: count, at: cursor)
        cursor += count
    }

    /// All numbers of two digits.
    private static let pairs: StaticString = """
        00010203040506070809101112131415161718192021222324252627282930313233343536373839404142434445464748495051525354\
        555657585960616263646566676869707172737475767778798081828384858687888990919293949596979899
        """

    /// Writes the last `digits` digits of a number, with zeros before it.
    @inline(__always)
    private static func write(_ value: UInt64, digits: Int, at start: UnsafeMutablePointer<UInt8>) {
        let pairs = Self.pairs.utf8Start
        var rest = value
        var index = digits
        while index >= 2 {
            let (quotient, pair) = rest.quotientAndRemainder(dividingBy: 100)
            index &-= 2
            start[index] = pairs[Int(truncatingIfNeeded: pair) &* 2]
            start[index &+ 1] = pairs[Int(truncatingIfNeeded: pair) &* 2 &+ 1]
            rest = quotient
        }
        if index == 1 { start[0] = 0x30 &+ UInt8(truncatingIfNeeded: rest % 10) }
    }
}

/// Writes one column's values into records: simple types straight, others by `LazySimpleWriter`.
///
/// It holds the column by address only, since counting owners for each value would take as long as writing it: the maker
/// keeps the column alive.
struct FieldComposer {
    private enum Kind {
        case boolean, int8, int16, int32, int64, decimal, date, text, other
    }

    private let kind: Kind
    private unowned(unsafe) let column: Column
    private let data: UnsafeMutableRawPointer
    private let validity: UnsafeMutablePointer<UInt64>?
    /// ANDed to a row: nothing of it is left for a constant, whose one value stands for all.
    private let rowMask: Int
    private let scale: Int
    private let unit: UInt64

    init(_ column: Column, canCopyText: Bool) {
        self.column = column
        data = column.data.base
        validity = column.validity?.words
        rowMask = column.isConstant ? 0 : ~0
        var scale = 0
        switch column.type {
        case .boolean: kind = .boolean
        case .tinyint: kind = .int8
        case .smallint: kind = .int16
        case .int: kind = .int32
        case .bigint: kind = .int64
        case .date: kind = .date
        case .decimal(let precision, let digits) where precision <= DataType.maximumShortDecimalPrecision:
            kind = .decimal
            scale = digits
        case .string, .varchar: kind = canCopyText ? .text : .other
        default: kind = .other
        }
        self.scale = scale
        unit = UInt64(DecimalMath.powerOfTen(scale))
    }

    @inline(__always)
    func append(
        row: Int, to record: inout RecordBytes, _ writer: LazySimpleWriter, null: UnsafeBufferPointer<UInt8>,
        _ scratch: inout ByteSink
    ) {
        let index = row & rowMask
        if let validity, validity[index >> 6] >> UInt64(index & 63) & 1 == 0 { return record.append(null) }
        switch kind {
        case .int8: record.append(integer: Int64(value(index, Int8.self)))
        case .int16: record.append(integer: Int64(value(index, Int16.self)))
        case .int32: record.append(integer: Int64(value(index, Int32.self)))
        case .int64: record.append(integer: value(index, Int64.self))
        case .decimal: record.append(decimal: value(index, Int64.self), scale: scale, unit: unit)
        case .text: record.append(BytesView.bytes(at: data.assumingMemoryBound(to: BytesView.self) + index))
        case .date:
            let date = CivilDate.components(ofDays: Int(value(index, Int32.self)))
            guard date.year >= 0, date.year <= 9999 else { fallthrough }
            record.append(year: date.year, month: date.month, day: date.day)
        case .boolean, .other:
            scratch.removeAll()
            writer.append(column, row: row, level: 1, to: &scratch)
            scratch.withBytes { record.append($0) }
        }
    }

    @inline(__always)
    private func value<T: BitwiseCopyable>(_ index: Int, _: T.Type) -> T {
        data.assumingMemoryBound(to: T.self)[index]
    }
}
