/// Writes Thrift's compact protocol; see `CompactReader` for its bytes.
struct CompactWriter {
    private(set) var bytes: [UInt8] = []
    private var last = 0
    private var enclosing: [Int] = []

    mutating func varint(_ value: UInt64) {
        var value = value
        while value >= 0x80 {
            bytes.append(UInt8(truncatingIfNeeded: value) | 0x80)
            value >>= 7
        }
        bytes.append(UInt8(truncatingIfNeeded: value))
    }

    private mutating func zigzag(_ value: Int) {
        varint(UInt64(bitPattern: Int64(value << 1 ^ value >> 63)))
    }

    private mutating func header(_ id: Int, _ type: CompactReader.FieldType) {
        let delta = id - last
        if delta > 0 && delta < 16 {
            bytes.append(UInt8(delta) << 4 | type.rawValue)
        } else {
            bytes.append(type.rawValue)
            zigzag(id)
        }
        last = id
    }

    mutating func field(_ id: Int, int32 value: Int?) {
        guard let value else { return }
        header(id, .int32)
        zigzag(value)
    }

    mutating func field(_ id: Int, int64 value: Int?) {
        guard let value else { return }
        header(id, .int64)
        zigzag(value)
    }

    mutating func field(_ id: Int, byte value: Int) {
        header(id, .byte)
        bytes.append(UInt8(truncatingIfNeeded: value))
    }

    mutating func field(_ id: Int, flag: Bool?) {
        guard let flag else { return }
        header(id, flag ? .isTrue : .isFalse)
    }

    mutating func field(_ id: Int, string: String?) {
        guard let string else { return }
        field(id, binary: Array(string.utf8))
    }

    mutating func field(_ id: Int, binary value: [UInt8]?) {
        guard let value else { return }
        header(id, .binary)
        element(binary: value)
    }

    /// Writes a struct's fields by `body`.
    mutating func field(_ id: Int, structure body: (inout CompactWriter) -> Void) {
        header(id, .structure)
        element(structure: body)
    }

    /// Starts a list, whose elements follow.
    mutating func field(_ id: Int, list type: CompactReader.FieldType, count: Int) {
        header(id, .list)
        if count < 15 {
            bytes.append(UInt8(count) << 4 | type.rawValue)
        } else {
            bytes.append(0xF0 | type.rawValue)
            varint(UInt64(count))
        }
    }

    mutating func element(integer: Int) { zigzag(integer) }

    mutating func element(flag: Bool) { bytes.append(flag ? 1 : 2) }

    mutating func element(binary value: [UInt8]) {
        varint(UInt64(value.count))
        bytes.append(contentsOf: value)
    }

    /// Writes a struct with its end; also for a whole message.
    mutating func element(structure body: (inout CompactWriter) -> Void) {
        enclosing.append(last)
        last = 0
        body(&self)
        bytes.append(0)
        last = enclosing.removeLast()
    }
}
