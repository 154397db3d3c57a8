import HoneyCore
import HoneyFiles
import HoneyStorage

/// A chunk's split-block Bloom filter, of which only the blocks asked about are read.
///
/// ```
/// header: 1 bytes of the blocks   2 algorithm {1 split block}   3 hash {1 xxHash64}   4 compression {1 none}
/// blocks of 32 bytes: eight u32 little-endian
/// ```
struct BloomFilter {
    private let file: any ReadableFile
    private let start: Int
    private let blockCount: Int

    private static let blockBytes = 32
    /// A header is of a few bytes.
    private static let headerBytes = 64
    static let wordsInBlock = 8
    static let salts: [UInt32] = [
        0x47b6_137b, 0x4497_4d91, 0x8824_ad5b, 0xa2b7_289d, 0x7054_95c7, 0x2df1_424b, 0x9efc_4947, 0x5c6b_fb31,
    ]

    /// Reads the header at `offset`; nil when the filter is of another kind, or not within the file's first `limit` bytes.
    init?(_ file: any ReadableFile, at offset: Int, before limit: Int, counters: inout ReadCounters) throws {
        guard offset > 0, offset < limit else { return nil }
        let count = min(BloomFilter.headerBytes, limit - offset)
        let bytes = try file.bytes(at: offset, count: count, counters: &counters)
        var reader = CompactReader(bytes.base, count: count)
        var last = 0
        var length = 0
        var known = 0
        while let field = try reader.field(after: &last) {
            switch (field.id, field.type) {
            case (1, .int32): length = try reader.integer()
            case (2, .structure), (3, .structure), (4, .structure):
                var inner = 0
                while let member = try reader.field(after: &inner) {
                    if member.id == 1 { known += 1 }
                    try reader.skip(member.type)
                }
            default: try reader.skip(field.type)
            }
        }
        withExtendedLifetime(bytes) {}
        start = offset + reader.offset
        guard known == 3, length > 0, length % BloomFilter.blockBytes == 0, length <= limit - start else { return nil }
        blockCount = length / BloomFilter.blockBytes
        self.file = file
    }

    /// Tells whether a value of these plain bytes may be there.
    func mayHold(_ value: [UInt8], counters: inout ReadCounters) throws -> Bool {
        let hash = value.withUnsafeBytes { XXHash64.hash($0) }
        let block = Int(((hash >> 32) * UInt64(blockCount)) >> 32)
        let bytes = try file.bytes(
            at: start + block * BloomFilter.blockBytes, count: BloomFilter.blockBytes, counters: &counters)
        let words = bytes.pointer(to: UInt32.self)
        let key = UInt32(truncatingIfNeeded: hash)
        return withExtendedLifetime(bytes) {
            BloomFilter.salts.indices.allSatisfy { index in
                words[index] & 1 << ((key &* BloomFilter.salts[index]) >> 27) != 0
            }
        }
    }
}

/// The 64-bit xxHash with seed 0.
enum XXHash64 {
    private static let prime1: UInt64 = 0x9E37_79B1_85EB_CA87
    private static let prime2: UInt64 = 0xC2B2_AE3D_27D4_EB4F
    private static let prime3: UInt64 = 0x1656_67B1_9E37_79F9
    private static let prime4: UInt64 = 0x85EB_CA77_C2B2_AE63
    private static let prime5: UInt64 = 0x27D4_EB2F_1656_67C5

    static func hash(_ bytes: UnsafeRawBufferPointer) -> UInt64 {
        var offset = 0
        var hash = prime5
        if bytes.count >= 32 {
            var lanes: [UInt64] = [prime1 &+ prime2, prime2, 0, 0 &- prime1]
            while offset + 32 <= bytes.count {
                for lane in 0..<4 { lanes[lane] = round(lanes[lane], word(bytes, offset + lane * 8)) }
                offset += 32
            }
            hash =
                rotated(lanes[0], 1) &+ rotated(lanes[1], 7) &+ rotated(lanes[2], 12) &+ rotated(lanes[3], 18)
            for lane in lanes { hash = (hash ^ round(0, lane)) &* prime1 &+ prime4 }
        }
        hash = hash &+ UInt64(bytes.count)
        while offset + 8 <= bytes.count {
            hash = rotated(hash ^ round(0, word(bytes, offset)), 27) &* prime1 &+ prime4
            offset += 8
        }
        if offset + 4 <= bytes.count {
            let half = UInt64(bytes.loadUnaligned(fromByteOffset: offset, as: UInt32.self))
            hash = rotated(hash ^ half &* prime1, 23) &* prime2 &+ prime3
            offset += 4
        }
        while offset < bytes.count {
            hash = rotated(hash ^ UInt64(bytes[offset]) &* prime5, 11) &* prime1
            offset += 1
        }
        hash = (hash ^ hash >> 33) &* prime2
        hash = (hash ^ hash >> 29) &* prime3
        return hash ^ hash >> 32
    }

    private static func word(_ bytes: UnsafeRawBufferPointer, _ offset: Int) -> UInt64 {
        bytes.loadUnaligned(fromByteOffset: offset, as: UInt64.self)
    }

    private static func round(_ lane: UInt64, _ word: UInt64) -> UInt64 {
        rotated(lane &+ word &* prime2, 31) &* prime1
    }

    private static func rotated(_ value: UInt64, _ bits: UInt64) -> UInt64 { value << bits | value >> (64 - bits) }
}
