internal import Foundation
import HoneyCore

/// The hashes of bloom filters.
enum BloomHash {
    /// Of integers, dates and timestamps (milliseconds), and of the bits of doubles: Thomas Wang's.
    @inline(__always)
    static func hash(_ value: Int64) -> UInt64 {
        var key = value
        key = ~key &+ key &<< 21
        key ^= key &>> 24
        key = key &+ key &<< 3 &+ key &<< 8
        key ^= key &>> 14
        key = key &+ key &<< 2 &+ key &<< 4
        key ^= key &>> 28
        return UInt64(bitPattern: key &+ key &<< 31)
    }

    @inline(__always)
    static func hash(_ value: Double) -> UInt64 {
        // All NaNs are one.
        hash(value.isNaN ? 0x7FF8_0000_0000_0000 : Int64(bitPattern: value.bitPattern))
    }

    /// Of bytes: the first half of Murmur3 in its 64-bit form.
    static func hash(_ bytes: UnsafeBufferPointer<UInt8>) -> UInt64 {
        var hash: UInt64 = 104_729
        let first: UInt64 = 0x87C3_7B91_1142_53D5
        let second: UInt64 = 0x4CF5_AD43_2745_937F
        let raw = UnsafeRawBufferPointer(bytes)
        let blocks = bytes.count >> 3
        for block in 0..<blocks {
            var key = raw.loadUnaligned(fromByteOffset: block * 8, as: UInt64.self)
            key = rotated(key &* first, 31) &* second
            hash = rotated(hash ^ key, 27) &* 5 &+ 0x52DC_E729
        }
        var rest: UInt64 = 0
        for index in blocks * 8..<bytes.count { rest |= UInt64(bytes[index]) << UInt64((index & 7) * 8) }
        if bytes.count & 7 != 0 { hash ^= rotated(rest &* first, 31) &* second }
        hash ^= UInt64(bytes.count)
        hash = (hash ^ hash >> 33) &* 0xFF51_AFD7_ED55_8CCD
        hash = (hash ^ hash >> 33) &* 0xC4CE_B9FE_1A85_EC53
        return hash ^ hash >> 33
    }

    @inline(__always)
    private static func rotated(_ value: UInt64, _ count: UInt64) -> UInt64 { value << count | value >> (64 - count) }
}

/// The bits of one bloom filter.
struct BloomBits {
    private(set) var words: [UInt64]
    let hashCount: Int

    /// Makes an empty one for so many values, of which so large a part may be found wrongly.
    init(expecting count: Int, falsePositives: Double) {
        let count = Double(max(count, 1))
        let bits = Int(-count * log(falsePositives) / (log(2) * log(2)))
        words = [UInt64](repeating: 0, count: bits / 64 + 1)
        hashCount = max(1, Int((Double(words.count * 64) / count * log(2)).rounded()))
    }

    /// Takes one of a file; nil when it has no bits.
    init?(_ filter: ORCBloomFilter) {
        if filter.hasUtf8Bitset {
            words = filter.utf8Bitset.withUnsafeBytes { bytes in
                (0..<bytes.count / 8).map { bytes.loadUnaligned(fromByteOffset: $0 * 8, as: UInt64.self) }
            }
        } else {
            words = filter.bitset
        }
        hashCount = min(Int(filter.numHashFunctions), 64)
        guard !words.isEmpty, hashCount > 0 else { return nil }
    }

    /// Calls `body` with each bit of a hash until it returns false.
    @inline(__always)
    private func eachBit(_ hash: UInt64, _ bits: Int, _ body: (Int) -> Bool) -> Bool {
        let first = Int32(truncatingIfNeeded: hash)
        let second = Int32(truncatingIfNeeded: hash >> 32)
        for index in 1...Int32(hashCount) {
            let combined = first &+ index &* second
            if !body(Int(combined < 0 ? ~combined : combined) % bits) { return false }
        }
        return true
    }

    mutating func insert(_ hash: UInt64) {
        let bits = words.count * 64
        let count = hashCount
        words.withUnsafeMutableBufferPointer { words in
            let first = Int32(truncatingIfNeeded: hash)
            let second = Int32(truncatingIfNeeded: hash >> 32)
            for index in 1...Int32(count) {
                let combined = first &+ index &* second
                let bit = Int(combined < 0 ? ~combined : combined) % bits
                words[bit >> 6] |= 1 << UInt64(bit & 63)
            }
        }
    }

    /// Tells whether a value of this hash may be there.
    func mayContain(_ hash: UInt64) -> Bool {
        eachBit(hash, words.count * 64) { words[$0 >> 6] >> UInt64($0 & 63) & 1 != 0 }
    }

    mutating func removeAll() { for index in words.indices { words[index] = 0 } }

    /// The filter as files have it.
    var message: ORCBloomFilter {
        var message = ORCBloomFilter()
        message.numHashFunctions = UInt32(hashCount)
        message.utf8Bitset = words.withUnsafeBytes { Data($0) }
        return message
    }
}
