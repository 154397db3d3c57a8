import HoneyCore
import HoneyStorage

/// How a leaf's values are held while they are gathered, and how they are stored.
enum LeafForm: Equatable {
    case booleans
    /// Little-endian; tinyint, smallint, int.
    case int32
    /// Days, moved to Hive's older calendar where `isHybrid`.
    case dates(isHybrid: Bool)
    case int64
    case float, double
    /// Decimals of at most 18 digits, in so many bytes, big-endian; or as int32 or int64.
    case shortDecimal(byteCount: Int)
    case shortDecimalAsInt32, shortDecimalAsInt64
    case longDecimal(byteCount: Int)
    case int96(isHybrid: Bool)
    /// Timestamps in counts of so many nanoseconds.
    case moments(nanoseconds: Int64)
    case strings
    /// Strings without the spaces that pad them.
    case paddedStrings

    /// Bytes that a value takes while it is gathered.
    var heldWidth: Int {
        switch self {
        case .booleans: 1
        case .int32, .dates, .float: 4
        case .int64, .double, .shortDecimal, .shortDecimalAsInt32, .shortDecimalAsInt64, .moments: 8
        case .longDecimal, .int96, .strings, .paddedStrings: 16
        }
    }

    /// Bytes that a plain value takes; for strings, those of its length.
    var storedWidth: Int {
        switch self {
        case .booleans: 1
        case .int32, .dates, .float, .shortDecimalAsInt32, .strings, .paddedStrings: 4
        case .int64, .double, .shortDecimalAsInt64, .moments: 8
        case .shortDecimal(let count), .longDecimal(let count): count
        case .int96: 12
        }
    }

    /// Whether values are held as they are stored, in 64 bits of an integer.
    var isInt64: Bool {
        switch self {
        case .int64, .moments: true
        default: false
        }
    }

    var isStrings: Bool { self == .strings || self == .paddedStrings }

    /// Appends the plain form of held values.
    func appendPlain(_ held: UnsafeRawPointer, count: Int, to bytes: ByteStore) {
        switch self {
        case .booleans: appendBits(held.assumingMemoryBound(to: UInt8.self), count, bytes)
        case .int32, .dates(false), .float, .int64, .double, .shortDecimalAsInt64, .moments:
            bytes.append(UnsafeRawBufferPointer(start: held, count: count * heldWidth))
        case .dates(true):
            let days = held.assumingMemoryBound(to: Int32.self)
            let target = UnsafeMutableRawPointer(bytes.room(for: count * 4))
            for index in 0..<count {
                target.storeBytes(of: LeafForm.hybrid(days[index]), toByteOffset: index &* 4, as: Int32.self)
            }
            bytes.advance(count * 4)
        case .shortDecimalAsInt32:
            let values = held.assumingMemoryBound(to: Int64.self)
            let target = UnsafeMutableRawPointer(bytes.room(for: count * 4))
            for index in 0..<count {
                target.storeBytes(
                    of: Int32(truncatingIfNeeded: values[index]), toByteOffset: index &* 4, as: Int32.self)
            }
            bytes.advance(count * 4)
        case .shortDecimal(let width):
            let values = held.assumingMemoryBound(to: Int64.self)
            let target = UnsafeMutableRawPointer(bytes.room(for: count * width + 8))
            let shift = UInt64(64 - width * 8)
            for index in 0..<count {
                // The bytes wanted are moved to the front; what follows them is written over.
                let word = (UInt64(bitPattern: values[index]) &<< shift).byteSwapped
                target.storeBytes(of: word, toByteOffset: index &* width, as: UInt64.self)
            }
            bytes.advance(count * width)
        case .longDecimal(let width):
            let values = held.assumingMemoryBound(to: Int128.self)
            let target = UnsafeMutableRawPointer(bytes.room(for: count * width + 16))
            let shift = UInt128(128 - width * 8)
            for index in 0..<count {
                let word = (UInt128(truncatingIfNeeded: values[index]) &<< shift).byteSwapped
                target.storeBytes(of: word, toByteOffset: index &* width, as: UInt128.self)
            }
            bytes.advance(count * width)
        case .int96(let isHybrid): appendInt96(held.assumingMemoryBound(to: Int128.self), count, isHybrid, bytes)
        case .strings, .paddedStrings: appendStrings(held.assumingMemoryBound(to: BytesView.self), count, bytes)
        }
    }

    private static func hybrid(_ days: Int32) -> Int32 {
        Int(days) >= HybridCalendar.firstGregorianDay ? days : Int32(clamping: HybridCalendar.toHybrid(days: Int(days)))
    }

    private func appendBits(_ values: UnsafePointer<UInt8>, _ count: Int, _ bytes: ByteStore) {
        let stored = (count + 7) >> 3
        let target = bytes.room(for: stored)
        target.update(repeating: 0, count: stored)
        for index in 0..<count { target[index >> 3] |= (values[index] & 1) << UInt8(index & 7) }
        bytes.advance(stored)
    }

    private func appendInt96(
        _ values: UnsafePointer<Int128>, _ count: Int, _ isHybrid: Bool, _ bytes: ByteStore
    ) {
        let target = UnsafeMutableRawPointer(bytes.room(for: count * 12))
        for index in 0..<count {
            var (days, nanoseconds) = CivilDate.split(timestamp: values[index])
            if isHybrid && days < HybridCalendar.firstGregorianDay { days = HybridCalendar.toHybrid(days: days) }
            target.storeBytes(of: Int64(nanoseconds), toByteOffset: index &* 12, as: Int64.self)
            target.storeBytes(
                of: Int32(clamping: days + LeafConversion.julianDayOfEpoch), toByteOffset: index &* 12 &+ 8,
                as: Int32.self)
        }
        bytes.advance(count * 12)
    }

    private func appendStrings(_ views: UnsafePointer<BytesView>, _ count: Int, _ bytes: ByteStore) {
        for index in 0..<count {
            let length = views[index].count
            // Short views are copied with all their bytes, which the next value writes over.
            let target = UnsafeMutableRawPointer(bytes.room(for: length + 16))
            target.storeBytes(of: UInt32(truncatingIfNeeded: length), as: UInt32.self)
            if length <= BytesView.inlineCapacity {
                target.storeBytes(
                    of: UInt32(truncatingIfNeeded: views[index].head >> 32), toByteOffset: 4, as: UInt32.self)
                target.storeBytes(of: views[index].tail, toByteOffset: 8, as: UInt64.self)
            } else {
                views[index].withBytes { (target + 4).copyMemory(from: $0.baseAddress!, byteCount: length) }
            }
            bytes.advance(length + 4)
        }
    }
}
