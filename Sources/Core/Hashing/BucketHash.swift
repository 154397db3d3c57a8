/// The hash by which Hive puts rows into buckets.
///
/// The hashes of a row's bucket columns are combined as `31 * hash + next`; null hashes to 0. A table says by its property
/// `bucketing_version` which hash of a value it means: 1, the only one before Hive 3, or 2.
///
/// | type | version 1 | version 2 |
/// |---|---|---|
/// | boolean, tinyint | the number | the number |
/// | smallint, int, date | the number | Murmur3 of its bytes, the highest first |
/// | bigint | both halves XORed | Murmur3 |
/// | float, double | its bits, halves XORed | Murmur3 of the number that its bits are as an integer |
/// | string | its bytes in base 31, from 0 | Murmur3 |
/// | varchar, char (stripped), binary | its bytes in base 31, from 1 | Murmur3 |
/// | decimal | Java's BigDecimal's, without trailing zeros | Murmur3 of the unscaled number's bytes, likewise |
/// | timestamp | seconds · 2^30 + nanoseconds, halves XORed | Murmur3 of Hive's stored bytes |
/// | array, struct | base 31, from 0 | base 31, from 0 |
/// | map | the sum of key XOR value | likewise, the values by version 1 |
/// | uniontype | that of its value | that of its value |
public enum BucketHash {
    public enum Version: Int, Hashable, Sendable, Codable {
        case java = 1
        case murmur = 2

        /// Reads the version from a table's properties; version 1 when they do not tell.
        public init(tableParameters: [String: String]) {
            self = tableParameters["bucketing_version"].flatMap { Int($0) }.flatMap { Version(rawValue: $0) } ?? .java
        }
    }

    /// The bucket of a row whose bucket columns hash to `hash`.
    @inlinable public static func bucket(_ hash: Int32, of count: Int) -> Int { Int(hash & .max) % count }

    /// Writes the combined hashes of the columns' (selected) rows.
    public static func fill(
        _ hashes: UnsafeMutablePointer<Int32>, _ columns: [Column], count: Int, selection: Selection? = nil,
        version: Version = .java
    ) {
        let rows = selection?.count ?? count
        hashes.initialize(repeating: 0, count: rows)
        for column in columns {
            if column.isConstant {
                let single = hash(column, row: 0, version: version)
                for position in 0..<rows { hashes[position] = hashes[position] &* 31 &+ single }
                continue
            }
            let indices = selection?.indices
            for position in 0..<rows {
                let row = indices.map { Int($0[position]) } ?? position
                hashes[position] = hashes[position] &* 31 &+ hash(column, row: row, version: version)
            }
        }
    }

    /// Hashes one value.
    public static func hash(_ column: Column, row: Int, version: Version = .java) -> Int32 {
        guard !column.isNull(at: row) else { return 0 }
        let index = column.storedIndex(row)
        switch column.type {
        case .void: return 0
        case .boolean: return column.values(as: UInt8.self)[index] != 0 ? 1 : 0
        case .tinyint: return Int32(column.values(as: Int8.self)[index])
        case .array:
            return column.values(as: ListEntry.self)[index].range.reduce(0) {
                $0 &* 31 &+ hash(column.children[0], row: $1, version: version)
            }
        case .map:
            return column.values(as: ListEntry.self)[index].range.reduce(0) {
                $0 &+ (hash(column.children[0], row: $1, version: version) ^ hash(column.children[1], row: $1))
            }
        case .structure:
            return column.children.reduce(0) { $0 &* 31 &+ hash($1, row: index, version: version) }
        case .union:
            let tag = column.children[0].unionTag(at: index)
            return hash(column.children[1 + tag], row: index, version: version)
        default:
            return version == .java ? javaHash(column, row, index) : murmurHash(column, row, index)
        }
    }

    // MARK: Version 1

    private static func javaHash(_ column: Column, _ row: Int, _ index: Int) -> Int32 {
        switch column.type {
        case .smallint: return Int32(column.values(as: Int16.self)[index])
        case .int, .date, .intervalYearMonth: return column.values(as: Int32.self)[index]
        case .bigint: return folded(UInt64(bitPattern: column.values(as: Int64.self)[index]))
        case .float: return Int32(bitPattern: bits(column.values(as: Float.self)[index]))
        case .double: return folded(bits(column.values(as: Double.self)[index]))
        case .string: return base31(column.bytes(at: row), from: 0)
        case .varchar, .binary: return base31(column.bytes(at: row), from: 1)
        case .char: return base31(stripped(column.bytes(at: row)), from: 1)
        case .decimal(_, let scale): return decimalHash(column, index, scale: scale)
        case .timestamp:
            let (seconds, nanoseconds) = split(column.values(as: Int128.self)[index])
            return folded(UInt64(bitPattern: seconds) << 30 | UInt64(nanoseconds))
        case .intervalDayTime:
            let (seconds, nanoseconds) = split(column.values(as: Int128.self)[index])
            return (17 &* 37 &+ folded(UInt64(bitPattern: seconds))) &* 37 &+ Int32(nanoseconds)
        default: return 0
        }
    }

    private static func folded(_ bits: UInt64) -> Int32 { Int32(truncatingIfNeeded: bits ^ bits >> 32) }

    /// A number's bits, with one NaN as Java has it.
    private static func bits(_ value: Float) -> UInt32 { value.isNaN ? 0x7FC0_0000 : value.bitPattern }
    private static func bits(_ value: Double) -> UInt64 { value.isNaN ? 0x7FF8_0000_0000_0000 : value.bitPattern }

    private static func base31(_ bytes: UnsafeBufferPointer<UInt8>, from start: Int32) -> Int32 {
        var hash = start
        for byte in bytes { hash = hash &* 31 &+ Int32(Int8(bitPattern: byte)) }
        return hash
    }

    private static func stripped(_ bytes: UnsafeBufferPointer<UInt8>) -> UnsafeBufferPointer<UInt8> {
        var count = bytes.count
        while count > 0, bytes[count - 1] == 0x20 { count -= 1 }
        return UnsafeBufferPointer(rebasing: bytes.prefix(count))
    }

    private static func split(_ moment: Int128) -> (seconds: Int64, nanoseconds: Int64) {
        var (seconds, nanoseconds) = moment.quotientAndRemainder(dividingBy: CivilDate.nanosecondsPerSecond)
        if nanoseconds < 0 {
            seconds -= 1
            nanoseconds += CivilDate.nanosecondsPerSecond
        }
        return (Int64(truncatingIfNeeded: seconds), Int64(truncatingIfNeeded: nanoseconds))
    }

    /// The unscaled value without the zeros that end its fraction.
    private static func trimmed(_ column: Column, _ index: Int, _ scale: inout Int) -> Int128 {
        var value =
            column.physical == .int64
            ? Int128(column.values(as: Int64.self)[index]) : column.values(as: Int128.self)[index]
        while scale > 0, value % 10 == 0 {
            value /= 10
            scale -= 1
        }
        return value
    }

    /// 31 times the hash of the magnitude's words, with the sign, plus the scale.
    private static func decimalHash(_ column: Column, _ index: Int, scale: Int) -> Int32 {
        var scale = scale
        let value = trimmed(column, index, &scale)
        if value == 0 { return 0 }
        let magnitude = value.magnitude
        var hash: Int32 = 0
        for shift in [96, 64, 32, 0] as [UInt128] {
            hash = hash &* 31 &+ Int32(truncatingIfNeeded: magnitude >> shift)
        }
        return (value < 0 ? 0 &- hash : hash) &* 31 &+ Int32(scale)
    }

    // MARK: Version 2

    private static func murmurHash(_ column: Column, _ row: Int, _ index: Int) -> Int32 {
        switch column.type {
        case .smallint: return murmur(column.values(as: Int16.self)[index])
        case .int, .date, .intervalYearMonth: return murmur(column.values(as: Int32.self)[index])
        case .bigint: return murmur(column.values(as: Int64.self)[index])
        case .float:
            // Hive takes the bits for an integer, and that for a number again.
            let number = Float(Int32(bitPattern: bits(column.values(as: Float.self)[index])))
            return murmur(number.bitPattern)
        case .double:
            let number = Double(Int64(bitPattern: bits(column.values(as: Double.self)[index])))
            return murmur(number.bitPattern)
        case .string, .varchar, .binary: return Murmur3.hash(column.bytes(at: row))
        case .char: return Murmur3.hash(stripped(column.bytes(at: row)))
        case .decimal(_, let scale):
            var scale = scale
            let value = trimmed(column, index, &scale)
            let magnitude = value < 0 ? ~value : value
            return murmur(value, byteCount: (136 - magnitude.leadingZeroBitCount) >> 3)
        case .timestamp: return timestampHash(column.values(as: Int128.self)[index])
        case .intervalDayTime: return murmur(javaHash(column, row, index))
        default: return 0
        }
    }

    /// Hashes the last `byteCount` bytes of a number (all, when not given), the highest first.
    private static func murmur<T: FixedWidthInteger>(_ value: T, byteCount: Int = MemoryLayout<T>.size) -> Int32 {
        withUnsafeBytes(of: value.bigEndian) { bytes in
            let tail = UnsafeRawBufferPointer(rebasing: bytes.suffix(byteCount))
            return Murmur3.hash(tail.assumingMemoryBound(to: UInt8.self))
        }
    }

    /// Hashes the bytes in which Hive's timestamps travel: four of seconds, then the nanoseconds' digits in reverse and
    /// the seconds' upper bits as variable-length integers, when there are such.
    private static func timestampHash(_ moment: Int128) -> Int32 {
        var (seconds, nanoseconds) = split(moment)
        let high = seconds >> 31
        let hasMore = nanoseconds != 0 || high != 0
        seconds &= 0x7FFF_FFFF
        var bytes: [UInt8] = []
        let head = UInt32(truncatingIfNeeded: seconds) | (hasMore ? 0x8000_0000 : 0)
        for shift in [24, 16, 8, 0] as [UInt32] { bytes.append(UInt8(truncatingIfNeeded: head >> shift)) }
        if hasMore {
            var reversed: Int64 = 0
            for _ in 0..<9 {
                reversed = reversed * 10 + nanoseconds % 10
                nanoseconds /= 10
            }
            append(variable: high == 0 ? reversed : -reversed - 1, to: &bytes)
            if high != 0 { append(variable: high, to: &bytes) }
        }
        return bytes.withUnsafeBufferPointer { Murmur3.hash($0) }
    }

    /// Appends a number as Hadoop's `WritableUtils` does.
    private static func append(variable value: Int64, to bytes: inout [UInt8]) {
        if (-112...127).contains(value) { return bytes.append(UInt8(bitPattern: Int8(value))) }
        let magnitude = value < 0 ? ~value : value
        let count = (71 - magnitude.leadingZeroBitCount) >> 3
        bytes.append(UInt8(bitPattern: Int8((value < 0 ? -120 : -112) - count)))
        for index in (0..<count).reversed() { bytes.append(UInt8(truncatingIfNeeded: magnitude >> Int64(index * 8))) }
    }
}
