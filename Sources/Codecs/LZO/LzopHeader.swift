import CZlib
import HoneyCore

/// The start of a file of `lzop`, read piece by piece.
///
/// ```
/// 9     89 'L' 'Z' 'O' 00 0D 0A 1A 0A
/// u16   version, u16 version of the library
/// u16   version needed                    since version 0940
/// u8    method                            1 to 3 are LZO1X
/// u8    level                             since version 0940
/// u32   flags
/// u32   filter                            with flag 800
/// u32   mode, u32 time, u32 time's high half    the last since version 0940
/// u8 n, n bytes                           name
/// u32   Adler-32 of all this after the magic number, or its CRC-32 with flag 1000
/// u32 n, n bytes, u32 checksum            with flag 40
/// ```
struct LzopHeader {
    static let magic: [UInt8] = [0x89, 0x4C, 0x5A, 0x4F, 0x00, 0x0D, 0x0A, 0x1A, 0x0A]

    struct Flags: OptionSet {
        let rawValue: UInt32
        static let adlerOfBytes = Flags(rawValue: 0x1)
        static let adlerOfStored = Flags(rawValue: 0x2)
        static let extraField = Flags(rawValue: 0x40)
        static let crcOfBytes = Flags(rawValue: 0x100)
        static let crcOfStored = Flags(rawValue: 0x200)
        static let filter = Flags(rawValue: 0x800)
        static let headerCRC = Flags(rawValue: 0x1000)
    }

    /// The next part to read.
    private enum Part {
        case versions
        case method
        case times
        case name(Int)
        case extraLength
        case extra(Int)
        case done
    }

    private var part = Part.versions
    private var version: UInt16 = 0
    private var adler = UInt(1)
    private var crc = UInt(0)
    private(set) var flags: Flags = []

    private var isRecent: Bool { version >= 0x0940 }

    /// Bytes that the next part takes; nil when the header is whole.
    var wanted: Int? {
        switch part {
        case .versions: LzopHeader.magic.count + 4
        case .method: isRecent ? 8 : 5
        case .times: (flags.contains(.filter) ? 4 : 0) + (isRecent ? 12 : 8) + 1
        case .name(let count): count + 4
        case .extraLength: 4
        case .extra(let count): count + 4
        case .done: nil
        }
    }

    /// Takes the next part.
    mutating func read(_ bytes: UnsafeRawBufferPointer) throws {
        switch part {
        case .versions:
            guard bytes.starts(with: LzopHeader.magic) else {
                throw HoneyError.damagedStream("lzop", "does not start with lzop's magic number")
            }
            version = bytes.bigEndian(at: LzopHeader.magic.count)
            check(UnsafeRawBufferPointer(rebasing: bytes[LzopHeader.magic.count...]))
            part = .method
        case .method:
            let method = bytes[isRecent ? 2 : 0]
            flags = Flags(rawValue: bytes.bigEndian(at: bytes.count - 4))
            guard (1...3).contains(method) else { throw LzopHeader.unsupported("method \(method)") }
            check(bytes)
            part = .times
        case .times:
            if flags.contains(.filter), bytes.bigEndian(as: UInt32.self) != 0 {
                throw LzopHeader.unsupported("a filter")
            }
            check(bytes)
            part = .name(Int(bytes[bytes.count - 1]))
        case .name(let count):
            check(UnsafeRawBufferPointer(rebasing: bytes[..<count]))
            guard bytes.bigEndian(at: count, as: UInt32.self) == UInt32(flags.contains(.headerCRC) ? crc : adler)
            else { throw HoneyError.damagedStream("lzop", "has a wrong checksum of its header") }
            part = flags.contains(.extraField) ? .extraLength : .done
        case .extraLength:
            part = .extra(Int(bytes.bigEndian(as: UInt32.self)))
        case .extra: part = .done
        case .done: break
        }
    }

    private mutating func check(_ bytes: UnsafeRawBufferPointer) {
        adler = LzopHeader.adler(bytes, from: adler)
        crc = LzopHeader.crc(bytes, from: crc)
    }

    /// Continues an Adler-32, which starts at 1.
    static func adler(_ bytes: UnsafeRawBufferPointer, from value: UInt = 1) -> UInt {
        guard let base = bytes.baseAddress else { return value }
        return adler32(value, base.assumingMemoryBound(to: UInt8.self), UInt32(clamping: bytes.count))
    }

    /// Continues a CRC-32, which starts at 0.
    static func crc(_ bytes: UnsafeRawBufferPointer, from value: UInt = 0) -> UInt {
        guard let base = bytes.baseAddress else { return value }
        return crc32(value, base.assumingMemoryBound(to: UInt8.self), UInt32(clamping: bytes.count))
    }

    private static func unsupported(_ what: String) -> HoneyError {
        HoneyError(.data, "UNSUPPORTED_FILE", "unsupported lzop file (write it again by 'lzop -1'): has \(what)")
    }
}
