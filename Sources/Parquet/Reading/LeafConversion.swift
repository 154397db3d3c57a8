import HoneyCore
import HoneyStorage

/// Turns stored values into those of a column's type. Values that the type cannot hold become null, as in Hive.
struct LeafConversion {
    /// What comes with converted values.
    struct Result {
        var owners: [AnyObject] = []
        /// Which values are not null; nil means all.
        var validity: Bitmap?
    }

    private indirect enum Kind {
        /// Both are the same bytes: numbers of this width, or views.
        case copy(Int)
        /// Whole numbers, checked against the bounds.
        case integers(from: Int, to: Int, lower: Int64, upper: Int64)
        case decimals(DecimalSource, DecimalConversion)
        /// Days of Hive's older calendar.
        case hybridDates
        /// Counts of this many nanoseconds.
        case timestamps(nanoseconds: Int64)
        case int96(isHybrid: Bool)
        case float16
        case fixedBytes(Int)
        case uuidText
        case text(TextLimit)
        /// Read as the type that the file means, then converted to another.
        case other(LeafConversion, DataType)
    }

    let type: DataType
    private let kind: Kind

    /// `isHybrid` tells that days before 1582-10-15 are those of the Julian calendar, as older Hive counts them.
    init(_ node: SchemaNode, to type: DataType, isHybrid: Bool) {
        self.type = type
        if let kind = LeafConversion.direct(node, type, isHybrid) {
            self.kind = kind
            return
        }
        let natural = LeafConversion.naturalType(of: node)
        let conversion = LeafConversion(type: natural, kind: LeafConversion.direct(node, natural, isHybrid) ?? .copy(1))
        kind = .other(conversion, type)
    }

    private init(type: DataType, kind: Kind) {
        self.type = type
        self.kind = kind
    }

    /// Tells whether stored values are the column's own, in its memory's form.
    var isCopy: Bool { if case .copy = kind { true } else { false } }

    /// Tells whether values that are there can become null.
    var canLoseValues: Bool {
        switch kind {
        case .copy, .hybridDates, .timestamps, .int96, .float16, .fixedBytes, .uuidText, .text: false
        case .integers(_, let to, let lower, let upper):
            to < 8 || lower != .min || upper != .max
        case .decimals(_, let conversion): !conversion.isExact
        case .other: true
        }
    }

    // MARK: Choice

    /// The type that a leaf's values have by themselves.
    static func naturalType(of node: SchemaNode) -> DataType {
        switch (node.type ?? .byteArray, node.annotation) {
        case (_, .decimal(let precision, let scale)) where DecimalSource(node) != nil:
            .decimal(
                precision: min(max(precision, 1), DataType.maximumDecimalPrecision),
                scale: min(max(scale, 0), min(max(precision, 1), DataType.maximumDecimalPrecision)))
        case (.boolean, _): .boolean
        case (.int32, .date): .date
        case (.int32, .integer(8, true)): .tinyint
        case (.int32, .integer(16, true)), (.int32, .integer(8, false)): .smallint
        case (.int32, .integer(32, false)): .bigint
        case (.int32, _): .int
        case (.int64, .timestamp), (.int96, _): .timestamp
        case (.int64, _): .bigint
        case (.float, _): .float
        case (.fixedLengthByteArray, .float16) where node.typeLength == 2: .float
        case (.double, _): .double
        case (.byteArray, .none), (.byteArray, .bson): .binary
        case (.byteArray, _): .string
        case (.fixedLengthByteArray, .uuid): .string
        case (.fixedLengthByteArray, _): .binary
        }
    }

    private static func direct(_ node: SchemaNode, _ type: DataType, _ isHybrid: Bool) -> Kind? {
        if case .decimal(let precision, let scale) = node.annotation, let source = DecimalSource(node) {
            guard case .decimal = type else { return nil }
            return .decimals(source, DecimalConversion(precision: precision, scale: scale, to: type))
        }
        switch (node.type ?? .byteArray, type) {
        case (.boolean, .boolean): return .copy(1)
        case (.int32, .date):
            guard node.annotation == .date || node.annotation == .none else { return nil }
            return isHybrid ? .hybridDates : .copy(4)
        case (.int32, _) where type.isInteger, (.int64, _) where type.isInteger:
            // Days and moments are no numbers, except where their own type is.
            return naturalType(of: node).isInteger ? integers(node, type) : nil
        case (.int64, .timestamp):
            switch node.annotation {
            case .timestamp(.milliseconds): return .timestamps(nanoseconds: 1_000_000)
            case .timestamp(.microseconds): return .timestamps(nanoseconds: 1000)
            case .timestamp(.nanoseconds): return .timestamps(nanoseconds: 1)
            default: return nil
            }
        case (.int96, .timestamp): return .int96(isHybrid: isHybrid)
        case (.float, .float): return .copy(4)
        case (.double, .double): return .copy(8)
        case (.byteArray, .string), (.byteArray, .binary): return .copy(16)
        case (.byteArray, .varchar(let limit)): return .text(TextLimit(limit, isPadded: false))
        case (.byteArray, .char(let limit)): return .text(TextLimit(limit, isPadded: true))
        case (.fixedLengthByteArray, .float): return node.annotation == .float16 && node.typeLength == 2 ? .float16 : nil
        case (.fixedLengthByteArray, .string):
            return node.annotation == .uuid && node.typeLength == 16 ? .uuidText : .fixedBytes(node.typeLength)
        case (.fixedLengthByteArray, .binary): return .fixedBytes(node.typeLength)
        default: return nil
        }
    }

    private static func integers(_ node: SchemaNode, _ type: DataType) -> Kind {
        let from = node.type == .int32 ? 4 : 8
        let to = type.physical.width
        var lower = Int64.min >> Int64(64 - to * 8)
        let upper = Int64.max >> Int64(64 - to * 8)
        // What does not fit the signed number of the same width reads as negative: null in Hive.
        if case .integer(_, isSigned: false) = node.annotation {
            lower = 0
        } else if from == to {
            return .copy(to)
        }
        return .integers(from: from, to: to, lower: lower, upper: upper)
    }

    // MARK: Conversion

    /// Converts `count` stored values to `target`, which has the type's physical form; views keep pointing where they did.
    func convert(
        _ raw: UnsafeRawPointer, count: Int, page: AnyObject?, into target: UnsafeMutableRawPointer
    ) throws -> Result {
        switch kind {
        case .copy(let width):
            target.copyMemory(from: raw, byteCount: count * width)
            return Result()
        case .integers(let from, let to, let lower, let upper):
            return Result(validity: convertIntegers(raw, from, target, to, count, lower, upper))
        case .decimals(let source, let conversion):
            return Result(validity: conversion.convert(raw, source, count: count, into: target))
        case .timestamps(let nanoseconds):
            let target = target.assumingMemoryBound(to: Int128.self)
            let unit = Int128(nanoseconds)
            for index in 0..<count {
                target[index] = Int128(raw.loadUnaligned(fromByteOffset: index &* 8, as: Int64.self)) &* unit
            }
        case .hybridDates:
            target.copyMemory(from: raw, byteCount: count * 4)
            HybridCalendar.fromHybrid(target.assumingMemoryBound(to: Int32.self), count: count)
        case .int96(let isHybrid): convertInt96(raw, target, count, isHybrid)
        case .float16:
            let target = target.assumingMemoryBound(to: Float.self)
            for index in 0..<count {
                let bits = raw.loadUnaligned(fromByteOffset: index &* 2, as: UInt16.self)
                target[index] = LeafConversion.float(ofHalf: bits)
            }
        case .fixedBytes(let width):
            let target = target.assumingMemoryBound(to: BytesView.self)
            let bytes = raw.assumingMemoryBound(to: UInt8.self)
            for index in 0..<count { target[index] = BytesView(bytes + index &* width, count: width) }
            return Result(owners: page.map { [$0] } ?? [])
        case .uuidText: return Result(owners: [UUIDText.convert(raw, count: count, into: target)])
        case .text(let limit):
            return Result(owners: limit.apply(raw.assumingMemoryBound(to: BytesView.self), count: count, into: target))
        case .other(let natural, let type):
            return try convertThrough(natural, type, raw, count, page, target)
        }
        return Result()
    }

    private func convertThrough(
        _ natural: LeafConversion, _ type: DataType, _ raw: UnsafeRawPointer, _ count: Int, _ page: AnyObject?,
        _ target: UnsafeMutableRawPointer
    ) throws -> Result {
        let data = Buffer(capacity: count * natural.type.physical.width)
        let first = try natural.convert(raw, count: count, page: page, into: data.base)
        let column = Column(
            type: natural.type, count: count, validity: first.validity, data: data, owners: first.owners)
        let converted = try ColumnConversion.convert(column, to: type).flattened()
        target.copyMemory(from: converted.data.base, byteCount: count * type.physical.width)
        return Result(owners: converted.owners, validity: converted.validity)
    }

    private func convertIntegers(
        _ raw: UnsafeRawPointer, _ from: Int, _ target: UnsafeMutableRawPointer, _ to: Int, _ count: Int,
        _ lower: Int64, _ upper: Int64
    ) -> Bitmap? {
        switch (from, to) {
        case (4, 1): LeafConversion.narrow(raw, Int32.self, target, Int8.self, count, lower, upper)
        case (4, 2): LeafConversion.narrow(raw, Int32.self, target, Int16.self, count, lower, upper)
        case (4, 4): LeafConversion.narrow(raw, Int32.self, target, Int32.self, count, lower, upper)
        case (4, _): LeafConversion.narrow(raw, Int32.self, target, Int64.self, count, lower, upper)
        case (_, 1): LeafConversion.narrow(raw, Int64.self, target, Int8.self, count, lower, upper)
        case (_, 2): LeafConversion.narrow(raw, Int64.self, target, Int16.self, count, lower, upper)
        case (_, 4): LeafConversion.narrow(raw, Int64.self, target, Int32.self, count, lower, upper)
        default: LeafConversion.narrow(raw, Int64.self, target, Int64.self, count, lower, upper)
        }
    }

    @inline(__always)
    private static func narrow<S: FixedWidthInteger & BitwiseCopyable, T: FixedWidthInteger & BitwiseCopyable>(
        _ raw: UnsafeRawPointer, _: S.Type, _ target: UnsafeMutableRawPointer, _: T.Type, _ count: Int,
        _ lower: Int64, _ upper: Int64
    ) -> Bitmap? {
        let target = target.assumingMemoryBound(to: T.self)
        var isOutside = false
        for index in 0..<count {
            let value = raw.loadUnaligned(fromByteOffset: index &* MemoryLayout<S>.size, as: S.self)
            let wide = Int64(truncatingIfNeeded: value)
            isOutside = isOutside || wide < lower || wide > upper
            target[index] = T(truncatingIfNeeded: value)
        }
        guard isOutside else { return nil }
        let validity = Bitmap(count: count, repeating: true)
        for index in 0..<count {
            let wide = Int64(
                truncatingIfNeeded: raw.loadUnaligned(fromByteOffset: index &* MemoryLayout<S>.size, as: S.self))
            if wide < lower || wide > upper { validity.clear(index) }
        }
        return validity
    }

    /// i64 nanoseconds of the day, i32 Julian day; both little-endian.
    private func convertInt96(_ raw: UnsafeRawPointer, _ target: UnsafeMutableRawPointer, _ count: Int, _ isHybrid: Bool) {
        let target = target.assumingMemoryBound(to: Int128.self)
        for index in 0..<count {
            let nanoseconds = raw.loadUnaligned(fromByteOffset: index &* 12, as: Int64.self)
            var day = Int(raw.loadUnaligned(fromByteOffset: index &* 12 &+ 8, as: Int32.self))
            day &-= LeafConversion.julianDayOfEpoch
            if isHybrid { day = HybridCalendar.fromHybrid(days: day) }
            target[index] = Int128(day) &* CivilDate.nanosecondsPerDay &+ Int128(nanoseconds)
        }
    }

    /// The Julian day of 1970-01-01.
    static let julianDayOfEpoch = 2_440_588

    /// Widens an IEEE half: one bit of sign, five of exponent, ten of fraction.
    static func float(ofHalf bits: UInt16) -> Float {
        let sign = UInt32(bits & 0x8000) << 16
        let exponent = UInt32(bits >> 10 & 0x1F)
        let fraction = UInt32(bits & 0x3FF)
        if exponent == 0 {
            let magnitude = Float(fraction) * 0x1p-24
            return sign == 0 ? magnitude : -magnitude
        }
        let wide = exponent == 31 ? 0xFF : exponent + 112
        return Float(bitPattern: sign | wide << 23 | fraction << 13)
    }
}
