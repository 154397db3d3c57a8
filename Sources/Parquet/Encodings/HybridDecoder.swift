import HoneyCore
import HoneyStorage

/// Reads levels, dictionary indexes and booleans as runs and bit-packed groups.
///
/// ```
/// varint even: value / 2 repetitions of the value that follows in (width + 7) / 8 bytes, little-endian
/// varint odd:  value / 2 groups of eight bit-packed values
/// ```
/// Reads up to eight bytes past the end given.
struct HybridDecoder {
    private var next: UnsafePointer<UInt8>
    private let end: UnsafePointer<UInt8>
    private let width: Int
    private var repeats = 0
    private var repeated: UInt32 = 0
    // A run of packed values, and how far it is read.
    private var packed: UnsafePointer<UInt8>
    private var packedIndex = 0
    private var packedCount = 0

    /// Values have `width` bits, 32 at most.
    init(_ start: UnsafePointer<UInt8>, count: Int, width: Int) {
        next = start
        end = start + count
        packed = start
        self.width = width
    }

    /// Finds the next run, which is not empty.
    @inline(never)
    private mutating func advance() throws {
        while repeats == 0 && packedIndex == packedCount {
            var header: UInt64 = 0
            var shift: UInt64 = 0
            while true {
                guard next < end, shift < 35 else {
                    throw HoneyError.damaged("page has fewer levels or indexes than values")
                }
                let byte = next[0]
                next += 1
                header |= UInt64(byte & 0x7F) << shift
                if byte < 0x80 { break }
                shift += 7
            }
            if header & 1 == 0 {
                let bytes = (width + 7) >> 3
                guard end - next >= bytes else { throw HoneyError.damaged("run of levels or indexes is cut short") }
                repeated = 0
                for index in 0..<bytes { repeated |= UInt32(next[index]) << UInt32(index * 8) }
                next += bytes
                repeats = Int(header >> 1)
            } else {
                // The last group may lack bytes that only fill it up.
                let stored = Int(header >> 1) * width
                let there = min(stored, end - next)
                packed = next
                packedIndex = 0
                packedCount = width == 0 ? Int(header >> 1) * 8 : there * 8 / width
                next += there
                guard packedCount > 0 || header == 1 else {
                    throw HoneyError.damaged("packed levels or indexes are cut short")
                }
            }
        }
    }

    /// Reads `count` values.
    mutating func read(_ count: Int, into target: UnsafeMutablePointer<UInt8>) throws {
        try readValues(count, into: target)
    }

    /// Reads `count` values.
    mutating func read(_ count: Int, into target: UnsafeMutablePointer<Int32>) throws {
        try readValues(count, into: target)
    }

    @inline(__always)
    private mutating func readValues<T: FixedWidthInteger & BitwiseCopyable>(
        _ count: Int, into target: UnsafeMutablePointer<T>
    ) throws {
        var done = 0
        while done < count {
            if repeats > 0 {
                let run = min(repeats, count - done)
                (target + done).update(repeating: T(truncatingIfNeeded: repeated), count: run)
                repeats -= run
                done += run
            } else if packedIndex < packedCount {
                let run = min(packedCount - packedIndex, count - done)
                if width == 0 {
                    (target + done).update(repeating: 0, count: run)
                } else {
                    BitUnpacking.unpack(packed, from: packedIndex, count: run, width: width, into: target + done)
                }
                packedIndex += run
                done += run
            } else {
                try advance()
            }
        }
    }

    /// Reads `count` values of one bit to bits `start ...` of a mask that is zero there; returns how many are 1.
    mutating func readBits(_ count: Int, into words: UnsafeMutablePointer<UInt64>, at start: Int) throws -> Int {
        var done = 0
        var ones = 0
        while done < count {
            if repeats > 0 {
                let run = min(repeats, count - done)
                if repeated & 1 != 0 {
                    HybridDecoder.setBits(words, start + done, run)
                    ones += run
                }
                repeats -= run
                done += run
            } else if packedIndex < packedCount {
                let run = min(packedCount - packedIndex, count - done)
                ones += HybridDecoder.copyBits(packed, packedIndex, words, start + done, run)
                packedIndex += run
                done += run
            } else {
                try advance()
            }
        }
        return ones
    }

    private static func setBits(_ words: UnsafeMutablePointer<UInt64>, _ start: Int, _ count: Int) {
        var bit = start
        var left = count
        while left > 0 {
            let run = min(left, 64 - bit & 63)
            words[bit >> 6] |= (run == 64 ? ~0 : 1 << UInt64(run) &- 1) << UInt64(bit & 63)
            bit += run
            left -= run
        }
    }

    private static func copyBits(
        _ source: UnsafePointer<UInt8>, _ first: Int, _ words: UnsafeMutablePointer<UInt64>, _ start: Int, _ count: Int
    ) -> Int {
        var from = first
        var to = start
        var left = count
        var ones = 0
        while left > 0 {
            let run = min(left, 56, 64 - to & 63)
            let word = UnsafeRawPointer(source + from >> 3).loadUnaligned(as: UInt64.self)
            let bits = word >> UInt64(from & 7) & (1 << UInt64(run) &- 1)
            words[to >> 6] |= bits << UInt64(to & 63)
            ones += bits.nonzeroBitCount
            from += run
            to += run
            left -= run
        }
        return ones
    }

    /// Steps over `count` values.
    mutating func skip(_ count: Int) throws {
        var left = count
        while left > 0 {
            let run = min(left, repeats > 0 ? repeats : packedCount - packedIndex)
            if repeats > 0 { repeats -= run } else { packedIndex += run }
            left -= run
            if left > 0 { try advance() }
        }
    }
}

/// Levels of files before Parquet 2, packed from the highest bit of each byte down and of no stated length.
enum BitPackedLevels {
    static func byteCount(_ count: Int, width: Int) -> Int { (count * width + 7) >> 3 }

    /// Writes the levels anew in the hybrid way, so that all levels are read alike.
    static func hybrid(_ source: UnsafePointer<UInt8>, count: Int, width: Int) -> [UInt8] {
        let groups = (count + 7) >> 3
        var bytes: [UInt8] = []
        var header = UInt64(groups) << 1 | 1
        while header >= 0x80 {
            bytes.append(UInt8(truncatingIfNeeded: header) | 0x80)
            header >>= 7
        }
        bytes.append(UInt8(truncatingIfNeeded: header))
        let start = bytes.count
        bytes.append(contentsOf: repeatElement(0, count: groups * width + 8))
        for index in 0..<(count * width) {
            let position = index / width * width + (width - 1 - index % width)
            if source[index >> 3] >> UInt8(7 - index & 7) & 1 != 0 {
                bytes[start + position >> 3] |= 1 << UInt8(position & 7)
            }
        }
        return bytes
    }
}
