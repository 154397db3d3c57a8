import HoneyCore
import HoneyStorage

/// Reads Thrift's compact protocol, in which all of Parquet's metadata is, from memory; wrong bytes give `FILE_DAMAGED`.
///
/// ```
/// field   one byte: delta of the id << 4 | type, or type alone and a zigzag varint id; a zero byte ends a struct
/// i16 … i64   zigzag varint           binary   varint length, bytes        double   8 bytes
/// bool    in the field's type (1 true, 2 false), in lists one byte each
/// list, set   count << 4 | type, or 0xF0 | type and a varint count; then the elements
/// map     varint count, then key type << 4 | value type and the pairs, unless there are none
/// ```
struct CompactReader {
    enum FieldType: UInt8 {
        case stop = 0
        case isTrue, isFalse, byte, int16, int32, int64, double, binary, list, set, map, structure

        var isBoolean: Bool { self == .isTrue || self == .isFalse }
    }

    struct Field {
        var id: Int
        var type: FieldType
    }

    private let base: UnsafeRawPointer
    private let end: Int
    /// Bytes read so far.
    private(set) var offset = 0

    /// The memory must outlive this.
    init(_ base: UnsafeRawPointer, count: Int) {
        self.base = base
        end = count
    }

    var bytesLeft: Int { end - offset }

    mutating func byte() throws -> UInt8 {
        guard offset < end else { throw CompactReader.cutShort() }
        defer { offset += 1 }
        return base.load(fromByteOffset: offset, as: UInt8.self)
    }

    mutating func varint() throws -> UInt64 {
        var value: UInt64 = 0
        var shift: UInt64 = 0
        while true {
            let byte = try byte()
            guard shift < 63 || byte <= 1 else { throw HoneyError.damaged("number in metadata is too long") }
            value |= UInt64(byte & 0x7F) << shift
            if byte < 0x80 { return value }
            shift += 7
        }
    }

    /// Reads an i16, i32 or i64.
    mutating func integer() throws -> Int {
        let value = try varint()
        return Int(Int64(bitPattern: value >> 1) ^ -Int64(bitPattern: value & 1))
    }

    /// Reads an integer that must not be negative.
    mutating func count() throws -> Int {
        let value = try integer()
        guard value >= 0 else { throw HoneyError.damaged("count in metadata is negative: \(value)") }
        return value
    }

    /// Reads a binary or string as its place in the memory.
    mutating func binary() throws -> Range<Int> {
        let length = try varint()
        guard length <= UInt64(bytesLeft) else { throw CompactReader.cutShort() }
        let start = offset
        offset += Int(length)
        return start..<offset
    }

    mutating func string() throws -> String {
        let range = try binary()
        return String(
            decoding: UnsafeRawBufferPointer(start: base + range.lowerBound, count: range.count), as: UTF8.self)
    }

    /// Reads the header of a struct's next field; nil at the struct's end. `last` starts as 0.
    mutating func field(after last: inout Int) throws -> Field? {
        let byte = try byte()
        guard let type = FieldType(rawValue: byte & 0x0F) else {
            throw HoneyError.damaged("field of metadata has no known type: \(byte & 0x0F)")
        }
        if type == .stop { return nil }
        last = byte >> 4 == 0 ? try integer() : last &+ Int(byte >> 4)
        return Field(id: last, type: type)
    }

    /// Reads the header of a list or set; every element takes a byte at least.
    mutating func list() throws -> (type: FieldType, count: Int) {
        let byte = try byte()
        guard let type = FieldType(rawValue: byte & 0x0F), type != .stop else {
            throw HoneyError.damaged("list of metadata has no known type: \(byte & 0x0F)")
        }
        let count = byte >> 4 == 15 ? try varint() : UInt64(byte >> 4)
        guard count <= UInt64(bytesLeft) else { throw CompactReader.cutShort() }
        return (type, Int(count))
    }

    /// Reads a list of structs element by element; lists of another type are stepped over.
    mutating func structures<T>(_ element: (inout CompactReader) throws -> T) throws -> [T] {
        let (type, count) = try list()
        var elements: [T] = []
        for _ in 0..<count {
            if type == .structure { elements.append(try element(&self)) } else { try skip(type, isElement: true) }
        }
        return elements
    }

    /// Steps over a value.
    mutating func skip(_ type: FieldType, isElement: Bool = false, depth: Int = 0) throws {
        guard depth < 64 else { throw HoneyError.damaged("metadata are nested too deeply") }
        switch type {
        case .stop: throw HoneyError.damaged("value of metadata has no type")
        case .isTrue, .isFalse: if isElement { _ = try byte() }
        case .byte: _ = try byte()
        case .int16, .int32, .int64: _ = try varint()
        case .double:
            guard bytesLeft >= 8 else { throw CompactReader.cutShort() }
            offset += 8
        case .binary: _ = try binary()
        case .list, .set:
            let (element, count) = try list()
            for _ in 0..<count { try skip(element, isElement: true, depth: depth + 1) }
        case .map:
            let count = try varint()
            guard count > 0 else { return }
            guard count <= UInt64(bytesLeft) else { throw CompactReader.cutShort() }
            let types = try byte()
            guard let key = FieldType(rawValue: types >> 4), let value = FieldType(rawValue: types & 0x0F) else {
                throw HoneyError.damaged("map of metadata has no known types")
            }
            for _ in 0..<count {
                try skip(key, isElement: true, depth: depth + 1)
                try skip(value, isElement: true, depth: depth + 1)
            }
        case .structure:
            var last = 0
            while let field = try field(after: &last) { try skip(field.type, depth: depth + 1) }
        }
    }

    @inline(never)
    static func cutShort() -> HoneyError { HoneyError.damaged("metadata are cut short") }
}
