import HoneyCore
import HoneyStorage

/// Takes records apart by a plan, each value in one pass straight into its column. For one thread.
final class AvroDecoder {
    let columns: ColumnSlots
    let slots: UnsafeMutablePointer<ColumnSlot>
    let nodes: UnsafeMutablePointer<DecodingNode>
    private let row: Range<Int>
    private let defaults: [Value]
    private let symbols: UnsafeMutablePointer<BytesView>
    private let isKnownSymbol: UnsafeMutablePointer<Bool>
    private let symbolCount: Int
    /// What the symbols' views point to.
    let symbolBytes: [Buffer]

    /// Records in records that are stepped over, at most: Java's stack would not hold more either.
    static let maximumDepth = 1000
    /// Items that take no bytes, at most, in one batch.
    private static let maximumEmptyItems = 1 << 20

    init(_ plan: DecodingPlan, into columns: ColumnSlots) {
        self.columns = columns
        slots = columns.slots
        nodes = .allocate(capacity: max(plan.nodes.count, 1))
        for (index, node) in plan.nodes.enumerated() { nodes[index] = node }
        row = plan.row
        defaults = plan.defaults
        symbolCount = plan.symbols.count
        symbols = .allocate(capacity: max(symbolCount, 1))
        isKnownSymbol = .allocate(capacity: max(symbolCount, 1))
        var arena = BytesArena(firstBlockBytes: 256)
        for (index, symbol) in plan.symbols.enumerated() {
            symbols[index] = Array((symbol ?? "").utf8).withUnsafeBufferPointer { arena.insert($0) }
            isKnownSymbol[index] = symbol != nil
        }
        symbolBytes = arena.blocks
    }

    deinit {
        nodes.deallocate()
        symbols.deallocate()
        isKnownSymbol.deallocate()
    }

    /// Decodes `count` records.
    func decode(_ count: Int, from cursor: inout AvroCursor) throws {
        let first = row.lowerBound
        let end = row.upperBound
        // A copy, so that the position can live in a register.
        var local = cursor
        defer { cursor = local }
        for _ in 0..<count {
            var index = first
            while index < end {
                try decode(nodes + index, &local)
                index &+= 1
            }
        }
    }

    private func decode(_ node: UnsafeMutablePointer<DecodingNode>, _ cursor: inout AvroCursor) throws {
        let slot = slots + Int(node.pointee.slot)
        if node.pointee.nullBranch >= 0 {
            let branch = try cursor.readLong()
            if branch == Int64(node.pointee.nullBranch) { return columns.appendNull(slot) }
            guard branch == 1 - Int64(node.pointee.nullBranch) else { throw AvroDecoder.wrongBranch(branch) }
        }
        switch node.pointee.kind {
        case .null: columns.appendNull(slot)
        case .boolean:
            let byte = try cursor.take(1)[0]
            guard byte <= 1 else { throw HoneyError.damaged("boolean is neither 0 nor 1: \(byte)") }
            columns.append(byte, to: slot)
        case .tinyint: columns.append(Int8(truncatingIfNeeded: try integer(node, &cursor)), to: slot)
        case .smallint: columns.append(Int16(truncatingIfNeeded: try integer(node, &cursor)), to: slot)
        case .int: columns.append(Int32(truncatingIfNeeded: try integer(node, &cursor)), to: slot)
        case .bigint: columns.append(try integer(node, &cursor), to: slot)
        case .integerToFloat: columns.append(Float(try integer(node, &cursor)), to: slot)
        case .integerToDouble: columns.append(Double(try integer(node, &cursor)), to: slot)
        case .timestamp:
            // Milliseconds of 292 million years are fewer nanoseconds than 128 bits hold.
            columns.append(Int128(try cursor.readLong()) &* Int128(node.pointee.size), to: slot)
        case .float: columns.append(try float(&cursor), to: slot)
        case .double: columns.append(try double(&cursor), to: slot)
        case .floatToDouble: columns.append(Double(try float(&cursor)), to: slot)
        case .doubleToFloat: columns.append(Float(try double(&cursor)), to: slot)
        case .bytes:
            let (start, count) = try cursor.readBytes()
            columns.append(BytesView(start, count: count), to: slot)
        case .limitedText, .paddedText: try text(node, slot, &cursor)
        case .fixed:
            columns.append(BytesView(try cursor.take(node.pointee.size), count: node.pointee.size), to: slot)
        case .narrowDecimal, .wideDecimal: try decimal(node, slot, &cursor)
        case .enumeration: try symbol(node, slot, &cursor)
        case .array: try array(node, slot, &cursor)
        case .map: try map(node, slot, &cursor)
        case .structure:
            let first = nodes + Int(node.pointee.first)
            for index in 0..<Int(node.pointee.count) { try decode(first + index, &cursor) }
            columns.reserve(slot)
            slot.pointee.count += 1
        case .union:
            let branch = try cursor.readLong()
            guard branch >= 0, branch < Int64(node.pointee.count) else { throw AvroDecoder.wrongBranch(branch) }
            try decode(nodes + (Int(node.pointee.first) + Int(branch)), &cursor)
        case .branch: try branch(node, slot, &cursor)
        case .mismatch:
            throw HoneyError(
                .data, "UNSUPPORTED_FILE", "value has a type of its union that the table's type is not made of")
        case .defaultValue: append(defaults[Int(node.pointee.first)], to: slot)
        default: try skip(node, &cursor, depth: 0)
        }
    }

    // MARK: Values

    @inline(__always)
    private func integer(_ node: UnsafeMutablePointer<DecodingNode>, _ cursor: inout AvroCursor) throws -> Int64 {
        let value = try cursor.readLong()
        if node.pointee.isInt, value != Int64(Int32(truncatingIfNeeded: value)) { throw AvroDecoder.notAnInt(value) }
        return value
    }

    @inline(__always)
    private func float(_ cursor: inout AvroCursor) throws -> Float {
        let bits = UnsafeRawPointer(try cursor.take(4)).loadUnaligned(as: UInt32.self)
        return Float(bitPattern: UInt32(littleEndian: bits))
    }

    @inline(__always)
    private func double(_ cursor: inout AvroCursor) throws -> Double {
        let bits = UnsafeRawPointer(try cursor.take(8)).loadUnaligned(as: UInt64.self)
        return Double(bitPattern: UInt64(littleEndian: bits))
    }

    private func decimal(
        _ node: UnsafeMutablePointer<DecodingNode>, _ slot: UnsafeMutablePointer<ColumnSlot>,
        _ cursor: inout AvroCursor
    ) throws {
        let size = node.pointee.size
        let (start, count) = size < 0 ? try cursor.readBytes() : (try cursor.take(size), size)
        guard let unscaled = TwosComplement.read(start, count: count),
            let value = DecimalMath.rescale(
                unscaled, from: Int(node.pointee.fromScale), to: Int(node.pointee.toScale)),
            DecimalMath.fits(value, precision: Int(node.pointee.precision))
        else { return columns.appendNull(slot) }
        if node.pointee.kind == .narrowDecimal {
            columns.append(Int64(truncatingIfNeeded: value), to: slot)
        } else {
            columns.append(value, to: slot)
        }
    }

    private func symbol(
        _ node: UnsafeMutablePointer<DecodingNode>, _ slot: UnsafeMutablePointer<ColumnSlot>,
        _ cursor: inout AvroCursor
    ) throws {
        let index = try cursor.readLong()
        guard index >= 0, index < Int64(node.pointee.count) else {
            throw HoneyError.damaged("enum has no such symbol: \(index)")
        }
        let position = Int(node.pointee.first) + Int(index)
        guard isKnownSymbol[position] else {
            throw HoneyError(.data, "UNSUPPORTED_FILE", "enum of the file has a symbol that avro.schema.literal lacks")
        }
        columns.append(symbols[position], to: slot)
    }

    /// Cuts text after so many code points, and fills it up with spaces where the type wants that.
    private func text(
        _ node: UnsafeMutablePointer<DecodingNode>, _ slot: UnsafeMutablePointer<ColumnSlot>,
        _ cursor: inout AvroCursor
    ) throws {
        let (start, count) = try cursor.readBytes()
        let limit = node.pointee.size
        var points = 0
        var end = 0
        while end < count {
            if start[end] & 0xC0 != 0x80 {
                if points == limit { break }
                points += 1
            }
            end += 1
        }
        let missing = limit - points
        guard node.pointee.kind == .paddedText, missing > 0 else {
            return columns.append(BytesView(start, count: end), to: slot)
        }
        let padded = columns.arena.allocate(end + missing)
        padded.update(from: start, count: end)
        (padded + end).update(repeating: UInt8(ascii: " "), count: missing)
        columns.append(BytesView(padded, count: end + missing), to: slot)
    }

    /// Puts a value in its branch of a union, and nulls in the others.
    private func branch(
        _ node: UnsafeMutablePointer<DecodingNode>, _ slot: UnsafeMutablePointer<ColumnSlot>,
        _ cursor: inout AvroCursor
    ) throws {
        let first = slots + slot.pointee.firstChild
        columns.append(Int8(truncatingIfNeeded: node.pointee.size), to: first)
        for part in 1..<slot.pointee.childCount {
            if part == node.pointee.size + 1 {
                try decode(nodes + Int(node.pointee.first), &cursor)
            } else {
                columns.appendNull(first + part)
            }
        }
        columns.reserve(slot)
        slot.pointee.count += 1
    }

    private func array(
        _ node: UnsafeMutablePointer<DecodingNode>, _ slot: UnsafeMutablePointer<ColumnSlot>,
        _ cursor: inout AvroCursor
    ) throws {
        let child = slots + slot.pointee.firstChild
        let start = child.pointee.count
        let item = nodes + Int(node.pointee.first)
        while true {
            let count = try cursor.readItemCount()
            if count == 0 { break }
            try check(count, node.pointee.size, child, cursor)
            for _ in 0..<count { try decode(item, &cursor) }
        }
        columns.append(ListEntry(start: start, count: child.pointee.count - start), to: slot)
    }

    private func map(
        _ node: UnsafeMutablePointer<DecodingNode>, _ slot: UnsafeMutablePointer<ColumnSlot>,
        _ cursor: inout AvroCursor
    ) throws {
        let keys = slots + slot.pointee.firstChild
        let start = keys.pointee.count
        let item = nodes + Int(node.pointee.first)
        while true {
            let count = try cursor.readItemCount()
            if count == 0 { break }
            try check(count, 1, keys, cursor)
            for _ in 0..<count {
                let (key, length) = try cursor.readBytes()
                columns.append(BytesView(key, count: length), to: keys)
                try decode(item, &cursor)
            }
        }
        columns.append(ListEntry(start: start, count: keys.pointee.count - start), to: slot)
    }

    /// Refuses more items than the bytes at hand can hold.
    private func check(
        _ count: Int, _ itemBytes: Int, _ child: UnsafeMutablePointer<ColumnSlot>, _ cursor: AvroCursor
    ) throws {
        let most =
            itemBytes > 0
            ? min(cursor.remaining / itemBytes, Int(Int32.max) - child.pointee.count)
            : AvroDecoder.maximumEmptyItems - child.pointee.count
        guard count <= most else { throw HoneyError.damaged("more items than their bytes can hold: \(count)") }
    }

    // MARK: Damage

    @inline(never)
    static func wrongBranch(_ branch: Int64) -> HoneyError {
        HoneyError.damaged("union has no such branch: \(branch)")
    }

    @inline(never)
    private static func notAnInt(_ value: Int64) -> HoneyError {
        HoneyError.damaged("number does not fit an int: \(value)")
    }
}
