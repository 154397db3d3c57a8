import HoneyCore
import HoneyStorage

/// Reads whole numbers as bit-packed differences.
///
/// ```
/// varint values a block (a multiple of 128)   varint miniblocks a block   varint values in all   zigzag first value
/// block: zigzag least difference   one byte of width a miniblock   the miniblocks: differences above the least, packed
/// ```
/// The last block's missing miniblocks have no bytes. Reads up to nine bytes past the end given.
struct DeltaDecoder {
    private var next: UnsafePointer<UInt8>
    private let end: UnsafePointer<UInt8>
    private let miniblocks: Int
    private let miniblockValues: Int
    /// Values that were not read yet.
    private(set) var left: Int
    private var value: Int64
    private var isFirst = true
    private var least: Int64 = 0
    private var widths: UnsafePointer<UInt8>
    private var miniblock: Int
    private var packed: UnsafePointer<UInt8>
    private var width = 0
    private var index: Int

    init(_ start: UnsafePointer<UInt8>, end: UnsafePointer<UInt8>) throws {
        next = start
        self.end = end
        let blockValues = try DeltaDecoder.varint(&next, end)
        let miniblocks = try DeltaDecoder.varint(&next, end)
        let total = try DeltaDecoder.varint(&next, end)
        value = try DeltaDecoder.zigzag(&next, end)
        guard blockValues > 0, blockValues <= 1 << 24, miniblocks > 0, blockValues % miniblocks == 0,
            (blockValues / miniblocks) % 8 == 0, total <= UInt64(Int32.max)
        else { throw HoneyError.damaged("delta-coded page has impossible blocks") }
        self.miniblocks = Int(miniblocks)
        miniblockValues = Int(blockValues / miniblocks)
        left = Int(total)
        widths = next
        packed = next
        miniblock = self.miniblocks
        index = miniblockValues
    }

    private static func varint(_ next: inout UnsafePointer<UInt8>, _ end: UnsafePointer<UInt8>) throws -> UInt64 {
        var value: UInt64 = 0
        var shift: UInt64 = 0
        while true {
            guard next < end, shift < 70 else { throw HoneyError.damaged("delta-coded page is cut short") }
            let byte = next[0]
            next += 1
            value |= UInt64(byte & 0x7F) << shift
            if byte < 0x80 { return value }
            shift += 7
        }
    }

    private static func zigzag(_ next: inout UnsafePointer<UInt8>, _ end: UnsafePointer<UInt8>) throws -> Int64 {
        let value = try varint(&next, end)
        return Int64(bitPattern: value >> 1) ^ -Int64(bitPattern: value & 1)
    }

    /// Enters the next miniblock that has values.
    private mutating func advance() throws {
        if miniblock == miniblocks {
            least = try DeltaDecoder.zigzag(&next, end)
            guard end - next >= miniblocks else { throw HoneyError.damaged("delta-coded page is cut short") }
            widths = next
            next += miniblocks
            miniblock = 0
        }
        width = Int(widths[miniblock])
        miniblock += 1
        index = 0
        packed = next
        let used = min(left, miniblockValues)
        guard width <= 64, (used * width + 7) >> 3 <= end - next else {
            throw HoneyError.damaged("delta-coded page is cut short")
        }
        next += min((miniblockValues * width) >> 3, end - next)
    }

    /// Reads `count` values; nil steps over them.
    mutating func read(_ count: Int, into target: UnsafeMutablePointer<Int64>?) throws {
        guard count <= left else { throw HoneyError.damaged("delta-coded page has fewer numbers than values") }
        var done = 0
        if isFirst, count > 0 {
            isFirst = false
            target?[0] = value
            done = 1
            left -= 1
        }
        while done < count {
            if index == miniblockValues { try advance() }
            let run = min(count - done, miniblockValues - index)
            unpack(run, into: target.map { $0 + done })
            done += run
            left -= run
        }
    }

    private mutating func unpack(_ count: Int, into target: UnsafeMutablePointer<Int64>?) {
        let source = UnsafeRawPointer(packed)
        let width = width, least = least
        var value = value
        let mask: UInt64 = width == 64 ? ~0 : 1 << UInt64(width) &- 1
        var bit = index &* width
        for position in 0..<count {
            let shift = UInt64(bit & 7)
            var word = source.loadUnaligned(fromByteOffset: bit >> 3, as: UInt64.self) >> shift
            if width > 57 {
                let ninth = UInt64(source.load(fromByteOffset: (bit >> 3) &+ 8, as: UInt8.self))
                word |= (ninth << 1) << (63 - shift)
            }
            value = value &+ least &+ Int64(bitPattern: word & mask)
            target?[position] = value
            bit &+= width
        }
        self.value = value
        index += count
    }

    /// Steps to the end without unpacking, and returns where the bytes after the numbers start.
    mutating func finish() throws -> UnsafePointer<UInt8> {
        if isFirst && left > 0 {
            isFirst = false
            left -= 1
        }
        while left > 0 {
            if index == miniblockValues { try advance() }
            let run = min(left, miniblockValues - index)
            index += run
            left -= run
        }
        return next
    }
}
