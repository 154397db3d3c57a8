/// Builds a column row by row; for rows that come one at a time. Kernels fill `Buffer`s directly instead.
public final class ColumnBuilder {
    public let type: DataType
    public let physical: PhysicalType
    public private(set) var count = 0
    /// Children of array, map and struct, in `Column.children` order.
    public let children: [ColumnBuilder]
    private var data: Buffer
    private let width: Int
    private var capacity: Int
    private var nulls: [Int] = []
    private var arena = BytesArena()

    public init(_ type: DataType, capacity: Int = Batch.targetRows) {
        self.type = type
        physical = type.physical
        width = type.physical.width
        self.capacity = max(capacity, 1)
        data = Buffer(capacity: self.capacity * max(width, 1))
        children = type.childTypes.map { ColumnBuilder($0) }
    }

    /// Bytes held, for memory accounting.
    public var allocatedBytes: Int {
        data.capacity + arena.allocatedBytes + children.reduce(0) { $0 + $1.allocatedBytes }
    }

    @inline(__always)
    private func advance() -> Int {
        if count == capacity { grow() }
        defer { count += 1 }
        return count
    }

    private func grow() {
        capacity *= 2
        let larger = Buffer(capacity: capacity * max(width, 1))
        larger.base.copyMemory(from: data.base, byteCount: count * width)
        data = larger
    }

    /// Appends a value of the physical type `T`.
    @inline(__always)
    public func append<T: BitwiseCopyable>(_ value: T) {
        let row = advance()
        data.pointer(to: T.self)[row] = value
    }

    /// Appends a copy of bytes.
    public func append(bytes: UnsafeBufferPointer<UInt8>) {
        let row = advance()
        data.pointer(to: BytesView.self)[row] = arena.insert(bytes)
    }

    public func append(string: String) {
        var string = string
        string.withUTF8 { append(bytes: $0) }
    }

    /// Appends a list row made of the last `elementCount` rows already appended to the children.
    public func appendList(elementCount: Int) {
        let row = advance()
        data.pointer(to: ListEntry.self)[row] = ListEntry(start: children[0].count - elementCount, count: elementCount)
    }

    /// Appends a struct row whose fields were appended to the children.
    public func appendStructure() { _ = advance() }

    public func appendNull() {
        let row = advance()
        nulls.append(row)
        if width > 0 { (data.base + row * width).initializeMemory(as: UInt8.self, repeating: 0, count: width) }
        if physical == .structure { for child in children { child.appendNull() } }
    }

    /// Appends a value that must fit the builder's type.
    public func append(_ value: Value) {
        switch value {
        case .null: appendNull()
        case .boolean(let flag): append(UInt8(flag ? 1 : 0))
        case .integer(let integer): appendInteger(integer)
        case .real(let real): if type == .float { append(Float(real)) } else { append(real) }
        case .decimal(let unscaled), .timestamp(let unscaled), .nanoseconds(let unscaled):
            if physical == .int64 { append(Int64(truncatingIfNeeded: unscaled)) } else { append(unscaled) }
        case .string(let string): append(string: string)
        case .binary(let bytes): bytes.withUnsafeBufferPointer { append(bytes: $0) }
        case .date(let days): append(days)
        case .months(let months): append(months)
        case .array(let elements):
            for element in elements { children[0].append(element) }
            appendList(elementCount: elements.count)
        case .map(let entries):
            for entry in entries {
                children[0].append(entry.key)
                children[1].append(entry.value)
            }
            appendList(elementCount: entries.count)
        case .structure(let members):
            for (child, member) in zip(children, members) { child.append(member) }
            appendStructure()
        case .union(let tag, let member):
            children[0].append(tag)
            for (branch, child) in children.dropFirst().enumerated() {
                if branch == tag { child.append(member) } else { child.appendNull() }
            }
            appendStructure()
        }
    }

    private func appendInteger(_ integer: Int64) {
        switch physical {
        case .int8: append(Int8(truncatingIfNeeded: integer))
        case .int16: append(Int16(truncatingIfNeeded: integer))
        case .int32: append(Int32(truncatingIfNeeded: integer))
        default: append(integer)
        }
    }

    /// Ends the column; the builder must not be used again.
    public func finish(isConstant: Bool = false, count rows: Int? = nil) -> Column {
        var validity: Bitmap?
        if !nulls.isEmpty {
            let mask = Bitmap(count: count, repeating: true)
            for row in nulls { mask.clear(row) }
            validity = mask
        }
        return Column(
            type: type, count: rows ?? count, isConstant: isConstant, validity: validity, data: data,
            owners: arena.blocks, children: children.map { $0.finish() })
    }
}

extension Column {
    /// Makes a column of one value for `count` rows.
    public static func constant(_ value: Value, type: DataType, count: Int) -> Column {
        let builder = ColumnBuilder(type, capacity: 1)
        builder.append(value)
        return builder.finish(isConstant: true, count: count)
    }

    /// Makes a column from values, one a row.
    public static func of(_ type: DataType, _ values: [Value]) -> Column {
        let builder = ColumnBuilder(type, capacity: values.count)
        for value in values { builder.append(value) }
        return builder.finish()
    }

    /// Reads row `index` out as a value; for results, tests and constants, not for inner loops.
    public func value(at index: Int) -> Value {
        if isNull(at: index) { return .null }
        let row = storedIndex(index)
        switch type {
        case .void: return .null
        case .boolean: return .boolean(values(as: UInt8.self)[row] != 0)
        case .tinyint: return .integer(Int64(values(as: Int8.self)[row]))
        case .smallint: return .integer(Int64(values(as: Int16.self)[row]))
        case .int: return .integer(Int64(values(as: Int32.self)[row]))
        case .bigint: return .integer(values(as: Int64.self)[row])
        case .float: return .real(Double(values(as: Float.self)[row]))
        case .double: return .real(values(as: Double.self)[row])
        case .decimal:
            return .decimal(physical == .int64 ? Int128(values(as: Int64.self)[row]) : values(as: Int128.self)[row])
        case .string, .varchar, .char: return .string(String(decoding: bytes(at: index), as: UTF8.self))
        case .binary: return .binary(Array(bytes(at: index)))
        case .date: return .date(values(as: Int32.self)[row])
        case .timestamp: return .timestamp(values(as: Int128.self)[row])
        case .intervalYearMonth: return .months(values(as: Int32.self)[row])
        case .intervalDayTime: return .nanoseconds(values(as: Int128.self)[row])
        case .array:
            return .array(values(as: ListEntry.self)[row].range.map { children[0].value(at: $0) })
        case .map:
            return .map(
                values(as: ListEntry.self)[row].range.map {
                    Value.MapEntry(children[0].value(at: $0), children[1].value(at: $0))
                })
        case .structure: return .structure(children.map { $0.value(at: row) })
        case .union:
            let tag = children[0].unionTag(at: row)
            return .union(tag: Int8(tag), children[1 + tag].value(at: row))
        }
    }
}
