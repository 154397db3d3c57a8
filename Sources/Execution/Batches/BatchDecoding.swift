package import HoneyCore

/// Reads what `BatchEncoder` wrote; damaged bytes give an error, never a trap or an allocation larger than themselves.
package struct BatchDecoder {
    private let bytes: UnsafeRawBufferPointer
    private var offset = 0

    /// Decodes one batch; fails with `BATCH_DAMAGED`.
    package static func decode(_ bytes: [UInt8]) throws -> Batch {
        try bytes.withUnsafeBytes { raw in
            var decoder = BatchDecoder(bytes: raw)
            return try decoder.readBatch()
        }
    }

    private init(bytes: UnsafeRawBufferPointer) { self.bytes = bytes }

    private static let maximumDepth = 32

    private func damaged(_ what: String) -> HoneyError {
        HoneyError(.data, "BATCH_DAMAGED", "encoded batch is damaged: \(what) at byte \(offset)")
    }

    private mutating func readBatch() throws -> Batch {
        let magic = try take(4)
        guard magic[0] == 0x48, magic[1] == 0x47, magic[2] == 0x42 else { throw damaged("wrong magic") }
        guard magic[3] == 1 else { throw damaged("unknown version \(magic[3])") }
        let rows = try readCount()
        let columnCount = try readCount()
        var columns: [Column] = []
        for _ in 0..<columnCount {
            let column = try readColumn(depth: 0)
            guard column.count == rows else { throw damaged("a column of \(column.count) rows in a batch of \(rows)") }
            columns.append(column)
        }
        guard offset == bytes.count else { throw damaged("bytes past the end") }
        return Batch(columns: columns, count: rows)
    }

    private mutating func take(_ count: Int) throws -> UnsafeRawBufferPointer {
        guard count >= 0, count <= bytes.count - offset else { throw damaged("ends too early") }
        defer { offset += count }
        return UnsafeRawBufferPointer(rebasing: bytes[offset..<offset + count])
    }

    private mutating func readByte() throws -> UInt8 { try take(1)[0] }

    private mutating func readCount() throws -> Int {
        let count = Int(UInt32(littleEndian: try take(4).loadUnaligned(as: UInt32.self)))
        guard count <= Int(Int32.max) else { throw damaged("absurd count \(count)") }
        return count
    }

    private mutating func readColumn(depth: Int) throws -> Column {
        guard depth < Self.maximumDepth else { throw damaged("nested too deeply") }
        let type = try readType(depth: depth)
        let flags = try readByte()
        guard flags & ~3 == 0 else { throw damaged("unknown flags \(flags)") }
        let isConstant = flags & 1 != 0
        let count = try readCount()
        let rows = isConstant ? 1 : count
        var validity: Bitmap?
        if flags & 2 != 0 {
            let words = try take(Bitmap.wordCount(for: rows) * 8)
            let mask = Bitmap(count: rows, repeating: true)
            if !words.isEmpty {
                UnsafeMutableRawPointer(mask.words).copyMemory(from: words.baseAddress!, byteCount: words.count)
            }
            validity = mask
        }
        let (data, owners, elements) = try readValues(type.physical, rows)
        let childTypes = type.childTypes
        guard try readByte() == childTypes.count else { throw damaged("wrong number of children for \(type)") }
        let children = try childTypes.map { expected in
            let child = try readColumn(depth: depth + 1)
            guard child.type == expected else { throw damaged("a child of type \(child.type) in \(type)") }
            guard child.count >= (elements ?? rows) else { throw damaged("too few elements") }
            return child
        }
        if case .union(let branches) = type { try checkTags(children[0], rows, below: branches.count) }
        return Column(
            type: type, count: count, isConstant: isConstant, validity: validity, data: data, owners: owners,
            children: children)
    }

    private func checkTags(_ tags: Column, _ rows: Int, below limit: Int) throws {
        for row in 0..<rows where !(0..<limit).contains(tags.unionTag(at: row)) {
            throw damaged("a union's tag that is none of \(limit)")
        }
    }

    /// Reads the values; for lists also how many elements their children need.
    private mutating func readValues(
        _ physical: PhysicalType, _ rows: Int
    ) throws -> (data: Buffer, owners: [AnyObject], elements: Int?) {
        switch physical {
        case .structure: return (Buffer(capacity: 0), [], nil)
        case .bytes:
            let lengths = try take(rows * 4)
            var total = 0
            for row in 0..<rows {
                total += Int(UInt32(littleEndian: lengths.loadUnaligned(fromByteOffset: row * 4, as: UInt32.self)))
            }
            let content = try take(total)
            let owner = Buffer(capacity: total + 16)
            if total > 0 { owner.base.copyMemory(from: content.baseAddress!, byteCount: total) }
            let data = Buffer(capacity: rows * 16)
            let views = data.pointer(to: BytesView.self)
            var start = 0
            for row in 0..<rows {
                let length = Int(UInt32(littleEndian: lengths.loadUnaligned(fromByteOffset: row * 4, as: UInt32.self)))
                views[row] = BytesView(UnsafePointer(owner.pointer(to: UInt8.self)) + start, count: length)
                start += length
            }
            return (data, [owner], nil)
        case .list:
            let counts = try take(rows * 4)
            let data = Buffer(capacity: rows * 8)
            let entries = data.pointer(to: ListEntry.self)
            var start = 0
            for row in 0..<rows {
                let count = Int(UInt32(littleEndian: counts.loadUnaligned(fromByteOffset: row * 4, as: UInt32.self)))
                guard start + count <= Int(Int32.max) else { throw damaged("absurd count \(count)") }
                entries[row] = ListEntry(start: start, count: count)
                start += count
            }
            return (data, [], start)
        default:
            let source = try take(rows * physical.width)
            let data = Buffer(capacity: source.count)
            if !source.isEmpty { data.base.copyMemory(from: source.baseAddress!, byteCount: source.count) }
            if physical == .bool {
                let flags = data.pointer(to: UInt8.self)
                for row in 0..<rows where flags[row] > 1 { throw damaged("a boolean of \(flags[row])") }
            }
            return (data, [], nil)
        }
    }

    private mutating func readType(depth: Int) throws -> DataType {
        guard depth < Self.maximumDepth else { throw damaged("nested too deeply") }
        let tag = try readByte()
        if let simple = DataType.simpleTypes.first(where: { $0.tag == tag }) { return simple }
        switch tag {
        case 8:
            let precision = Int(try readByte())
            let scale = Int(try readByte())
            guard (1...DataType.maximumDecimalPrecision).contains(precision), scale <= precision else {
                throw damaged("a decimal of \(precision) digits")
            }
            return .decimal(precision: precision, scale: scale)
        case 10: return .varchar(try readCount())
        case 11: return .char(try readCount())
        case 17: return .array(try readType(depth: depth + 1))
        case 18: return .map(key: try readType(depth: depth + 1), value: try readType(depth: depth + 1))
        case 19:
            let count = try readCount()
            guard count <= 255 else { throw damaged("a struct of \(count) fields") }
            return .structure(
                try (0..<count).map { _ in
                    let name = String(decoding: try take(try readCount()), as: UTF8.self)
                    return Field(name, try readType(depth: depth + 1))
                })
        case 20:
            let count = Int(try readByte())
            guard (1...DataType.maximumUnionBranches).contains(count) else {
                throw damaged("a union of \(count) types")
            }
            return .union(try (0..<count).map { _ in try readType(depth: depth + 1) })
        default: throw damaged("unknown type \(tag)")
        }
    }
}

extension DataType {
    fileprivate static let simpleTypes: [DataType] = [
        .void, .boolean, .tinyint, .smallint, .int, .bigint, .float, .double, .string, .binary, .date, .timestamp,
        .intervalYearMonth, .intervalDayTime,
    ]
}
