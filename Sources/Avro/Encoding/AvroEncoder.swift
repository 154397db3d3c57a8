import HoneyCore
import HoneyStorage

/// Writes rows as records by a plan. For one file.
final class AvroEncoder {
    private let plan: EncodingPlan
    private let nodes: UnsafeMutablePointer<EncodingNode>
    private let nodeCount: Int
    /// The columns that nodes point into.
    private var bound: [Column] = []

    init(_ plan: EncodingPlan) {
        self.plan = plan
        nodeCount = plan.nodes.count
        nodes = .allocate(capacity: max(nodeCount, 1))
        for (index, node) in plan.nodes.enumerated() { nodes[index] = node }
    }

    deinit { nodes.deallocate() }

    /// Points the plan at a batch's columns, which stay alive until the next.
    func bind(_ batch: Batch) {
        bound = batch.columns
        for (index, source) in zip(plan.row, plan.sources) {
            if let source { bind(index, to: batch.columns[source]) }
        }
    }

    private func bind(_ index: Int, to column: Column) {
        nodes[index].data = column.data.base
        nodes[index].validity = column.validity?.words
        nodes[index].rowMask = column.isConstant ? 0 : -1
        guard let parts = plan.children[index] else { return }
        let first = Int(nodes[index].first)
        for (offset, part) in parts.enumerated() { bind(first + offset, to: column.children[part]) }
    }

    /// Appends one row of the bound batch; fails with `NULL_VALUE` and `VALUE_OUT_OF_RANGE`.
    func encode(row: Int, into bytes: AvroBytes) throws {
        for index in plan.row { try encode(nodes + index, row, bytes) }
    }

    private func encode(_ node: UnsafeMutablePointer<EncodingNode>, _ position: Int, _ bytes: AvroBytes) throws {
        let row = position & node.pointee.rowMask
        let isNull = node.pointee.validity.map { $0[row >> 6] >> UInt64(row & 63) & 1 == 0 } ?? false
        if isNull || node.pointee.kind == .null {
            if node.pointee.nullBranch >= 0 { return bytes.append(long: Int64(node.pointee.nullBranch)) }
            guard node.pointee.kind == .null else { throw AvroEncoder.unexpectedNull() }
            return
        }
        if node.pointee.valueBranch >= 0 { bytes.append(long: Int64(node.pointee.valueBranch)) }
        // Structs have no data of their own, but memory all the same.
        guard let data = node.pointee.data else { throw HoneyError.unexpected("Avro field is bound to no column") }
        switch node.pointee.kind {
        case .null: break
        case .boolean: bytes.append(data.load(fromByteOffset: row, as: UInt8.self))
        case .tinyint: bytes.append(long: Int64(data.assumingMemoryBound(to: Int8.self)[row]))
        case .smallint: bytes.append(long: Int64(data.assumingMemoryBound(to: Int16.self)[row]))
        case .int: bytes.append(long: Int64(data.assumingMemoryBound(to: Int32.self)[row]))
        case .bigint: bytes.append(long: data.assumingMemoryBound(to: Int64.self)[row])
        case .date:
            let days = HybridCalendar.toHybrid(days: Int(data.assumingMemoryBound(to: Int32.self)[row]))
            bytes.append(long: Int64(Int32(clamping: days)))
        case .timestamp: try timestamp(data.assumingMemoryBound(to: Int128.self)[row], node.pointee.size, bytes)
        case .float: bytes.append(plain: data.assumingMemoryBound(to: Float.self)[row].bitPattern.littleEndian)
        case .floatToDouble:
            bytes.append(plain: Double(data.assumingMemoryBound(to: Float.self)[row]).bitPattern.littleEndian)
        case .double: bytes.append(plain: data.assumingMemoryBound(to: Double.self)[row].bitPattern.littleEndian)
        case .bytes: bytes.append(counted: BytesView.bytes(at: data.assumingMemoryBound(to: BytesView.self) + row))
        case .paddedText:
            let text = BytesView.bytes(at: data.assumingMemoryBound(to: BytesView.self) + row)
            var count = text.count
            while count > 0, text[count - 1] == UInt8(ascii: " ") { count -= 1 }
            bytes.append(counted: UnsafeBufferPointer(rebasing: text[..<count]))
        case .fixed:
            let value = BytesView.bytes(at: data.assumingMemoryBound(to: BytesView.self) + row)
            guard value.count == node.pointee.size else {
                throw AvroEncoder.outOfRange("fixed takes \(node.pointee.size) bytes, not \(value.count)")
            }
            bytes.append(UnsafeRawBufferPointer(value))
        case .narrowDecimal: try decimal(Int128(data.assumingMemoryBound(to: Int64.self)[row]), node, bytes)
        case .wideDecimal: try decimal(data.assumingMemoryBound(to: Int128.self)[row], node, bytes)
        case .enumeration: try symbol(data.assumingMemoryBound(to: BytesView.self) + row, node, bytes)
        case .union: try union(row, node, bytes)
        case .array, .map: try list(data.assumingMemoryBound(to: ListEntry.self)[row], node, bytes)
        case .structure:
            let first = nodes + Int(node.pointee.first)
            for index in 0..<Int(node.pointee.count) { try encode(first + index, row, bytes) }
        }
    }

    private func union(_ row: Int, _ node: UnsafeMutablePointer<EncodingNode>, _ bytes: AvroBytes) throws {
        let tags = nodes + Int(node.pointee.first)
        guard let data = tags.pointee.data else { throw HoneyError.unexpected("Avro union is bound to no column") }
        let tag = Int(data.assumingMemoryBound(to: Int8.self)[row & tags.pointee.rowMask])
        guard tag >= 0, tag < Int(node.pointee.count) - 1 else {
            throw AvroEncoder.outOfRange("union has no such branch: \(tag)")
        }
        // The schema counts null among its branches.
        let null = Int(node.pointee.nullBranch)
        bytes.append(long: Int64(null >= 0 && tag >= null ? tag + 1 : tag))
        try encode(tags + 1 + tag, row, bytes)
    }

    private func list(_ entry: ListEntry, _ node: UnsafeMutablePointer<EncodingNode>, _ bytes: AvroBytes) throws {
        let first = nodes + Int(node.pointee.first)
        let isMap = node.pointee.kind == .map
        if entry.count > 0 {
            bytes.append(long: Int64(entry.count))
            for item in entry.range {
                try encode(first, item, bytes)
                if isMap { try encode(first + 1, item, bytes) }
            }
        }
        bytes.append(long: 0)
    }

    private func timestamp(_ nanoseconds: Int128, _ unit: Int, _ bytes: AvroBytes) throws {
        var nanoseconds = nanoseconds
        if nanoseconds < AvroEncoder.firstGregorianMoment {
            let (days, rest) = CivilDate.split(timestamp: nanoseconds)
            nanoseconds = CivilDate.timestamp(days: HybridCalendar.toHybrid(days: days), nanosecondsOfDay: rest)
        }
        // Towards the past, as Java's clocks go.
        var units = nanoseconds / Int128(unit)
        if nanoseconds < 0, units * Int128(unit) != nanoseconds { units -= 1 }
        guard let value = Int64(exactly: units) else { throw AvroEncoder.outOfRange("timestamp does not fit 64 bits") }
        bytes.append(long: value)
    }

    private static let firstGregorianMoment =
        Int128(HybridCalendar.firstGregorianDay) * CivilDate.nanosecondsPerDay

    private func decimal(
        _ unscaled: Int128, _ node: UnsafeMutablePointer<EncodingNode>, _ bytes: AvroBytes
    ) throws {
        let fitted = DecimalMath.rescale(unscaled, from: Int(node.pointee.fromScale), to: Int(node.pointee.toScale))
        guard let value = fitted, DecimalMath.fits(value, precision: Int(node.pointee.precision)) else {
            throw AvroEncoder.outOfRange("decimal has more digits than its field")
        }
        let size = node.pointee.size
        guard size >= 0 else {
            // At most 16 bytes, so that their length takes one.
            let target = bytes.room(for: 17)
            let count = TwosComplement.write(value, to: target + 1)
            target[0] = UInt8(count << 1)
            bytes.advance(count + 1)
            return
        }
        let magnitude = value < 0 ? ~value : value
        guard (128 - magnitude.leadingZeroBitCount) / 8 < size else {
            throw AvroEncoder.outOfRange("decimal does not fit \(size) bytes")
        }
        TwosComplement.write(value, to: bytes.room(for: size), count: size)
        bytes.advance(size)
    }

    private func symbol(
        _ view: UnsafeMutablePointer<BytesView>, _ node: UnsafeMutablePointer<EncodingNode>, _ bytes: AvroBytes
    ) throws {
        let name = String(decoding: BytesView.bytes(at: view), as: UTF8.self)
        guard let number = plan.symbols[Int(node.pointee.first)][name] else {
            throw AvroEncoder.outOfRange("enum has no such symbol: \(name)")
        }
        bytes.append(long: number)
    }

    @inline(never)
    private static func unexpectedNull() -> HoneyError {
        HoneyError(.data, "NULL_VALUE", "null for a field that avro.schema.literal says is never null")
    }

    @inline(never)
    private static func outOfRange(_ what: String) -> HoneyError {
        HoneyError(.data, "VALUE_OUT_OF_RANGE", "value does not fit its field of Avro: \(what)")
    }
}
