import HoneyCore

/// How the records of a file are taken apart into slots; made once for each reader.
struct DecodingPlan {
    private let matching: FieldMatching
    private let slots: ColumnSlots
    private(set) var nodes: [DecodingNode] = []
    /// The nodes that a record consists of.
    private(set) var row: Range<Int> = 0..<0
    private(set) var defaults: [Value] = []
    /// Symbols of all enumerations; nil for those that the reader does not know.
    private(set) var symbols: [String?] = []
    /// Where records that are stepped over are, by type; each is laid out once, since it may hold itself.
    private var skippedRecords: [Int: Int] = [:]
    private var openRecords: [Int] = []

    private var writer: AvroSchema { matching.writer }

    /// A field that is decoded, and where it goes.
    struct Column {
        var written: Int
        var wanted: Int?
        var type: DataType
        var slot: Int
        var name: String
    }

    /// Lays out the plan for some fields of the written records.
    init(_ columns: [Column], _ matching: FieldMatching, into slots: ColumnSlots) throws {
        self.matching = matching
        self.slots = slots
        let fields = try matching.writer.rowFields()
        let wanted = Dictionary(columns.map { ($0.written, $0) }) { first, _ in first }
        row = try place(
            fields.indices.map { index in
                guard let column = wanted[index] else { return try skip(fields[index].type) }
                return try decode(fields[index].type, column.wanted, column.type, column.slot, column.name)
            })
        while let type = openRecords.popLast() { try finishRecord(type) }
    }

    /// Adds nodes one after another, joining steps over bytes of known number.
    private mutating func place(_ steps: [DecodingNode]) throws -> Range<Int> {
        var joined: [DecodingNode] = []
        for step in steps {
            if step.kind == .skipBytes, step.nullBranch < 0 {
                if step.size == 0 { continue }
                if let last = joined.last, last.kind == .skipBytes, last.nullBranch < 0,
                    last.size <= AvroSchemaParser.maximumFixedBytes
                {
                    joined[joined.count - 1].size += step.size
                    continue
                }
            }
            joined.append(step)
        }
        return add(joined)
    }

    private mutating func add(_ steps: [DecodingNode]) -> Range<Int> {
        nodes += steps
        return nodes.count - steps.count..<nodes.count
    }

    private func node(_ kind: DecodingNode.Kind, _ children: Range<Int>, slot: Int = -1, size: Int = 0) -> DecodingNode
    {
        var node = DecodingNode(kind, size: size)
        node.first = Int32(children.lowerBound)
        node.count = Int32(children.count)
        node.slot = Int32(slot)
        return node
    }

    // MARK: Values that are wanted

    private mutating func decode(
        _ written: Int, _ wanted: Int?, _ type: DataType, _ slot: Int, _ path: String
    ) throws -> DecodingNode {
        let wanted = try matching.plainReader(wanted, path, type)
        guard matching.fits(written, wanted) || writer.isNull(written) else {
            return node(.mismatch, 0..<0, slot: slot)
        }
        switch (writer.types[written].shape, type) {
        case (_, .union(let members)): return try member(written, wanted, members, slot, path)
        case (.union(let branches), _):
            if let (inner, nullBranch) = writer.nullable(written), !writer.isNull(inner) {
                var step = try decode(inner, wanted, type, slot, path)
                step.nullBranch = Int8(nullBranch)
                return step
            }
            let steps = try branches.map { try decode($0, wanted, type, slot, path) }
            return node(.union, add(steps), slot: slot)
        case (.array(let element), .array(let item)):
            let step = try decode(element, matching.elementReader(wanted), item, slots.firstChild(of: slot), path)
            return node(.array, add([step]), slot: slot, size: writer.constantSizes[element] ?? 1)
        case (.map(let value), .map(_, let item)):
            let step = try decode(value, matching.elementReader(wanted), item, slots.firstChild(of: slot) + 1, path)
            return node(.map, add([step]), slot: slot, size: 1)
        case (.record(let fields), .structure(let members)):
            return try structure(fields, matching.fieldsReader(wanted), members, slot, path)
        case (.enumeration(let names, _), _):
            var step = DecodingNode(.enumeration)
            step.slot = Int32(slot)
            step.first = Int32(symbols.count)
            step.count = Int32(names.count)
            symbols += readable(names, wanted)
            return step
        default:
            let meaning = matching.meaning(written, wanted)
            guard var step = DecodingNode.leaf(writer.types[written].shape, meaning, to: type) else {
                throw HoneyError.unexpected("Avro value has no decoding as \(type): \(path)")
            }
            step.slot = Int32(slot)
            return step
        }
    }

    /// Decodes values, of a written union or of one type, into the branches of a union column.
    private mutating func member(
        _ written: Int, _ wanted: Int?, _ members: [DataType], _ slot: Int, _ path: String
    ) throws -> DecodingNode {
        var steps: [Int: DecodingNode] = [:]
        for (position, branch) in matching.branches(of: written).enumerated() {
            var step = node(.mismatch, 0..<0, slot: slot)
            if let (tag, inner) = matching.member(branch, at: position, wanted, among: members.count) {
                let value = try decode(branch, inner, members[tag], slots.firstChild(of: slot) + 1 + tag, path)
                step = node(.branch, add([value]), slot: slot, size: tag)
            }
            steps[branch] = step
        }
        let null = node(.null, 0..<0, slot: slot)
        guard case .union(let branches) = writer.types[written].shape else { return steps[written] ?? null }
        return node(.union, add(branches.map { steps[$0] ?? null }), slot: slot)
    }

    private mutating func structure(
        _ fields: [AvroField], _ wanted: [AvroField]?, _ members: [Field], _ slot: Int, _ path: String
    ) throws -> DecodingNode {
        let first = slots.firstChild(of: slot)
        var steps: [DecodingNode?] = fields.map { _ in nil }
        var missing: [DecodingNode] = []
        for (index, member) in members.enumerated() {
            let match = matching.match(member.name, member.type, written: fields, wanted: wanted)
            // A field is decoded once; a second member of its name finds nothing left.
            if let field = match.written, steps[field] == nil {
                steps[field] = try decode(
                    fields[field].type, match.wanted, member.type, first + index, "\(path).\(member.name)")
            } else {
                missing.append(node(.defaultValue, defaults.count..<defaults.count, slot: first + index))
                defaults.append(match.missing)
            }
        }
        let all = try fields.indices.map { index in try steps[index] ?? skip(fields[index].type) }
        return node(.structure, try place(all + missing), slot: slot)
    }

    /// The symbols as the reader's enumeration has them.
    private func readable(_ names: [String], _ wanted: Int?) -> [String?] {
        guard let wanted, case .enumeration(let known, let fallback)? = matching.reader?.types[wanted].shape else {
            return names
        }
        return names.map { known.contains($0) ? $0 : fallback }
    }

    // MARK: Values that are not wanted

    private mutating func skip(_ type: Int) throws -> DecodingNode {
        if let size = writer.constantSizes[type] { return DecodingNode(.skipBytes, size: size) }
        switch writer.types[type].shape {
        case .int, .long, .enumeration: return DecodingNode(.skipLong)
        case .bytes, .string: return DecodingNode(.skipCounted)
        case .array(let element):
            let step = try skip(element)
            return node(.skipArray, add([step]), size: writer.constantSizes[element] ?? -1)
        case .map(let value):
            let step = try skip(value)
            return node(.skipMap, add([step]))
        case .union(let branches):
            let steps = try branches.map { try skip($0) }
            return node(.skipUnion, add(steps))
        default:
            if skippedRecords[type] == nil {
                skippedRecords[type] = add([DecodingNode(.skipRecord)]).lowerBound
                openRecords.append(type)
            }
            return node(.skipNamed, skippedRecords[type]!..<skippedRecords[type]!)
        }
    }

    private mutating func finishRecord(_ type: Int) throws {
        guard case .record(let fields) = writer.types[type].shape, let index = skippedRecords[type] else { return }
        let steps = try fields.map { try skip($0.type) }
        nodes[index] = node(.skipRecord, try place(steps))
    }
}
